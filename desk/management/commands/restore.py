"""`manage.py restore FILE --key KEYFILE`: the office of a backup in an empty place, verified."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from agency.exceptions import DomainError
from agency.models import Job, JobState
from desk.services.backups.contents import Manifest
from desk.services.backups.reading import look_through, restore_office
from desk.services.backups.sealing import new_private_file


class Command(BaseCommand):
    """Exit status 0 only where everything came back and the books agree."""

    help = "Bring a backup back into an empty database and an empty folder of private files, and verify the books."
    # The tables that checks ask for are not there yet.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE --key KEYFILE [--look | --keys-to FILE]."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--key", type=Path, required=True, help="the file with the private key")
        parser.add_argument("--look", action="store_true", help="read the backup to its end and restore nothing")
        parser.add_argument(
            "--keys-to", type=Path, metavar="FILE", help="write the office's keys there; restore nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["look"] or options["keys_to"]:
                looked = look_through(options["file"], options["key"])
                self._tell(looked.manifest)
                if options["keys_to"]:
                    _write_keys(options["keys_to"], looked.keys)
            else:
                self._restore(options["file"], options["key"])
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error

    def _restore(self, path: Path, key_file: Path) -> None:
        with override("en"):
            restored = restore_office(path, key_file)
        self._tell(restored.manifest)
        for sentence in restored.differing:
            self.stdout.write(sentence)
        for job in restored.verified:
            self.stdout.write(f"{job.region}: {_verdict(job)}")
        if restored.differing or any(job.state != JobState.DONE for job in restored.verified):
            raise CommandError("What came back is not what was there. manage.py verify_books says more.")
        self.stdout.write("Everything came back, and the books agree.")

    def _tell(self, manifest: Manifest) -> None:
        rows, files = sum(manifest.tables.values()), manifest.files["count"]
        self.stdout.write(
            f"made at {manifest.made_at} from PostgreSQL {manifest.versions['postgresql']}\n"
            f"{rows:,} rows of {len(manifest.tables)} tables, {files:,} files"
        )
        for name, value in manifest.facts.items():
            self.stdout.write(f"{name}: {value}")


def _verdict(job: Job) -> str:
    count = job.result.get("differences", 0)
    return f"{count:,} differences (job {job.pk})" if count else "agrees"


def _write_keys(path: Path, keys: bytes) -> None:
    with new_private_file(path) as out:
        out.write(keys)
