"""How much of the year's deductible and ceilings somebody has used, before any visit."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from policies.engine import vocabulary as v
from policies.engine.adjudication import terms_of
from policies.engine.bill import FigureUnset
from policies.engine.citation import Citation
from policies.engine.deductibles import standard_of
from policies.engine.facts import Circumstances, Person, Usage, Visit
from policies.engine.money import ZERO
from policies.engine.payment import holding_ceilings, paid_at
from policies.engine.policy import Policy

# Deductibles that add up over a period, and so can be partly borne before a visit.
_PERIODS = {v.DeductibleBasis.ANNUAL: v.CeilingPeriod.YEAR, v.DeductibleBasis.PER_MONTH: v.CeilingPeriod.MONTH}


class Used(NamedTuple):
    """What is used of a figure, yuan ≥ 0, and the figure: None while unset, or where it `is_open` and has no end.

    scope: what a ceiling adds up, None for a deductible. tiers: where it holds, empty for everywhere.
    """

    scope: v.CeilingScope | None
    period: v.CeilingPeriod
    tiers: tuple[v.Tier, ...]
    used: Decimal
    limit: Decimal | None
    is_open: bool
    citation: Citation


def used_of(
    policy: Policy, person: Person, visit: Visit, circumstances: Circumstances, usage: Usage, tiers: Iterable[v.Tier]
) -> list[Used]:
    """The deductible and then the ceilings of the visit's benefit, for an enrolled person on its day.

    visit: without lines, of any tier; its day, benefit and disease count. tiers: the ones to look at. A figure that is
    the same at all of them comes once. MissingLaw where the version does not decide.
    """
    by_figure: dict[Used, list[v.Tier]] = {}
    tiers = tuple(tiers)
    for tier in tiers:
        for used in _at(policy, person, visit._replace(tier=tier), circumstances, usage):
            by_figure.setdefault(used, []).append(tier)
    return [
        used if used.tiers or len(held) == len(tiers) else used._replace(tiers=tuple(held))
        for used, held in sorted(by_figure.items(), key=lambda item: item[0].scope is not None)
    ]


def _at(policy: Policy, person: Person, visit: Visit, circumstances: Circumstances, usage: Usage) -> Iterable[Used]:
    terms = terms_of(policy, person, visit)
    period = _PERIODS.get(terms.rules.deductible_basis)
    if terms.deductible is not None and period is not None:
        try:
            standard, citation = standard_of(terms, person, visit)
        except FigureUnset as unset:
            yield Used(None, period, (), ZERO, None, False, unset.citation)
        else:
            met = usage.deductible_borne
            if terms.rules.deductible_accumulates != v.DeductibleAccumulates.BORNE:
                met = usage.covered if period == v.CeilingPeriod.YEAR else usage.covered_month
            yield Used(None, period, (), min(met, standard), standard, False, citation)
    on_payment = terms.rules.ceiling_basis == v.CeilingBasis.PAYMENT
    year, month = (usage.paid_year, usage.paid_month) if on_payment else (usage.counted_year, usage.counted_month)
    for term in holding_ceilings(terms.ceilings, circumstances.diseases):
        sums = year if term.period == v.CeilingPeriod.YEAR else month
        used = paid_at(term, sums) if term.pot else sums.get(term.scope, ZERO)
        yield Used(term.scope, term.period, tuple(sorted(term.pot)), used, term.amount, term.is_open, term.citation)
