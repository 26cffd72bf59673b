"""`manage.py backup_key FILE`: a fresh pair of keys for backups."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from desk.services.backups.sealing import new_identity, new_private_file


class Command(BaseCommand):
    """Writes the private key where its owner alone reads it, and says the public one."""

    help = "Make the key that opens backups, which is kept away from the server, and say the public key for .env."
    # It needs no database.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="where the private key is written; there must be nothing yet")

    def handle(self, *args: Any, **options: Any) -> None:
        private, public = new_identity()
        try:
            with new_private_file(options["file"]) as out:
                out.write(f"# public key: {public}\n{private}\n".encode())
        except OSError as error:
            raise CommandError(f"The key was not written: {error.strerror}.") from error
        self.stdout.write(f"BACKUP_RECIPIENTS={public}")
        self.stderr.write(
            "Keep the file away from this server, twice. Whoever has it reads every backup; nobody else does."
        )
