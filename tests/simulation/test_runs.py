"""What a draft would have cost: sums worked out by hand, parts that count once, and nothing written but the report."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from accounts.selectors.credits import explain_credits
from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import JobState, User
from claims.models import Claim
from members.models import Member
from policies.engine.vocabulary import InsuredStatus, Tier
from policies.models import (
    CreditRule,
    PolicyVersion,
    ReimbursementRate,
)
from policies.selectors.versions import version_in_force
from policies.services.rule_changes import change_rule
from policies.services.versions import discard_version
from simulation.models import Simulation, SimulationPart, SimulationState
from simulation.services.runs import begin, perform_part
from simulation.services.simulations import cancel_simulation, is_stale
from simulation.tasks import begin_simulation, simulate_part
from tests import builder
from tests.builder.damage import rewrite
from tests.builder.office import Office
from tests.builder.settlements import settled
from tests.builder.simulations import asked, done, draft_of, raised, settled_otherwise

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY, MARCH = (date(2024, month, 1) for month in (1, 2, 3))
RETIRED, ACTIVE = InsuredStatus.RETIRED, InsuredStatus.ACTIVE


def paid(simulation: Simulation, dimension: str) -> dict[str, tuple[int, str, str]]:
    """Claims, and what was paid before and after, by the values of a dimension."""
    cells = simulation.result["dimensions"][dimension]
    return {value: (cell[0], cell[2], cell[3]) for value, cell in cells.items()}


def test_the_sums_are_those_worked_out_by_hand(draft: PolicyVersion, people: list[Member]) -> None:
    simulation = done(asked(draft))
    assert simulation.state == SimulationState.DONE
    assert paid(simulation, "status") == {"retired": (4, "1575.00", "1580.00"), "active": (1, "70.00", "70.00")}
    assert paid(simulation, "month") == {
        "2024-01": (1, "600.00", "640.00"),
        "2024-02": (2, "825.00", "880.00"),
        "2024-03": (2, "220.00", "130.00"),
    }
    for dimension, value in (("benefit", "general_outpatient"), ("tier", "primary"), ("scheme", "combined")):
        assert paid(simulation, dimension) == {value: (5, "1645.00", "1650.00")}
    # The first member's ceiling eats up what is paid more; the second gets five yuan; nothing changes for the third.
    assert simulation.result["people"] == {"5": [2, "0.00"], "6": [1, "5.00"]}
    assert simulation.result["limits"] == {
        "general_outpatient": {"before": ["600.00", 3, 1, 1], "after": ["600.00", 3, 1, 1]}
    }
    assert simulation.result["check"] == {
        "visits": 5,
        "differing": 0,
        "settled": "1645.00",
        "calculated": "1645.00",
        "claims": [],
    }
    changes = [(change.claim.served_on, change.before, change.after) for change in simulation.changes.all()]
    assert changes == [
        (MARCH, Decimal("150.00"), Decimal("60.00")),
        (FEBRUARY, Decimal("750.00"), Decimal("800.00")),
        (JANUARY, Decimal("600.00"), Decimal("640.00")),
        (FEBRUARY, Decimal("75.00"), Decimal("80.00")),
    ]
    steps = simulation.changes.all()[0].calculation_after["steps"]
    assert ("reimbursement", "0.8000") in [(step["code"], step["parameter"]) for step in steps]
    assert simulation.job.state == JobState.DONE


def test_only_the_months_asked_for_are_changed_and_the_year_before_them_counts(draft: PolicyVersion) -> None:
    """January under the law in force: 600. February under the draft: 800, so that 100 are left for March."""
    simulation = done(asked(draft, first_month=FEBRUARY))
    assert paid(simulation, "month") == {"2024-02": (2, "825.00", "880.00"), "2024-03": (2, "220.00", "170.00")}
    assert simulation.result["check"]["visits"] == 5


def test_two_versions_are_compared_with_each_other(draft: PolicyVersion, law: PolicyVersion, maker: User) -> None:
    other = raised(draft_of(law, maker, label="2030-02"), maker, "-0.05")
    simulation = done(asked(draft, compared_with=other))
    # 70 % of 100 for the second member; the first one's 560 and 700 leave 240 for March.
    assert paid(simulation, "status") == {"retired": (4, "1570.00", "1580.00"), "active": (1, "70.00", "70.00")}
    assert simulation.result["check"]["visits"] == 0


def test_what_a_draft_refuses_or_leaves_open_is_paid_nothing_and_named(draft: PolicyVersion, maker: User) -> None:
    for row in ReimbursementRate.objects.filter(version=draft, benefit="general_outpatient", status="active"):
        change_rule(row, {"rate": None}, actor=maker, reason=builder.REASON)
    simulation = done(asked(draft))
    assert paid(simulation, "status")["active"] == (1, "70.00", "0.00")
    assert simulation.result["refusals"] == {"before": {}, "after": {"terms_unset": 1}}


def test_credits_are_those_that_the_engine_explains(draft: PolicyVersion, people: list[Member], maker: User) -> None:
    """For who is at work by 0.1 of a base of 6,000 more."""
    rules = CreditRule.objects.filter(
        version=draft, component="personal", status="active", method="share_of_base", rate__isnull=False
    )
    for rule in rules:
        assert rule.rate is not None
        change_rule(rule, {"rate": rule.rate + Decimal("0.1")}, actor=maker, reason=builder.REASON)
    simulation = done(asked(draft))
    explained: dict[tuple[str, str], Decimal] = {}
    for member, status in zip(people, ("retired", "retired", "active"), strict=True):
        for month in (JANUARY, FEBRUARY, MARCH):
            for credit in explain_credits(member, month, simulation.as_of):
                key = (f"{month:%Y-%m}", status)
                explained[key] = explained.get(key, Decimal()) + credit.amount
    before: dict[tuple[str, str], Decimal] = {}
    more: dict[str, Decimal] = {}
    for kind, cell in simulation.result["credits"]["credited"].items():
        month, status, *_rest = kind.split(" ")
        before[month, status] = before.get((month, status), Decimal()) + Decimal(cell[1])
        more[status] = more.get(status, Decimal()) + Decimal(cell[3]) - Decimal(cell[1])
    assert before == {key: amount for key, amount in explained.items() if amount}
    assert len(before) == 6
    assert simulation.result["credits"]["undecided"] == {"before": 0, "after": 0}
    assert more == {"active": Decimal("1800.00"), "retired": Decimal("0.00")}


# --- Parts --------------------------------------------------------------------------------------------------------


def rows_of_the_house() -> dict[str, Any]:
    return {
        model._meta.label: (model._default_manager.count(), model._default_manager.order_by("-pk").values("pk").first())
        for model in apps.get_models()
        if model._meta.app_label not in ("simulation", "agency")
    }


def test_nothing_is_written_but_the_report_and_its_job(draft: PolicyVersion) -> None:
    before = rows_of_the_house()
    simulation = done(asked(draft))
    assert rows_of_the_house() == before
    assert not SimulationPart.objects.exists()
    assert (simulation.job.done, simulation.job.total) == (3, 3)


def test_a_part_of_a_worker_that_dies_is_done_again_and_counts_once(draft: PolicyVersion) -> None:
    whole = done(asked(draft))
    simulation = asked(draft)
    begin_simulation(simulation.job.pk)
    assert perform_part(simulation.pk)
    # A worker that is killed never commits.
    with transaction.atomic():
        assert perform_part(simulation.pk)
        transaction.set_rollback(True)
    # What is sent twice does nothing again.
    begin_simulation(simulation.job.pk)
    simulate_part(simulation.pk)
    while perform_part(simulation.pk):
        pass
    simulate_part(simulation.pk)
    simulation.refresh_from_db()
    assert simulation.result == whole.result
    assert simulation.job.state == JobState.DONE
    assert (simulation.job.done, simulation.job.total) == (3, 3)


def test_a_cancelled_one_is_left_by_the_workers(draft: PolicyVersion, maker: User) -> None:
    simulation = asked(draft)
    begin(simulation.job)
    assert perform_part(simulation.pk)
    cancel_simulation(simulation, actor=maker)
    assert not perform_part(simulation.pk)
    begin_simulation(simulation.job.pk)
    simulation.refresh_from_db()
    assert (simulation.state, simulation.result) == (SimulationState.CANCELLED, {})
    assert simulation.job.state == JobState.FAILED
    with pytest.raises(MoveNotAllowed):
        cancel_simulation(simulation, actor=maker)


def test_an_edit_makes_a_report_stale_and_ends_one_that_is_calculated(draft: PolicyVersion, maker: User) -> None:
    report = done(asked(draft))
    assert not is_stale(report)
    running = asked(draft)
    begin(running.job)
    raised(draft, maker, "0.01")
    assert is_stale(report)
    while perform_part(running.pk):
        pass
    running.refresh_from_db()
    assert running.state == SimulationState.FAILED
    assert "edited" in running.job.log or "修改" in running.job.log


def test_a_fault_of_the_program_ends_it_with_a_sentence(draft: PolicyVersion) -> None:
    simulation = asked(draft)
    begin(simulation.job)
    # No version of the program has written this.
    rewrite(Claim.objects.all(), benefit="unheard of")
    with pytest.raises(KeyError):
        perform_part(simulation.pk)
    simulation.refresh_from_db()
    assert simulation.state == simulation.job.state == SimulationState.FAILED
    assert simulation.job.log


# --- What is asked wrongly ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"first_month": MARCH, "last_month": JANUARY}, "lies before the first"),
        ({"last_month": date(2024, 8, 1)}, "2024-08 has not begun"),
        ({"first_month": date(2023, 5, 1), "last_month": date(2023, 6, 1)}, "The last settled visit was in 2024-03"),
        ({"first_month": date(2022, 5, 1), "last_month": date(2022, 6, 1)}, "Choose months from 2022-12 on"),
    ],
)
def test_months_that_cannot_be_simulated(draft: PolicyVersion, options: dict[str, Any], said: str) -> None:
    with pytest.raises(DomainError, match=said):
        asked(draft, **options)


@pytest.mark.usefixtures("in_english")
def test_versions_that_cannot_be_simulated(draft: PolicyVersion, law: PolicyVersion, maker: User) -> None:
    elsewhere = version_in_force(builder.region("kaifeng"), MARCH)
    empty = draft_of(law, maker, label="empty")
    empty.conduct_rows.all().delete()
    given_up = draft_of(law, maker, label="given up")
    discard_version(given_up, actor=maker, reason=builder.REASON)
    given_up.refresh_from_db()
    asked(draft)
    for version, compared_with, said in (
        (draft, elsewhere, "another region"),
        (draft, draft, "compared with another one"),
        (empty, None, "leaves a case undecided"),
        (given_up, None, "was discarded"),
        (draft, given_up, "was discarded"),
        (draft, None, "calculated already"),
    ):
        with pytest.raises(DomainError, match=said):
            asked(version, compared_with=compared_with)


def test_what_the_tier_and_the_grade_are_comes_from_the_agreement(draft: PolicyVersion, people: list[Member]) -> None:
    hospital = builder.a_provider(people[1].region, Tier.SECONDARY)
    settled(people[1], "600.00", provider=hospital, served_on=MARCH)
    simulation = done(asked(draft))
    assert {value: cell[0] for value, cell in paid(simulation, "tier").items()} == {"primary": 5, "secondary": 1}
    assert {value: cell[0] for value, cell in paid(simulation, "grade").items()} == {"": 6}


def test_the_settlements_of_the_office_come_out_to_the_fen_under_the_unchanged_law(office: Office) -> None:
    """Those of all worked cases do as well (tests/scenarios/test_replay.py)."""
    assert settled_otherwise(office.here) == []
    assert settled_otherwise(office.away) == []
