"""From rows to the engine's policy."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import product
from typing import Any

from policies.engine import policy as p
from policies.engine import vocabulary as v
from policies.engine.citation import Citation
from policies.engine.errors import MissingLaw
from policies.models import FigureKind, LocalFigure, PolicyVersion


def build_policy(version: PolicyVersion, figures: Sequence[LocalFigure] = ()) -> p.Policy:
    """A version's rows as one dense Policy; figures fill what the rows leave unset.

    MissingLaw where a way of the region is not decided.
    """
    number = version.instrument.number
    others: dict[int, str] = {}

    def cite(row: Any) -> Citation:
        document = number if row.instrument_id is None else _number(row, others)
        return Citation(document, row.article, row.phrase, row.reading)

    conduct = {row.key: row.value for row in version.conduct_rows.filter(benefit=v.ALL)}
    try:
        ways = (
            v.PharmacyTerms(conduct["pharmacy_terms"]),
            v.SeniorFrom(conduct["senior_from"]),
            v.ConversionFrom(conduct["conversion_from"]),
        )
    except KeyError as error:
        raise MissingLaw(f"{version}: {error.args[0]}") from error
    reach = conduct.get("registration_place")
    deadline = version.filingdeadline_rows.first()
    return p.Policy(
        version_id=version.pk,
        region=version.region.slug,
        first_day=version.period.lower,
        benefits=_benefits(version, cite),
        deductibles=_filled(
            _figures(version.deductible_rows.all(), "amount", cite), _of_kind(figures, FigureKind.DEDUCTIBLE)
        ),
        rates=_filled(_figures(version.reimbursementrate_rows.all(), "rate", cite), _of_kind(figures, FigureKind.RATE)),
        ceilings=_filled_ceilings(_ceilings(version, cite), _of_kind(figures, FigureKind.CEILING)),
        upfront={
            v.ItemKind(row.kind): p.UpfrontTerm(row.from_catalogue, p.Figure(row.rate, cite(row)))
            for row in version.upfrontshare_rows.all()
        },
        out_of_area={
            v.OutOfAreaKind(row.kind): p.Figure(row.rate, cite(row)) for row in version.outofareashare_rows.all()
        },
        openings={
            v.OutOfAreaKind(row.kind): p.OpeningTerm(row.opens, cite(row))
            for row in version.outofareabenefit_rows.all()
        },
        effects={
            v.RefusalReason(row.reason): p.EffectTerm(v.Effect(row.effect), cite(row))
            for row in version.refusalrule_rows.all()
        },
        deadline=p.Deadline(deadline.month, deadline.day, cite(deadline)) if deadline else None,
        pharmacy_terms=ways[0],
        senior_from=ways[1],
        conversion_from=ways[2],
        registration_place=v.RegistrationPlace(reach) if reach else None,
        credits=tuple(_credit(row, cite(row)) for row in version.creditrule_rows.order_by("pk")),
        uses={
            (v.Purpose(row.purpose), v.Beneficiary(row.beneficiary)): p.UseTerm(v.UseRule(row.rule), cite(row))
            for row in version.accountuse_rows.all()
        },
        closings={
            v.ClosingReason(row.reason): p.UseTerm(v.UseRule(row.rule), cite(row))
            for row in version.closingrule_rows.all()
        },
        in_force=Citation(number, version.article, version.phrase, version.reading),
    )


def _number(row: Any, known: dict[int, str]) -> str:
    """The number of the document that a row rests on, where it is not the version's; each is read once."""
    if row.instrument_id not in known:
        known[row.instrument_id] = row.instrument.number
    return known[row.instrument_id]


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
    ways: dict[str, dict[str, p.CitedValue]] = defaultdict(dict)
    for way in version.conduct_rows.exclude(benefit=v.ALL):
        ways[way.benefit][way.key] = p.CitedValue(way.value, cite(way))
    upfront = {row.benefit: p.Figure(row.rate, cite(row)) for row in version.benefitupfrontshare_rows.all()}
    limits = {row.benefit: p.StayLimit(row.hours, cite(row)) for row in version.staylimit_rows.all()}
    exempt: dict[str, dict[str, Citation]] = defaultdict(dict)
    for exemption in version.deductibleexemption_rows.all():
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
        for row in version.benefitterms_rows.all()
    }


def _figures(rows: Any, field: str, cite: Any) -> dict[p.Key, p.Figure]:
    return {
        (v.Benefit(row.benefit), v.Tier(row.tier), status): p.Figure(getattr(row, field), cite(row))
        for row in rows
        for status in _statuses(row.status)
    }


def _of_kind(figures: Sequence[LocalFigure], kind: FigureKind) -> list[LocalFigure]:
    """The figures of a kind, the most exact first; the one of a tier goes before the one of a status."""
    of_kind = [figure for figure in figures if figure.kind == kind]
    return sorted(of_kind, key=lambda figure: ((figure.tier == v.ALL) + (figure.status == v.ALL), figure.tier == v.ALL))


def _local(figure: LocalFigure) -> Citation:
    return Citation(figure.document_number, figure.article, figure.phrase, "")


def _filled(rows: dict[p.Key, p.Figure], figures: list[LocalFigure]) -> dict[p.Key, p.Figure]:
    """The rows, with the first local figure that fits where the regulation sets none."""
    for key, row in rows.items():
        benefit, tier, status = key
        if row.value is not None:
            continue
        for figure in figures:
            if figure.benefit == benefit and figure.tier in (v.ALL, tier) and figure.status in (v.ALL, status):
                rows[key] = p.Figure(figure.value, _local(figure))
                break
    return rows


Ceilings = dict[tuple[v.CeilingScope, v.InsuredStatus, v.AccountScheme], tuple[p.CeilingTerm, ...]]


def _filled_ceilings(rows: Ceilings, figures: list[LocalFigure]) -> Ceilings:
    for (scope, status, scheme), terms in rows.items():
        local = next((f for f in figures if f.benefit == scope and f.status in (v.ALL, status)), None)
        if local is not None:
            rows[scope, status, scheme] = tuple(
                term if term.amount is not None else term._replace(amount=local.value, citation=_local(local))
                for term in terms
            )
    return rows


def _ceilings(version: PolicyVersion, cite: Any) -> Ceilings:
    ceilings: dict[Any, list[p.CeilingTerm]] = defaultdict(list)
    for row in version.ceiling_rows.order_by("pk"):
        term = p.CeilingTerm(
            v.CeilingScope(row.scope), v.CeilingPeriod(row.period_kind), row.amount, cite(row), row.diseases_from
        )
        for status, scheme in product(_statuses(row.status), _schemes(row.scheme)):
            ceilings[term.scope, status, scheme].append(term)
    return {key: tuple(terms) for key, terms in ceilings.items()}


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
    )
