"""`manage.py sync_roles`: write the roles' permissions."""

from typing import Any

from django.core.management.base import BaseCommand

from agency.services.staff import sync_roles


class Command(BaseCommand):
    """Run after every migration that adds a model."""

    help = "Give each role's group the permissions that the apps declare for it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write and say how many."""
        count = sync_roles()
        if options["verbosity"]:
            self.stdout.write(f"{count} permissions in the roles' groups")
