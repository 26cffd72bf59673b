#!/usr/bin/env python
"""The project's command line: ``python manage.py help`` lists the commands."""

import os
import sys

from config.development import prefer_development


def main() -> None:
    """Run one command; a refused setting ends it with one sentence and exit code 1."""
    prefer_development(os.environ)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        settings.INSTALLED_APPS  # noqa: B018 - the first look at a setting reads them all.
    except ImproperlyConfigured as refusal:
        sys.exit(str(refusal))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
