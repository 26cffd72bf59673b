"""`manage.py import_file KIND FILE --region SLUG`: import a file as a clerk would, at the console."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from files.importing.report import ImportReport
from files.models import RowOutcome
from files.services.import_kinds import import_kinds
from files.services.imports import import_file


class Command(BaseCommand):
    """Print the report as one JSON object; exit with 1 when anything of the file was refused."""

    help = "Import a file (CSV, XLSX or XLS) into a region: all of it, or nothing if a row is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[kind.name for kind in import_kinds()])
        parser.add_argument("file", type=Path)
        parser.add_argument("--region", required=True, metavar="SLUG")
        parser.add_argument("--preview", action="store_true", help="say what would become of the rows and import none")
        parser.add_argument(
            "--as", dest="actor", metavar="NAME", help="whose login imports; what another person decides needs one"
        )
        parser.add_argument(
            "--about", type=int, metavar="ID", help="what the file is about: of a bank's answer the payment batch"
        )
        parser.add_argument(
            "--good-rows", action="store_true", help="import the rows that are right although others are wrong"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, then say what became of the rows."""
        path: Path = options["file"]
        region = PoolingRegion.objects.filter(slug=options["region"]).first()
        if region is None:
            known = ", ".join(PoolingRegion.objects.values_list("slug", flat=True))
            raise CommandError(f"There is no region {options['region']}. Regions: {known or 'none; run load_packs'}.")
        try:
            content = path.open("rb")
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        try:
            with content:
                report = import_file(
                    options["kind"],
                    content,
                    region=region,
                    actor=_person(options["actor"]) if options["actor"] else None,
                    today=timezone.localdate(),
                    only_good_rows=options["good_rows"],
                    filename=path.name,
                    is_preview=options["preview"],
                    about=options["about"],
                )
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(_told(report), ensure_ascii=False, indent=2))
        if report.errors:
            raise CommandError(f"{path.name} has {len(report.errors)} errors.", returncode=1)


def _person(name: str) -> User:
    person = User.objects.filter(username=name, is_active=True).first()
    if person is None:
        raise CommandError(f"Nobody signs in as {name}.")
    return person


def _told(report: ImportReport) -> dict[str, Any]:
    return {
        **{outcome: report.counts.get(outcome, 0) for outcome in RowOutcome.values},
        "imported": report.imported,
        "errors": [error.parted() for error in report.errors],
        "notes": list(report.notes),
        "job": report.job.pk,
    }
