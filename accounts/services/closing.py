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
    """Ask for a member's account to be closed on a day and its balance paid out.

    DomainError where there is no open account, a closing is asked for already, the region does not close accounts for
    this reason, or a death is not recorded. Dazhou 8, Zaozhuang 9, Kaifeng 18, Baoshan 20.
    """
    account = LedgerAccount.objects.filter(member=locked_member(member)).first()
    if account is None or account.state != AccountState.OPEN:
        raise DomainError(_("The member has no open account."))
    rule = account_closing(policy_in_force(member.region, on), closing_reason)
    if rule.rule != UseRule.ALLOWED:
        raise DomainError(
            _("The region does not pay out an account for this reason (%(instrument)s %(article)s).")
            % {"instrument": rule.citation.instrument, "article": rule.citation.article}
        )
    if closing_reason == ClosingReason.DEATH and member.died_on is None:
        raise DomainError(_("Record the member's death first."))
    closing = AccountClosing(account=account, reason=closing_reason, closed_on=on, payee=payee)
    record_submission(closing, actor, _payload(closing))
    try:
        with transaction.atomic():
            tracked_save(closing, actor, reason)
    except IntegrityError as error:
        raise DomainError(_("The closing of this account is asked for already.")) from error
    return closing


def _locked(closing: AccountClosing) -> AccountClosing:
    found = AccountClosing.objects.select_for_update(of=("self",)).select_related("account__member").get(pk=closing.pk)
    if found.state != DecisionState.SUBMITTED:
        raise MoveNotAllowed(_("This closing has been decided already."))
    return found


@transaction.atomic
def approve_closing(closing: AccountClosing, *, actor: User, reason: str = "") -> AccountClosing:
    """Pay the balance out and close the account, as another person.

    SubmissionVoided where the balance is not what was submitted, so that what was seen is what is paid.
    """
    found = _locked(closing)
    account = LedgerAccount.objects.select_for_update().get(pk=found.account_id)
    found.account = account
    record_decision(found, actor, _payload(found), reason)
    amount = account.balance or Decimal("0.00")
    if amount:
        posting = Posting(
            debit=account,
            credit=book(account.region, AccountKind.MEMBER_PAYABLE),
            amount=amount,
            kind=KINDS[ClosingReason(found.reason)],
            key=f"closing:{found.pk}",
            cause=f"closing:{found.pk}",
        )
        post([posting], on=found.closed_on, actor=actor)
    LedgerAccount.objects.filter(pk=account.pk).update(state=AccountState.CLOSED)
    found.amount = amount
    found.state = DecisionState.APPROVED
    tracked_save(found, actor, reason or "approved")
    return found


@transaction.atomic
def refuse_closing(closing: AccountClosing, *, actor: User, reason: str) -> AccountClosing:
    """Leave the account open, also where the balance has changed since; the reason is required."""
    found = _locked(closing)
    record_decision(found, actor, None, reason, reason_required=True)
    found.state = DecisionState.REFUSED
    tracked_save(found, actor, reason)
    return found
