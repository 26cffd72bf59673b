"""What is known of a person, a visit and the year so far."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from policies.engine import vocabulary as v
from policies.engine.money import ZERO


class ContributionState(StrEnum):
    """The contribution of the service month: none due (retired), on time, received later, not received."""

    NOT_DUE = "not_due"
    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"


class Person(NamedTuple):
    """The insured person on the service date; `status` is None where no enrollment holds or after death.

    `employment` is asked for where a region's figures depend on it.
    """

    birth_date: date
    status: v.InsuredStatus | None
    scheme: v.AccountScheme | None
    contribution: ContributionState
    employment: v.Employment | None = None


class Line(NamedTuple):
    """One line of a bill. `amount` and `over_limit` (its part above the price limit) are yuan, 0 ≤ over_limit ≤ amount.

    `upfront_rate` is the catalogue's share for this item, a fraction, or None. `drug` is the drug's code.
    """

    kind: v.ItemKind
    category: v.CatalogCategory
    amount: Decimal
    over_limit: Decimal = ZERO
    upfront_rate: Decimal | None = None
    negotiated: bool = False
    prenatal: bool = False
    drug: str = ""
    chinese_medicine: bool = False


class Visit(NamedTuple):
    """One visit to one provider. `provider` is any key that tells providers apart.

    `filed_on` is the day a manual claim was filed, None for direct settlement. `disease` is the code of the disease
    that is treated, "" where the benefit asks for none. `hours` is how long a day surgery took, None where nobody
    said.
    """

    served_on: date
    provider: str
    tier: v.Tier
    benefit: v.Benefit
    lines: tuple[Line, ...]
    prescribing_tier: v.Tier | None = None
    out_of_area: v.OutOfAreaKind | None = None
    filed_on: date | None = None
    disease: str = ""
    hours: int | None = None


class Circumstances(NamedTuple):
    """What else holds on the service date.

    `diseases`: how many diseases the person has registered in the visit's benefit. `registered_in`: the benefits in
    which the treated disease is registered. `died`: the person died on the day. `dual_channel`: asked of pharmacies
    alone, whether this one is. `family_doctor`: one is signed, and `family_doctor_there`: with the visited provider.
    """

    designated: bool = True
    dual_channel: bool = True
    in_hospital: bool = False
    in_special_nursing: bool = False
    out_of_area_registered: bool = False
    late_filing_accepted: bool = False
    duplicate_invoice: bool = False
    diseases: int = 0
    registered_in: frozenset[str] = frozenset()
    died: bool = False
    family_doctor: bool = False
    family_doctor_there: bool = False


class Usage(NamedTuple):
    """What the person used before this visit, in settlement order, all in yuan ≥ 0.

    `deductible_borne`: of the deductible that this visit shares (the year's, the month's, or the day's at this
    provider). `covered`: all covered spending of the year in this benefit, `covered_month` of the service month.
    `paid_…` by ceiling scope in the service year and month, and by `tier_scope` where a ceiling counts one tier alone;
    `counted_…` is the expense that payments in the scope stood for. `drug_deductibles`: borne this year by drug.
    """

    deductible_borne: Decimal = ZERO
    covered: Decimal = ZERO
    paid_year: Mapping[str, Decimal] = {}
    paid_month: Mapping[str, Decimal] = {}
    counted_year: Mapping[str, Decimal] = {}
    counted_month: Mapping[str, Decimal] = {}
    drug_deductibles: Mapping[str, Decimal] = {}
    covered_month: Decimal = ZERO


_TIER = "tier "


def tier_key(tier: v.Tier) -> str:
    """The key, among a member's accumulators, of what a scope paid at one tier."""
    return _TIER + tier


def tier_of(key: str) -> str | None:
    """The tier that a key stands for, None for another kind of key."""
    return key.removeprefix(_TIER) if key.startswith(_TIER) else None


def tier_scope(scope: str, tier: str) -> str:
    """Where `Usage` has what a scope paid at one tier."""
    return f"{scope} {tier}"


def age_on(birth_date: date, day: date) -> int:
    """Full years on a day; a year is full on the birthday itself."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
