"""`manage.py grant_application_role`: what the application's database role may do, granted anew by the owner."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from agency.services.database_roles import grant_application_role


class Command(BaseCommand):
    """As after each migration; by hand after a restore."""

    help = "Let the application's database role do what the application does, and nothing else."

    def handle(self, *args: Any, **options: Any) -> None:
        """CommandError where no owner is configured."""
        if settings.DATABASE_OWNER is None:
            raise CommandError("DATABASE_OWNER_URL is not set: set it to the address of the tables' owner.")
        try:
            role = grant_application_role()
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{role} may do what the application does, and nothing else.")
