"""Tracked rows remember who changed them and why."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from agency.exceptions import DomainError
from agency.models import User
from agency.services.history import REASON_LENGTH, tracked_save
from members.models import Member
from members.models.contributions import BasisKind
from members.services.contributions import record_contribution
from members.services.enrollments import change_scheme, convert_to_retired, enroll, terminate
from members.services.people import (
    record_death,
    set_civil_servant_basis,
    set_contribution_months,
    set_old_standard,
)
from members.services.registrations import (
    record_hospital_stay,
    record_special_nursing,
    register_out_of_area,
    sign_family_doctor,
)
from policies.engine.vocabulary import AccountScheme, Employment, InsuredStatus, OutOfAreaKind
from tests.builder import PASSWORD, a_member, insured, region, staff
from tests.builder.providers import a_provider

pytestmark = pytest.mark.django_db

WHY = "申请表 2023-17"
DAY = date(2023, 3, 15)
_ACT: dict[str, Callable[[Member, User], Any]] = {
    "enroll": lambda member, actor: enroll(
        member,
        since=DAY,
        scheme=AccountScheme.POOLED_ONLY,
        employment=Employment.FLEXIBLE,
        status=InsuredStatus.ACTIVE,
        known_on=DAY,
        actor=actor,
        reason=WHY,
    ),
    "convert": lambda member, actor: convert_to_retired(
        member, retired_from=DAY, known_on=DAY, actor=actor, reason=WHY
    ),
    "change the scheme": lambda member, actor: change_scheme(
        member, scheme=AccountScheme.POOLED_ONLY, since=DAY, known_on=DAY, actor=actor, reason=WHY
    ),
    "contribute": lambda member, actor: record_contribution(
        member, month=DAY, base=Decimal("6000.00"), actor=actor, reason=WHY
    ),
    "register out of area": lambda member, actor: register_out_of_area(
        member, kind=OutOfAreaKind.REFERRAL, since=DAY, actor=actor, reason=WHY
    ),
    "sign a family doctor": lambda member, actor: sign_family_doctor(
        member, provider=a_provider(member.region), since=DAY, actor=actor, reason=WHY
    ),
    "hospital stay": lambda member, actor: record_hospital_stay(member, since=DAY, until=None, actor=actor, reason=WHY),
    "special nursing": lambda member, actor: record_special_nursing(
        member, since=DAY, until=None, actor=actor, reason=WHY
    ),
    "death": lambda member, actor: record_death(member, died_on=DAY, known_on=DAY, actor=actor, reason=WHY),
    "old standard": lambda member, actor: set_old_standard(
        member, amount=Decimal("88.00"), known_on=DAY, actor=actor, reason=WHY
    ),
    "contribution months": lambda member, actor: set_contribution_months(
        member, months=264, known_on=DAY, actor=actor, reason=WHY
    ),
    "civil servant basis": lambda member, actor: set_civil_servant_basis(
        member,
        since=DAY,
        kind=BasisKind.TRAINEE_PAY,
        amount=Decimal("4000.00"),
        known_on=DAY,
        actor=actor,
        reason=WHY,
    ),
}


@pytest.mark.parametrize("act", _ACT)
def test_what_a_clerk_does_to_a_member_is_under_their_name_with_the_reason(act: str) -> None:
    actor = staff("zhang")
    changed = _ACT[act](insured(region("pingliang")), actor)
    latest = changed.history.first()
    assert (latest.history_user, latest.history_change_reason) == (actor, WHY)


def test_registering_a_person_is_under_the_clerks_name() -> None:
    actor = staff("zhang")
    latest = a_member(region("pingliang"), actor=actor, reason=WHY).history.get()
    assert (latest.history_type, latest.history_user, latest.history_change_reason) == ("+", actor, WHY)


@pytest.mark.parametrize("act", ["convert", "change the scheme", "death", "enroll"])
def test_the_enrollment_that_ends_says_by_whom_and_why(act: str) -> None:
    actor, member = staff("zhang"), insured(region("pingliang"))
    ended = member.enrollments.get()
    _ACT[act](member, actor)
    latest = ended.history.first()
    assert latest is not None
    assert (latest.history_type, latest.history_user, latest.history_change_reason) == ("~", actor, WHY)


def test_a_termination_is_in_the_enrollments_history() -> None:
    actor, member = staff("zhang"), insured(region("pingliang"))
    terminate(member, last_day=DAY, known_on=DAY, actor=actor, reason=WHY)
    latest, first = member.enrollments.get().history.all()
    assert (latest.history_user, latest.history_change_reason) == (actor, WHY)
    assert (first.period.upper, latest.period.upper) == (None, date(2023, 3, 16))


def test_a_change_of_a_colleague_is_tracked_and_their_password_is_not() -> None:
    actor, colleague = staff("zhang"), staff("li")
    colleague.display_name = "李四"
    tracked_save(colleague, actor, WHY)
    latest: Any = colleague.history.first()
    assert (latest.display_name, latest.history_user, latest.history_change_reason) == ("李四", actor, WHY)
    assert not hasattr(latest, "password")
    assert PASSWORD not in str(colleague.history.values())


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_nothing_is_saved_without_a_reason(reason: str) -> None:
    colleague = staff("li")
    colleague.display_name = "李四"
    with pytest.raises(DomainError):
        tracked_save(colleague, staff("zhang"), reason)
    colleague.refresh_from_db()
    assert colleague.display_name == ""


def test_a_long_reason_is_cut_to_what_the_history_holds() -> None:
    colleague = staff("li")
    tracked_save(colleague, None, "因" * (REASON_LENGTH + 1))
    latest: Any = colleague.history.first()
    assert latest.history_change_reason == "因" * REASON_LENGTH
    assert latest.history_user is None
