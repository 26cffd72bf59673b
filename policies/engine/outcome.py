"""What an adjudication returns: amounts with the steps that led there, or a refusal."""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from policies.engine import vocabulary as v
from policies.engine.citation import Citation


class StepCode(StrEnum):
    """One step of an adjudication; `policies.steps` renders each as a sentence."""

    TOTAL = "total"
    SELF_PAID = "self_paid"
    EXCLUDED = "excluded"
    OVER_LIMIT = "over_limit"
    UPFRONT_SHARE = "upfront_share"
    COVERED = "covered"
    OUT_OF_AREA_SHARE = "out_of_area_share"
    DEDUCTIBLE = "deductible"
    REIMBURSEMENT = "reimbursement"
    RATE_ADDITION = "rate_addition"
    CEILING = "ceiling"
    POOLED_PAYMENT = "pooled_payment"
    BEYOND_CEILING = "beyond_ceiling"
    BEYOND_CEILING_UNSET = "beyond_ceiling_unset"
    PATIENT_SHARE = "patient_share"


# Before the yuan from which a band of the year's spending begins, in the note of a step.
BAND_NOTE = "spent_from "


class Step(NamedTuple):
    """One step: what went in, the parameter applied, what came out (yuan), and the rule it rests on."""

    code: StepCode
    amount_in: Decimal
    parameter: Decimal | None
    amount_out: Decimal
    citation: Citation | None
    note: str = ""


class UsageChange(NamedTuple):
    """What a settlement adds to an accumulator of its service year and month.

    `scope` is a ceiling scope (or the benefit, for its deductible); `key` tells apart deductibles that are not the
    year's.
    """

    scope: str
    key: str
    deductible: Decimal
    covered: Decimal
    paid: Decimal
    counted: Decimal


class Refusal(NamedTuple):
    """Nothing is paid, why, and where that stands (None where no law is in force at all)."""

    reason: v.RefusalReason
    citation: Citation | None


class Outcome(NamedTuple):
    """All amounts in yuan, two decimals, none negative.

    total = self_paid + over_limit + upfront_share + covered; total = pooled + pooled_inpatient + patient_share.
    """

    total: Decimal
    self_paid: Decimal
    over_limit: Decimal
    upfront_share: Decimal
    covered: Decimal
    out_of_area_share: Decimal
    deductible: Decimal
    pooled: Decimal
    pooled_inpatient: Decimal
    patient_share: Decimal
    steps: tuple[Step, ...]
    usage: tuple[UsageChange, ...]
    warnings: tuple[v.RefusalReason, ...]
