"""`manage.py generate_demo_files DIR --seed N`: write the invented population as CSV files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo.files import write_files


class Command(BaseCommand):
    """Six files for each region, as `import_csv` takes them."""

    help = "Write an invented population of the five regions as CSV files; the same seed writes the same files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """DIR [--seed N]."""
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--seed", type=int, default=1, metavar="N")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, and name what was written."""
        folder: Path = options["folder"]
        try:
            written = write_files(folder, options["seed"])
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror}.") from error
        for files in written.values():
            for path in files.values():
                self.stdout.write(str(path))
