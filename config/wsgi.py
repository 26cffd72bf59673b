"""The entry point for a WSGI server: ``gunicorn config.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# Reads the settings, so it comes after Django is set up.
from config.waiting import limit_waiting  # noqa: E402

limit_waiting("web")
