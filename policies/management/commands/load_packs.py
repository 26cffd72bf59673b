"""`manage.py load_packs [FILE…]`: seed the regions' law."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from policies.pack import PackError
from policies.services.packs import PACK_DIRECTORY, load_pack


class Command(BaseCommand):
    """Load packs; a second time changes nothing."""

    help = "Load the regions' packs (all in policies/data, or the files named). Loading again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """One line per region; a wrong pack names its file and keys."""
        for path in options["files"] or sorted(PACK_DIRECTORY.glob("*.toml")):
            try:
                report = load_pack(path)
            except PackError as error:
                raise CommandError("\n".join(f"{error.file}: {problem}" for problem in error.problems)) from error
            except OSError as error:
                raise CommandError(f"{path}: {error.strerror}") from error
            if options["verbosity"]:
                added = ", ".join(report.added) or "nothing"
                self.stdout.write(f"{report.region}: {added} added, {len(report.present)} present")
