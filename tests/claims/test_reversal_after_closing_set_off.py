"""What comes back after a closing is recovered first where too much was credited, and meets a closing at once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from accounts.models import (
    AccountClosing,
    AccountKind,
    AccountState,
    CreditDifference,
    DifferenceState,
    LedgerAccount,
    Remedy,
)
from accounts.services.closing import approve_closing, submit_closing
from accounts.services.differences import approve_remedy, submit_remedy
from accounts.services.ledger import book
from agency.exceptions import DomainError, SubmissionVoided
from agency.models import PoolingRegion, User
from claims.models import Settlement
from claims.services.reversal import approve_reversal, request_reversal
from members.models import Member
from members.services.contributions import record_contribution
from members.services.people import record_death
from policies.engine.vocabulary import ClosingReason
from tests import builder
from tests.builder import retiree
from tests.builder.books import books_agree
from tests.builder.closings import DIED, brought, closed, later
from tests.builder.credit_runs import APRIL, APRIL_END, MARCH, MARCH_END, posted
from tests.builder.reimbursements import ANSWERED
from tests.builder.resettlements import taken_back
from tests.builder.settlements import settled
from tests.builder.threads import together

pytestmark = pytest.mark.django_db


def credited_too_much(region: PoolingRegion, maker: User, checker: User) -> tuple[Member, Settlement]:
    """March's 120.00 on 6,000, of which 100.00 pay a claim; the base was half of it, so that 60.00 are too much."""
    member = builder.insured(region)
    builder.contributions(member, MARCH, MARCH)
    posted(region, MARCH, MARCH_END, maker, checker)
    settlement = settled(member, "100.00", served_on=date(2023, 3, 5), pay_from_account=True)
    record_contribution(member, month=MARCH, base=Decimal("3000.00"), known_on=APRIL_END, reason="corrected")
    posted(region, APRIL, APRIL_END, maker, checker)
    return member, settlement


def test_what_was_credited_too_much_is_recovered_from_what_comes_back(maker: User, checker: User) -> None:
    """The closing recovers the 20.00 that are left; of the 100.00 that come back 40.00 are recovered."""
    region = builder.region("pingliang")
    member, settlement = credited_too_much(region, maker, checker)
    closing = closed(member, maker, checker, DIED, today=ANSWERED)
    assert (closing.amount, closing.set_off.get().taken) == (Decimal("0.00"), Decimal("20.00"))
    reversal = taken_back(settlement, maker, checker)
    assert later(closing) == [("60.00", "继承人", f"reversal:{reversal.pk}")]
    assert closing.later.get().set_off.get().taken == Decimal("40.00")
    assert not CreditDifference.objects.filter(state=DifferenceState.LISTED).exists()
    books_agree(region)


def test_where_all_of_it_was_credited_too_much_nothing_is_paid_out(maker: User, checker: User) -> None:
    """Of 60.00 too much the closing recovers the 10.00 that are left, the reversal the 10.00 that come back: 40.00 stay
    listed.
    """
    region = builder.region("pingliang")
    member, _large = credited_too_much(region, maker, checker)
    small = settled(member, "10.00", served_on=date(2023, 3, 6), pay_from_account=True)
    closing = closed(member, maker, checker, DIED, today=ANSWERED)
    assert closing.set_off.get().taken == Decimal("10.00")
    reversal = taken_back(small, maker, checker)
    assert later(closing) == [("0.00", "继承人", f"reversal:{reversal.pk}")]
    assert CreditDifference.objects.get(state=DifferenceState.LISTED).excess == Decimal("40.00")
    books_agree(region)


def test_a_waiver_that_waits_is_decided_before_the_reversal(maker: User, checker: User) -> None:
    member, settlement = credited_too_much(builder.region("pingliang"), maker, checker)
    closing = closed(member, maker, checker, DIED, today=ANSWERED)
    rest = CreditDifference.objects.get(state=DifferenceState.LISTED)
    submit_remedy(rest, remedy=Remedy.WAIVE, actor=maker, reason="nobody has it")
    with override("en"), pytest.raises(DomainError, match="waits to be waived"):
        request_reversal(settlement, actor=maker, reason="wrong member")
    approve_remedy(rest, on=ANSWERED, actor=checker)
    reversal = taken_back(settlement, maker, checker)
    assert later(closing) == [("100.00", "继承人", f"reversal:{reversal.pk}")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_a_closing_and_a_reversal_at_once_lose_no_yuan(maker: User, checker: User) -> None:
    """Whichever is first voids the other: 180.00 are in the account, and 90.00 come back."""
    member = retiree()
    brought(member, "270.00", maker, checker)
    # Within the deductible: the account pays all of it.
    settlement = settled(member, "90.00", pay_from_account=True)
    record_death(member, died_on=DIED, known_on=ANSWERED, reason=builder.REASON)
    asked: dict[str, Any] = {
        "closing_reason": ClosingReason.DEATH,
        "on": DIED,
        "actor": maker,
        "reason": builder.REASON,
    }
    closing = submit_closing(member, **asked)
    reversal = request_reversal(settlement, actor=maker, reason="wrong member")
    for kind in (AccountKind.MEMBER_PAYABLE, AccountKind.PROVIDER_PAYABLE):
        book(member.region, kind)
    done = together(
        lambda: approve_closing(closing, today=ANSWERED, actor=checker),
        lambda: approve_reversal(reversal, actor=checker, today=ANSWERED),
    )
    assert [isinstance(each, SubmissionVoided) for each in done].count(True) == 1
    account = LedgerAccount.objects.get(member=member)
    if isinstance(done[0], AccountClosing):
        assert (done[0].amount, account.state, account.balance) == (
            Decimal("180.00"),
            AccountState.CLOSED,
            Decimal("0.00"),
        )
        assert not Settlement.objects.filter(reverses=settlement).exists()
    else:
        assert (account.state, account.balance) == (AccountState.OPEN, Decimal("270.00"))
    books_agree(member.region)
