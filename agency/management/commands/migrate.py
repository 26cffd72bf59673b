"""`manage.py migrate`: Django's own, as the owner of the tables, and what the application may do with them after."""

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate

from agency.ownership import as_owner
from agency.services.database_roles import grant_application_role


class Command(migrate.Command):
    """Where an owner is configured (`DATABASE_OWNER_URL`), it migrates, and the application's role is granted anew."""

    def handle(self, *args: Any, **options: Any) -> None:
        """As Django's."""
        with as_owner():
            super().handle(*args, **options)
        if settings.DATABASE_OWNER is not None and not (options.get("plan") or options.get("check_unapplied")):
            grant_application_role()
