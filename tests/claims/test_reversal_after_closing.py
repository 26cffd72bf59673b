"""A claim is taken back after the account that paid it was closed: the fund gets its money, the heirs theirs.

Pingliang, a retiree at a primary institution: a deductible of 200.00 a year, 70 % above it, at most 2500.00 a year.
"""

from decimal import Decimal

import pytest

from accounts.models import (
    AccountClosing,
    AccountKind,
    AccountState,
    DecisionState,
    EntryKind,
    LedgerEntry,
)
from agency.exceptions import SubmissionVoided
from agency.models import User
from claims.models import Reversal, Settlement
from claims.services.reversal import approve_reversal, request_reversal
from members.models import Member
from policies.engine.vocabulary import ClosingReason
from reimbursements.selectors.differences import to_recover
from tests import builder
from tests.builder import retiree
from tests.builder.accounts import authorized, put
from tests.builder.books import books_agree
from tests.builder.claims import DAY
from tests.builder.closings import DIED, brought, closed, later
from tests.builder.reimbursements import ANSWERED, FILED, through_the_bank
from tests.builder.resettlements import anew, standing, taken_back
from tests.builder.settlements import settled

pytestmark = pytest.mark.django_db


def from_fund(member: Member) -> Decimal:
    """What the pooled fund has paid and not got back."""
    pooled = LedgerEntry.objects.filter(region=member.region, cause__startswith="settlement:")
    paid = sum((each.amount for each in pooled.filter(debit__kind=AccountKind.POOLED_FUND)), Decimal("0.00"))
    return paid - sum((each.amount for each in pooled.filter(credit__kind=AccountKind.POOLED_FUND)), Decimal("0.00"))


def test_the_fund_gets_its_money_back_and_the_heirs_get_what_the_account_had_paid(maker: User, checker: User) -> None:
    """300.00 less 200.00, of which 70 %, is 70.00; the account pays 230.00. Of the next 300.00 it pays 90.00.

    It held 500.00: 180.00 were paid out. Without the first, the second bears the deductible: 70.00 from the fund and
    230.00 from the patient, of which the account pays its 90.00 as before. Back come 230.00 and 90.00 less 90.00.
    """
    member = retiree()
    account = brought(member, "500.00", maker, checker)
    first, second = settled(member, pay_from_account=True), settled(member, pay_from_account=True)
    closing = closed(member, maker, checker, DIED, today=ANSWERED)
    assert closing.amount == Decimal("180.00")
    reversal = taken_back(first, maker, checker)
    assert standing(member) == [("200.00", "70.00")]
    assert (anew(second).account, anew(second).cash) == (Decimal("90.00"), Decimal("140.00"))
    assert later(closing) == [("230.00", "继承人", f"reversal:{reversal.pk}")]
    row = closing.later.get()
    assert (row.state, row.submitted_by, row.decided_by) == (DecisionState.APPROVED, maker, checker)
    entry = LedgerEntry.objects.get(cause=f"closing:{row.pk}")
    assert (entry.amount, entry.kind, entry.debit, entry.credit.kind, entry.posted_on) == (
        Decimal("230.00"),
        EntryKind.INHERITANCE,
        account,
        AccountKind.MEMBER_PAYABLE,
        ANSWERED,
    )
    account.refresh_from_db()
    assert (account.balance, account.state) == (Decimal("0.00"), AccountState.CLOSED)
    assert from_fund(member) == Decimal("70.00")
    books_agree(member.region)


def test_a_balance_that_went_to_another_agency_is_followed_by_what_comes_back(maker: User, checker: User) -> None:
    """Dazhou, where an account is closed on a transfer; whatever it paid of the claim follows."""
    member = retiree("dazhou")
    brought(member, "500.00", maker, checker)
    settlement = settled(member, pay_from_account=True)
    assert settlement.account > 0
    closing = closed(member, maker, checker, DIED, reason=ClosingReason.TRANSFER_OUT, today=ANSWERED)
    taken_back(settlement, maker, checker)
    entry = LedgerEntry.objects.get(cause=f"closing:{closing.later.get().pk}")
    assert (entry.amount, entry.kind, entry.credit.kind) == (
        settlement.account,
        EntryKind.TRANSFER_OUT,
        AccountKind.TRANSFERS,
    )
    books_agree(member.region)


def test_an_account_pays_no_more_for_a_claim_settled_anew_after_its_closing(maker: User, checker: User) -> None:
    """The first was paid in cash, the second with 90.00: settled anew, its patient bears 230.00, 140.00 in cash."""
    member = retiree()
    brought(member, "500.00", maker, checker)
    first, second = settled(member), settled(member, pay_from_account=True)
    closing = closed(member, maker, checker, DIED, today=ANSWERED)
    taken_back(first, maker, checker)
    assert (anew(second).account, anew(second).cash) == (Decimal("90.00"), Decimal("140.00"))
    assert later(closing) == []
    assert closing.amount == Decimal("410.00")
    books_agree(member.region)


def test_a_later_claim_of_which_the_account_pays_less_leaves_the_difference_to_the_heirs(
    maker: User, checker: User
) -> None:
    """4000.00 less 200.00, of which 70 %, is 2660.00: the ceiling's 2500.00. Nothing is left for 300.00, all paid by
    the account. Without the first the fund pays 70.00 of it, and the account 230.00: 70.00 come back.
    """
    member = retiree()
    brought(member, "300.00", maker, checker)
    first, second = settled(member, "4000.00"), settled(member, pay_from_account=True)
    assert (second.pooled, second.account) == (Decimal("0.00"), Decimal("300.00"))
    closing = closed(member, maker, checker, DIED, today=ANSWERED)
    reversal = taken_back(first, maker, checker)
    assert (anew(second).pooled, anew(second).account) == (Decimal("70.00"), Decimal("230.00"))
    assert later(closing) == [("70.00", "继承人", f"reversal:{reversal.pk}")]
    books_agree(member.region)


def test_a_relatives_closed_account_gets_back_what_it_paid(maker: User, checker: User) -> None:
    owner, patient = retiree(), retiree()
    brought(owner, "100.00", maker, checker)
    authorized(owner, patient, maker, checker, since=DAY)
    settlement = settled(patient, account_holder=owner)
    closing = closed(owner, maker, checker, DIED, today=ANSWERED)
    assert closing.amount == Decimal("0.00")
    reversal = taken_back(settlement, maker, checker)
    assert later(closing) == [("100.00", "继承人", f"reversal:{reversal.pk}")]
    books_agree(owner.region)


def test_each_reversal_pays_out_on_its_own(maker: User, checker: User) -> None:
    """100.00 and 100.00 stay within the deductible: the account bears them all."""
    member = retiree()
    brought(member, "200.00", maker, checker)
    first, second = (settled(member, "100.00", pay_from_account=True) for _ in range(2))
    closing = closed(member, maker, checker, DIED, today=ANSWERED)
    one = taken_back(second, maker, checker)
    two = taken_back(first, maker, checker)
    assert later(closing) == [
        ("100.00", "继承人", f"reversal:{one.pk}"),
        ("100.00", "继承人", f"reversal:{two.pk}"),
    ]
    books_agree(member.region)


def test_what_the_bank_paid_is_recovered_and_the_accounts_part_of_it_goes_to_the_heirs(
    maker: User, checker: User
) -> None:
    """Filed by hand: the member got 70.00 of the fund and 230.00 of the account; both are owed back in full."""
    member = retiree()
    brought(member, "500.00", maker, checker)
    settlement = settled(member, filed_on=FILED, pay_from_account=True)
    assert through_the_bank(builder.staff("cashier"), builder.staff("treasurer")).amount == Decimal("300.00")
    closing = closed(member, maker, checker, DIED, today=ANSWERED)
    reversal = taken_back(settlement, maker, checker)
    assert to_recover().get().difference == Decimal("-300.00")
    assert later(closing) == [("230.00", "继承人", f"reversal:{reversal.pk}")]
    books_agree(member.region)


def test_a_closing_between_request_and_approval_voids_the_request(maker: User, checker: User) -> None:
    member = retiree()
    brought(member, "500.00", maker, checker)
    settlement = settled(member, pay_from_account=True)
    asked = request_reversal(settlement, actor=maker, reason="wrong member")
    closed(member, maker, checker, DIED, today=ANSWERED)
    with pytest.raises(SubmissionVoided):
        approve_reversal(asked, actor=checker, today=ANSWERED)
    assert Reversal.objects.get().state == "submitted"
    assert not Settlement.objects.filter(reverses=settlement).exists()
    assert not AccountClosing.objects.filter(follows__isnull=False).exists()


def test_a_frozen_account_keeps_paying_what_it_paid(maker: User, checker: User) -> None:
    """90.00 of the second, frozen since; settled anew it still pays 90.00 and loses nothing by it."""
    member = retiree()
    account = brought(member, "100.00", maker, checker)
    first, second = settled(member), settled(member, pay_from_account=True)
    put(member, AccountState.FROZEN)
    taken_back(first, maker, checker)
    assert (anew(second).account, anew(second).cash) == (Decimal("90.00"), Decimal("140.00"))
    account.refresh_from_db()
    assert (account.balance, account.state) == (Decimal("10.00"), AccountState.FROZEN)
    books_agree(member.region)
