"""`manage.py write_worked_cases PATH… --into FOLDER`: the visits of stories as files of worked cases, one a region."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from agency.models import PoolingRegion
from scenarios.as_cases import LeftOut, cases_of, that_hold
from scenarios.files import scenarios_in
from simulation.case_files import cases_text


class Command(BaseCommand):
    """Nothing stays in the database."""

    help = "Write the visits of stories as worked cases, on which drafts are tried; says which are left out, and why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path)
        parser.add_argument("--into", type=Path, required=True, help="the folder; a file a region is written there")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line for each visit that is left out, and one for each file."""
        stories = [scenario for _name, scenario in scenarios_in(options["paths"])]
        for slug in sorted({scenario.region for scenario in stories}):
            region = PoolingRegion.objects.get(slug=slug)
            cases = [case for scenario in stories if scenario.region == slug for case in cases_of(scenario)]
            kept, left_out = that_hold(region, cases)
            self._say(left_out)
            path = options["into"] / f"{slug}.toml"
            path.write_text(cases_text(slug, kept), encoding="utf-8")
            self.stdout.write(f"{path}: {len(kept)} of {len(cases)} visits")

    def _say(self, left_out: list[LeftOut]) -> None:
        for each in left_out:
            self.stdout.write(f"left out {each.name}: {each.why}")
