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


class Figure(NamedTuple):
    """A figure of law: yuan or a fraction. `value` is None while the region has not set it."""

    value: Decimal | None
    citation: Citation


class CeilingTerm(NamedTuple):
    """The most that a scope pays in a period, yuan; None while unset.

    It holds from so many registered diseases on (Baoshan 10); of several the one for the most diseases counts.
    """

    scope: v.CeilingScope
    period: v.CeilingPeriod
    amount: Decimal | None
    citation: Citation
    diseases_from: int = 0


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
    """The figures for one benefit, tier, status and scheme."""

    rules: BenefitRules
    deductible: Figure | None
    rate: Figure
    ceilings: tuple[CeilingTerm, ...]
    beyond: "Terms | None"


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
    """One kind of member's monthly credit; `rule_id` finds the row it came from."""

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


class UseTerm(NamedTuple):
    """Whether the account may pay."""

    rule: v.UseRule
    citation: Citation


Key = tuple[v.Benefit, v.Tier, v.InsuredStatus]


@dataclass(frozen=True, slots=True)
class Policy:
    """A complete version of one region's rules.

    Every mapping is dense: a combination that a visit or a member can have is in it, or asking raises MissingLaw.
    Except `openings`: a kind that the text neither names nor leaves out is not in it. `registration_place` is None in
    versions of before registrations had a place.
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
    _terms: dict[tuple[v.Benefit, v.Tier, v.InsuredStatus, v.AccountScheme], Terms] = field(
        default_factory=dict, repr=False, compare=False
    )

    def terms(self, benefit: v.Benefit, tier: v.Tier, status: v.InsuredStatus, scheme: v.AccountScheme) -> Terms:
        """The figures for this combination, found once and kept. MissingLaw where the version does not decide it."""
        key = (benefit, tier, status, scheme)
        terms = self._terms.get(key)
        if terms is None:
            terms = self._terms[key] = self._find_terms(benefit, tier, status, scheme)
        return terms

    def _find_terms(self, benefit: v.Benefit, tier: v.Tier, status: v.InsuredStatus, scheme: v.AccountScheme) -> Terms:
        try:
            rules = self.benefits[benefit]
            has_deductible = rules.deductible_basis != v.DeductibleBasis.NONE
            standard_of = v.Tier(rules.deductible_tier.value) if rules.deductible_tier else tier
            return Terms(
                rules=rules,
                deductible=self.deductibles[rules.deductible_of, standard_of, status] if has_deductible else None,
                rate=self.rates[rules.rate_of, tier, status],
                ceilings=tuple(term for scope in rules.scopes for term in self.ceilings[scope, status, scheme]),
                beyond=self.terms(rules.beyond_ceiling, tier, status, scheme) if rules.beyond_ceiling else None,
            )
        except KeyError as error:
            raise MissingLaw(f"{self.region} {self.version_id}: {benefit} {tier} {status} {scheme}") from error
