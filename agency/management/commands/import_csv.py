"""`manage.py import_csv KIND FILE --region SLUG`: import a file as a clerk would, at the console."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agency.exceptions import NotPermitted
from agency.models import PoolingRegion, User
from agency.services.imports import import_file, import_kinds


class Command(BaseCommand):
    """Print every error of the file; exit with 1 when anything of it was refused."""

    help = "Import a file (CSV, XLSX or XLS) into a region: all of it, or nothing if a row is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """KIND FILE --region SLUG [--as NAME] [--only-good-rows]."""
        parser.add_argument("kind", choices=[kind.name for kind in import_kinds()])
        parser.add_argument("file", type=Path)
        parser.add_argument("--region", required=True, metavar="SLUG")
        parser.add_argument(
            "--as", dest="actor", metavar="NAME", help="whose login imports; what another person decides needs one"
        )
        parser.add_argument(
            "--only-good-rows", action="store_true", help="import the rows that are right although others are wrong"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, then say what became of the rows."""
        path: Path = options["file"]
        region = PoolingRegion.objects.filter(slug=options["region"]).first()
        if region is None:
            known = ", ".join(PoolingRegion.objects.values_list("slug", flat=True))
            raise CommandError(f"There is no region {options['region']}. Regions: {known or 'none; run load_packs'}.")
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        try:
            report = import_file(
                options["kind"],
                content,
                region=region,
                actor=_person(options["actor"]) if options["actor"] else None,
                today=timezone.localdate(),
                only_good_rows=options["only_good_rows"],
                filename=path.name,
            )
        except NotPermitted as error:
            raise CommandError(str(error)) from error
        for note in report.notes:
            self.stdout.write(note)
        for wrong in report.errors:
            self.stdout.write(f"line {wrong.line}, column {wrong.column}: {wrong.reason}")
        self.stdout.write(
            f"{report.total} rows: {report.imported} imported, {report.unchanged} unchanged, {report.left_out} left out"
        )
        if report.errors:
            raise CommandError(f"{path.name} has {len(report.errors)} errors.", returncode=1)


def _person(name: str) -> User:
    person = User.objects.filter(username=name, is_active=True).first()
    if person is None:
        raise CommandError(f"Nobody signs in as {name}.")
    return person
