"""Yuan to the fen."""

from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal("0.00")
CENT = Decimal("0.01")


def to_fen(amount: Decimal) -> Decimal:
    """An exact amount rounded to two decimals, half up (docs/interpretations/0001)."""
    return amount.quantize(CENT, ROUND_HALF_UP)
