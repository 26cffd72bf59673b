"""What was recorded of members by mistake is corrected or withdrawn; what has been built upon since is not."""

from datetime import date

import pytest

from agency.exceptions import DomainError
from members.models import Enrollment, EntitlementChange, Member
from members.services.corrections import correct_member, withdraw_member
from members.services.enrollments import take_back_termination, terminate, withdraw_enrollment
from members.services.people import record_death
from members.services.registrations import correct_registration, record_hospital_stay, withdraw_registration
from tests import builder
from tests.builder import REASON

pytestmark = pytest.mark.django_db

KNOWN = date(2024, 6, 3)
MAY_END = date(2024, 5, 31)


@pytest.fixture
def member() -> Member:
    return builder.insured(builder.region("zaozhuang"), employer="机械厂", phone="13800000000")


def ended(member: Member) -> Enrollment:
    return terminate(member, last_day=MAY_END, known_on=KNOWN, reason=REASON)


def test_a_correction_leaves_what_it_does_not_say(member: Member) -> None:
    correct_member(member, name=" 买买提•艾力 ", reason="as on the card")
    found = Member.objects.get(pk=member.pk)
    assert (found.name, found.phone, found.employer) == ("买买提·艾力", "13800000000", "机械厂")
    assert found.history.latest().history_change_reason == "as on the card"
    correct_member(member, employer="", reason=REASON)
    assert Member.objects.get(pk=member.pk).employer == ""


@pytest.mark.parametrize("name", ["", "  "])
def test_nobody_is_left_without_a_name(member: Member, name: str) -> None:
    with pytest.raises(DomainError) as refusal:
        correct_member(member, name=name, reason=REASON)
    assert refusal.value.details["field"] == "name"


def test_a_termination_is_taken_back_and_its_months_are_looked_at_again(member: Member) -> None:
    enrollment = ended(member)
    assert enrollment.period.upper == date(2024, 6, 1)
    EntitlementChange.objects.all().delete()
    assert take_back_termination(enrollment, known_on=KNOWN, reason=REASON).period.upper is None
    assert EntitlementChange.objects.get().first_month == date(2024, 5, 1)


def test_what_does_not_end_has_no_termination(member: Member) -> None:
    with pytest.raises(DomainError):
        take_back_termination(member.enrollments.get(), known_on=KNOWN, reason=REASON)


def test_a_termination_stays_once_the_member_has_died(member: Member) -> None:
    enrollment = ended(member)
    record_death(member, died_on=date(2024, 6, 2), known_on=KNOWN, reason=REASON)
    with pytest.raises(DomainError):
        take_back_termination(enrollment, known_on=KNOWN, reason=REASON)


def test_an_enrollment_that_ended_with_death_is_not_withdrawn(member: Member) -> None:
    record_death(member, died_on=MAY_END, known_on=KNOWN, reason=REASON)
    with pytest.raises(DomainError):
        withdraw_enrollment(member.enrollments.get(), known_on=KNOWN, reason=REASON)


def test_a_member_goes_once_nothing_is_recorded_any_more(member: Member) -> None:
    with pytest.raises(DomainError):
        withdraw_member(member, reason=REASON)
    withdraw_enrollment(member.enrollments.get(), known_on=KNOWN, reason=REASON)
    with pytest.raises(DomainError):
        withdraw_member(member, reason=" ")
    withdraw_member(member, reason="registered twice")
    assert not Member.objects.filter(pk=member.pk).exists()
    assert Member.history.filter(id=member.pk).latest().history_change_reason == "registered twice"


def test_a_stay_that_was_corrected_may_not_overlap_another(member: Member) -> None:
    first = record_hospital_stay(member, since=date(2024, 5, 1), until=date(2024, 5, 3), reason=REASON)
    second = record_hospital_stay(member, since=date(2024, 5, 10), until=None, reason=REASON)
    for until in (date(2024, 5, 12), date(2024, 4, 30), None):
        with pytest.raises(DomainError):
            correct_registration(first, until=until, reason=REASON)
    withdraw_registration(second, reason=REASON)
    correct_registration(first, until=None, reason=REASON)
    assert member.hospitalstay_set.get().period.upper is None
