"""An average pension holds after a second person approved it, and then it is only superseded: in the database too."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import Error, IntegrityError, transaction

from agency.exceptions import SubmissionVoided
from agency.models import User
from policies.engine.credits import Pension
from policies.models import AveragePension, LawChange, PensionState
from policies.selectors.pensions import pensions_of
from policies.services.pensions import approve_average_pension, refuse_average_pension, submit_average_pension
from tests import builder
from tests.builder.damage import rewrite
from tests.database import owners_cursor

pytestmark = pytest.mark.django_db

MONTHLY = Decimal("3000.00")


@pytest.fixture
def waiting(maker: User) -> AveragePension:
    """Dazhou's average of 2022, which others rest on 2021 until it is final."""
    return submit_average_pension(
        builder.region("dazhou"),
        year=2022,
        monthly=MONTHLY,
        is_final=True,
        today=date(2023, 1, 1),
        actor=maker,
        reason=builder.REASON,
    )


def test_a_figure_changed_after_submission_is_not_approved(waiting: AveragePension, checker: User) -> None:
    rewrite(AveragePension.objects.filter(pk=waiting.pk), monthly=Decimal("3001.00"))
    with pytest.raises(SubmissionVoided):
        approve_average_pension(waiting, actor=checker)
    assert pensions_of(waiting.region) == {}
    assert not LawChange.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE policies_averagepension SET monthly = 3001.00",
        "UPDATE policies_averagepension SET is_final = false",
        "UPDATE policies_averagepension SET source = 'another'",
        "UPDATE policies_averagepension SET state = 'refused'",
        "UPDATE policies_averagepension SET state = 'submitted'",
        "DELETE FROM policies_averagepension",
    ],
)
def test_the_database_refuses_to_change_an_approved_figure(
    waiting: AveragePension, checker: User, statement: str
) -> None:
    approve_average_pension(waiting, actor=checker)
    with pytest.raises(Error), owners_cursor() as cursor:
        cursor.execute(statement)
    assert pensions_of(waiting.region) == {2022: Pension(MONTHLY, True)}


def test_what_was_superseded_or_refused_does_not_come_back(waiting: AveragePension, checker: User) -> None:
    approve_average_pension(waiting, actor=checker)
    rewrite(AveragePension.objects.filter(pk=waiting.pk), state=PensionState.SUPERSEDED)
    refused = AveragePension(region=waiting.region, year=2021, monthly=MONTHLY, is_final=True)
    refused.submitted_by = waiting.submitted_by
    refused.save()
    refuse_average_pension(refused, actor=checker, reason="not published")
    for row in (waiting, refused):
        with pytest.raises(Error), transaction.atomic():
            AveragePension.objects.filter(pk=row.pk).update(state=PensionState.APPROVED)


def test_the_database_refuses_an_approval_without_a_second_person(waiting: AveragePension, maker: User) -> None:
    rows = AveragePension.objects.filter(pk=waiting.pk)
    wrong: dict[str, Any]
    for wrong in ({"decided_by": None}, {"decided_by": maker}, {"decided_by": None, "submitted_by": None}):
        with pytest.raises(Error), transaction.atomic():
            rows.update(state=PensionState.APPROVED, **wrong)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"year": 2022}, "one_average_pension_waits_per_region_and_year"),
        ({"monthly": Decimal("0.00")}, "an_average_pension_is_positive"),
        ({"earlier_monthly": Decimal("2608.00")}, "an_unusual_average_pension_is_confirmed"),
        ({"monthly_before": Decimal("3530.00")}, "an_unusual_average_pension_is_confirmed"),
    ],
)
def test_the_database_refuses(waiting: AveragePension, values: dict[str, Any], constraint: str) -> None:
    facts = {"region": waiting.region, "year": 2021, "monthly": MONTHLY, "is_final": True} | values
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AveragePension.objects.create(**facts)


@pytest.mark.parametrize("state", [PensionState.APPROVED, PensionState.REFUSED, PensionState.SUPERSEDED])
def test_no_figure_begins_decided(waiting: AveragePension, checker: User, state: PensionState) -> None:
    with pytest.raises(Error), transaction.atomic():
        AveragePension.objects.create(
            region=waiting.region,
            year=2021,
            monthly=MONTHLY,
            is_final=True,
            state=state,
            submitted_by=waiting.submitted_by,
            decided_by=checker,
        )


def test_the_database_refuses_to_approve_an_unusual_figure_without_a_reason(
    waiting: AveragePension, checker: User
) -> None:
    rows = AveragePension.objects.filter(pk=waiting.pk)
    with pytest.raises(IntegrityError, match="is_decided_with_a_reason"), transaction.atomic():
        rewrite(rows, state=PensionState.APPROVED, decided_by=checker, confirmed_reason="published so")


def test_two_figures_of_a_year_never_hold(waiting: AveragePension, maker: User, checker: User) -> None:
    approve_average_pension(waiting, actor=checker)
    second = AveragePension.objects.create(
        region=waiting.region, year=2022, monthly=Decimal("3001.00"), is_final=True, submitted_by=maker
    )
    with pytest.raises(IntegrityError, match="one_average_pension_per_region_and_year"), transaction.atomic():
        AveragePension.objects.filter(pk=second.pk).update(state=PensionState.APPROVED, decided_by=checker)
