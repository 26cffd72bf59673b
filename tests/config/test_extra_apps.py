"""The demonstration and the worked cases: in development they are there, in production where somebody says so."""

import shutil
from pathlib import Path

import pytest

from tests.config.test_settings import PRODUCTION, PROJECT, run, run_in

_INSTALLED = "from config import settings; print(*(set(settings.INSTALLED_APPS) & {'demo', 'scenarios'}))"
_ANALYSIS = {"DEBUG": "1", "DATABASE_URL": PRODUCTION["DATABASE_URL"], "REDIS_URL": PRODUCTION["REDIS_URL"]}
_COMMANDS = [["demo", "--once"], ["generate_population", "--region", "kaifeng"]]


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """What .dockerignore lets into the image, in a folder of its own."""
    lines = [line for line in (PROJECT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    for name in (line[1:] for line in lines if line.startswith("!")):
        if (PROJECT / name).is_dir():
            shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(PROJECT / name, tmp_path)
    for name in (line for line in lines if (tmp_path / line).is_dir()):
        shutil.rmtree(tmp_path / name)
    return tmp_path


def installed(**variables: str) -> set[str]:
    outcome = run("-c", _INSTALLED, **variables)
    assert outcome.returncode == 0, outcome.stderr
    return set(outcome.stdout.split())


def test_development_has_both_and_production_neither() -> None:
    assert installed(**_ANALYSIS) == {"demo", "scenarios"}
    assert installed(**PRODUCTION) == set()


def test_either_is_there_where_it_is_named() -> None:
    assert installed(**PRODUCTION, EXTRA_APPS="scenarios") == {"scenarios"}
    assert installed(**PRODUCTION, EXTRA_APPS="scenarios, demo") == {"demo", "scenarios"}
    assert installed(**_ANALYSIS, EXTRA_APPS="scenarios") == {"scenarios"}


def test_no_other_app_is_installed_by_a_variable() -> None:
    outcome = run("manage.py", "check", **PRODUCTION, EXTRA_APPS="demo,django.contrib.sites")
    assert outcome.returncode == 1
    assert outcome.stderr == "EXTRA_APPS names an unknown app: set it to some of scenarios, demo, with commas.\n"


@pytest.mark.parametrize("command", _COMMANDS)
def test_production_knows_no_command_that_invents_people(command: list[str]) -> None:
    outcome = run("manage.py", *command, **PRODUCTION)
    assert outcome.returncode == 1
    assert f"Unknown command: '{command[0]}'" in outcome.stderr


@pytest.mark.parametrize("command", _COMMANDS)
def test_where_production_has_them_they_refuse_to_run(command: list[str]) -> None:
    outcome = run("manage.py", *command, **PRODUCTION, EXTRA_APPS="demo")
    assert outcome.returncode == 1
    assert "runs only with DEBUG on" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_the_image_is_whole_without_the_demonstration(image: Path) -> None:
    assert not (image / "demo").exists()
    for extra in ("", "scenarios"):
        outcome = run_in(image, "manage.py", "check", **PRODUCTION, EXTRA_APPS=extra)
        assert outcome.returncode == 0, outcome.stderr
    outcome = run_in(image, "manage.py", "check", **PRODUCTION, EXTRA_APPS="demo")
    assert outcome.stderr == "EXTRA_APPS names demo, which is not part of this installation: leave it out.\n"
