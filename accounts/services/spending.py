"""Paying from a personal account."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountKind, AccountState, EntryKind, LedgerAccount, LedgerEntry
from accounts.services.family import is_authorized
from accounts.services.ledger import InsufficientBalance, Posting, book, post
from agency.exceptions import DomainError
from agency.models import User
from members.models import Member
from members.services.people import locked_member
from policies.engine.spending import account_use
from policies.engine.vocabulary import Beneficiary, Purpose, UseRule
from policies.selectors.versions import policy_in_force

PREMIUMS = frozenset(purpose for purpose in Purpose if purpose.endswith("_premium"))


class SpendingRefused(DomainError):
    """The account may not pay this; `reason` is one of the refusals of spending."""

    def __init__(self, reason: str, message: object) -> None:
        """Keep the reason's identifier beside the sentence."""
        super().__init__(message)  # type: ignore[arg-type]
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Spending:
    """What was paid from the account, and what is left, yuan."""

    entry: LedgerEntry
    balance: Decimal


def _open_account(member: Member) -> LedgerAccount:
    account = LedgerAccount.objects.filter(member=locked_member(member)).first()
    if account is None:
        raise SpendingRefused("no_account", _("The member has no personal account."))
    if account.state == AccountState.CLOSED:
        raise SpendingRefused("account_closed", _("The account is closed."))
    return account


@transaction.atomic
def spend(
    member: Member,
    *,
    amount: Decimal,
    purpose: Purpose,
    on: date,
    key: str,
    relative: Member | None = None,
    actor: User | None = None,
) -> Spending:
    """Pay an amount (yuan > 0) from the member's account on a day, for the member or for an authorized relative.

    key: names the request; the same key pays once and answers with the first payment. SpendingRefused with the first
    of no_account, account_closed, purpose_not_allowed, not_authorized, insufficient_balance; PolicyNotInForce where
    the region has no rules that day. Pingliang 16-17, Dazhou 5, Zaozhuang 8, Kaifeng 17, Baoshan 18-19.
    """
    if amount <= 0 or amount != amount.quantize(Decimal("0.01")):
        raise DomainError(_("The amount is positive, with at most two decimals."))
    account = _open_account(member)
    name = f"spending:{member.pk}:{key}"
    earlier = LedgerEntry.objects.filter(key=name).first()
    if earlier is not None:
        return Spending(earlier, account.balance or Decimal("0.00"))
    use = account_use(policy_in_force(member.region, on), purpose, Beneficiary.FAMILY if relative else Beneficiary.OWN)
    if use.rule != UseRule.ALLOWED:
        raise SpendingRefused(
            "purpose_not_allowed",
            _("The account may not pay this (%(instrument)s %(article)s).")
            % {"instrument": use.citation.instrument, "article": use.citation.article},
        )
    if relative is not None and not is_authorized(member, relative, on):
        raise SpendingRefused(
            "not_authorized",
            _("The relative is not authorized on this day. Register the authorization first."),
        )
    target = AccountKind.PREMIUM_PAYABLE if purpose in PREMIUMS else AccountKind.PROVIDER_PAYABLE
    posting = Posting(
        debit=account,
        credit=book(member.region, target),
        amount=amount,
        kind=EntryKind.SPENDING,
        key=name,
        cause=f"spending:{purpose}",
    )
    try:
        (entry,) = post([posting], on=on, actor=actor)
    except InsufficientBalance as error:
        raise SpendingRefused("insufficient_balance", error.message) from error
    account.refresh_from_db(fields=["balance"])
    return Spending(entry, account.balance or Decimal("0.00"))
