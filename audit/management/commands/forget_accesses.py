"""Delete rows of the audit log that are older than AUDIT_KEPT_YEARS says."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from agency.ownership import as_owner
from audit.services.retention import forget_old_accesses


class Command(BaseCommand):
    help = "Delete rows of the audit log that are older than AUDIT_KEPT_YEARS says."

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Print how many went, by kind of act, as one JSON object."""
        with as_owner():
            gone = forget_old_accesses()
        self.stdout.write(json.dumps(gone))
