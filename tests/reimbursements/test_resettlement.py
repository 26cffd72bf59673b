"""What taking a settlement back does to the later ones of the year, and to the money.

Pingliang, a retiree at a primary institution: a deductible of 200.00 a year, 70 % above it, at most 2500.00 a year.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import AccountKind, EntryKind, LedgerEntry
from accounts.services.ledger import Posting, book, post
from agency.exceptions import DomainError, MoveNotAllowed, SamePersonDecides, SubmissionVoided
from agency.models import User
from claims.models import BenefitUsage, ClaimState, Resettlement, Settlement
from claims.services.reversal import approve_reversal, request_reversal
from members.models import Member
from members.services.people import record_death
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


def test_what_comes_out_otherwise_is_settled_anew_and_the_rest_is_left_alone(maker: User, checker: User) -> None:
    """300.00, 300.00, 100.00 pay 70.00, 210.00, 70.00. Without the first, the second bears the deductible."""
    member = retiree()
    first, second, third = (settled(member, amount) for amount in ("300.00", "300.00", "100.00"))
    reversal = request_reversal(first, actor=maker, reason="wrong member")
    (line,) = reversal.plan
    assert (line["settlement"], line["before"]["pooled"], line["after"]["pooled"]) == (second.pk, "210.00", "70.00")
    assert line["difference"] == "-140.00"
    counter = approve_reversal(reversal, actor=checker, today=ANSWERED)
    assert counter.reverses == first
    assert standing(member) == [("0.00", "70.00"), ("200.00", "70.00")]
    assert differences(reversal) == ["-70.00", "-140.00"]
    assert not hasattr(Settlement.objects.get(pk=third.pk), "reversed_by")
    used = BenefitUsage.objects.get(member=member)
    assert (used.deductible, used.paid) == (Decimal("200.00"), Decimal("140.00"))
    first.claim.refresh_from_db()
    second.claim.refresh_from_db()
    assert (first.claim.state, second.claim.state) == (ClaimState.REVERSED, ClaimState.SETTLED)
    books_agree(member.region)


def test_a_later_one_that_is_not_covered_any_more_is_refused(maker: User, checker: User) -> None:
    member = retiree()
    first = settled(member)
    second = settled(member, served_on=date(2023, 3, 20))
    record_death(member, died_on=date(2023, 3, 10), known_on=ANSWERED, reason=builder.REASON)
    reversal = taken_back(first, maker, checker)
    assert standing(member) == []
    second.claim.refresh_from_db()
    assert (second.claim.state, second.claim.refusal_reason) == (ClaimState.REFUSED, "not_entitled")
    # 70 % of 100.00, and 70 % of 300.00.
    assert differences(reversal) == ["-70.00", "-210.00"]
    books_agree(member.region)


def test_an_account_pays_no_more_than_it_did(maker: User, checker: User) -> None:
    """30.00 were all it held; what came in later is not drawn for a bill that was paid in cash."""
    member = retiree()
    account = give(member, "30.00")
    first = settled(member)
    second = settled(member, pay_from_account=True)
    assert (second.account, second.cash) == (Decimal("30.00"), Decimal("60.00"))
    fund = book(member.region, AccountKind.POOLED_FUND)
    later = Posting(fund, account, Decimal("500.00"), EntryKind.POOLED_PAYMENT, "later", "test")
    post([later], on=DAY, actor=None)
    taken_back(first, maker, checker)
    anew = Settlement.objects.get(claim=second.claim, reverses=None, reversed_by=None)
    assert (anew.pooled, anew.account, anew.cash) == (Decimal("70.00"), Decimal("30.00"), Decimal("200.00"))
    account.refresh_from_db()
    assert account.balance == Decimal("500.00")


def test_what_was_paid_out_too_much_is_recovered_with_a_receipt(maker: User, checker: User) -> None:
    member = retiree()
    first = settled(member)
    second = settled(member, filed_on=FILED)
    cashier, treasurer = builder.staff("cashier"), builder.staff("treasurer")
    assert through_the_bank(cashier, treasurer).amount == Decimal("210.00")
    taken_back(first, maker, checker)
    owed = to_recover().get()
    assert (owed.claim, owed.difference, owed.payee) == (second.claim, Decimal("-140.00"), "manual")
    assert not to_pay().exists()
    recovery: dict[str, Any] = {"on": ANSWERED, "today": ANSWERED, "reference": "收据17号"}
    for actor in (maker, checker):
        with pytest.raises(SamePersonDecides):
            record_recovery(owed, actor=actor, **recovery)
    with pytest.raises(DomainError):
        record_recovery(owed, actor=cashier, **(recovery | {"reference": " "}))
    record_recovery(owed, actor=cashier, **recovery)
    repaid = LedgerEntry.objects.get(kind=EntryKind.REPAYMENT)
    assert (repaid.amount, repaid.debit.kind, repaid.credit.kind) == (Decimal("140.00"), "bank", "member_payable")
    with pytest.raises(MoveNotAllowed):
        record_recovery(owed, actor=cashier, **recovery)
    assert Reimbursement.objects.get(claim=second.claim).state == ReimbursementState.PAID
    books_agree(member.region)


def test_what_was_paid_out_too_little_goes_through_another_batch(maker: User, checker: User) -> None:
    """200.00 bears the deductible; 3500.00 pays 2450.00; of 140.00 for the third, 50.00 were left under the ceiling."""
    member = retiree()
    settled(member, "200.00")
    second = settled(member, "3500.00")
    third = settled(member, "200.00", filed_on=FILED)
    assert third.pooled == Decimal("50.00")
    cashier, treasurer = builder.staff("cashier"), builder.staff("treasurer")
    through_the_bank(cashier, treasurer)
    taken_back(second, maker, checker)
    assert to_pay().get().difference == Decimal("90.00")
    with pytest.raises(SamePersonDecides):
        draft_region(member.region, actor=checker)
    item = through_the_bank(cashier, treasurer)
    assert (item.amount, item.resettlement) == (Decimal("90.00"), Resettlement.objects.get(claim=third.claim))
    assert Reimbursement.objects.get(claim=third.claim).state == ReimbursementState.PAID
    assert not to_pay().exists()
    with pytest.raises(DomainError):
        draft_region(member.region, actor=cashier)
    paid = LedgerEntry.objects.filter(kind=EntryKind.PAYOUT).order_by("pk").values_list("amount", flat=True)
    assert list(paid) == [Decimal("50.00"), Decimal("90.00")]
    books_agree(member.region)


def test_what_waits_for_payment_is_simply_paid_as_settled_anew(maker: User, checker: User) -> None:
    member = retiree()
    first = settled(member)
    second = settled(member, filed_on=FILED)
    taken_back(first, maker, checker)
    assert not to_recover().exists()
    item = through_the_bank(builder.staff("cashier"), builder.staff("treasurer"))
    assert (item.reimbursement.claim, item.amount, item.resettlement) == (second.claim, Decimal("70.00"), None)
    books_agree(member.region)


def test_while_the_bank_is_asked_to_pay_a_later_one_nothing_is_taken_back(maker: User, checker: User) -> None:
    member = retiree()
    first = settled(member)
    settled(member, filed_on=FILED)
    assert draft_region(member.region, actor=builder.staff("cashier")).batch is not None
    reversal = request_reversal(first, actor=maker, reason="wrong member")
    with pytest.raises(DomainError):
        approve_reversal(reversal, actor=checker, today=ANSWERED)
    assert standing(member) == [("200.00", "70.00"), ("0.00", "210.00")]


def test_an_approval_changes_what_was_shown_or_nothing(maker: User, checker: User) -> None:
    member = retiree()
    first = settled(member)
    reversal = request_reversal(first, actor=maker, reason="wrong member")
    settled(member)
    with pytest.raises(SubmissionVoided):
        approve_reversal(reversal, actor=checker, today=ANSWERED)
    assert not Resettlement.objects.exists()


def test_a_settlement_that_went_with_an_earlier_one_is_not_taken_back_again(maker: User, checker: User) -> None:
    member = retiree()
    first, second = settled(member), settled(member)
    asked = request_reversal(second, actor=maker, reason="wrong member")
    taken_back(first, maker, checker)
    with pytest.raises(DomainError):
        approve_reversal(asked, actor=checker, today=ANSWERED)
    assert standing(member) == [("200.00", "70.00")]
    anew = Settlement.objects.get(claim=second.claim, reverses=None, reversed_by=None)
    taken_back(anew, maker, checker)
    assert standing(member) == []
    books_agree(member.region)


def test_two_in_a_row_leave_what_never_having_settled_them_would(maker: User, checker: User) -> None:
    member, other = retiree(), retiree()
    bills = ("150.00", "900.00", "2600.00", "400.00", "80.00")
    made = [settled(member, amount) for amount in bills]
    taken_back(made[1], maker, checker)
    taken_back(Settlement.objects.get(claim=made[0].claim, reverses=None, reversed_by=None), maker, checker)
    for amount in bills[2:]:
        settled(other, amount)

    def by_claim(person: Member) -> list[tuple[str, str, str]]:
        found = Settlement.objects.filter(member=person, reverses=None, reversed_by=None).order_by("claim_id")
        return [(str(each.total), str(each.deductible), str(each.pooled)) for each in found]

    assert by_claim(member) == by_claim(other)
    books_agree(member.region)
