"""In which order a reversal settles later claims anew, and what it leaves to others to do first.

Pingliang, a retiree at a primary institution: a deductible of 200.00 a year, 70 % above it, at most 2500.00 a year.
"""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import AccountState, LedgerAccount
from accounts.services.account_requests import approve_account_request, submit_freeze
from accounts.services.closing import approve_closing, submit_closing
from agency.exceptions import DomainError
from agency.models import User
from claims.models import Settlement
from claims.services.reversal import approve_reversal, request_reversal
from members.services.people import record_death
from policies.engine.vocabulary import ClosingReason
from reimbursements.models import Reimbursement, ReimbursementState
from reimbursements.selectors.differences import to_pay, to_recover
from reimbursements.services.payment_drafts import draft_region
from reimbursements.services.recoveries import record_recovery
from tests import builder
from tests.builder import retiree
from tests.builder.accounts import give
from tests.builder.books import books_agree
from tests.builder.claims import DAY
from tests.builder.reimbursements import ANSWERED, FILED, through_the_bank
from tests.builder.resettlements import differences, standing, taken_back
from tests.builder.settlements import settled

pytestmark = pytest.mark.django_db


def stands(settlement: Settlement) -> Settlement:
    return Settlement.objects.get(claim=settlement.claim, reverses=None, reversed_by=None)


def test_one_that_was_settled_anew_keeps_its_place(maker: User, checker: User) -> None:
    """100.00 bear half of the deductible, 300.00 the other half and pay 140.00, 300.00 pay 210.00."""
    member = retiree()
    first, second, third = (settled(member, amount) for amount in ("100.00", "300.00", "300.00"))
    taken_back(first, maker, checker)
    assert (stands(second).pooled, stands(third)) == (Decimal("70.00"), third)
    # The third was settled after the second, although by now its row is the older one.
    reversal = taken_back(stands(second), maker, checker)
    assert differences(reversal) == ["-70.00", "-140.00"]
    assert standing(member) == [("200.00", "70.00")]
    assert stands(third).in_place_of == third
    books_agree(member.region)


def test_one_before_it_is_not_calculated_after_it(maker: User, checker: User) -> None:
    """Without the first two the third bears the deductible, and the fourth still pays 210.00."""
    member = retiree()
    bills = [settled(member, amount) for amount in ("50.00", "100.00", "300.00", "300.00")]
    taken_back(bills[0], maker, checker)
    assert [stands(bill).pooled for bill in bills[1:]] == [Decimal("0.00"), Decimal("140.00"), Decimal("210.00")]
    taken_back(stands(bills[1]), maker, checker)
    assert [stands(bill).pooled for bill in bills[2:]] == [Decimal("70.00"), Decimal("210.00")]
    assert stands(bills[2]).in_place_of == bills[2]
    books_agree(member.region)


def test_what_a_member_still_gets_is_paid_before_another_reversal(maker: User, checker: User) -> None:
    """As in `test_what_was_paid_out_too_little…`: 50.00 were paid, 90.00 more are owed."""
    member = retiree()
    settled(member, "200.00")
    second = settled(member, "3500.00")
    third = settled(member, "200.00", filed_on=FILED)
    cashier, treasurer = builder.staff("cashier"), builder.staff("treasurer")
    through_the_bank(cashier, treasurer)
    taken_back(second, maker, checker)
    again = request_reversal(stands(third), actor=maker, reason="forged")
    with pytest.raises(DomainError, match=r"90\.00"):
        approve_reversal(again, actor=checker, today=ANSWERED)
    through_the_bank(cashier, treasurer)
    approve_reversal(again, actor=checker, today=ANSWERED)
    assert [each.difference for each in to_recover()] == [Decimal("-140.00")]
    assert not to_pay().exists()
    assert Reimbursement.objects.get(claim=third.claim).state == ReimbursementState.REVERSED
    with pytest.raises(DomainError):
        draft_region(member.region, actor=cashier)
    books_agree(member.region)


def test_a_recovery_is_not_older_than_its_reversal(maker: User, checker: User) -> None:
    member = retiree()
    first = settled(member)
    settled(member, filed_on=FILED)
    cashier, treasurer = builder.staff("cashier"), builder.staff("treasurer")
    through_the_bank(cashier, treasurer)
    taken_back(first, maker, checker)
    with pytest.raises(DomainError):
        record_recovery(to_recover().get(), on=date(2023, 7, 2), today=ANSWERED, reference="收据17号", actor=treasurer)


@pytest.mark.parametrize("how", ["frozen", "closed"])
def test_what_an_account_paid_stands_although_it_pays_nothing_now(how: str, maker: User, checker: User) -> None:
    """The third rests on the account alone: without the first it comes out as it did."""
    member = retiree()
    account = give(member, "30.00")
    first, second = settled(member), settled(member)
    third = settled(member, "100.00", pay_from_account=True)
    assert (third.pooled, third.account) == (Decimal("70.00"), Decimal("30.00"))
    if how == "frozen":
        asked = submit_freeze(member, on=DAY, document="冻结1号", actor=maker, reason=builder.REASON)
        approve_account_request(asked, today=DAY, actor=checker)
    else:
        record_death(member, died_on=date(2023, 6, 30), known_on=ANSWERED, reason=builder.REASON)
        closing = submit_closing(
            member, closing_reason=ClosingReason.DEATH, on=ANSWERED, payee="heir", actor=maker, reason=builder.REASON
        )
        approve_closing(closing, today=ANSWERED, actor=checker)
    account.refresh_from_db()
    assert account.state == AccountState(how)
    reversal = taken_back(first, maker, checker)
    assert [each.claim for each in reversal.resettlements.order_by("pk")] == [first.claim, second.claim]
    assert stands(third) == third
    assert LedgerAccount.objects.get(pk=account.pk).balance == Decimal("0.00")
