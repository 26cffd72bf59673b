"""Steps of a visit: its bill, and what is taken back of it."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from policies.engine import vocabulary as v
from scenarios.format.accounts import MoneyExpectation
from scenarios.format.values import Strict, Yuan


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
    chinese_medicine: bool = False


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


class ClaimStep(Strict):
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


Step = ClaimStep | ReverseStep
