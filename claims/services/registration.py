"""Registering a claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import User
from agency.services.history import tracked_save
from claims.models import Claim, ClaimLine, SettlementChannel
from members.models import Member
from policies.engine.vocabulary import Benefit, CatalogCategory, ItemKind, OutOfAreaKind, Tier
from providers.models import Provider


@dataclass(frozen=True, slots=True)
class NewLine:
    """One line of a bill as entered; amounts in yuan, `upfront_rate` the catalogue's fraction or None."""

    kind: ItemKind
    category: CatalogCategory
    amount: Decimal
    over_limit: Decimal = Decimal("0.00")
    upfront_rate: Decimal | None = None
    code: str = ""
    name: str = ""
    is_negotiated: bool = False
    is_prenatal: bool = False


def check_line(line: NewLine) -> None:
    """DomainError for an amount that is no amount, or a part above the price limit that is larger than the line."""
    for value in (line.amount, line.over_limit):
        if value < 0 or value != value.quantize(Decimal("0.01")):
            raise DomainError(_("An amount is not negative and has at most two decimals."), field="amount")
    if line.amount == 0:
        raise DomainError(_("A line has an amount above zero."), field="amount")
    if line.over_limit > line.amount:
        raise DomainError(_("The part above the price limit is larger than the line."), field="over_limit")
    if line.upfront_rate is not None and not 0 <= line.upfront_rate <= 1:
        raise DomainError(_("An upfront share is a fraction between 0 and 1."), field="upfront_rate")


@transaction.atomic
def register_claim(
    member: Member,
    provider: Provider,
    *,
    claim_number: str,
    served_on: date,
    today: date,
    lines: Sequence[NewLine],
    benefit: Benefit = Benefit.GENERAL_OUTPATIENT,
    prescribing_tier: Tier | None = None,
    out_of_area: OutOfAreaKind | None = None,
    filed_on: date | None = None,
    invoice_number: str = "",
    pay_from_account: bool = False,
    actor: User | None = None,
    reason: str,
) -> Claim:
    """Enter a claim with its lines; nothing is calculated yet. With filed_on it is a manual reimbursement.

    DomainError for a service date in the future, a visit without lines, a provider of another region, a number that is
    taken, a filing day before the service.
    """
    if served_on > today:
        raise DomainError(_("The day of service lies in the future."), field="served_on")
    if filed_on is not None and filed_on < served_on:
        raise DomainError(_("The claim was filed before the day of service."), field="filed_on")
    if not lines:
        raise DomainError(_("A claim needs at least one line."))
    if provider.region_id != member.region_id:
        raise DomainError(_("The provider belongs to another region than the member."))
    if Claim.objects.filter(region_id=member.region_id, claim_number=claim_number).exists():
        raise DomainError(_("There is a claim %(number)s already.") % {"number": claim_number}, field="claim_number")
    for line in lines:
        check_line(line)
    claim = Claim(
        claim_number=claim_number,
        region_id=member.region_id,
        member=member,
        provider=provider,
        channel=SettlementChannel.MANUAL if filed_on else SettlementChannel.DIRECT,
        benefit=benefit,
        served_on=served_on,
        filed_on=filed_on,
        prescribing_tier=prescribing_tier or "",
        out_of_area=out_of_area or "",
        invoice_number=invoice_number,
        pay_from_account=pay_from_account,
    )
    tracked_save(claim, actor, reason)
    ClaimLine.objects.bulk_create(
        ClaimLine(
            claim=claim,
            kind=line.kind,
            category=line.category,
            code=line.code,
            name=line.name,
            amount=line.amount,
            over_limit=line.over_limit,
            upfront_rate=line.upfront_rate,
            is_negotiated=line.is_negotiated,
            is_prenatal=line.is_prenatal,
        )
        for line in lines
    )
    return claim
