"""A claim and what the member used so far, in the engine's form."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import OuterRef, Q, QuerySet

from claims.models import BenefitUsage, Claim, ClaimLine, ClaimState
from members.selectors import whereabouts_on
from policies.engine.deductibles import drug_of
from policies.engine.facts import Circumstances, Line, Usage, Visit
from policies.engine.vocabulary import Benefit, CatalogCategory, ItemKind, OutOfAreaKind, Tier
from providers.models import Agreement


def visit_of(claim: Claim, agreement: Agreement | None, lines: Iterable[ClaimLine]) -> Visit:
    """The claim as a visit; a provider without an agreement on the day counts as primary and is not designated."""
    return Visit(
        served_on=claim.served_on,
        provider=str(claim.provider_id),
        tier=Tier(agreement.tier) if agreement else Tier.PRIMARY,
        benefit=Benefit(claim.benefit),
        lines=tuple(
            Line(
                kind=ItemKind(line.kind),
                category=CatalogCategory(line.category),
                amount=line.amount,
                over_limit=line.over_limit,
                upfront_rate=line.upfront_rate,
                negotiated=line.is_negotiated,
                prenatal=line.is_prenatal,
                drug=line.code if line.is_negotiated else "",
            )
            for line in lines
        ),
        prescribing_tier=Tier(claim.prescribing_tier) if claim.prescribing_tier else None,
        out_of_area=OutOfAreaKind(claim.out_of_area) if claim.out_of_area else None,
        filed_on=claim.filed_on,
        disease=claim.disease.code if claim.disease else "",
        hours=claim.stay_hours,
    )


def circumstances_of(claim: Claim, agreement: Agreement | None, *, invoice_paid: bool) -> Circumstances:
    """What else holds on the service date."""
    kind = OutOfAreaKind(claim.out_of_area) if claim.out_of_area else None
    place = whereabouts_on(claim.member, claim.served_on, kind)
    code = claim.disease.code if claim.disease else ""
    return Circumstances(
        designated=agreement is not None and agreement.is_designated,
        in_hospital=place.in_hospital,
        in_special_nursing=place.in_special_nursing,
        out_of_area_registered=place.out_of_area_registered,
        duplicate_invoice=invoice_paid,
        late_filing_accepted=claim.late_filing_accepted_by_id is not None,
        diseases=sum(benefit == claim.benefit for benefit, _code in place.registrations),
        registered_in=frozenset(benefit for benefit, registered in place.registrations if registered == code),
        died=claim.member.died_on == claim.served_on,
    )


def paid_with_the_same_invoice() -> QuerySet[Claim]:
    """Other settled claims with the invoice of the claim in the outer query."""
    return Claim.objects.filter(
        provider=OuterRef("provider"), invoice_number=OuterRef("invoice_number"), state=ClaimState.SETTLED
    ).exclude(Q(invoice_number="") | Q(pk=OuterRef("pk")))


def usage_rows(claim: Claim) -> list[BenefitUsage]:
    """The member's accumulators of the service year, locked until the transaction ends."""
    return list(BenefitUsage.objects.select_for_update().filter(member_id=claim.member_id, year=claim.served_on.year))


def usage_of(claim: Claim, rows: Iterable[BenefitUsage], deductible_key: str | None) -> Usage:
    """What was used before this claim. deductible_key: which deductible it shares; None where it shares none."""
    borne = covered = Decimal("0.00")
    paid_year: dict[str, Decimal] = defaultdict(Decimal)
    paid_month: dict[str, Decimal] = defaultdict(Decimal)
    counted_year: dict[str, Decimal] = defaultdict(Decimal)
    counted_month: dict[str, Decimal] = defaultdict(Decimal)
    drugs: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row.scope == claim.benefit and row.key == deductible_key:
            borne += row.deductible
        if row.scope == claim.benefit and row.key == "":
            covered += row.covered
        if row.scope == claim.benefit and (drug := drug_of(row.key)) is not None:
            drugs[drug] += row.deductible
        if row.key:
            continue
        paid_year[row.scope] += row.paid
        counted_year[row.scope] += row.counted
        if row.month == claim.served_on.month:
            paid_month[row.scope] += row.paid
            counted_month[row.scope] += row.counted
    return Usage(borne, covered, paid_year, paid_month, counted_year, counted_month, drugs)
