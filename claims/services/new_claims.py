"""A claim as it is entered, whoever enters it: somebody at the desk, a file, a provider's system."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, time
from typing import Any, Literal

from claims.models import Claim, ClaimLine, SettlementChannel
from members.models import Member
from policies.engine.vocabulary import Benefit, CatalogCategory, OutOfAreaKind, Tier
from policies.models import Disease
from providers.models import CatalogItem, Provider
from providers.selectors import catalog_items_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What is entered of a visit, and may be corrected until it is settled; nothing of it is checked.

    The names are those of `Claim`, of the fields of forms and of the columns of imports.
    """

    served_on: date
    served_at: time | None = None
    """Local time, where a machine told it; no amount depends on it."""
    benefit: Benefit = Benefit.GENERAL_OUTPATIENT
    disease: Disease | None = None
    """Of the catalogue of the member's region, for a benefit that registers diseases."""
    stay_hours: int | None = None
    """Of day surgery."""
    prescribing_tier: Tier | Literal[""] = ""
    """Of the institution whose prescription a pharmacy filled."""
    out_of_area: OutOfAreaKind | Literal[""] = ""
    place: str = ""
    """Division code of where the visit was; only a registration for a place asks for it
    (docs/interpretations/0065)."""
    invoice_number: str = ""
    """As it was typed; `normal_invoice_number` of it is kept."""
    account_holder: Member | None = None
    """The relative whose account pays the patient's share."""
    pay_from_account: bool = False
    """Whether the patient's own account pays it."""
    lines: Sequence[ClaimLine]
    """At least one, in the order of the bill. Not saved: they become the claim's rows."""

    def facts(self) -> dict[str, Any]:
        """What a claim keeps, by field: everything but the lines."""
        facts = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "lines"}
        return facts | {"invoice_number": normal_invoice_number(self.invoice_number)}

    def put_on(self, claim: Claim) -> None:
        """Let the claim say what the bill says; its lines are written by whoever saves the claim."""
        for name, fact in self.facts().items():
            setattr(claim, name, fact)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClaim(Bill):
    """A visit of a member to a provider with its bill, neither checked nor saved."""

    member: Member
    provider: Provider
    claim_number: str
    filed_on: date | None = None
    """The day on which a manual reimbursement was handed in; None for a direct settlement."""

    def draft(self) -> Claim:
        """The claim, not saved."""
        channel = SettlementChannel.MANUAL if self.filed_on else SettlementChannel.DIRECT
        return Claim(region_id=self.member.region_id, channel=channel, **self.facts())


def bill_of(claim: Claim) -> Bill:
    """The bill that stands on a registered claim; `dataclasses.replace` corrects it."""
    facts = {field.name: getattr(claim, field.name) for field in fields(Bill) if field.name != "lines"}
    return Bill(**facts, lines=list(claim.lines.order_by("pk")))


def normal_invoice_number(text: str) -> str:
    """An invoice number as it is kept: F001, f001, Ｆ001 and "F 001" are one and the same."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def take_catalogue_shares(claim: Claim, lines: Iterable[ClaimLine]) -> None:
    """Give lines of category B that name a code and no share the catalogue's on the day of service (G17)."""
    asking = {line.code for line in lines if asks_the_catalogue(line)}
    if asking:
        take_shares(lines, catalog_items_on(claim.region, asking, claim.served_on))


def take_shares(lines: Iterable[ClaimLine], items: Mapping[str, CatalogItem]) -> None:
    """Give lines the shares of the catalogue where they ask it. items: of the day of service, by code."""
    for line in lines:
        if asks_the_catalogue(line) and line.code in items:
            line.upfront_rate = items[line.code].upfront_rate


def asks_the_catalogue(line: ClaimLine) -> bool:
    """Whether the line's upfront share is the catalogue's: category B, a code, and no share of its own."""
    return bool(line.code) and line.category == CatalogCategory.B and line.upfront_rate is None


def put_lines(claim: Claim, lines: Sequence[ClaimLine]) -> None:
    """Save the lines as those of a claim that is saved and has none; missing shares come from the catalogue."""
    take_catalogue_shares(claim, lines)
    for line in lines:
        line.pk, line.claim = None, claim
    ClaimLine.objects.bulk_create(lines)
