"""What a provider's statement and a year's clearing have in common: submitted, approved, and paid by a third person."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from accounts.models import AccountKind, EntryKind
from accounts.services.ledger import Posting, book, post
from agency.exceptions import DomainError, SamePersonDecides, SubmissionVoided
from agency.models import User
from agency.services import moves
from agency.services.moves import arrive, decide, locked
from clearing.models.provider_payments import PaidToProvider
from providers.models import Provider

P = TypeVar("P", bound=PaidToProvider)


def locked_provider(provider: Provider) -> Provider:
    """The provider's row, locked: what is settled with one provider goes one after the other."""
    return Provider.objects.select_for_update(of=("self",), no_key=True).select_related("region").get(pk=provider.pk)


def locked_after_provider(obj: P, move: str) -> P:
    """The row, `locked` for a move after its provider."""
    provider = locked_provider(obj.provider)  # type: ignore[attr-defined]
    row: Any = locked(obj, move)
    row.provider = provider
    return row  # type: ignore[no-any-return]


def submit(obj: P, payload: Any, actor: User, authors: Iterable[int | None] = ()) -> P:
    """Hand a draft, which the caller has locked, to another person. DomainError where something is due to a provider
    without a bank account: the account is approved together with the amount, and whoever entered it is an author.

    authors: as of `record_submission`.
    """
    if obj.due > 0:  # type: ignore[attr-defined]
        _payee(obj.provider)  # type: ignore[attr-defined]
    payee_by = who_set_payee(obj.provider)  # type: ignore[attr-defined]
    return moves.submit(obj, payload, actor, authors=(*authors, payee_by))


def approve(obj: P, payload: Any, today: date, actor: User, reason: str, seen: str) -> P:
    """Approve what was submitted; the caller has locked it. SamePersonDecides, SubmissionVoided."""
    decide(obj, payload, actor, reason, seen)
    if obj.due > 0:  # type: ignore[attr-defined]
        # As it was submitted: the payload names it.
        obj.payee_bank, obj.payee_account = _payee(obj.provider)  # type: ignore[attr-defined]
    obj.approved_on = today
    return arrive(obj, actor, reason or "approved")


def _payee(provider: Provider) -> tuple[str, str]:
    """The provider's bank and account number of now. DomainError without them."""
    if not (provider.payee_bank and provider.payee_account):
        raise DomainError(_("The provider has no bank account yet. Have it entered on the provider's page first."))
    return provider.payee_bank, provider.payee_account


def has_another_payee(obj: PaidToProvider) -> bool:
    """The provider's bank account is by now another than the one approved."""
    provider: Provider = obj.provider  # type: ignore[attr-defined]
    return (obj.payee_bank, obj.payee_account) != (provider.payee_bank, provider.payee_account)


def who_set_payee(provider: Provider) -> int | None:
    """The id of whoever entered the bank account in use; None where no person did."""
    author: int | None = None
    changes = provider.history.order_by("-history_date", "-history_id")
    for row in changes.iterator(chunk_size=20):
        if (row.payee_bank, row.payee_account) != (provider.payee_bank, provider.payee_account):
            break
        author = row.history_user_id
    return author


def confirm_payee(obj: P, account: str, actor: User, reason: str) -> P:
    """Let what was approved be paid to the bank account that the provider has by now; the caller has locked it.

    account: its number as the second person reads it in the provider's letter. SamePersonDecides for whoever entered
    that account; DomainError without a reason, where nothing is payable, where the account is still the one approved,
    or where the two have not read the same number.
    """
    if obj.due <= 0:  # type: ignore[attr-defined]
        raise DomainError(_("Nothing is payable here. What is below zero is carried by the next statement."))
    payee = _payee(obj.provider)  # type: ignore[attr-defined]
    if not has_another_payee(obj):
        raise DomainError(_("The bank account is still the one that was approved. It can be paid."))
    if who_set_payee(obj.provider) == actor.pk:  # type: ignore[attr-defined]
        raise SamePersonDecides(_("You entered this bank account; somebody else has to confirm it."))
    if "".join(account.split()) != "".join(payee[1].split()):
        raise DomainError(
            _(
                "This is not the number that was entered for the provider. Compare both with its letter; where the "
                "entered one is wrong, have it corrected on the provider's page."
            ),
            field="account",
        )
    obj.payee_bank, obj.payee_account = payee
    obj.payee_confirmed_by = actor
    return arrive(obj, actor, reason)


def keep_back(provider: Provider, amount: Decimal, *, key: str, cause: str, on: date, actor: User) -> None:
    """Return an amount of what is payable to a provider to the pooled fund."""
    payable = book(provider.region, AccountKind.PROVIDER_PAYABLE)
    fund = book(provider.region, AccountKind.POOLED_FUND)
    post([Posting(payable, fund, amount, EntryKind.DEDUCTION, key, cause, provider=provider)], on=on, actor=actor)


def give_back(provider: Provider, amount: Decimal, *, key: str, cause: str, on: date, actor: User) -> None:
    """Let the pooled fund owe an amount to a provider again that was kept back."""
    payable = book(provider.region, AccountKind.PROVIDER_PAYABLE)
    fund = book(provider.region, AccountKind.POOLED_FUND)
    post([Posting(fund, payable, amount, EntryKind.DEDUCTION, key, cause, provider=provider)], on=on, actor=actor)


def pay(obj: P, *, key: str, paid_on: date, today: date, bank_reference: str, actor: User) -> P:
    """Note that the bank has transferred what is due for what was approved, to the account approved with it; the
    caller has locked it.

    SamePersonDecides for whoever submitted it, approved it or confirmed its bank account; SubmissionVoided where the
    provider's bank account is another by now; DomainError where nothing is payable, without the bank's reference, or
    for a day that has not come or lies before the approval.
    """
    provider: Provider = obj.provider  # type: ignore[attr-defined]
    amount: Decimal = obj.due  # type: ignore[attr-defined]
    if amount <= 0:
        raise DomainError(_("Nothing is payable here. What is below zero is carried by the next statement."))
    _check_payer(obj, actor)
    if has_another_payee(obj):
        raise SubmissionVoided(
            _(
                "The provider's bank account was changed after this was approved. Have another person than the one who "
                "changed it confirm the new account on this page, or have the approved one entered again."
            )
        )
    _check_transfer(obj, paid_on, today, bank_reference)
    payable, bank = book(provider.region, AccountKind.PROVIDER_PAYABLE), book(provider.region, AccountKind.BANK)
    posting = Posting(payable, bank, amount, EntryKind.PROVIDER_PAYMENT, key, key, provider=provider)
    post([posting], on=paid_on, actor=actor)
    return _paid(obj, paid_on, bank_reference, actor, "paid")


def receive(obj: P, amount: Decimal, *, key: str, paid_on: date, today: date, bank_reference: str, actor: User) -> P:
    """Note that the provider has transferred what it owes by what was approved; the caller has locked it.

    SamePersonDecides for whoever submitted or approved it; DomainError where nothing is owed, without the bank's
    reference, or for a day that has not come or lies before the approval.
    """
    provider: Provider = obj.provider  # type: ignore[attr-defined]
    if amount <= 0:
        raise DomainError(_("The provider owes nothing here."))
    _check_payer(obj, actor)
    _check_transfer(obj, paid_on, today, bank_reference)
    payable, bank = book(provider.region, AccountKind.PROVIDER_PAYABLE), book(provider.region, AccountKind.BANK)
    posting = Posting(bank, payable, amount, EntryKind.PROVIDER_REPAYMENT, key, key, provider=provider)
    post([posting], on=paid_on, actor=actor)
    return _paid(obj, paid_on, bank_reference, actor, "paid back")


def _check_payer(obj: PaidToProvider, actor: User) -> None:
    if actor.pk in (obj.submitted_by_id, obj.decided_by_id, obj.payee_confirmed_by_id):
        raise SamePersonDecides(_("You submitted or approved this; somebody else has to pay it."))


def _check_transfer(obj: PaidToProvider, paid_on: date, today: date, bank_reference: str) -> None:
    if not bank_reference.strip():
        raise DomainError(_("This must not be empty."), field="bank_reference")
    if paid_on > today:
        raise DomainError(_("This day has not come yet."), field="paid_on")
    if obj.approved_on is not None and paid_on < obj.approved_on:
        raise DomainError(
            _("This was approved on %(day)s. Enter the day of the transfer, that day or later.")
            % {"day": obj.approved_on},
            field="paid_on",
        )


def _paid(obj: P, paid_on: date, bank_reference: str, actor: User, reason: str) -> P:
    obj.paid_on, obj.paid_by, obj.bank_reference = paid_on, actor, bank_reference.strip()
    return arrive(obj, actor, reason)
