"""What a worked case is made of (docs/worked-cases.md). It is kept, entered and carried in this one form.

What a value lacks is said by a word of `simulation.case_files`, which has the sentence.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    model_validator,
)

from policies.engine import vocabulary as v
from policies.engine.facts import ContributionState

NAME_LENGTH, ARTICLE_LENGTH, NOTE_LENGTH = 120, 32, 300
MOST_CASES = 500
_LARGEST = Decimal("99999999.99")


def _yuan(value: Any) -> Any:
    # Kept in the database as text; a file has a number.
    if isinstance(value, str):
        value = Decimal(value)
    if not isinstance(value, Decimal) or not 0 <= value <= _LARGEST or value.as_tuple().exponent != -2:
        raise ValueError("yuan")
    return value


def _share(value: Any) -> Any:
    if isinstance(value, str):
        value = Decimal(value)
    if not isinstance(value, Decimal) or not 0 <= value <= 1 or value != value.quantize(Decimal("0.0001")):
        raise ValueError("share")
    return value


def _day(value: Any) -> Any:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError("date_type") from error


Yuan = Annotated[Decimal, BeforeValidator(_yuan)]
Share = Annotated[Decimal, BeforeValidator(_share)]
Day = Annotated[date, BeforeValidator(_day), Field(strict=True)]
ZERO = Decimal("0.00")


class Strict(BaseModel):
    """An unknown key is a mistake of the writer."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Patient(Strict):
    """Whoever is treated (`claims.services.trials.Described`)."""

    birth_date: Day | None = None
    age: Annotated[StrictInt, Field(ge=0, le=130)] | None = None
    status: v.InsuredStatus
    scheme: v.AccountScheme = v.AccountScheme.COMBINED
    employment: v.Employment = v.Employment.EMPLOYEE
    contribution: ContributionState = ContributionState.ON_TIME
    registered_in: frozenset[v.Benefit] = frozenset()
    diseases: Annotated[StrictInt, Field(ge=0, le=20)] = 0
    away_registered: StrictBool = False
    in_hospital: StrictBool = False
    in_special_nursing: StrictBool = False
    died: StrictBool = False
    family_doctor: Literal["", "there", "elsewhere"] = ""
    balance: Yuan | None = None

    @model_validator(mode="after")
    def _is_of_an_age(self) -> "Patient":
        if (self.birth_date is None) == (self.age is None):
            raise ValueError("age")
        return self


class Used(Strict):
    """What was used in the year before the visit (`claims.services.trials.UsedSoFar`)."""

    deductible: Yuan = ZERO
    covered: Yuan = ZERO
    covered_month: Yuan = ZERO
    year: dict[v.CeilingScope, Yuan] = {}
    month: dict[v.CeilingScope, Yuan] = {}


class Visit(Strict):
    """The visit, but for its day and its bill. filed_after: days from the service to the filing of a manual claim."""

    tier: v.Tier
    benefit: v.Benefit = v.Benefit.GENERAL_OUTPATIENT
    designated: StrictBool = True
    prescribing_tier: v.Tier | None = None
    out_of_area: v.OutOfAreaKind | None = None
    place: Annotated[StrictStr, Field(max_length=6)] = ""
    filed_after: Annotated[StrictInt, Field(ge=0, le=3660)] | None = None
    disease: Annotated[StrictStr, Field(max_length=16)] = ""
    hours: Annotated[StrictInt, Field(ge=0, le=9999)] | None = None


class Line(Strict):
    """A line of the bill."""

    kind: v.ItemKind = v.ItemKind.DRUG
    category: v.CatalogCategory = v.CatalogCategory.A
    amount: Yuan
    name: Annotated[StrictStr, Field(max_length=120)] = ""
    code: Annotated[StrictStr, Field(max_length=64)] = ""
    over_limit: Yuan = ZERO
    upfront_rate: Share | None = None
    negotiated: StrictBool = False
    prenatal: StrictBool = False
    chinese_medicine: StrictBool = False


class Expected(Strict):
    """What it comes to; only what is named is compared. The names are those of `claims.models.Settlement`."""

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
    cash: Yuan | None = None
    refused: v.RefusalReason | None = None

    @model_validator(mode="after")
    def _names_something(self) -> "Expected":
        named = self.model_fields_set
        if not named or ("refused" in named and len(named) > 1):
            raise ValueError("expected")
        return self


class Case(Strict):
    """One worked case."""

    name: Annotated[StrictStr, Field(min_length=1, max_length=NAME_LENGTH)]
    served_on: Day | None = None
    days_after_start: Annotated[StrictInt, Field(ge=0, le=3660)] | None = None
    article: Annotated[StrictStr, Field(max_length=ARTICLE_LENGTH)] = ""
    note: Annotated[StrictStr, Field(max_length=NOTE_LENGTH)] = ""
    patient: Patient
    used: Used = Used()
    visit: Visit
    lines: Annotated[list[Line], Field(min_length=1, max_length=200)]
    expect: Expected

    @model_validator(mode="after")
    def _is_on_a_day(self) -> "Case":
        if (self.served_on is None) == (self.days_after_start is None):
            raise ValueError("day")
        return self

    @property
    def facts(self) -> dict[str, Any]:
        """What a row keeps of it beside its columns."""
        return self.model_dump(
            mode="json", include={"patient", "used", "visit", "lines"}, exclude_defaults=True, exclude_none=True
        )

    @property
    def expected(self) -> dict[str, Any]:
        """What a row keeps of what it expects."""
        return self.expect.model_dump(mode="json", exclude_none=True)


class CaseFile(Strict):
    """Cases of one region; its slug, so that they are not taken for another's."""

    region: StrictStr
    case: Annotated[list[Case], Field(min_length=1, max_length=MOST_CASES)]
