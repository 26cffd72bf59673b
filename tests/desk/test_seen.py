"""A decision is on the submission that the person saw: compared in the service, under the lock, in every process."""

import ast
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

from accounts.models import Remedy
from accounts.services import account_requests, closing, credit_runs, differences, family, interest
from agency.exceptions import SubmissionVoided
from agency.models import User
from agency.services import roles
from agency.services.regions import switch_account_interest
from claims.services import reversal
from clearing.services import clearings
from members.services import diseases
from policies.services import figures
from tests.office import (
    Office,
    furnished_office,  # noqa: F401  The fixture "office".
)
from tests.waiting import REASON, TODAY

STALE = "0" * 64
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


DECISIONS: dict[str, tuple[str, Callable[..., object]]] = {
    "approve a disease registration": ("registration", diseases.approve_disease_registration),
    "refuse a disease registration": ("registration", diseases.refuse_disease_registration),
    "approve an authorization": ("authorization", family.approve_authorization),
    "refuse an authorization": ("authorization", family.refuse_authorization),
    "approve a closing": ("closing", lambda thing, **how: closing.approve_closing(thing, today=TODAY, **how)),
    "refuse a closing": ("closing", closing.refuse_closing),
    "approve an account request": (
        "account_request",
        lambda thing, **how: account_requests.approve_account_request(thing, today=TODAY, **how),
    ),
    "refuse an account request": ("account_request", account_requests.refuse_account_request),
    "approve interest": ("interest", interest.approve_interest),
    "refuse interest": ("interest", interest.refuse_interest),
    "approve a local figure": ("figure", figures.approve_local_figure),
    "refuse a local figure": ("figure", figures.refuse_local_figure),
    "approve a role request": ("role_request", roles.approve_role_request),
    "refuse a role request": ("role_request", roles.refuse_role_request),
}


@pytest.mark.django_db
@pytest.mark.parametrize("decision", DECISIONS)
def test_another_submission_than_was_seen_is_not_decided(decision: str, office: Office) -> None:
    name, decide = DECISIONS[decision]
    thing: Any = office.things[name]
    switch_account_interest(office.here, pays=True, actor=office.staff["policy_officer"], reason=REASON)
    decider = "root" if name == "role_request" else "second_supervisor"
    how: dict[str, Any] = {"actor": office.staff[decider], "reason": REASON}
    with pytest.raises(SubmissionVoided):
        decide(thing, seen=STALE, **how)
    thing.refresh_from_db()
    assert (thing.state, thing.decided_by) == ("submitted", None)
    decide(thing, seen=thing.payload_hash, **how)
    thing.refresh_from_db()
    assert thing.decided_by == how["actor"]


def _submitted_run(office: Office, who: User) -> Any:
    return credit_runs.submit_run(office.things["open_run"], actor=who)


@pytest.mark.django_db
@pytest.mark.parametrize("decide", [credit_runs.approve_run, credit_runs.return_run])
def test_another_run_than_was_seen_is_not_decided(decide: Callable[..., object], office: Office) -> None:
    run = _submitted_run(office, office.staff["finance"])
    how: dict[str, Any] = {"actor": office.staff["supervisor"], "reason": REASON}
    with pytest.raises(SubmissionVoided):
        decide(run, seen=STALE, **how)
    decide(run, seen=run.payload_hash, **how)
    run.refresh_from_db()
    assert run.decided_by == how["actor"]


@pytest.mark.django_db
def test_other_remedies_than_were_seen_are_not_decided(office: Office) -> None:
    run, supervisor = office.things["run"], office.staff["supervisor"]
    finance, second = office.staff["finance"], office.staff["second_supervisor"]
    difference = differences.submit_remedy(
        office.things["difference"], remedy=Remedy.WAIVE, actor=finance, reason=REASON
    )
    seen = differences.remedies_digest(differences.remedies_for(run, supervisor))
    differences.refuse_remedy(difference, actor=second, reason=REASON)
    differences.submit_remedy(difference, remedy=Remedy.RECOVER, actor=finance, reason=REASON)
    with pytest.raises(SubmissionVoided):
        differences.approve_remedies(run, on=TODAY, actor=supervisor, seen=seen)
    seen = differences.remedies_digest(differences.remedies_for(run, supervisor))
    assert differences.approve_remedies(run, on=TODAY, actor=supervisor, seen=seen) == 1


@pytest.mark.django_db
def test_another_reversal_than_was_seen_is_not_decided(office: Office) -> None:
    asked = office.things["reversal"]
    how: dict[str, Any] = {"actor": office.staff["second_supervisor"], "reason": REASON}
    with pytest.raises(SubmissionVoided):
        reversal.refuse_reversal(asked, seen=STALE, **how)
    with pytest.raises(SubmissionVoided):
        reversal.approve_reversal(asked, today=TODAY, seen=STALE, **how)
    reversal.refuse_reversal(asked, seen=asked.payload_hash, **how)


@pytest.mark.django_db
def test_another_clearing_than_was_seen_is_not_decided(office: Office) -> None:
    submitted = clearings.submit_clearing(office.things["clearing"], actor=office.staff["clerk"])
    how: dict[str, Any] = {"actor": office.staff["supervisor"], "reason": REASON}
    with pytest.raises(SubmissionVoided):
        clearings.approve_clearing(submitted, today=date(2025, 1, 12), seen=STALE, **how)
    with pytest.raises(SubmissionVoided):
        clearings.return_clearing(submitted, seen=STALE, **how)
    clearings.approve_clearing(submitted, today=date(2025, 1, 12), seen=submitted.payload_hash, **how)
