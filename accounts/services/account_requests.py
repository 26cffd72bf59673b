"""What is asked for about an account beside its closing: freezing, unfreezing, a transfer in, a refund.

One person asks, another decides; what is approved is done at once.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import cast

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    AccountKind,
    AccountRequest,
    AccountState,
    EntryKind,
    LedgerAccount,
    LedgerEntry,
    RequestKind,
)
from accounts.services.ledger import Posting, book, check_amount, post, reverse_entries
from agency.exceptions import DomainError
from agency.models import User
from agency.services.moves import arrive, decide, locked, refuse, submit_new
from members.models import Member
from members.selectors import enrollment_on
from members.services.people import locked_member
from policies.engine.vocabulary import AccountScheme


def _payload(request: AccountRequest) -> dict[str, object]:
    entry = request.entry
    return {
        "member": request.member_id,
        "kind": request.kind,
        "on": request.effective_on,
        "document": request.document,
        "amount": request.amount,
        "other_agency": request.other_agency,
        "entry": entry and {"id": entry.pk, "account": entry.debit_id, "amount": entry.amount},
    }


# --- Asking ---


@transaction.atomic
def submit_freeze(member: Member, *, on: date, document: str, actor: User, reason: str) -> AccountRequest:
    """Ask for the account to be frozen: it is credited, but pays nothing until it is unfrozen.

    on: the day from which it is asked for; document: the paper that it rests on. DomainError where there is no open
    account, without a document, or while the same is asked for.
    """
    member = locked_member(member)
    _account_in(member, AccountState.OPEN, _("The member has no open account."))
    return _submit(AccountRequest(member=member, kind=RequestKind.FREEZE, effective_on=on), document, actor, reason)


@transaction.atomic
def submit_unfreeze(member: Member, *, on: date, document: str, actor: User, reason: str) -> AccountRequest:
    """Ask for a frozen account to pay again. DomainError where the account is not frozen, else as for freezing."""
    member = locked_member(member)
    _account_in(member, AccountState.FROZEN, _("The member has no frozen account."))
    return _submit(AccountRequest(member=member, kind=RequestKind.UNFREEZE, effective_on=on), document, actor, reason)


@transaction.atomic
def submit_transfer_in(
    member: Member,
    *,
    amount: Decimal,
    other_agency: str,
    on: date,
    document: str,
    actor: User,
    reason: str,
) -> AccountRequest:
    """Ask for the balance that another agency has sent along with the member to be put into the account.

    amount: yuan > 0. on: the day on which it arrived. document: the transfer's paper; one of an agency is taken once.
    DomainError where the member can have no account, or the account is closed. Dazhou 8, Zaozhuang 9, Kaifeng 18.
    """
    check_amount(amount)
    if not other_agency.strip():
        raise DomainError(_("Name the agency that sends the balance."), field="other_agency")
    member = locked_member(member)
    _check_can_hold(member, on)
    request = AccountRequest(
        member=member,
        kind=RequestKind.TRANSFER_IN,
        effective_on=on,
        # Two decimals, as the column gives it back: what was submitted is compared with what is decided.
        amount=amount.quantize(Decimal("0.01")),
        other_agency=other_agency.strip(),
    )
    return _submit(request, document, actor, reason)


@transaction.atomic
def submit_refund(entry: LedgerEntry, *, on: date, document: str, actor: User, reason: str) -> AccountRequest:
    """Ask for a payment to be taken back as a whole: it returns to the account it came from, whoever used it.

    DomainError for an entry that is no payment of its own, one that was taken back, a closed account, or a day before
    the payment.
    """
    entry = LedgerEntry.objects.select_related("debit__member").get(pk=entry.pk)
    holder = entry.debit.member
    if entry.kind == EntryKind.ACCOUNT_PAYMENT:
        raise DomainError(_("This was paid with a settlement. Ask for the settlement's reversal on the claim's page."))
    if entry.kind != EntryKind.SPENDING or holder is None:
        raise DomainError(_("Only a payment from an account can be refunded."))
    if on < entry.posted_on:
        raise DomainError(_("The refund lies before the payment."), field="on")
    member = locked_member(holder)
    _check_refundable(entry)
    request = AccountRequest(member=member, kind=RequestKind.REFUND, effective_on=on, entry=entry)
    return _submit(request, document, actor, reason)


def _submit(request: AccountRequest, document: str, actor: User, reason: str) -> AccountRequest:
    if not document.strip():
        raise DomainError(_("Name the document that this rests on."), field="document")
    request.document = document.strip()
    twice = DomainError(_("This is asked for already and waits for a decision."))
    if request.kind == RequestKind.TRANSFER_IN:
        sentence = _("The balance of this document was transferred in or is asked for already.")
        twice = DomainError(sentence, field="document")
    return submit_new(request, _payload(request), actor, reason, twice=twice)


# --- Deciding ---


@transaction.atomic
def approve_account_request(
    request: AccountRequest, *, today: date, actor: User, reason: str = "", seen: str = ""
) -> AccountRequest:
    """Do what was asked for, as another person; today is the day of posting.

    SamePersonDecides, SubmissionVoided; MoveNotAllowed where it was decided already; DomainError before its day, or
    where the account is no longer in a state for it. A refund or a transfer posts one entry.
    """
    request = locked(request, "approve")
    # The member before the account, as everybody does who takes money from one.
    request.member = locked_member(request.member)
    decide(request, _payload(request), actor, reason, seen)
    if request.effective_on > today:
        raise DomainError(
            _("This is to hold from %(day)s. Decide on that day or later.") % {"day": request.effective_on}
        )
    _DEEDS[RequestKind(request.kind)](request, today, actor)
    return arrive(request, actor, reason or "approved")


def refuse_account_request(request: AccountRequest, *, actor: User, reason: str, seen: str = "") -> AccountRequest:
    """Leave the account as it is, whatever has changed since; the reason is required."""
    return refuse(request, actor=actor, reason=reason, seen=seen)


def _freeze(request: AccountRequest, today: date, actor: User) -> None:
    account = _account_in(request.member, AccountState.OPEN, _("The member has no open account."))
    LedgerAccount.objects.filter(pk=account.pk).update(state=AccountState.FROZEN)


def _unfreeze(request: AccountRequest, today: date, actor: User) -> None:
    account = _account_in(request.member, AccountState.FROZEN, _("The member has no frozen account."))
    LedgerAccount.objects.filter(pk=account.pk).update(state=AccountState.OPEN)


def _transfer_in(request: AccountRequest, today: date, actor: User) -> None:
    _check_can_hold(request.member, today)
    account, _opened = LedgerAccount.objects.get_or_create(
        member=request.member,
        defaults={"region": request.member.region, "kind": AccountKind.PERSONAL, "balance": Decimal("0.00")},
    )
    posting = Posting(
        debit=book(request.member.region, AccountKind.TRANSFERS),
        credit=account,
        amount=request.amount or Decimal("0.00"),
        kind=EntryKind.TRANSFER_IN,
        key=f"account_request:{request.pk}",
        cause=f"account_request:{request.pk}",
    )
    post([posting], on=today, actor=actor)


def _refund(request: AccountRequest, today: date, actor: User) -> None:
    # A constraint sees to it that a refund names its payment.
    entry = LedgerEntry.objects.select_related("debit", "credit").get(pk=cast(int, request.entry_id))
    _check_refundable(entry)
    reverse_entries([entry], on=today, actor=actor, cause=f"account_request:{request.pk}")


_DEEDS: dict[RequestKind, Callable[[AccountRequest, date, User], None]] = {
    RequestKind.FREEZE: _freeze,
    RequestKind.UNFREEZE: _unfreeze,
    RequestKind.TRANSFER_IN: _transfer_in,
    RequestKind.REFUND: _refund,
}


# --- What both look at, under the member's lock ---


def _account_in(member: Member, state: AccountState, otherwise: str | Promise) -> LedgerAccount:
    account = LedgerAccount.objects.filter(member=member, state=state).first()
    if account is None:
        raise DomainError(otherwise)
    return account


def _check_can_hold(member: Member, day: date) -> None:
    """An account that is not closed, or an enrollment with which one may be opened."""
    enrollment = enrollment_on(member, day)
    if enrollment is not None and enrollment.scheme == AccountScheme.POOLED_ONLY:
        raise DomainError(_("A pooled-only member has no personal account. Change the scheme first."))
    account = LedgerAccount.objects.filter(member=member).first()
    if account is None and enrollment is None:
        raise DomainError(_("The member is not insured on %(day)s. Enroll the member first.") % {"day": day})
    if account is not None and account.state == AccountState.CLOSED:
        raise DomainError(_("The account is closed for good. Send the balance back to the other agency."))


def _check_refundable(entry: LedgerEntry) -> None:
    if LedgerEntry.objects.filter(reverses=entry).exists():
        raise DomainError(_("This payment was taken back already."))
    if LedgerAccount.objects.filter(pk=entry.debit_id, state=AccountState.CLOSED).exists():
        raise DomainError(_("The account is closed for good. Settle the refund with whoever its balance was paid to."))
