"""A settlement's steps, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.models import Settlement
from policies.engine.outcome import BAND_NOTE, StepCode
from policies.engine.vocabulary import CeilingPeriod, ItemKind, OutOfAreaKind, RateGround, RefusalReason
from policies.labels import LABELS
from policies.selectors.instruments import clauses_of

STEP_LABELS: dict[StepCode, Promise] = {
    StepCode.TOTAL: _("Total of the bill"),
    StepCode.SELF_PAID: _("Self-paid: outside the lists (category C)"),
    StepCode.EXCLUDED: _("Self-paid: left out of this benefit"),
    StepCode.OVER_LIMIT: _("Above the price limit"),
    StepCode.UPFRONT_SHARE: _("Upfront share of category B"),
    StepCode.COVERED: _("Policy-covered amount"),
    StepCode.OUT_OF_AREA_SHARE: _("Borne first outside the region"),
    StepCode.DEDUCTIBLE: _("Deductible due now"),
    StepCode.REIMBURSEMENT: _("Reimbursement above the deductible"),
    StepCode.RATE_ADDITION: _("Points added to the rate"),
    StepCode.CEILING: _("What is left under the ceiling"),
    StepCode.POOLED_PAYMENT: _("Pooled payment"),
    StepCode.BEYOND_CEILING: _("Beyond the ceiling, on inpatient terms"),
    StepCode.BEYOND_CEILING_UNSET: _("Beyond the ceiling: inpatient terms not configured"),
    StepCode.PATIENT_SHARE: _("Patient's share"),
}

# Steps whose parameter is a fraction; the others have yuan.
_FRACTIONS = {
    StepCode.UPFRONT_SHARE,
    StepCode.OUT_OF_AREA_SHARE,
    StepCode.REIMBURSEMENT,
    StepCode.RATE_ADDITION,
    StepCode.BEYOND_CEILING,
}
_NOTES: dict[str, Promise] = {
    term.value: LABELS[term] for terms in (ItemKind, OutOfAreaKind, CeilingPeriod, RateGround) for term in terms
}


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One row of the explanation. `parameter` is "60 %" or "200.00", empty where the step has none."""

    label: str
    amount_in: Decimal
    parameter: str
    amount_out: Decimal
    instrument: str
    article: str
    phrase: str
    reading: str
    clause: str = ""


def percent(fraction: Decimal) -> str:
    """A fraction as a percentage without idle zeros: 0.0225 → "2.25 %"."""
    scaled = (fraction * 100).normalize()
    return f"{scaled:f} %"


def explain(settlement: Settlement) -> list[ExplainedStep]:
    """The settlement's steps in order, in the active language; with the clause where its document is loaded."""
    numbers = {step["instrument"] for step in settlement.steps if step["instrument"]}
    clauses = clauses_of(settlement.claim.region_id, numbers)
    return [_explained(step, clauses) for step in settlement.steps]


def _explained(step: dict[str, Any], clauses: Mapping[tuple[str, str], str]) -> ExplainedStep:
    code = StepCode(step["code"])
    label = str(STEP_LABELS[code])
    if step["note"]:
        label = f"{label} ({_in_words(step['note'])})"
    parameter = ""
    if step["parameter"] is not None:
        value = Decimal(step["parameter"])
        parameter = percent(value) if code in _FRACTIONS else f"{value:.2f}"
    return ExplainedStep(
        label=label,
        amount_in=Decimal(step["amount_in"]),
        parameter=parameter,
        amount_out=Decimal(step["amount_out"]),
        instrument=step["instrument"],
        article=step["article"],
        phrase=step["phrase"],
        reading=step["reading"],
        clause=clauses.get((step["instrument"], step["article"]), ""),
    )


def _in_words(note: str) -> str:
    if note.startswith(BAND_NOTE):
        amount = Decimal(note.removeprefix(BAND_NOTE))
        return _("above %(yuan)s yuan of the year's covered spending") % {"yuan": f"{amount:,}"}
    return str(_NOTES[note])


def explained_warnings(settlement: Settlement) -> list[str]:
    """What a person should look at although nothing was refused."""
    return [str(LABELS[RefusalReason(reason)]) for reason in settlement.warnings]
