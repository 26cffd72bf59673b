"""Registering a claim."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, time
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.divisions import check_division
from agency.exceptions import DomainError
from agency.models import User
from agency.services.history import tracked_save
from claims.models import Claim, ClaimLine, SettlementChannel
from claims.rooms_above import rooms_above
from members.models import Member
from policies.engine.vocabulary import Benefit, CatalogCategory, ItemKind, OutOfAreaKind, Tier
from policies.models import Disease
from providers.models import CatalogItem, Provider
from providers.selectors import catalog_items_on

# No rule of law: what the columns of amounts, in settlements, accumulators and entries, hold with room for sums.
MOST_OF_A_BILL = Decimal("99999999.99")
INVOICE_LENGTH = 64  # What the row keeps of a number; written in other characters it may have been shorter.


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
    is_examination: bool = False


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


def with_catalogue_shares(claim: Claim, lines: Sequence[NewLine]) -> Sequence[NewLine]:
    """The lines; one of category B that names a code and no share gets the catalogue's on the day of service (G17)."""
    asking = {line.code for line in lines if asks_the_catalogue(line)}
    if not asking:
        return lines
    return with_shares(lines, catalog_items_on(claim.region, asking, claim.served_on))


def with_shares(lines: Sequence[NewLine], items: Mapping[str, CatalogItem]) -> list[NewLine]:
    """The lines, with the shares of the catalogue where they ask it. items: of the day of service, by code."""
    shares = {code: item.upfront_rate for code, item in items.items()}
    return [replace(line, upfront_rate=shares.get(line.code)) if asks_the_catalogue(line) else line for line in lines]


def asks_the_catalogue(line: NewLine) -> bool:
    """Whether the line's upfront share is the catalogue's: category B, a code, and no share of its own."""
    return bool(line.code) and line.category == CatalogCategory.B and line.upfront_rate is None


def normal_invoice_number(text: str) -> str:
    """An invoice number as it is kept: F001, f001, Ｆ001 and "F 001" are one and the same."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def _disease(member: Member, code: str) -> Disease | None:
    """The disease of a code in the member's region; DomainError for one that its catalogue does not have."""
    if not code:
        return None
    disease = Disease.objects.filter(region_id=member.region_id, code=code).first()
    if disease is None:
        raise DomainError(_("The disease code %(code)s is not in the region's catalogue.") % {"code": code})
    return disease


def new_claim(
    member: Member,
    provider: Provider,
    *,
    claim_number: str,
    served_on: date,
    served_at: time | None = None,
    benefit: Benefit = Benefit.GENERAL_OUTPATIENT,
    prescribing_tier: Tier | None = None,
    out_of_area: OutOfAreaKind | None = None,
    place: str = "",
    filed_on: date | None = None,
    invoice_number: str = "",
    disease: str = "",
    stay_hours: int | None = None,
    pay_from_account: bool = False,
    account_holder: Member | None = None,
) -> Claim:
    """A claim as it was entered, neither checked nor saved. With filed_on it is a manual reimbursement. served_at: the
    local time, where a machine told it; no amount depends on it. place: the division code of where the visit was, ""
    where nobody said; only a registration for a place asks for it (docs/interpretations/0065).

    DomainError for a disease that the region's catalogue does not have.
    """
    return Claim(
        claim_number=claim_number,
        region_id=member.region_id,
        member=member,
        provider=provider,
        channel=SettlementChannel.MANUAL if filed_on else SettlementChannel.DIRECT,
        benefit=benefit,
        served_on=served_on,
        served_at=served_at,
        filed_on=filed_on,
        prescribing_tier=prescribing_tier or "",
        out_of_area=out_of_area or "",
        place=place,
        invoice_number=normal_invoice_number(invoice_number),
        disease=_disease(member, disease),
        stay_hours=stay_hours,
        pay_from_account=pay_from_account,
        account_holder=account_holder,
    )


@transaction.atomic
def register_claim(
    member: Member,
    provider: Provider,
    *,
    today: date,
    lines: Sequence[NewLine],
    actor: User | None = None,
    reason: str,
    **facts: Any,
) -> Claim:
    """Enter a claim with its lines; nothing is calculated yet. A line's missing upfront share comes from the catalogue
    on the day of service. facts: as of `new_claim`.

    DomainError for a service date in the future or before birth, a visit without lines, a provider of another region, a
    number that is taken, a filing day before the service or in the future, lines of more than `MOST_OF_A_BILL` yuan
    together.
    """
    claim = new_claim(member, provider, **facts)
    check_claim(claim, lines, today)
    tracked_save(claim, actor, reason)
    shared = with_catalogue_shares(claim, lines)
    ClaimLine.objects.bulk_create(ClaimLine(claim=claim, **asdict(line)) for line in shared)
    return claim


@transaction.atomic
def enter_claim(member: Member, provider: Provider, *, actor: User | None, reason: str, **facts: Any) -> Claim:
    """Register a claim, and have the examination of a manual one begun. facts, and errors: as of `register_claim`."""
    claim = register_claim(member, provider, actor=actor, reason=reason, **facts)
    if claim.channel == SettlementChannel.MANUAL:
        for room in rooms_above():
            room.begin_examination(claim, actor=actor, reason=reason)
    return claim


def check_claim(claim: Claim, lines: Sequence[NewLine], today: date) -> None:
    """DomainError for what `register_claim` refuses. claim: saved already, or not yet."""
    check_facts(claim, lines, today)
    same_number = Claim.objects.filter(region_id=claim.region_id, claim_number=claim.claim_number)
    if same_number.exclude(pk=claim.pk).exists():
        raise DomainError(
            _("There is a claim %(number)s already.") % {"number": claim.claim_number}, field="claim_number"
        )


def check_facts(claim: Claim, lines: Sequence[NewLine], today: date) -> None:
    """The same but for the number, which whoever enters many claims looks up for all of them at once."""
    _check_days(claim, today)
    check_division(claim.place, "place")
    if len(claim.invoice_number) > INVOICE_LENGTH:
        raise DomainError(
            _("The invoice number is too long. Enter it as it stands on the invoice."), field="invoice_number"
        )
    if not lines:
        raise DomainError(_("A claim needs at least one line."))
    holder = claim.account_holder
    if holder is not None and (claim.pay_from_account or holder.region_id != claim.region_id):
        raise DomainError(_("Either the member's own account pays, or that of one relative insured in this region."))
    if claim.provider.region_id != claim.region_id:
        raise DomainError(_("The provider belongs to another region than the member."))
    for line in lines:
        check_line(line)
    if sum(line.amount for line in lines) > MOST_OF_A_BILL:
        raise DomainError(
            _("The lines come to more than %(most)s yuan. Look for a mistyped amount, or split the bill.")
            % {"most": f"{MOST_OF_A_BILL:,}"}
        )


def _check_days(claim: Claim, today: date) -> None:
    """Birth, service, filing and today come in this order."""
    if claim.served_on > today:
        raise DomainError(_("The day of service lies in the future."), field="served_on")
    if claim.served_on < claim.member.birth_date:
        raise DomainError(_("The day of service lies before the patient's birth."), field="served_on")
    if claim.filed_on is not None and claim.filed_on < claim.served_on:
        raise DomainError(_("The claim was filed before the day of service."), field="filed_on")
    if claim.filed_on is not None and claim.filed_on > today:
        raise DomainError(
            _("The day of filing lies in the future. Enter the day on which it was handed in."), field="filed_on"
        )
