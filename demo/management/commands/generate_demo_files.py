"""`manage.py generate_demo_files DIR --seed N --day YYYY-MM-DD`: write the invented population as CSV files."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from demo.files import write_files
from demo.population import Calendar, invent


class Command(BaseCommand):
    """Six files for each region, as `import_file` takes them."""

    help = "Write an invented population of the five regions as CSV files; the same seed and day write the same files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """DIR [--seed N] [--day YYYY-MM-DD]."""
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--seed", type=int, default=1, metavar="N")
        parser.add_argument(
            "--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the office's day; if not given, today"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, and name what was written."""
        folder: Path = options["folder"]
        try:
            calendar = Calendar.on(options["day"] or localdate())
            written = write_files(folder, invent(options["seed"], calendar), calendar)
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror}.") from error
        for files in written.values():
            for path in files.values():
                self.stdout.write(str(path))
