"""Who pays what of a settled claim: the funds, an account, the patient in cash."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from accounts.models import AccountKind, AccountState, EntryKind, LedgerAccount
from accounts.selectors.uses import is_authorized
from accounts.services.ledger import Posting
from agency.exceptions import DomainError
from claims.models import Claim, Settlement, SettlementChannel
from members.models import Member
from policies.engine.policy import Policy
from policies.engine.spending import account_use
from policies.engine.vocabulary import Beneficiary, Purpose, UseRule
from providers.models import ProviderKind

ZERO = Decimal("0.00")
BOOKS = (AccountKind.POOLED_FUND, AccountKind.PROVIDER_PAYABLE, AccountKind.MEMBER_PAYABLE)


@dataclass(frozen=True, slots=True)
class Payment:
    """What accounts pay of the patient's share, yuan, and the accounts and books that the money moves between."""

    account: Decimal
    family_account: Decimal
    source: LedgerAccount | None
    books: Mapping[AccountKind, LedgerAccount]


def plan_payment(claim: Claim, policy: Policy, wanted: Decimal, accounts: Mapping[int | str, LedgerAccount]) -> Payment:
    """How much of the patient's share the chosen account pays: the member's own, or a relative's.

    accounts: those of the members concerned by member id, and the region's books by kind; the caller holds the locks
    of the members. DomainError where a relative's account may not pay: not authorized for this on the service day, or
    a use the region does not allow. An account that holds less pays what it has; a frozen or closed one pays nothing.
    Pingliang 16, Dazhou 5, Zaozhuang 8, Kaifeng 17, Baoshan 18.
    """
    books = {kind: accounts[kind.value] for kind in BOOKS}
    if claim.account_holder is not None:
        _check_family_use(claim, claim.account_holder, policy)
        source = accounts.get(claim.account_holder.pk)
        return Payment(ZERO, _payable(source, wanted), source, books)
    source = accounts.get(claim.member_id) if claim.pay_from_account else None
    return Payment(_payable(source, wanted), ZERO, source, books)


def _payable(account: LedgerAccount | None, wanted: Decimal) -> Decimal:
    if account is None or account.state != AccountState.OPEN:
        return ZERO
    return min(account.balance or ZERO, wanted)


def _check_family_use(claim: Claim, holder: Member, policy: Policy) -> None:
    purpose = _purpose(claim)
    if account_use(policy, purpose, Beneficiary.FAMILY).rule != UseRule.ALLOWED:
        raise DomainError(_("The region does not let an account pay this for family."))
    if not is_authorized(holder, claim.member, claim.served_on, purpose):
        raise DomainError(_("The relative is not authorized for this on this day. Register the authorization first."))


def _purpose(claim: Claim) -> Purpose:
    at_pharmacy = claim.provider.kind == ProviderKind.RETAIL_PHARMACY
    return Purpose.PHARMACY_DRUG if at_pharmacy else Purpose.MEDICAL_COST


def postings_of(settlement: Settlement, payment: Payment) -> list[Posting]:
    """What is posted for a settlement; pooled payments go to the provider, or to the member where the claim was filed
    by hand.
    """
    claim = settlement.claim
    payee = payment.books[
        AccountKind.MEMBER_PAYABLE if claim.channel == SettlementChannel.MANUAL else AccountKind.PROVIDER_PAYABLE
    ]
    fund = payment.books[AccountKind.POOLED_FUND]
    cause = f"settlement:{settlement.pk}"
    pooled = ((settlement.pooled, EntryKind.POOLED_PAYMENT), (settlement.pooled_inpatient, EntryKind.INPATIENT_PAYMENT))
    postings = [
        Posting(fund, payee, amount, kind, key=f"{cause}:{kind}", cause=cause, provider=claim.provider)
        for amount, kind in pooled
        if amount
    ]
    by_account = settlement.account + settlement.family_account
    if payment.source is not None and by_account:
        postings.append(
            Posting(
                payment.source,
                payee,
                by_account,
                EntryKind.ACCOUNT_PAYMENT,
                key=f"{cause}:{EntryKind.ACCOUNT_PAYMENT}",
                cause=cause,
                purpose=_purpose(claim),
                beneficiary=claim.member if settlement.family_account else None,
                provider=claim.provider,
            )
        )
    return postings
