"""Whose civil-servant basis is recorded: nobody's who is an active flexible worker in its month (Zaozhuang 7 (3))."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from members.models import CivilServantBasis, Member
from members.models.contributions import BasisKind
from members.services.people import NotACivilServant, set_civil_servant_basis
from policies.engine.vocabulary import Employment, InsuredStatus
from tests.builder import REASON, insured, region

pytestmark = pytest.mark.django_db

JANUARY = date(2023, 1, 1)
ACTIVE, RETIRED = InsuredStatus.ACTIVE, InsuredStatus.RETIRED


def set_basis(member: Member) -> CivilServantBasis:
    return set_civil_servant_basis(
        member, since=JANUARY, kind=BasisKind.TRAINEE_PAY, amount=Decimal("4000.00"), known_on=JANUARY, reason=REASON
    )


@pytest.mark.parametrize("since", [date(2022, 12, 1), date(2023, 1, 31)])
def test_an_active_flexible_worker_has_no_basis(since: date, in_english: None) -> None:
    """Of January, by how the member is insured on its last day; the database says the same of what is written past the
    service.
    """
    member = insured(region("zaozhuang"), since=since, employment=Employment.FLEXIBLE)
    with pytest.raises(NotACivilServant, match="active flexible worker") as refused:
        set_basis(member)
    assert refused.value.details == {"field": "since"}
    with pytest.raises(IntegrityError, match="no civil servant basis"), transaction.atomic():
        CivilServantBasis.objects.create(
            member=member, since=JANUARY, kind=BasisKind.TRAINEE_PAY, amount=Decimal("4000.00")
        )


@pytest.mark.parametrize(
    ("status", "employment", "since"),
    [
        (ACTIVE, Employment.FLEXIBLE, date(2023, 2, 1)),
        (ACTIVE, Employment.EMPLOYEE, JANUARY),
        (RETIRED, Employment.FLEXIBLE, JANUARY),
    ],
    ids=["flexible from the next month", "employee", "retired"],
)
def test_everybody_else_may_have_one(status: InsuredStatus, employment: Employment, since: date) -> None:
    member = insured(region("zaozhuang"), since=since, status=status, employment=employment)
    assert set_basis(member).amount == Decimal("4000.00")


def test_a_basis_does_not_move_to_an_active_flexible_worker() -> None:
    basis = set_basis(insured(region("zaozhuang")))
    flexible = insured(region("zaozhuang"), employment=Employment.FLEXIBLE)
    with pytest.raises(IntegrityError, match="no civil servant basis"), transaction.atomic():
        CivilServantBasis.objects.filter(pk=basis.pk).update(member=flexible)
