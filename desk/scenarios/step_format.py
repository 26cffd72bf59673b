"""The steps of a worked case: their keys and kinds of values. Amounts are yuan with two decimals."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from policies.engine import vocabulary as v


def _month(value: Any) -> Any:
    try:
        return date.fromisoformat(f"{value}-01")
    except ValueError as error:
        raise ValueError("write a month as 2023-03") from error


def _yuan(value: Decimal) -> Decimal:
    if value < 0 or value != value.quantize(Decimal("0.01")):
        raise ValueError("an amount is yuan with two decimals, not negative")
    return value


Month = Annotated[date, BeforeValidator(_month)]
Yuan = Annotated[Decimal, AfterValidator(_yuan)]


class Strict(BaseModel):
    """An unknown key is a mistake of the writer."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class EnrollmentSpec(Strict):
    """From `since` on, until the next one."""

    since: date
    scheme: v.AccountScheme
    employment: v.Employment
    status: v.InsuredStatus
    had_account_before: bool = True


class ContributionSpec(Strict):
    """Months from first to last; without received_on each came by its month's end."""

    first: Month
    last: Month
    base: Yuan
    received_on: date | None = None


class LineSpec(Strict):
    """One line of a bill."""

    kind: v.ItemKind
    category: v.CatalogCategory
    amount: Yuan
    over_limit: Yuan = Decimal("0.00")
    upfront_rate: Decimal | None = None
    negotiated: bool = False
    drug: str = ""
    prenatal: bool = False


class ClaimExpectation(Strict):
    """Only what is named is compared."""

    total: Yuan | None = None
    self_paid: Yuan | None = None
    over_limit: Yuan | None = None
    upfront_share: Yuan | None = None
    covered: Yuan | None = None
    out_of_area_share: Yuan | None = None
    deductible: Yuan | None = None
    pooled: Yuan | None = None
    pooled_inpatient: Yuan | None = None
    patient_share: Yuan | None = None
    account: Yuan | None = None
    family_account: Yuan | None = None
    cash: Yuan | None = None
    balance: Yuan | None = None
    refused: v.RefusalReason | None = None


class EntryExpectation(Strict):
    """One entry of a credit run."""

    month: Month
    component: v.CreditComponent
    amount: Yuan


class ListedExpectation(Strict):
    """One line of what a credit run lists for a person to look at.

    Who cannot be credited, with the reason; or what was credited above the entitlement, with the amount in yuan.
    """

    month: Month
    component: v.CreditComponent
    reason: Literal[
        "no_contribution",
        "no_average_pension",
        "no_old_standard",
        "no_civil_servant_basis",
        "unset_figure",
        "account_closed",
        "above_entitlement",
    ]
    amount: Yuan = Decimal("0.00")


class MoneyExpectation(Strict):
    """What an account step comes to."""

    account: Yuan | None = None
    balance: Yuan | None = None
    paid_out: Yuan | None = None
    recovered: Yuan | None = None
    credited: Yuan | None = None
    entries: list[EntryExpectation] | None = None
    listed: list[ListedExpectation] | None = None
    refused: str | None = None


class ClaimStep(Strict):
    """A visit."""

    do: Literal["claim"]
    id: str
    served_on: date
    tier: v.Tier
    lines: list[LineSpec] = Field(min_length=1)
    provider: str = ""
    designated: bool = True
    benefit: v.Benefit = v.Benefit.GENERAL_OUTPATIENT
    disease: str = ""
    hours: int | None = None
    prescribing_tier: v.Tier | None = None
    out_of_area: v.OutOfAreaKind | None = None
    place: str = ""
    filed_on: date | None = None
    invoice: str = ""
    pay_from: str = ""
    expect: ClaimExpectation = ClaimExpectation()

    @property
    def provider_name(self) -> str:
        """The name given, or that of the default provider of the tier."""
        return self.provider or f"{self.tier}{'' if self.designated else ' not designated'}"


class ReverseStep(Strict):
    """A settlement is taken back, on the day of settlement unless another is named."""

    do: Literal["reverse"]
    claim: str
    on: date | None = None
    expect: MoneyExpectation = MoneyExpectation()


class CreditStep(Strict):
    """The region's run of a month, on its last day unless another is named."""

    do: Literal["credit"]
    month: Month
    on: date | None = None
    expect: MoneyExpectation = MoneyExpectation()


class EnrollStep(EnrollmentSpec):
    """A change of enrollment during the story."""

    do: Literal["enroll"]
    expect: MoneyExpectation = MoneyExpectation()


class ContributeStep(ContributionSpec):
    """Contributions that arrive during the story."""

    do: Literal["contribute"]
    expect: MoneyExpectation = MoneyExpectation()


class AveragePensionStep(Strict):
    """The city publishes an average pension."""

    do: Literal["average_pension"]
    year: int
    monthly: Yuan
    final: bool


class RegisterOutOfAreaStep(Strict):
    """A registration for care elsewhere."""

    do: Literal["register_out_of_area"]
    kind: v.OutOfAreaKind
    place: str = ""
    since: date
    until: date | None = None


class StayStep(Strict):
    """A stay, both days inside."""

    do: Literal["hospital_stay", "special_nursing"]
    since: date
    until: date


class CivilServantBasisStep(Strict):
    """What a civil servant's subsidy is a share of, from a month on."""

    do: Literal["civil_servant_basis"]
    since: Month
    kind: Literal["december_2022_base", "december_2022_pension", "trainee_pay", "confirmed_pay", "first_pension"]
    amount: Yuan
    expect: MoneyExpectation = MoneyExpectation()


class DieStep(Strict):
    """The member dies."""

    do: Literal["die"]
    on: date


class SpendStep(Strict):
    """The account pays without a claim."""

    do: Literal["spend"]
    on: date
    amount: Yuan
    purpose: v.Purpose
    beneficiary: str = Field(default="own", alias="for")
    expect: MoneyExpectation = MoneyExpectation()


class RegisterDiseaseStep(Strict):
    """A chronic or special disease is registered."""

    do: Literal["register_disease"]
    disease: str
    benefit: v.Benefit
    since: date
    until: date | None = None


class ConfigureStep(Strict):
    """A figure that the regulation leaves open, for this story alone."""

    do: Literal["configure"]
    benefit: v.Benefit
    tier: v.Tier | None = None
    status: v.InsuredStatus | None = None
    deductible: Yuan | None = None
    rate: Decimal | None = None
    ceiling: Yuan | None = None


class AuthorizeStep(Strict):
    """The holder's account may pay for a relative; both by id, or "own" for the story's member."""

    do: Literal["authorize"]
    holder: str = "own"
    relative: str
    relationship: str
    since: date
    expect: MoneyExpectation = MoneyExpectation()


class CloseStep(Strict):
    """The account is closed and paid out."""

    do: Literal["close"]
    reason: v.ClosingReason
    on: date
    expect: MoneyExpectation = MoneyExpectation()


Step = Annotated[
    ClaimStep
    | ReverseStep
    | CreditStep
    | EnrollStep
    | ContributeStep
    | AveragePensionStep
    | RegisterOutOfAreaStep
    | StayStep
    | CivilServantBasisStep
    | DieStep
    | SpendStep
    | RegisterDiseaseStep
    | ConfigureStep
    | AuthorizeStep
    | CloseStep,
    Field(discriminator="do"),
]
