"""Paying from a personal account."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountKind, AccountState, EntryKind, LedgerAccount, LedgerEntry
from accounts.selectors.credits import has_account_by_law
from accounts.selectors.uses import is_authorized
from accounts.services.ledger import InsufficientBalance, Posting, book, check_amount, post
from agency.exceptions import DomainError
from agency.models import User
from members.models import Member
from members.services.people import locked_member
from policies.engine.spending import account_use
from policies.engine.vocabulary import Beneficiary, Purpose, UseRule
from policies.selectors.versions import policy_in_force
from providers.models import Provider, ProviderKind
from providers.selectors import agreement_on

PREMIUMS = frozenset(purpose for purpose in Purpose if purpose.endswith("_premium"))
# Where a purpose is paid for. A premium is paid to its insurer, anything else at any provider.
PLACES = {
    Purpose.MEDICAL_COST: ProviderKind.MEDICAL_INSTITUTION,
    Purpose.PHARMACY_DRUG: ProviderKind.RETAIL_PHARMACY,
    Purpose.PHARMACY_DEVICE: ProviderKind.RETAIL_PHARMACY,
    Purpose.PHARMACY_CONSUMABLE: ProviderKind.RETAIL_PHARMACY,
}


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


@transaction.atomic
def spend(
    member: Member,
    *,
    amount: Decimal,
    purpose: Purpose,
    on: date,
    key: str,
    relative: Member | None = None,
    provider: Provider | None = None,
    actor: User | None = None,
) -> Spending:
    """Pay an amount (yuan > 0) from the member's account on a day, for the member or for an authorized relative.

    key: names the request; the same key pays once and answers with the first payment. provider: where the expense
    arose; None for a premium and for nothing else, as what is paid is owed to somebody. SpendingRefused with the first
    of no_account, account_closed, account_frozen, purpose_not_allowed, not_authorized, not_designated,
    insufficient_balance; DomainError without a provider, or for one of a kind that the purpose is not paid at;
    PolicyNotInForce where the region has no rules that day. Pingliang 16-17, Dazhou 5, Zaozhuang 8, Kaifeng 17,
    Baoshan 18-19.
    """
    check_amount(amount)
    account = LedgerAccount.objects.filter(member=locked_member(member)).first()
    if account is None and not has_account_by_law(member, on):
        raise SpendingRefused("no_account", _("The member has no personal account."))
    name = f"spending:{member.pk}:{key}"
    if account is not None:
        earlier = LedgerEntry.objects.filter(key=name).first()
        if earlier is not None:
            return Spending(earlier, account.balance or Decimal("0.00"))
        _check_state(account)
    _check_use(member, purpose, on, relative)
    _check_provider(member, purpose, on, provider)
    if account is None:
        # The account is opened with its first credit.
        raise SpendingRefused("insufficient_balance", _("Nothing was credited to the personal account yet."))
    posting = Posting(
        debit=account,
        credit=book(
            member.region, AccountKind.PREMIUM_PAYABLE if purpose in PREMIUMS else AccountKind.PROVIDER_PAYABLE
        ),
        amount=amount,
        kind=EntryKind.SPENDING,
        key=name,
        cause=f"spending:{purpose}",
        purpose=purpose,
        beneficiary=relative,
        provider=provider,
    )
    try:
        (entry,) = post([posting], on=on, actor=actor)
    except InsufficientBalance as error:
        raise SpendingRefused("insufficient_balance", error.message) from error
    account.refresh_from_db(fields=["balance"])
    return Spending(entry, account.balance or Decimal("0.00"))


def _check_state(account: LedgerAccount) -> None:
    if account.state == AccountState.CLOSED:
        raise SpendingRefused("account_closed", _("The account is closed."))
    if account.state == AccountState.FROZEN:
        raise SpendingRefused("account_frozen", _("The account is frozen. It pays nothing until it is unfrozen."))


def _check_use(member: Member, purpose: Purpose, on: date, relative: Member | None) -> None:
    """What the region allows for the holder or for family, and whom the holder has authorized for it."""
    use = account_use(policy_in_force(member.region, on), purpose, Beneficiary.FAMILY if relative else Beneficiary.OWN)
    if use.rule != UseRule.ALLOWED:
        raise SpendingRefused(
            "purpose_not_allowed",
            _("The account may not pay this (%(instrument)s %(article)s).")
            % {"instrument": use.citation.instrument, "article": use.citation.article},
        )
    if relative is not None and not is_authorized(member, relative, on, purpose):
        raise SpendingRefused(
            "not_authorized",
            _("The relative is not authorized for this on this day. Register the authorization first."),
        )


def _check_provider(member: Member, purpose: Purpose, on: date, provider: Provider | None) -> None:
    if provider is None:
        if purpose not in PREMIUMS:
            raise DomainError(
                _("Choose the provider where the expense arose: it is paid with that one's monthly statement."),
                field="provider",
            )
        return
    if provider.region_id != member.region_id:
        raise SpendingRefused("not_designated", _("The provider belongs to another region than the member."))
    if purpose in PREMIUMS or PLACES.get(purpose, provider.kind) != provider.kind:
        raise DomainError(_("This purpose is not paid at such a provider. Choose the one that fits."), field="provider")
    agreement = agreement_on(provider, on)
    if agreement is None or not agreement.is_designated:
        raise SpendingRefused(
            "not_designated", _("The provider is not designated on this day. Correct its agreement, or choose another.")
        )
