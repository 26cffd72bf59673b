"""Claims and what the members used so far, in the engine's form."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db.models import OuterRef, Q, QuerySet

from claims.models import BenefitUsage, Claim, ClaimLine, ClaimState, SettlementUsage
from members.selectors.insured import Situation, situations
from policies.engine.absence import is_registered
from policies.engine.deductibles import drug_of
from policies.engine.facts import Circumstances, Line, Usage, Visit, tier_of, tier_scope
from policies.engine.policy import Policy
from policies.engine.vocabulary import Benefit, CatalogCategory, ItemKind, OutOfAreaKind, Tier
from policies.selectors.versions import policies_in_force
from providers.models import Agreement
from providers.selectors import agreements_on


class Case(NamedTuple):
    """A claim with what holds on its service date. `policy`: None where no rules are in force."""

    claim: Claim
    lines: Sequence[ClaimLine]
    policy: Policy | None
    agreement: Agreement | None
    situation: Situation


def cases_of(claims: Sequence[Claim], bills: Mapping[int, Sequence[ClaimLine]] | None = None) -> list[Case]:
    """The cases of one region's claims, in their order; four or five queries however many claims.

    bills: their lines by claim id, where they are not the written ones.
    """
    if not claims:
        return []
    lines = bills if bills is not None else _written_lines(claims)
    policies = policies_in_force(claims[0].member.region, {claim.served_on for claim in claims})
    agreements = agreements_on((claim.provider_id, claim.served_on) for claim in claims)
    people = situations([(claim.member, claim.served_on) for claim in claims])
    return [
        Case(
            claim,
            lines.get(claim.pk, ()),
            policies.get(claim.served_on),
            agreements.get((claim.provider_id, claim.served_on)),
            situation,
        )
        for claim, situation in zip(claims, people, strict=True)
    ]


def _written_lines(claims: Sequence[Claim]) -> dict[int, list[ClaimLine]]:
    lines: dict[int, list[ClaimLine]] = defaultdict(list)
    for line in ClaimLine.objects.filter(claim__in=claims).order_by("pk"):
        lines[line.claim_id].append(line)
    return lines


def visit_of(case: Case) -> Visit:
    """The claim as a visit; a provider without an agreement on the day counts as primary and is not designated."""
    claim = case.claim
    return Visit(
        served_on=claim.served_on,
        provider=str(claim.provider_id),
        tier=Tier(case.agreement.tier) if case.agreement else Tier.PRIMARY,
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
                chinese_medicine=line.is_chinese_medicine,
            )
            for line in case.lines
        ),
        prescribing_tier=Tier(claim.prescribing_tier) if claim.prescribing_tier else None,
        out_of_area=OutOfAreaKind(claim.out_of_area) if claim.out_of_area else None,
        filed_on=claim.filed_on,
        disease=claim.disease.code if claim.disease else "",
        hours=claim.stay_hours,
    )


def circumstances_of(case: Case, policy: Policy, *, invoice_paid: bool) -> Circumstances:
    """What else holds on the service date. MissingFact where a registration for a place meets a visit without one."""
    claim, situation, away = case.claim, case.situation, case.claim.out_of_area
    code = claim.disease.code if claim.disease else ""
    return Circumstances(
        designated=case.agreement is not None and case.agreement.is_designated,
        dual_channel=case.agreement is not None and case.agreement.is_dual_channel,
        in_hospital=situation.in_hospital,
        in_special_nursing=situation.in_special_nursing,
        out_of_area_registered=bool(away) and is_registered(policy, OutOfAreaKind(away), claim.place, situation.away),
        duplicate_invoice=invoice_paid,
        late_filing_accepted=claim.late_filing_accepted_by_id is not None,
        diseases=sum(benefit == claim.benefit for benefit, _code in situation.registrations),
        registered_in=frozenset(benefit for benefit, registered in situation.registrations if registered == code),
        died=claim.member.died_on == claim.served_on,
        family_doctor=bool(situation.family_doctors),
        family_doctor_there=claim.provider_id in situation.family_doctors,
    )


def paid_with_the_same_invoice() -> QuerySet[Claim]:
    """Other settled claims with the invoice of the claim in the outer query."""
    return Claim.objects.filter(
        provider=OuterRef("provider"), invoice_number=OuterRef("invoice_number"), state=ClaimState.SETTLED
    ).exclude(Q(invoice_number="") | Q(pk=OuterRef("pk")))


def usage_of(claim: Claim, rows: Iterable[BenefitUsage | SettlementUsage], deductible_key: str | None) -> Usage:
    """What was used before this claim. rows: of its member and service year. deductible_key: which deductible it
    shares; None where it shares none.
    """
    borne = covered = covered_month = Decimal("0.00")
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
            if row.month == claim.served_on.month:
                covered_month += row.covered
        if row.scope == claim.benefit and (drug := drug_of(row.key)) is not None:
            drugs[drug] += row.deductible
        tier = tier_of(row.key)
        if row.key and tier is None:
            continue
        scope = row.scope if tier is None else tier_scope(row.scope, tier)
        paid_year[scope] += row.paid
        counted_year[scope] += row.counted
        if row.month == claim.served_on.month:
            paid_month[scope] += row.paid
            counted_month[scope] += row.counted
    return Usage(borne, covered, paid_year, paid_month, counted_year, counted_month, drugs, covered_month)
