"""`manage.py check_scenarios PATH…`: replay worked cases through the real services."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scenarios.format import ScenarioError, read_scenarios
from scenarios.replay import replay


class Command(BaseCommand):
    """Nothing stays in the database; exit status 0 only if all passed."""

    help = "Replay the worked cases in files or folders and compare every expected amount to the fen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path)
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line per scenario and per difference, then the counts."""
        results = []
        for path in _files(options["paths"]):
            try:
                scenarios = read_scenarios(path)
            except ScenarioError as error:
                raise CommandError(str(error)) from error
            results += [replay(scenario, path.name) for scenario in scenarios]
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


def _files(paths: list[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(path.rglob("*.toml"))
        elif path.exists():
            files.append(path)
        else:
            raise CommandError(f"{path}: no such file or folder")
    if not files:
        raise CommandError("There is no scenario file there.")
    return files
