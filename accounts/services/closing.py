"""Closing an account: what is in it is paid out or handed over, and nothing moves on it afterwards.

What was credited above entitlement and nobody has decided about is recovered first
(docs/interpretations/0069).
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    AccountClosing,
    AccountKind,
    AccountState,
    CreditDifference,
    DecisionState,
    EntryKind,
    LedgerAccount,
)
from accounts.selectors.closings import (
    SetOff,
    check_advances_are_listed,
    check_no_waiver_waits,
    recovered,
    set_off,
    written,
)
from accounts.services.differences import recover_with
from accounts.services.ledger import Posting, book, post
from agency.exceptions import DomainError
from agency.models import User
from agency.services.history import tracked_save
from agency.services.moves import decide, locked, refuse, submit_new
from members.models import Member
from members.services.people import locked_member
from policies.engine.spending import account_closing
from policies.engine.vocabulary import ClosingReason, UseRule
from policies.selectors.versions import policy_in_force

KINDS = {
    ClosingReason.DEATH: EntryKind.INHERITANCE,
    ClosingReason.EMIGRATION: EntryKind.WITHDRAWAL,
    ClosingReason.NO_ACCOUNT_AT_DESTINATION: EntryKind.WITHDRAWAL,
    ClosingReason.TRANSFER_OUT: EntryKind.TRANSFER_OUT,
}
# With a transfer the balance goes to another agency; otherwise somebody is paid.
BOOKS = {
    ClosingReason.DEATH: AccountKind.MEMBER_PAYABLE,
    ClosingReason.EMIGRATION: AccountKind.MEMBER_PAYABLE,
    ClosingReason.NO_ACCOUNT_AT_DESTINATION: AccountKind.MEMBER_PAYABLE,
    ClosingReason.TRANSFER_OUT: AccountKind.TRANSFERS,
}


def _payload(closing: AccountClosing, planned: Sequence[SetOff]) -> dict[str, object]:
    payload: dict[str, object] = {
        "account": closing.account_id,
        "reason": closing.reason,
        "on": closing.closed_on,
        "payee": closing.payee,
        "balance": f"{closing.account.balance:.2f}",
    }
    return payload | {"set_off": written(planned)} if planned else payload


@transaction.atomic
def submit_closing(
    member: Member, *, closing_reason: ClosingReason, on: date, payee: str = "", actor: User, reason: str
) -> AccountClosing:
    """Ask for a member's account, which may be frozen, to be closed on a day and its balance paid out, less what was
    credited above entitlement.

    DomainError where there is no open account, a closing is asked for already, the region does not close accounts for
    this reason, a death is not recorded, the day lies before it, a waiver waits to be decided, or credits in advance of
    months that are not due any more are not listed yet. Dazhou 8, Zaozhuang 9, Kaifeng 18, Baoshan 20.
    """
    member = locked_member(member)
    account = LedgerAccount.objects.select_for_update(no_key=True).filter(member=member).first()
    if account is None or account.state == AccountState.CLOSED:
        raise DomainError(_("The member has no open account."))
    rule = account_closing(policy_in_force(member.region, on), closing_reason)
    if rule.rule != UseRule.ALLOWED:
        raise DomainError(
            _("The region does not pay out an account for this reason (%(instrument)s %(article)s).")
            % {"instrument": rule.citation.instrument, "article": rule.citation.article}
        )
    if closing_reason == ClosingReason.DEATH:
        _check_death(member, on)
    last_day = member.died_on or on
    check_advances_are_listed(account, last_day.replace(day=1))
    closing = AccountClosing(account=account, reason=closing_reason, closed_on=on, payee=payee)
    twice = DomainError(_("The closing of this account is asked for already."))
    return submit_new(closing, _payload(closing, _locked_set_off(account)), actor, reason, twice=twice)


def _check_death(member: Member, on: date) -> None:
    if member.died_on is None:
        raise DomainError(_("Record the member's death first."))
    if on < member.died_on:
        raise DomainError(
            _("The account cannot be closed for a death before the day of death, %(day)s.") % {"day": member.died_on},
            field="on",
        )


@transaction.atomic
def approve_closing(
    closing: AccountClosing, *, today: date, actor: User, reason: str = "", seen: str = ""
) -> AccountClosing:
    """Recover what was credited above entitlement, pay the rest out and close the account, as another person.

    What the balance does not cover stays listed. today: the day of posting. DomainError before the day on which it is
    to be closed, or while a waiver waits. SubmissionVoided where the balance or what is set off is not what was
    submitted, so that what was seen is what is paid.
    """
    closing = locked(closing, "approve", "account__member")
    # The member before the account, as everybody does who takes money from one.
    locked_member(Member.objects.get(account=closing.account_id))
    account = LedgerAccount.objects.select_for_update().get(pk=closing.account_id)
    closing.account = account
    planned = _locked_set_off(account)
    decide(closing, _payload(closing, planned), actor, reason, seen)
    if closing.closed_on > today:
        raise DomainError(
            _("The account is to be closed on %(day)s. Approve it on that day or later.") % {"day": closing.closed_on}
        )
    post(pay_out(closing, account.balance or Decimal("0.00"), planned, actor), on=today, actor=actor)
    LedgerAccount.objects.filter(pk=account.pk).update(state=AccountState.CLOSED)
    return closing


def _locked_set_off(account: LedgerAccount) -> list[SetOff]:
    """Under the account's lock, which is taken before those of the differences, as a credit run does."""
    rows = CreditDifference.objects.select_for_update(of=("self",))
    planned = set_off(account, account.balance or Decimal("0.00"), rows)
    check_no_waiver_waits(planned)
    return planned


def pay_out(closing: AccountClosing, amount: Decimal, planned: Sequence[SetOff], actor: User) -> list[Posting]:
    """Approve and save the closing, which the actor has decided, and what it sets off; what the caller posts.

    amount: what is in the account, or comes back to it in the same posting, yuan.
    """
    closing_reason = ClosingReason(closing.reason)
    closing.amount = amount - recovered(planned)
    closing.state = DecisionState.APPROVED
    tracked_save(closing, actor, closing.decision_reason or "approved")
    postings = [recover_with(closing, each.difference, each.taken, actor) for each in planned if each.taken]
    if closing.amount:
        cause = f"closing:{closing.pk}"
        payee = book(closing.account.region, BOOKS[closing_reason])
        kind = KINDS[closing_reason]
        postings.append(Posting(closing.account, payee, closing.amount, kind, key=cause, cause=cause))
    return postings


def refuse_closing(closing: AccountClosing, *, actor: User, reason: str, seen: str = "") -> AccountClosing:
    """Leave the account open, also where the balance has changed since; the reason is required."""
    return refuse(closing, actor=actor, reason=reason, seen=seen)
