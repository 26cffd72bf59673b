"""Closing an account: what is in it is paid out or handed over, and nothing moves on it afterwards."""

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountClosing, AccountKind, AccountState, DecisionState, EntryKind, LedgerAccount
from accounts.services.ledger import Posting, book, post
from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import User
from agency.services.approval import record_decision, record_submission
from agency.services.history import tracked_save
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


def _payload(closing: AccountClosing) -> dict[str, object]:
    return {
        "account": closing.account_id,
        "reason": closing.reason,
        "on": closing.closed_on,
        "payee": closing.payee,
        "balance": f"{closing.account.balance:.2f}",
    }


@transaction.atomic
def submit_closing(
    member: Member, *, closing_reason: ClosingReason, on: date, payee: str = "", actor: User, reason: str
) -> AccountClosing:
    """Ask for a member's account, which may be frozen, to be closed on a day and its balance paid out.

    DomainError where there is no open account, a closing is asked for already, the region does not close accounts for
    this reason, a death is not recorded, or the day lies before it. Dazhou 8, Zaozhuang 9, Kaifeng 18, Baoshan 20.
    """
    member = locked_member(member)
    account = LedgerAccount.objects.filter(member=member).first()
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
    closing = AccountClosing(account=account, reason=closing_reason, closed_on=on, payee=payee)
    record_submission(closing, actor, _payload(closing))
    try:
        with transaction.atomic():
            tracked_save(closing, actor, reason)
    except IntegrityError as error:
        raise DomainError(_("The closing of this account is asked for already.")) from error
    return closing


def _check_death(member: Member, on: date) -> None:
    if member.died_on is None:
        raise DomainError(_("Record the member's death first."))
    if on < member.died_on:
        raise DomainError(
            _("The account cannot be closed for a death before the day of death, %(day)s.") % {"day": member.died_on},
            field="on",
        )


def _locked(closing: AccountClosing) -> AccountClosing:
    found = AccountClosing.objects.select_for_update(of=("self",)).select_related("account__member").get(pk=closing.pk)
    if found.state != DecisionState.SUBMITTED:
        raise MoveNotAllowed(_("This closing has been decided already."))
    return found


@transaction.atomic
def approve_closing(
    closing: AccountClosing, *, today: date, actor: User, reason: str = "", seen: str = ""
) -> AccountClosing:
    """Pay the balance out and close the account, as another person.

    today: the day of posting. DomainError before the day on which it is to be closed. SubmissionVoided where the
    balance is not what was submitted, so that what was seen is what is paid.
    """
    found = _locked(closing)
    # The member before the account, as everybody does who takes money from one.
    locked_member(Member.objects.get(account=found.account_id))
    account = LedgerAccount.objects.select_for_update().get(pk=found.account_id)
    found.account = account
    record_decision(found, actor, _payload(found), reason, seen=seen)
    if found.closed_on > today:
        raise DomainError(
            _("The account is to be closed on %(day)s. Approve it on that day or later.") % {"day": found.closed_on}
        )
    amount = account.balance or Decimal("0.00")
    if amount:
        closing_reason = ClosingReason(found.reason)
        posting = Posting(
            debit=account,
            credit=book(account.region, BOOKS[closing_reason]),
            amount=amount,
            kind=KINDS[closing_reason],
            key=f"closing:{found.pk}",
            cause=f"closing:{found.pk}",
        )
        post([posting], on=today, actor=actor)
    LedgerAccount.objects.filter(pk=account.pk).update(state=AccountState.CLOSED)
    found.amount = amount
    found.state = DecisionState.APPROVED
    tracked_save(found, actor, reason or "approved")
    return found


@transaction.atomic
def refuse_closing(closing: AccountClosing, *, actor: User, reason: str, seen: str = "") -> AccountClosing:
    """Leave the account open, also where the balance has changed since; the reason is required."""
    found = _locked(closing)
    record_decision(found, actor, None, reason, reason_required=True, seen=seen)
    found.state = DecisionState.REFUSED
    tracked_save(found, actor, reason)
    return found
