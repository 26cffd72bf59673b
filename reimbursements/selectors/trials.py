"""A trial calculation (试算) as a reimbursement keeps it, and read back."""

from decimal import Decimal
from typing import Any

from django.db.models import DecimalField

from claims.models import Claim, Settlement
from policies.engine.citation import Citation
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import RefusalReason

_AMOUNTS = tuple(field.name for field in Settlement._meta.concrete_fields if isinstance(field, DecimalField))


def kept(outcome: Settlement | Refusal) -> dict[str, Any]:
    """The trial as JSON; amounts, in yuan, as text, so that no reader turns them into floats."""
    if isinstance(outcome, Refusal):
        return {"refused": outcome.reason.value, "citation": list(outcome.citation) if outcome.citation else None}
    return {
        "version": outcome.version_id,
        "amounts": {name: f"{getattr(outcome, name):.2f}" for name in _AMOUNTS},
        "warnings": list(outcome.warnings),
        "steps": list(outcome.steps),
    }


def read_back(claim: Claim, calculation: dict[str, Any]) -> Settlement | Refusal:
    """What `kept` wrote: a settlement that is not saved, or a refusal."""
    if "refused" in calculation:
        citation = calculation["citation"]
        return Refusal(RefusalReason(calculation["refused"]), Citation(*citation) if citation else None)
    return Settlement(
        claim=claim,
        member_id=claim.member_id,
        version_id=calculation["version"],
        served_on=claim.served_on,
        warnings=calculation["warnings"],
        steps=calculation["steps"],
        **{name: Decimal(text) for name, text in calculation["amounts"].items()},
    )
