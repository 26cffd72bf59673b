"""Credits for the year in advance: posted once, looked at in every run, settled when somebody leaves."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.translation import override

from accounts.admin.run_summary import compared, credit_rows
from accounts.models import CreditDifference, CreditRun, EntryKind, LedgerEntry
from accounts.selectors.explanations import explain_credit
from accounts.services.credit_runs import discard_run
from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from members.models import Member
from members.services.enrollments import terminate
from members.services.people import record_death
from policies.engine.vocabulary import ClosingReason, InsuredStatus
from policies.models import LawChange
from policies.selectors.versions import months_in_advance
from policies.services.packs import load_pack
from tests import builder
from tests.builder import REASON
from tests.builder.books import books_agree
from tests.builder.closings import asked_to_close, closed
from tests.builder.credit_runs import checked, posted

pytestmark = pytest.mark.django_db

PACK = Path(__file__).resolve().parent / "tongwan.toml"
JANUARY, MAY = date(2024, 1, 1), date(2024, 5, 1)
Run = Callable[[date, date], CreditRun]


@pytest.fixture
def tongwan() -> PoolingRegion:
    load_pack(PACK)
    return PoolingRegion.objects.get(slug="tongwan")


@pytest.fixture
def member(tongwan: PoolingRegion) -> Member:
    return builder.insured(tongwan, status=InsuredStatus.RETIRED, birth_date=date(1955, 5, 1))


@pytest.fixture
def run(tongwan: PoolingRegion, maker: User, checker: User) -> Run:
    return lambda month, on: posted(tongwan, month, on, maker, checker)


def test_the_months_of_a_year_stand_in_the_ledger_each_with_its_rule(
    tongwan: PoolingRegion, member: Member, run: Run
) -> None:
    january = run(JANUARY, JANUARY)
    entries = list(LedgerEntry.objects.filter(credit__member=member).order_by("month"))
    assert [(entry.month.month, entry.amount, entry.kind) for entry in entries if entry.month] == [
        (month, Decimal("70.00"), EntryKind.MONTHLY_CREDIT) for month in range(1, 13)
    ]
    assert {entry.cause for entry in entries[1:]} == {f"credit_run:{january.pk}:advance"}
    with override("en"):
        assert explain_credit(entries[5])[0].label == "fixed amount (for the year in advance)"
        assert [row[3:] for row in credit_rows(january)] == [
            ["January 2024", 1, "70.00"],
            ["later months of the year, in advance", 11, "770.00"],
        ]
    # Beside the month before stands the month, not the year.
    assert [row[1:3] for row in compared(january)] == [[1, Decimal("70.00")]]
    books_agree(tongwan)


def test_regions_without_advances_look_at_no_later_month(tongwan: PoolingRegion) -> None:
    assert months_in_advance(tongwan, date(2024, 10, 1)) == [date(2024, 11, 1), date(2024, 12, 1)]
    assert months_in_advance(tongwan, date(2024, 12, 1)) == []
    assert months_in_advance(tongwan, date(2023, 11, 1)) == []
    for slug in ("pingliang", "dazhou", "zaozhuang", "kaifeng", "baoshan"):
        assert months_in_advance(builder.region(slug), date(2024, 1, 1)) == []


def test_a_closing_waits_until_a_run_has_listed_what_is_not_due(
    tongwan: PoolingRegion, member: Member, run: Run, maker: User, checker: User
) -> None:
    run(JANUARY, JANUARY)
    record_death(member, died_on=date(2024, 5, 10), known_on=date(2024, 5, 12), reason=REASON)
    member.refresh_from_db()
    with override("en"), pytest.raises(DomainError, match="in advance for months after 2024-05"):
        asked_to_close(member, maker, date(2024, 5, 20))
    run(MAY, date(2024, 5, 21))
    closing = closed(member, maker, checker, date(2024, 5, 22))
    assert closing.amount == Decimal("350.00")  # 5 × 70
    books_agree(tongwan)


def test_whoever_transfers_out_keeps_the_months_until_then(
    tongwan: PoolingRegion, member: Member, run: Run, maker: User, checker: User
) -> None:
    run(JANUARY, JANUARY)
    with override("en"), pytest.raises(DomainError, match="Record that the insurance ended"):
        asked_to_close(member, maker, date(2024, 5, 31), ClosingReason.TRANSFER_OUT)
    terminate(member, last_day=date(2024, 5, 31), known_on=date(2024, 5, 31), reason=REASON)
    run(MAY, date(2024, 5, 31))
    listed = CreditDifference.objects.filter(member=member).order_by("month")
    assert [(each.month.month, each.excess) for each in listed] == [(month, Decimal("70.00")) for month in range(6, 13)]
    closing = closed(member, maker, checker, date(2024, 6, 3), reason=ClosingReason.TRANSFER_OUT)
    assert closing.amount == Decimal("350.00")


def test_a_run_that_is_discarded_leaves_the_months_to_the_next_one(
    tongwan: PoolingRegion, member: Member, run: Run, maker: User
) -> None:
    discard_run(checked(tongwan, JANUARY, JANUARY, maker), actor=maker, reason=REASON)
    assert not LawChange.objects.filter(region=tongwan).exists()
    run(JANUARY, JANUARY)
    assert LedgerEntry.objects.filter(credit__member=member).count() == 12


def test_a_month_that_was_run_is_no_month_to_come(tongwan: PoolingRegion, member: Member, run: Run) -> None:
    """January's run, repeated in February, credits whoever is registered late for February, too, and nobody twice."""
    run(JANUARY, JANUARY)
    run(date(2024, 2, 1), date(2024, 2, 1))
    late = builder.insured(
        tongwan, status=InsuredStatus.RETIRED, birth_date=date(1956, 1, 1), known_on=date(2024, 2, 2)
    )
    again = run(JANUARY, date(2024, 2, 3))
    months = LedgerEntry.objects.filter(credit__member=late).order_by("month").values_list("month", flat=True)
    assert [month.month for month in months if month] == list(range(1, 13))
    assert LedgerEntry.objects.filter(credit__member=member).count() == 12
    assert again.entry_count == 12
