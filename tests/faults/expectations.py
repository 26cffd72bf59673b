"""The towns of these tests, and what every member of theirs must have in the end, worked out by hand."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

FEBRUARY, MARCH = date(2023, 2, 1), date(2023, 3, 1)
FULL_CHUNK = 5_000


@dataclass(frozen=True)
class Town:
    """A region's people: the first `retired` of them are, the others pay contributions of the base, yuan.

    chunks, amount: what the run of March has to post, one entry a member. balances: how many accounts hold how much
    after it.
    """

    slug: str
    members: int
    retired: int
    base: str
    has_february: bool
    chunks: int
    amount: Decimal
    balances: dict[Decimal, int]


# Pingliang: a retiree gets 90.00 a month, an employee 2 % of the base: 5432.25 × 0.02 = 108.645, so 108.65.
# 8,000 × 90.00 + 8,000 × 108.65 = 720,000.00 + 869,200.00. With February it is 180.00 and 217.30 on each account.
# Chunks are of 5,000 members, so three full ones and one of 1,000.
LARGE = Town(
    slug="pingliang",
    members=16_000,
    retired=8_000,
    base="5432.25",
    has_february=True,
    chunks=4,
    amount=Decimal("1589200.00"),
    balances={Decimal("180.00"): 8_000, Decimal("217.30"): 8_000},
)
# Zaozhuang: an employee gets 2.25 % of the base: 6000.00 × 0.0225 = 135.00; twenty times that is 2,700.00.
SMALL = Town(
    slug="zaozhuang",
    members=20,
    retired=0,
    base="6000.00",
    has_february=False,
    chunks=1,
    amount=Decimal("2700.00"),
    balances={Decimal("135.00"): 20},
)
