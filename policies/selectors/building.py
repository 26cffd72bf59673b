"""From rows to the engine's policy."""

from collections import defaultdict
from itertools import product
from typing import Any

from policies.engine import policy as p
from policies.engine import vocabulary as v
from policies.engine.errors import MissingLaw
from policies.models import PolicyVersion


def build_policy(version: PolicyVersion) -> p.Policy:
    """A version's rows as one dense Policy. MissingLaw where a way of the region is not decided."""
    number = version.instrument.number

    def cite(row: Any) -> p.Citation:
        return p.Citation(number, row.article, row.phrase, row.reading)

    conduct = {row.key: row.value for row in version.conduct_rows.all()}
    try:
        ways = (
            v.PharmacyTerms(conduct["pharmacy_terms"]),
            v.SeniorFrom(conduct["senior_from"]),
            v.ConversionFrom(conduct["conversion_from"]),
        )
    except KeyError as error:
        raise MissingLaw(f"{version}: {error.args[0]}") from error
    deadline = version.filingdeadline_rows.first()
    return p.Policy(
        version_id=version.pk,
        region=version.region.slug,
        first_day=version.period.lower,
        benefits=_benefits(version, cite),
        deductibles=_figures(version.deductible_rows.all(), "amount", cite),
        rates=_figures(version.reimbursementrate_rows.all(), "rate", cite),
        ceilings=_ceilings(version, cite),
        upfront={
            v.ItemKind(row.kind): p.UpfrontTerm(row.from_catalogue, p.Figure(row.rate, cite(row)))
            for row in version.upfrontshare_rows.all()
        },
        out_of_area={
            v.OutOfAreaKind(row.kind): p.Figure(row.rate, cite(row)) for row in version.outofareashare_rows.all()
        },
        effects={
            v.RefusalReason(row.reason): p.EffectTerm(v.Effect(row.effect), cite(row))
            for row in version.refusalrule_rows.all()
        },
        deadline=p.Deadline(deadline.month, deadline.day, cite(deadline)) if deadline else None,
        pharmacy_terms=ways[0],
        senior_from=ways[1],
        conversion_from=ways[2],
        credits=tuple(_credit(row, cite(row)) for row in version.creditrule_rows.order_by("pk")),
        uses={
            (v.Purpose(row.purpose), v.Beneficiary(row.beneficiary)): p.UseTerm(v.UseRule(row.rule), cite(row))
            for row in version.accountuse_rows.all()
        },
        in_force=p.Citation(number, version.article, version.phrase, version.reading),
    )


def _statuses(value: str) -> list[v.InsuredStatus]:
    return list(v.InsuredStatus) if value == v.ALL else [v.InsuredStatus(value)]


def _schemes(value: str) -> list[v.AccountScheme]:
    return list(v.AccountScheme) if value == v.ALL else [v.AccountScheme(value)]


def _benefits(version: PolicyVersion, cite: Any) -> dict[v.Benefit, p.BenefitRules]:
    scopes: dict[str, list[v.CeilingScope]] = defaultdict(list)
    for scope in version.ceilingscoperow_rows.order_by("pk"):
        scopes[scope.benefit].append(v.CeilingScope(scope.scope))
    excluded: dict[str, set[v.Exclusion]] = defaultdict(set)
    for exclusion in version.exclusionrow_rows.all():
        excluded[exclusion.benefit].add(v.Exclusion(exclusion.what))
    factors: dict[str, list[p.AgeFactor]] = defaultdict(list)
    for factor in version.deductiblefactor_rows.order_by("age_from"):
        factors[factor.benefit].append(p.AgeFactor(factor.age_from, factor.factor, cite(factor)))
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
        )
        for row in version.benefitterms_rows.all()
    }


def _figures(rows: Any, field: str, cite: Any) -> dict[p.Key, p.Figure]:
    return {
        (v.Benefit(row.benefit), v.Tier(row.tier), status): p.Figure(getattr(row, field), cite(row))
        for row in rows
        for status in _statuses(row.status)
    }


def _ceilings(
    version: PolicyVersion, cite: Any
) -> dict[tuple[v.CeilingScope, v.InsuredStatus, v.AccountScheme], tuple[p.CeilingTerm, ...]]:
    found: dict[Any, list[p.CeilingTerm]] = defaultdict(list)
    for row in version.ceiling_rows.order_by("pk"):
        term = p.CeilingTerm(v.CeilingScope(row.scope), v.CeilingPeriod(row.period_kind), row.amount, cite(row))
        for status, scheme in product(_statuses(row.status), _schemes(row.scheme)):
            found[term.scope, status, scheme].append(term)
    return {key: tuple(terms) for key, terms in found.items()}


def _credit(row: Any, citation: p.Citation) -> p.CreditTerm:
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
    )
