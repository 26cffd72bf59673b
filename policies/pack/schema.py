"""The shape of a pack: its tables, keys and kinds of values."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt

from policies.engine import vocabulary as v


def _exact(value: Any) -> Any:
    if value == "unset":
        return None
    if not isinstance(value, Decimal):
        raise ValueError('write a decimal number such as 0.65 or 200.00, or "unset"')
    return value


def _rate(value: Decimal | None) -> Decimal | None:
    if value is not None and not 0 <= value <= 1:
        raise ValueError("a rate lies between 0.00 and 1.00")
    return value


def _money(value: Decimal | None) -> Decimal | None:
    if value is not None and (value < 0 or value.as_tuple().exponent != -2):
        raise ValueError("an amount is yuan with two decimals, not negative")
    return value


Rate = Annotated[Decimal | None, BeforeValidator(_exact), AfterValidator(_rate)]
Money = Annotated[Decimal | None, BeforeValidator(_exact), AfterValidator(_money)]
Day = Annotated[date, Field(strict=True)]


class Strict(BaseModel):
    """Unknown keys are errors and nothing is coerced silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cited(Strict):
    """A row of law: its article ("第七条"), the words that carry the figure, and the reading ("" if plain)."""

    article: str = Field(pattern=r"^第[一二三四五六七八九十]+条$")
    phrase: str = Field(min_length=2, max_length=80)
    reading: str = Field(pattern=r"^(\d{4})?$")


class BenefitTerms(Cited):
    """How one benefit works: its bases, and whose figures it borrows (its own name where it has its own)."""

    benefit: v.Benefit
    deductible_basis: v.DeductibleBasis
    deductible_accumulates: v.DeductibleAccumulates
    ceiling_basis: v.CeilingBasis
    deductible_of: v.Benefit
    rate_of: v.Benefit
    beyond_ceiling: v.Benefit | Literal["none"]


class Deductible(Cited):
    """A deductible in yuan for each of the tiers."""

    benefit: v.Benefit
    tiers: list[v.Tier] = Field(min_length=1)
    status: v.InsuredStatus | Literal["all"]
    amount: Money


class DeductibleFactor(Cited):
    """From an age on (full years) the deductible is multiplied by the factor."""

    benefit: v.Benefit
    age_from: StrictInt = Field(ge=0, le=120)
    factor: Rate


class ReimbursementRate(Cited):
    """The share of what lies above the deductible that the fund pays, for each of the tiers."""

    benefit: v.Benefit
    tiers: list[v.Tier] = Field(min_length=1)
    status: v.InsuredStatus | Literal["all"]
    rate: Rate


class CeilingScopeRow(Cited):
    """Payments of the benefit count in the scope (its own, inpatient, the annual maximum)."""

    benefit: v.Benefit
    scope: v.CeilingScope


class DeductibleExemption(Cited):
    """Diseases that bear no deductible in the benefit, by their national codes."""

    benefit: v.Benefit
    diseases: list[str] = Field(min_length=1)


class BenefitUpfrontShare(Cited):
    """The benefit's own share that is borne first, instead of the categories'."""

    benefit: v.Benefit
    rate: Rate


class StayLimit(Cited):
    """Beyond so many hours the treatment is a hospital stay."""

    benefit: v.Benefit
    hours: StrictInt = Field(ge=1, le=240)


class Ceiling(Cited):
    """The most a scope pays in a month or year, from so many registered diseases on (0: whatever is registered)."""

    scope: v.CeilingScope
    period: v.CeilingPeriod
    status: v.InsuredStatus | Literal["all"]
    scheme: v.AccountScheme | Literal["all"]
    diseases_from: StrictInt = Field(ge=0, le=9)
    amount: Money


class UpfrontShare(Cited):
    """The share of a category B line that the member bears first; "catalogue": it comes with the item."""

    kinds: list[v.ItemKind] = Field(min_length=1)
    rate: Rate | Literal["catalogue"]


class OutOfAreaShare(Cited):
    """The share of the covered amount that is borne first outside the region."""

    kinds: list[v.OutOfAreaKind] = Field(min_length=1)
    rate: Rate


class OutOfAreaBenefit(Cited):
    """Whether the benefit is had outside the region by whoever is away for these reasons."""

    kinds: list[v.OutOfAreaKind] = Field(min_length=1)
    opens: StrictBool


class ExclusionRow(Cited):
    """Lines with this mark stay outside the benefit."""

    benefit: v.Benefit
    what: v.Exclusion


class RefusalRule(Cited):
    """What a circumstance does to a claim for general outpatient care."""

    reason: Literal[
        "arrears",
        "hospital_stay",
        "special_nursing",
        "not_designated",
        "not_dual_channel",
        "out_of_area_unregistered",
    ]
    effect: v.Effect


class FilingDeadline(Cited):
    """Out-of-area costs of a year are filed by this day of the next year."""

    month: StrictInt = Field(ge=1, le=12)
    day: StrictInt = Field(ge=1, le=31)


class Conduct(Cited):
    """One way the region goes about something (`key`), for one benefit or all, chosen from values the engine knows."""

    benefit: v.Benefit | Literal["all"]
    key: Literal[
        "pharmacy_terms",
        "senior_from",
        "conversion_from",
        "registration_place",
        "registration",
        "condition",
        "lowest_tier",
        "deductible_tier",
        "never_with",
    ]
    value: str


class CreditRule(Cited):
    """One kind of member's monthly credit.

    `prior_account`: whether the retiree had a personal account before ("yes", "no", "all"). `age_until` is exclusive.
    A method that takes no rate or no amount says "none". `pension_year` and `stand_in_year` (used until the former's
    average is final) belong to `share_of_average_pension` alone; 0 elsewhere.
    """

    component: v.CreditComponent
    status: v.InsuredStatus | Literal["all"]
    employment: v.Employment | Literal["all"]
    scheme: v.AccountScheme | Literal["all"]
    prior_account: Literal["yes", "no", "all"]
    age_from: StrictInt = Field(ge=0, le=200)
    age_until: StrictInt = Field(ge=0, le=200)
    method: v.CreditMethod
    fund: v.CreditFund
    rate: Rate | Literal["none"]
    amount: Money | Literal["none"]
    pension_year: StrictInt
    stand_in_year: StrictInt
    needs_contribution: StrictBool


class AccountUse(Cited):
    """Whether the personal account may pay these purposes for the holder or for family."""

    purposes: list[v.Purpose] = Field(min_length=1)
    beneficiary: v.Beneficiary
    rule: v.UseRule


class ClosingRule(Cited):
    """Whether an account may be closed and paid out for these reasons."""

    reasons: list[v.ClosingReason] = Field(min_length=1)
    rule: v.UseRule


class Rules(Strict):
    """Rows that hold in all the versions named."""

    versions: list[str] = Field(min_length=1)
    benefit: list[BenefitTerms] = []
    deductible: list[Deductible] = []
    deductible_factor: list[DeductibleFactor] = []
    deductible_exemption: list[DeductibleExemption] = []
    benefit_upfront_share: list[BenefitUpfrontShare] = []
    stay_limit: list[StayLimit] = []
    rate: list[ReimbursementRate] = []
    ceiling_scope: list[CeilingScopeRow] = []
    ceiling: list[Ceiling] = []
    upfront_share: list[UpfrontShare] = []
    out_of_area_share: list[OutOfAreaShare] = []
    out_of_area_benefit: list[OutOfAreaBenefit] = []
    exclusion: list[ExclusionRow] = []
    refusal: list[RefusalRule] = []
    filing_deadline: list[FilingDeadline] = []
    conduct: list[Conduct] = []
    credit: list[CreditRule] = []
    account_use: list[AccountUse] = []
    closing: list[ClosingRule] = []


class Region(Strict):
    slug: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    name: str
    name_en: str
    admdvs: str = Field(pattern=r"^\d{6}$")


class ArticleRow(Strict):
    """One article of the instrument, and what the software makes of it; `note` says why where it does nothing."""

    number: str = Field(pattern=r"^第[一二三四五六七八九十]+条$")
    classification: v.ArticleClass
    note: str


class Instrument(Strict):
    """The document (文号) and the class of each of its articles."""

    number: str
    title: str
    issued_on: Day
    text: str  # Name of the file that holds the document's text, without its ending.
    articles: list[ArticleRow] = Field(min_length=1)


class Version(Cited):
    """A period in which one complete set of rules holds; `until` is its last day, or "open"."""

    label: str
    since: Day
    until: Day | Literal["open"]


class Pack(Strict):
    region: Region
    instrument: Instrument
    version: list[Version] = Field(min_length=1)
    rules: list[Rules] = Field(min_length=1)
