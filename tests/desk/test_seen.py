"""A decision is on the submission that the person saw: compared in the service, under the lock, in every process."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from accounts.models import Remedy
from accounts.services import differences
from agency.exceptions import SubmissionVoided
from tests.builder.office import REASON, TODAY, Office

DECIDES = {"record_decision", "decide", "turn_down", "refuse", "approve_request"}


def _functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    house_apps = {config.path for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR}
    for folder in sorted(house_apps):
        for path in sorted(Path(folder, "services").rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef) and node.name not in DECIDES:
                    yield f"{path.parent.parent.name}.{path.stem}.{node.name}", node


def _decisions(function: ast.FunctionDef) -> list[ast.Call]:
    calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
    return [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in DECIDES]


def test_every_service_that_decides_is_told_what_was_seen() -> None:
    found = [(name, function) for name, function in _functions() if _decisions(function)]
    assert len(found) > 20
    for name, function in found:
        named = [each.arg for each in (*function.args.args, *function.args.kwonlyargs)]
        assert "seen" in named, name
        for call in _decisions(function):
            handed_on = (*call.args, *(keyword.value for keyword in call.keywords))
            assert any(isinstance(value, ast.Name) and value.id == "seen" for value in handed_on), name


@pytest.mark.django_db
def test_other_remedies_than_were_seen_are_not_decided(office: Office) -> None:
    run, supervisor = office.objs["run"], office.staff["supervisor"]
    finance, second = office.staff["finance"], office.staff["second_supervisor"]
    difference = differences.submit_remedy(office.objs["difference"], remedy=Remedy.WAIVE, actor=finance, reason=REASON)
    seen = differences.remedies_digest(differences.remedies_for(run, supervisor))
    differences.refuse_remedy(difference, actor=second, reason=REASON)
    differences.submit_remedy(difference, remedy=Remedy.RECOVER, actor=finance, reason=REASON)
    with pytest.raises(SubmissionVoided):
        differences.approve_remedies(run, on=TODAY, actor=supervisor, seen=seen)
    seen = differences.remedies_digest(differences.remedies_for(run, supervisor))
    assert differences.approve_remedies(run, on=TODAY, actor=supervisor, seen=seen) == 1
