"""The stories in files and folders that are named to a command."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.management.base import CommandError

from scenarios.format import Scenario, ScenarioError, read_scenarios


def scenarios_in(paths: Iterable[Path]) -> Iterator[tuple[str, Scenario]]:
    """Each with the name of its file. CommandError for a path without one, and for a malformed file."""
    for path in _files(paths):
        try:
            scenarios = read_scenarios(path)
        except ScenarioError as error:
            raise CommandError(str(error)) from error
        for scenario in scenarios:
            yield path.name, scenario


def _files(paths: Iterable[Path]) -> list[Path]:
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
