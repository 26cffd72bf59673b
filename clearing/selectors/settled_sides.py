"""What a provider reported of a settlement beside what we calculate."""

from decimal import Decimal
from typing import NamedTuple

from claims.models import Settlement
from clearing.selectors.file_rows import Reported

ZERO = Decimal("0.00")
# Amounts that must agree. The deductible is shown and not compared: where it matters, the payment differs, too.
COMPARED = ("self_paid", "over_limit", "upfront_share", "fund", "account", "family_account", "cash")
PAID_FOR_THE_PATIENT = ("fund", "account", "family_account")
SHOWN = ("total", *COMPARED[:3], "covered", "deductible", *COMPARED[3:])


class Side(NamedTuple):
    """One amount on both sides, yuan; None where we calculate none. `differs`: it must agree, and does not."""

    name: str
    reported: Decimal
    ours: Decimal | None
    differs: bool


def our_amount(settlement: Settlement, name: str) -> Decimal:
    """An amount of a settlement by its name on both sides; `fund` is all that the pooled fund pays."""
    if name == "fund":
        return settlement.pooled + settlement.pooled_inpatient
    amount: Decimal = getattr(settlement, name)
    return amount


def differing(reported: Reported, ours: Settlement | None) -> list[str]:
    """The names of the amounts that must agree and do not. ours: None where we pay nothing, which differs from whatever
    the fund or an account has paid at the counter.
    """
    if ours is None:
        return [name for name in PAID_FOR_THE_PATIENT if getattr(reported, name)]
    return [name for name in COMPARED if getattr(reported, name) != our_amount(ours, name)]


def sides_of(reported: Reported, ours: Settlement | None) -> list[Side]:
    """Every amount that is shown, in the order of the calculation."""
    wrong = differing(reported, ours)
    return [
        Side(name, getattr(reported, name), None if ours is None else our_amount(ours, name), name in wrong)
        for name in SHOWN
    ]
