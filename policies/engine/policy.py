"""One region's rules on one day, in the form the engine computes with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from policies.engine import vocabulary as v
from policies.engine.citation import Citation
from policies.engine.errors import MissingLaw
from policies.engine.figures import (
    Addition,
    Apart,
    Band,
    CeilingTerm,
    Figure,
    Key,
    ceilings_held,
    figures_held,
    scopes_by_tier,
)


class AgeFactor(NamedTuple):
    """From this age (full years) the deductible is multiplied by the factor."""

    age_from: int
    factor: Decimal
    citation: Citation


class CitedValue(NamedTuple):
    """One way of a benefit, as its identifier, and where it stands."""

    value: str
    citation: Citation


class StayLimit(NamedTuple):
    """Beyond so many hours the treatment is a hospital stay."""

    hours: int
    citation: Citation


class BenefitRules(NamedTuple):
    """How a benefit works, whoever is treated wherever.

    `upfront` is the benefit's own share that is borne first, instead of the categories' (Baoshan 14). `exempt` are the
    diseases without a deductible (Baoshan 11). The cited values are None where the region says nothing.
    """

    benefit: v.Benefit
    deductible_basis: v.DeductibleBasis
    deductible_accumulates: v.DeductibleAccumulates
    ceiling_basis: v.CeilingBasis
    deductible_of: v.Benefit
    rate_of: v.Benefit
    beyond_ceiling: v.Benefit | None
    scopes: tuple[v.CeilingScope, ...]
    excluded: frozenset[v.Exclusion]
    age_factors: tuple[AgeFactor, ...]
    citation: Citation
    registration: CitedValue | None = None
    condition: CitedValue | None = None
    lowest_tier: CitedValue | None = None
    deductible_tier: CitedValue | None = None
    never_with: CitedValue | None = None
    upfront: Figure | None = None
    stay_limit: StayLimit | None = None
    exempt: Mapping[str, Citation] = MappingProxyType({})


class Terms(NamedTuple):
    """The figures for one benefit, tier, status and scheme, and for an employment and age where these matter.

    bands: where the rate depends on what was spent in the year, its bands from 0 up; `rate` is then that of the first.
    by_diseases: whether some ceiling asks how many diseases are registered. by_tier: the scopes of which payments are
    counted by tier too. additions: what may be added to the rate. own: the benefit's identifier; counts_own: whether
    its payments count in the scope of that name; other_scopes: in which others.
    """

    rules: BenefitRules
    tier: v.Tier
    deductible: Figure | None
    rate: Figure
    ceilings: tuple[CeilingTerm, ...]
    beyond: "Terms | None"
    bands: tuple[Band, ...] = ()
    by_tier: frozenset[v.CeilingScope] = frozenset()
    by_diseases: bool = False
    additions: tuple[Addition, ...] = ()
    own: str = ""
    counts_own: bool = False
    other_scopes: tuple[v.CeilingScope, ...] = ()


class UpfrontTerm(NamedTuple):
    """The share of a category B line that is borne first; from the catalogue, or the region's own figure."""

    from_catalogue: bool
    share: Figure


class EffectTerm(NamedTuple):
    """What a circumstance does to a claim."""

    effect: v.Effect
    citation: Citation


class OpeningTerm(NamedTuple):
    """Whether a kind of out-of-area care is among those that the region's benefit is for."""

    opens: bool
    citation: Citation


class Deadline(NamedTuple):
    """Costs of a year are filed by this day of the next."""

    month: int
    day: int
    citation: Citation


class CreditTerm(NamedTuple):
    """One kind of member's monthly credit; `rule_id` finds the row it came from.

    full_months: how many months of contributions bring the whole amount, 0 where they do not matter. schedule: whether
    the month's credit is posted with the month, or with the year's first run.
    """

    rule_id: int
    component: v.CreditComponent
    status: str
    employment: str
    scheme: str
    prior_account: str
    age_from: int
    age_until: int
    method: v.CreditMethod
    fund: v.CreditFund
    rate: Decimal | None
    amount: Decimal | None
    pension_year: int | None
    stand_in_year: int | None
    needs_contribution: bool
    citation: Citation
    full_months: int = 0
    schedule: v.CreditSchedule = v.CreditSchedule.MONTHLY


class UseTerm(NamedTuple):
    """Whether the account may pay."""

    rule: v.UseRule
    citation: Citation


@dataclass(frozen=True, slots=True)
class Policy:
    """A complete version of one region's rules.

    Every mapping is dense: a combination that a visit or a member can have is in it, or asking raises MissingLaw.
    Except `openings`: a kind that the text neither names nor leaves out is not in it. `registration_place` is None in
    versions of before registrations had a place. Where a document tells figures apart by more than tier and status,
    `deductibles_apart` and `rates_apart` have those figures, in place of the ones above or beside them; `ages` are the
    ages at which some figure changes, from the lowest up, and `by_employment` says whether the employment matters.
    """

    version_id: int
    region: str
    first_day: date
    benefits: Mapping[v.Benefit, BenefitRules]
    deductibles: Mapping[Key, Figure]
    rates: Mapping[Key, Figure]
    ceilings: Mapping[tuple[v.CeilingScope, v.InsuredStatus, v.AccountScheme], tuple[CeilingTerm, ...]]
    upfront: Mapping[v.ItemKind, UpfrontTerm]
    out_of_area: Mapping[v.OutOfAreaKind, Figure]
    openings: Mapping[v.OutOfAreaKind, OpeningTerm]
    effects: Mapping[v.RefusalReason, EffectTerm]
    deadline: Deadline | None
    pharmacy_terms: v.PharmacyTerms
    senior_from: v.SeniorFrom
    conversion_from: v.ConversionFrom
    registration_place: v.RegistrationPlace | None
    credits: tuple[CreditTerm, ...]
    uses: Mapping[tuple[v.Purpose, v.Beneficiary], UseTerm]
    closings: Mapping[v.ClosingReason, UseTerm]
    in_force: Citation
    deductibles_apart: Mapping[Key, tuple[Apart, ...]] = field(default_factory=dict)
    rates_apart: Mapping[Key, tuple[Apart, ...]] = field(default_factory=dict)
    ages: tuple[int, ...] = ()
    by_employment: bool = False
    additions: Mapping[tuple[v.Benefit, v.Tier], tuple[Addition, ...]] = field(default_factory=dict)
    _terms: dict[tuple[v.Benefit, v.Tier, v.InsuredStatus, v.AccountScheme, str, int], Terms] = field(
        default_factory=dict, repr=False, compare=False
    )

    def terms(
        self,
        benefit: v.Benefit,
        tier: v.Tier,
        status: v.InsuredStatus,
        scheme: v.AccountScheme,
        employment: str = v.ALL,
        age: int = 0,
    ) -> Terms:
        """The figures for this combination, found once and kept. MissingLaw where the version does not decide it.

        employment: "all" where it does not matter. age: the highest of `ages` that is reached, 0 where none is.
        """
        key = (benefit, tier, status, scheme, employment, age)
        terms = self._terms.get(key)
        if terms is None:
            try:
                terms = self._terms[key] = self._find_terms(benefit, tier, status, scheme, employment, age)
            except KeyError as error:
                raise MissingLaw(f"{self.region} {self.version_id}: {' '.join(map(str, key))}") from error
        return terms

    def _find_terms(
        self,
        benefit: v.Benefit,
        tier: v.Tier,
        status: v.InsuredStatus,
        scheme: v.AccountScheme,
        employment: str,
        age: int,
    ) -> Terms:
        rules = self.benefits[benefit]
        deductible = None
        if rules.deductible_basis != v.DeductibleBasis.NONE:
            standard_of = v.Tier(rules.deductible_tier.value) if rules.deductible_tier else tier
            key = (rules.deductible_of, standard_of, status)
            deductible = figures_held(self.deductibles, self.deductibles_apart, key, employment, age)[0].rate
        bands = figures_held(self.rates, self.rates_apart, (rules.rate_of, tier, status), employment, age)
        all_ceilings = (term for scope in rules.scopes for term in self.ceilings[scope, status, scheme])
        ceilings = ceilings_held(all_ceilings, tier, employment, age)
        return Terms(
            rules=rules,
            tier=tier,
            deductible=deductible,
            rate=bands[0].rate,
            ceilings=ceilings,
            beyond=self.terms(rules.beyond_ceiling, tier, status, scheme, employment, age)
            if rules.beyond_ceiling
            else None,
            bands=bands if len(bands) > 1 else (),
            by_diseases=any(term.diseases_from for term in ceilings),
            by_tier=scopes_by_tier(self.ceilings.values(), rules.scopes),
            additions=self.additions.get((rules.rate_of, tier), ()),
            own=benefit.value,
            counts_own=benefit.value in rules.scopes,
            other_scopes=tuple(scope for scope in rules.scopes if scope.value != benefit.value),
        )
