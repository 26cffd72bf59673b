"""From rows to the engine's policy."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from policies.engine import policy as p
from policies.engine import vocabulary as v
from policies.engine.citation import Citation
from policies.engine.errors import MissingLaw
from policies.engine.figures import Figure
from policies.models import (
    AccountUse,
    BenefitTerms,
    BenefitUpfrontShare,
    Ceiling,
    CeilingScopeRow,
    ClosingRule,
    Conduct,
    CreditRule,
    Deductible,
    DeductibleExemption,
    DeductibleFactor,
    ExclusionRow,
    FigureKind,
    FilingDeadline,
    LocalFigure,
    OutOfAreaBenefit,
    OutOfAreaShare,
    PolicyVersion,
    RateAddition,
    RefusalRule,
    ReimbursementRate,
    RuleRow,
    StayLimit,
    UpfrontShare,
)
from policies.selectors.books import Book, read_book
from policies.selectors.figures import additions, apart, ceilings_by_key, filled, filled_ceilings, of_kind, plain

Rows = Callable[[type[RuleRow]], list[Any]]


def build_policy(version: PolicyVersion, figures: Sequence[LocalFigure] = (), book: Book | None = None) -> p.Policy:
    """A version's rows as one dense Policy; figures fill what the rows leave unset.

    book: the rows, where they were read. MissingLaw where a way of the region is not decided.
    """

    read = book or read_book(version)

    def rows(model: type[RuleRow]) -> list[Any]:
        return list(read[model])

    number = version.instrument.number

    def cite(row: Any) -> Citation:
        document = number if row.instrument_id is None else row.instrument.number
        return Citation(document, row.article, row.phrase, row.reading)

    ways_of = rows(Conduct)
    conduct = {row.key: row.value for row in ways_of if row.benefit == v.ALL}
    try:
        ways = (
            v.PharmacyTerms(conduct["pharmacy_terms"]),
            v.SeniorFrom(conduct["senior_from"]),
            v.ConversionFrom(conduct["conversion_from"]),
        )
    except KeyError as error:
        raise MissingLaw(f"{version}: {error.args[0]}") from error
    reach = conduct.get("registration_place")
    deadline = next(iter(rows(FilingDeadline)), None)
    deductibles, rates, ceilings = rows(Deductible), rows(ReimbursementRate), rows(Ceiling)
    return p.Policy(
        version_id=version.pk,
        region=version.region.slug,
        first_day=version.period.lower,
        benefits=_benefits(rows, [way for way in ways_of if way.benefit != v.ALL], cite),
        deductibles=filled(plain(deductibles, "amount", cite), of_kind(figures, FigureKind.DEDUCTIBLE)),
        rates=filled(plain(rates, "rate", cite), of_kind(figures, FigureKind.RATE)),
        ceilings=filled_ceilings(ceilings_by_key(ceilings, cite), of_kind(figures, FigureKind.CEILING)),
        upfront={
            v.ItemKind(row.kind): p.UpfrontTerm(row.from_catalogue, Figure(row.rate, cite(row)))
            for row in rows(UpfrontShare)
        },
        out_of_area={v.OutOfAreaKind(row.kind): Figure(row.rate, cite(row)) for row in rows(OutOfAreaShare)},
        openings={v.OutOfAreaKind(row.kind): p.OpeningTerm(row.opens, cite(row)) for row in rows(OutOfAreaBenefit)},
        effects={
            v.RefusalReason(row.reason): p.EffectTerm(v.Effect(row.effect), cite(row)) for row in rows(RefusalRule)
        },
        deadline=p.Deadline(deadline.month, deadline.day, cite(deadline)) if deadline else None,
        pharmacy_terms=ways[0],
        senior_from=ways[1],
        conversion_from=ways[2],
        registration_place=v.RegistrationPlace(reach) if reach else None,
        credits=tuple(_credit(row, cite(row)) for row in rows(CreditRule)),
        uses={
            (v.Purpose(row.purpose), v.Beneficiary(row.beneficiary)): p.UseTerm(v.UseRule(row.rule), cite(row))
            for row in rows(AccountUse)
        },
        closings={v.ClosingReason(row.reason): p.UseTerm(v.UseRule(row.rule), cite(row)) for row in rows(ClosingRule)},
        in_force=Citation(number, version.article, version.phrase, version.reading),
        deductibles_apart=apart(deductibles, "amount", cite),
        rates_apart=apart(rates, "rate", cite),
        ages=tuple(sorted({row.age_from for row in (*deductibles, *rates, *ceilings)} - {0})),
        additions=additions(rows(RateAddition), cite),
        by_employment=any(row.employment != v.ALL for row in (*deductibles, *rates, *ceilings)),
    )


def _benefits(rows: Rows, conduct: Sequence[Any], cite: Any) -> dict[v.Benefit, p.BenefitRules]:
    scopes: dict[str, list[v.CeilingScope]] = defaultdict(list)
    for scope in rows(CeilingScopeRow):
        scopes[scope.benefit].append(v.CeilingScope(scope.scope))
    excluded: dict[str, set[v.Exclusion]] = defaultdict(set)
    for exclusion in rows(ExclusionRow):
        excluded[exclusion.benefit].add(v.Exclusion(exclusion.what))
    factors: dict[str, list[p.AgeFactor]] = defaultdict(list)
    for factor in sorted(rows(DeductibleFactor), key=lambda row: row.age_from):
        factors[factor.benefit].append(p.AgeFactor(factor.age_from, factor.factor, cite(factor)))
    ways: dict[str, dict[str, p.CitedValue]] = defaultdict(dict)
    for way in conduct:
        ways[way.benefit][way.key] = p.CitedValue(way.value, cite(way))
    upfront = {row.benefit: Figure(row.rate, cite(row)) for row in rows(BenefitUpfrontShare)}
    limits = {row.benefit: p.StayLimit(row.hours, cite(row)) for row in rows(StayLimit)}
    exempt: dict[str, dict[str, Citation]] = defaultdict(dict)
    for exemption in rows(DeductibleExemption):
        exempt[exemption.benefit][exemption.disease] = cite(exemption)
    return {
        v.Benefit(row.benefit): p.BenefitRules(
            benefit=v.Benefit(row.benefit),
            deductible_basis=v.DeductibleBasis(row.deductible_basis),
            deductible_accumulates=v.DeductibleAccumulates(row.deductible_accumulates),
            ceiling_basis=v.CeilingBasis(row.ceiling_basis),
            deductible_of=v.Benefit(row.deductible_of),
            rate_of=v.Benefit(row.rate_of),
            beyond_ceiling=v.Benefit(row.beyond_ceiling) if row.beyond_ceiling else None,
            scopes=tuple(scopes[row.benefit]),
            excluded=frozenset(excluded[row.benefit]),
            age_factors=tuple(factors[row.benefit]),
            citation=cite(row),
            registration=ways[row.benefit].get("registration"),
            condition=ways[row.benefit].get("condition"),
            lowest_tier=ways[row.benefit].get("lowest_tier"),
            deductible_tier=ways[row.benefit].get("deductible_tier"),
            never_with=ways[row.benefit].get("never_with"),
            upfront=upfront.get(row.benefit),
            stay_limit=limits.get(row.benefit),
            exempt=exempt[row.benefit],
        )
        for row in rows(BenefitTerms)
    }


def _credit(row: Any, citation: Citation) -> p.CreditTerm:
    return p.CreditTerm(
        rule_id=row.pk,
        component=v.CreditComponent(row.component),
        status=row.status,
        employment=row.employment,
        scheme=row.scheme,
        prior_account=row.prior_account,
        age_from=row.age_from,
        age_until=row.age_until,
        method=v.CreditMethod(row.method),
        fund=v.CreditFund(row.fund),
        rate=row.rate,
        amount=row.amount,
        pension_year=row.pension_year,
        stand_in_year=row.stand_in_year,
        needs_contribution=row.needs_contribution,
        citation=citation,
        full_months=row.full_months,
        schedule=v.CreditSchedule(row.schedule),
    )
