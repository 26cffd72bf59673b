"""Review flags are raised once and decided once; by which limits, and by whom."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from celery import current_app
from django.utils import translation

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import Job, JobState, PoolingRegion
from agency.services.history import OWN_WORDS
from members.models import Member
from members.services.registrations import record_hospital_stay
from monitoring import tasks
from monitoring.models import FlagKind, FlagState, MonitoringStandard, ReviewFlag
from monitoring.selectors.flags import explain_flag
from monitoring.services.flags import TASK, decide_flag, perform_search, queue_flags, raise_flags
from monitoring.services.standards import set_standard
from tests import builder
from tests.builder.accounts import give
from tests.builder.settlements import settled
from tests.builder.threads import together
from tests.monitoring.watched import (
    FIRST,
    MARCH,
    TODAY,
    Desk,
    a_place,
    watched_desk,  # noqa: F401  The fixture "desk".
)

# --- Once, in one region, decided once ------------------------------------------------------------


def every_kind(desk: Desk) -> None:
    """One pattern of each kind, all of one member, and one more claim after death."""
    here, there = a_place(desk, "34.000000"), a_place(desk, "35.000000")
    desk.visit(date(2023, 3, 20), here, time(10, 0))
    desk.visit(date(2023, 3, 20), there, time(10, 30))
    desk.visits(1, 2, 3, 4, 5, 6)
    desk.visits(10, 10, 10)
    give(desk.member, "5000.00")
    for day in range(1, 6):
        desk.pay(day, "300")
    record_hospital_stay(desk.member, since=date(2023, 3, 15), until=date(2023, 3, 15), reason="test")
    desk.visits(15)
    desk.visits(25)
    Member.objects.filter(pk=desk.member.pk).update(died_on=date(2023, 3, 24))


def test_every_kind_is_raised_once_and_every_one_explains_itself(desk: Desk) -> None:
    every_kind(desk)
    assert desk.look() == dict.fromkeys(FlagKind, 1)
    assert desk.look() == {}
    flags = list(ReviewFlag.objects.all())
    assert len(flags) == 6
    assert len({explain_flag(flag) for flag in flags}) == 6
    assert {flag.history.count() for flag in flags} == {1}


def test_another_region_finds_none_of_it(desk: Desk) -> None:
    every_kind(desk)
    assert raise_flags(builder.region("dazhou"), month=MARCH, today=TODAY, actor=None) == {}


def decided(desk: Desk) -> ReviewFlag:
    flag = ReviewFlag.objects.latest("pk")
    return decide_flag(flag, confirmed=False, actor=desk.supervisor, reason="谈话记录")


def test_days_beside_a_decided_row_are_a_row_of_their_own(desk: Desk) -> None:
    """Days 4 to 9 were decided. Five more are no row by themselves; six more are, and grow until they are decided."""
    desk.visits(*range(4, 10))
    desk.look()
    first = decided(desk)
    desk.visits(*range(10, 15), 1, 2, 3)
    assert desk.look() == {}
    new = desk.visits(15)
    assert desk.look() == {FlagKind.MANY_DAYS: 1}
    second = ReviewFlag.objects.latest("pk")
    assert (second.first_day, second.last_day, second.facts["days"]) == (date(2023, 3, 10), date(2023, 3, 15), "6")
    assert (second.claims.count(), set(new) <= set(second.claims.all())) == (6, True)
    desk.visits(16)
    assert desk.look() == {}
    second.refresh_from_db()
    assert second.last_day == date(2023, 3, 16)
    decided(desk)
    desk.visits(17)
    assert desk.look() == {}
    first.refresh_from_db()
    assert (first.first_day, first.last_day, first.claims.count()) == (date(2023, 3, 4), date(2023, 3, 9), 6)
    # Six days before the first one, which with the three that are there make nine.
    desk.visits(*range(-5, 1))
    assert desk.look() == {FlagKind.MANY_DAYS: 1}
    assert ReviewFlag.objects.latest("pk").facts["days"] == "9"


def test_payments_beside_decided_ones_are_looked_at_by_themselves(desk: Desk) -> None:
    """Five payments were decided. Four more within the week chain to them; with a fifth they reach the limits alone."""
    give(desk.member, "5000.00")
    for day in range(1, 6):
        desk.pay(day, "200")
    desk.look()
    decided(desk)
    for day in range(6, 10):
        desk.pay(day, "250")
    assert desk.look() == {}
    desk.pay(10, "100")
    assert desk.look() == {FlagKind.CASH_OUT: 1}
    flag = ReviewFlag.objects.latest("pk")
    assert (flag.first_day, flag.last_day) == (date(2023, 3, 6), date(2023, 3, 10))
    assert (flag.facts["payments"], flag.facts["yuan"]) == ("5", "1100.00")
    assert desk.look() == {}


@pytest.mark.parametrize(("confirmed", "state"), [(True, FlagState.CONFIRMED), (False, FlagState.DISMISSED)])
def test_a_flag_is_decided_once_with_a_reason_and_not_raised_again(
    desk: Desk, confirmed: bool, state: FlagState
) -> None:
    desk.visits(*range(1, 7))
    desk.look()
    flag = ReviewFlag.objects.get()
    for reason in ("", "  ", "x" * 301):
        with pytest.raises(DomainError) as refused:
            decide_flag(flag, confirmed=confirmed, actor=desk.supervisor, reason=reason)
        assert refused.value.details["field"] == "reason"
    decided = decide_flag(flag, confirmed=confirmed, actor=desk.supervisor, reason="谈话记录")
    assert (decided.state, decided.decided_by, decided.decision_reason) == (state, desk.supervisor, "谈话记录")
    with pytest.raises(MoveNotAllowed):
        decide_flag(flag, confirmed=not confirmed, actor=desk.supervisor, reason="again")
    desk.visits(7)
    assert desk.look() == {}
    flag.refresh_from_db()
    assert (flag.last_day, flag.state) == (date(2023, 3, 6), state)


def test_nothing_is_blocked_by_a_flag(desk: Desk) -> None:
    builder.contributions(desk.member, MARCH, MARCH)
    desk.visits(*range(1, 7))
    desk.look()
    assert settled(desk.member, "300.00", provider=desk.clinic).pooled > 0


def test_a_month_to_come_is_refused(desk: Desk) -> None:
    for search in (raise_flags, queue_flags):
        with pytest.raises(DomainError) as refused:
            search(desk.region, month=date(2023, 7, 1), today=TODAY, actor=None)
        assert refused.value.details["field"] == "month"


# --- Limits ---------------------------------------------------------------------------------------


def test_limits_begin_as_the_model_says_and_are_changed_with_a_reason(desk: Desk) -> None:
    region = builder.region("dazhou")
    assert raise_flags(region, month=MARCH, today=TODAY, actor=None) == {}
    begun = MonitoringStandard.objects.get(region=region)
    assert (begun.minutes, begun.payments_yuan) == (60, Decimal(1000))
    desk.visits(*range(1, 6))
    assert desk.look() == {}
    changed = set_standard(desk.region, replace(FIRST, consecutive_days=4), actor=desk.supervisor, reason="会议纪要")
    newest = changed.history.first()
    assert (newest.history_user, newest.history_change_reason) == (desk.supervisor, "会议纪要")
    assert desk.look() == {FlagKind.MANY_DAYS: 1}


@pytest.mark.parametrize(
    ("field", "value"),
    [("minutes", 0), ("visits_a_day", 0), ("payments", 1), ("payments_yuan", 0), ("consecutive_days", -1)],
)
def test_limits_that_are_none_are_refused(desk: Desk, field: str, value: Any) -> None:
    limits = replace(FIRST, **{field: value})
    with pytest.raises(DomainError) as refused:
        set_standard(desk.region, limits, actor=desk.supervisor, reason="test")
    assert refused.value.details["field"] == field


# --- The job --------------------------------------------------------------------------------------


def test_a_job_looks_at_months_back_and_counts_once_whoever_does_it_again(desk: Desk) -> None:
    desk.visits(*range(1, 7))
    desk.visit(date(2023, 1, 10))
    desk.visit(date(2023, 1, 10))
    desk.visit(date(2023, 1, 10))
    job = queue_flags(desk.region, month=date(2023, 3, 17), today=TODAY, actor=desk.supervisor, months=2)
    assert (job.state, job.subject) == (JobState.QUEUED, "2023-03")
    for _attempt in range(2):
        perform_search(Job.objects.get(pk=job.pk), month=MARCH, today=TODAY, months=2)
        done = Job.objects.get(pk=job.pk)
        assert (done.state, done.result, done.total, done.done) == (JobState.DONE, {"flags": 1}, 2, 2)


def test_a_worker_does_what_was_queued_and_the_clock_queues_every_region(desk: Desk) -> None:
    desk.visits(*range(1, 7))
    job = queue_flags(desk.region, month=MARCH, today=TODAY, actor=desk.supervisor)
    current_app.tasks[TASK](job.pk, "2023-03-01", "2023-06-01", 1)
    assert Job.objects.get(pk=job.pk).result == {"flags": 1}
    assert ReviewFlag.objects.get().history.get().history_user == desk.supervisor
    assert current_app.conf.beat_schedule["look for unusual patterns"]["task"] == tasks.look_for_patterns.name
    tasks.look_for_patterns()
    queued = Job.objects.filter(kind="raise_flags", state=JobState.QUEUED, requested_by=None)
    assert {each.region for each in queued} == set(PoolingRegion.objects.all())


# --- Two at once ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_two_searches_at_once_raise_a_flag_once(desk: Desk) -> None:
    desk.visits(*range(1, 7))
    found = together(desk.look, desk.look)
    assert {} in found
    assert {FlagKind.MANY_DAYS: 1} in found
    assert ReviewFlag.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_of_two_decisions_at_once_one_holds(desk: Desk) -> None:
    desk.visits(*range(1, 7))
    desk.look()
    flag = ReviewFlag.objects.get()
    found = together(
        *(
            lambda confirmed=confirmed: decide_flag(flag, confirmed=confirmed, actor=desk.supervisor, reason="test")
            for confirmed in (True, False)
        )
    )
    decided = [each for each in found if isinstance(each, ReviewFlag)]
    assert sorted(type(each).__name__ for each in found) == ["MoveNotAllowed", "ReviewFlag"]
    assert ReviewFlag.objects.get().state == decided[0].state


def test_what_a_search_writes_into_histories_is_read_in_the_readers_language(desk: Desk) -> None:
    with translation.override("zh-hans"):
        desk.visits(*range(1, 7))
        desk.look()
        desk.visits(7)
        desk.look()
    flag = ReviewFlag.objects.get()
    written = {row.history_change_reason for row in flag.history.all()}
    assert written == {"found by a search", "the pattern has changed"}
    assert written | {"limits to begin with", "taken by a statement"} <= OWN_WORDS
