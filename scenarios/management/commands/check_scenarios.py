"""`manage.py check_scenarios PATH…`: replay worked cases through the real services."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from policies.models import PolicyVersion
from scenarios.files import scenarios_in
from scenarios.replay import replay


class Command(BaseCommand):
    """Nothing stays in the database; exit status 0 only if all passed."""

    help = "Replay the worked cases in files or folders and compare every expected amount to the fen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path)
        parser.add_argument(
            "--under",
            metavar="REGION/LABEL",
            help="only the stories of a region, on all their days by the rules of one of its versions, such as a draft",
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line per scenario and per difference, then the counts."""
        stories = list(scenarios_in(options["paths"]))
        under = _version(options["under"]) if options["under"] else None
        if under:
            stories = [(name, scenario) for name, scenario in stories if scenario.region == under.region.slug]
        results = [replay(scenario, name, under=under) for name, scenario in stories]
        failed = sum(not result.passed for result in results)
        if options["format"] == "json":
            rows = [{"file": r.file, "id": r.id, "passed": r.passed, "differences": r.differences} for r in results]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            for result in results:
                self.stdout.write(f"{'passed' if result.passed else 'FAILED'} {result.id}")
                for difference in result.differences:
                    self.stdout.write(f"    {difference}")
            self.stdout.write(f"{len(results) - failed} passed, {failed} failed")
        if failed:
            raise SystemExit(1)


def _version(named: str) -> PolicyVersion:
    slug, _slash, label = named.partition("/")
    version = PolicyVersion.objects.filter(region__slug=slug, label=label).order_by("-pk").first()
    if version is None:
        raise CommandError(f"{named}: no such version. Write the region and the label, such as zaozhuang/2024-01.")
    return version
