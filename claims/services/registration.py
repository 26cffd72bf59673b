"""Registering a claim."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
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
from policies.models import Disease
from providers.models import Provider
from providers.selectors import catalog_items_on


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


def _with_catalogue_shares(claim: Claim, lines: Sequence[NewLine]) -> Sequence[NewLine]:
    """The lines; one of category B that names a code and no share gets the catalogue's on the day of service (G17)."""
    asking = {line.code for line in lines if _asks_the_catalogue(line)}
    if not asking:
        return lines
    shares = {code: item.upfront_rate for code, item in catalog_items_on(claim.region, asking, claim.served_on).items()}
    return [replace(line, upfront_rate=shares.get(line.code)) if _asks_the_catalogue(line) else line for line in lines]


def _asks_the_catalogue(line: NewLine) -> bool:
    return bool(line.code) and line.category == CatalogCategory.B and line.upfront_rate is None


def _disease(member: Member, code: str) -> Disease | None:
    """The disease of a code in the member's region; DomainError for one that its catalogue does not have."""
    if not code:
        return None
    disease = Disease.objects.filter(region_id=member.region_id, code=code).first()
    if disease is None:
        raise DomainError(_("The disease code %(code)s is not in the region's catalogue.") % {"code": code})
    return disease


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
    disease: str = "",
    stay_hours: int | None = None,
    pay_from_account: bool = False,
    account_holder: Member | None = None,
    actor: User | None = None,
    reason: str,
) -> Claim:
    """Enter a claim with its lines; nothing is calculated yet. With filed_on it is a manual reimbursement. A line's
    missing upfront share comes from the catalogue on the day of service.

    DomainError for a service date in the future, a visit without lines, a provider of another region, a number that is
    taken, a filing day before the service.
    """
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
        disease=_disease(member, disease),
        stay_hours=stay_hours,
        pay_from_account=pay_from_account,
        account_holder=account_holder,
    )
    _check(claim, lines, today)
    tracked_save(claim, actor, reason)
    shared = _with_catalogue_shares(claim, lines)
    ClaimLine.objects.bulk_create(ClaimLine(claim=claim, **asdict(line)) for line in shared)
    return claim


def _check(claim: Claim, lines: Sequence[NewLine], today: date) -> None:
    if claim.served_on > today:
        raise DomainError(_("The day of service lies in the future."), field="served_on")
    if claim.filed_on is not None and claim.filed_on < claim.served_on:
        raise DomainError(_("The claim was filed before the day of service."), field="filed_on")
    if not lines:
        raise DomainError(_("A claim needs at least one line."))
    holder = claim.account_holder
    if holder is not None and (claim.pay_from_account or holder.region_id != claim.region_id):
        raise DomainError(_("Either the member's own account pays, or that of one relative insured in this region."))
    if claim.provider.region_id != claim.region_id:
        raise DomainError(_("The provider belongs to another region than the member."))
    if Claim.objects.filter(region_id=claim.region_id, claim_number=claim.claim_number).exists():
        raise DomainError(
            _("There is a claim %(number)s already.") % {"number": claim.claim_number}, field="claim_number"
        )
    for line in lines:
        check_line(line)
