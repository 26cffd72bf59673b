"""Who decides about an authorization, in which state, and how it ends."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import FamilyUseAuthorization
from accounts.selectors.uses import is_authorized
from accounts.services.family import approve_authorization, revoke_authorization
from accounts.services.spending import SpendingRefused
from agency.exceptions import DomainError, SubmissionVoided
from agency.models import User
from policies.engine.vocabulary import Purpose
from tests import builder
from tests.builder.accounts import SINCE, UNTIL, authorized, holder, paid, submitted
from tests.builder.damage import rewrite

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "change",
    [
        {"evidence": ""},
        {"evidence_kind": "other"},
        {"scopes": ["medical_cost"]},
        {"relationship": "child"},
        {"period": DateRange(SINCE, None)},
    ],
)
def test_an_authorization_changed_after_submission_is_not_approved(
    maker: User, checker: User, change: dict[str, Any]
) -> None:
    found = submitted(holder(), builder.a_member(builder.region("pingliang")), maker)
    rewrite(FamilyUseAuthorization.objects.filter(pk=found.pk), **change)
    with pytest.raises(SubmissionVoided):
        approve_authorization(found, actor=checker)


def test_revoked_it_pays_until_its_last_day_and_not_after(maker: User, checker: User) -> None:
    owner, relative = holder(), builder.a_member(builder.region("pingliang"))
    found = authorized(owner, relative, maker, checker, until=None)
    revoke_authorization(found, last_day=date(2023, 6, 30), actor=maker, reason="divorced")
    assert paid(owner, relative, date(2023, 6, 30)) == Decimal("90.00")
    with pytest.raises(SpendingRefused):
        paid(owner, relative, date(2023, 7, 1), key="later")
    authorized(owner, relative, maker, checker, since=date(2023, 7, 1), until=None)
    assert paid(owner, relative, date(2023, 7, 1), key="later") == Decimal("80.00")


@pytest.mark.parametrize("last_day", [date(2023, 3, 9), date(2023, 9, 21), date(2099, 1, 1)])
def test_revoking_never_lengthens_an_authorization_nor_undoes_it(maker: User, checker: User, last_day: date) -> None:
    owner, relative = holder(), builder.a_member(builder.region("pingliang"))
    found = authorized(owner, relative, maker, checker)
    with pytest.raises(DomainError):
        revoke_authorization(found, last_day=last_day, actor=maker, reason="divorced")
    days = (UNTIL, date(2023, 9, 21))
    assert [is_authorized(owner, relative, day, Purpose.MEDICAL_COST) for day in days] == [True, False]


def test_the_database_refuses_an_approval_without_a_second_person(maker: User) -> None:
    found = submitted(holder(), builder.a_member(builder.region("pingliang")), maker)
    for wrong in ({"decided_by": None}, {"decided_by": maker}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FamilyUseAuthorization.objects.filter(pk=found.pk).update(state="approved", **wrong)
