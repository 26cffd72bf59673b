"""What members used of their benefits in a year, read, and moved in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from claims.models import BenefitUsage, Claim
from policies.engine.outcome import UsageChange

ZERO = Decimal("0.00")
AMOUNTS = ("deductible", "covered", "paid", "counted")


@dataclass(slots=True)
class Year:
    """The accumulators of a member's year by month, scope and key; those that were moved are written at the end."""

    rows: dict[tuple[int, str, str], BenefitUsage] = field(default_factory=dict)
    moved: dict[tuple[int, str, str], BenefitUsage] = field(default_factory=dict)

    def move(self, member_id: int, day: date, changes: Iterable[UsageChange]) -> None:
        """Add what a settlement used in the day's month."""
        for change in changes:
            place = (day.month, change.scope, change.key)
            row = self.rows.get(place)
            if row is None:
                row = self.rows[place] = BenefitUsage(
                    member_id=member_id,
                    year=day.year,
                    month=day.month,
                    scope=change.scope,
                    key=change.key,
                    **dict.fromkeys(AMOUNTS, ZERO),
                )
            for name in AMOUNTS:
                setattr(row, name, getattr(row, name) + getattr(change, name))
            self.moved[place] = row


def years_of(claims: Sequence[Claim], *, locks: bool) -> dict[tuple[int, int], Year]:
    """What the claims' members used in the years of service, by member's id and year; locked until the transaction ends
    where `locks` is true.
    """
    years = {(claim.member_id, claim.served_on.year): Year() for claim in claims}
    rows = BenefitUsage.objects.filter(
        member__in={member for member, _year in years}, year__in={year for _member, year in years}
    )
    if locks:
        rows = rows.select_for_update()
    for row in rows.order_by("pk"):
        year = years.get((row.member_id, row.year))
        if year is not None:
            year.rows[row.month, row.scope, row.key] = row
    return years
