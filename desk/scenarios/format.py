"""The format of worked cases (TOML). Amounts are yuan with two decimals."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from policies.engine import vocabulary as v


class ScenarioError(Exception):
    """A malformed file: the file, the scenario's id and the key, with what is wrong."""


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


class MemberSpec(Strict):
    """Who the story is about."""

    birth_date: date
    sex: Literal["M", "F"] = "M"
    died_on: date | None = None
    old_retiree_credit: Yuan | None = None
    civil_servant_basis: Yuan | None = None


class RelativeSpec(MemberSpec):
    """A further member of the same region; insured unless said otherwise."""

    id: str
    insured: bool = True


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


class MoneyExpectation(Strict):
    """What an account step comes to."""

    account: Yuan | None = None
    balance: Yuan | None = None
    paid_out: Yuan | None = None
    credited: Yuan | None = None
    entries: list[EntryExpectation] | None = None
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
    prescribing_tier: v.Tier | None = None
    out_of_area: v.OutOfAreaKind | None = None
    filed_on: date | None = None
    invoice: str = ""
    pay_from: str = ""
    expect: ClaimExpectation = ClaimExpectation()


class ReverseStep(Strict):
    """A settlement is taken back."""

    do: Literal["reverse"]
    claim: str
    expect: MoneyExpectation = MoneyExpectation()


class CreditStep(Strict):
    """The region's run of a month."""

    do: Literal["credit"]
    month: Month
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
    since: date
    until: date | None = None


class StayStep(Strict):
    """A stay, both days inside."""

    do: Literal["hospital_stay", "special_nursing"]
    since: date
    until: date


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
    """A relative may be paid for from the account."""

    do: Literal["authorize"]
    relative: str
    relationship: str
    since: date
    expect: MoneyExpectation = MoneyExpectation()


class CloseStep(Strict):
    """The account is closed and paid out."""

    do: Literal["close"]
    reason: Literal["death", "emigration", "transfer_out", "no_account_at_destination"]
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
    | DieStep
    | SpendStep
    | RegisterDiseaseStep
    | ConfigureStep
    | AuthorizeStep
    | CloseStep,
    Field(discriminator="do"),
]


class Scenario(Strict):
    """One story: who, how insured, what happens."""

    id: str
    region: str
    article: str
    rule: str
    member: MemberSpec
    enrollment: list[EnrollmentSpec] = Field(min_length=1)
    contribution: list[ContributionSpec] = []
    relative: list[RelativeSpec] = []
    step: list[Step] = Field(min_length=1)


def read_scenarios(path: Path) -> list[Scenario]:
    """The scenarios of a file. ScenarioError names the file, the scenario's id and the key."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ScenarioError(f"{path}: {error}") from error
    if set(raw) != {"scenario"} or not isinstance(raw["scenario"], list):
        raise ScenarioError(f"{path}: a file holds [[scenario]] tables and nothing else")
    scenarios = [_scenario(path, number, table) for number, table in enumerate(raw["scenario"], start=1)]
    seen: set[str] = set()
    for scenario in scenarios:
        if scenario.id in seen:
            raise ScenarioError(f"{path}: {scenario.id}: the id is used twice")
        seen.add(scenario.id)
    return scenarios


def _scenario(path: Path, number: int, table: dict[str, Any]) -> Scenario:
    try:
        return Scenario.model_validate(table)
    except ValidationError as error:
        name = table.get("id", f"scenario {number}")
        problems = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise ScenarioError(f"{path}: {name}: {problems}") from error
