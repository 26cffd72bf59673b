"""What a range of members comes to on both sides: sums that add up over ranges, yuan as text in the stored form.

`dimensions` has for each way to sort claims and each of its values: claims, the bills' total, what the fund paid
before and after, and how many claims are paid more and less. `limits` has by benefit and side what the deductible took,
and how many members got past it; how many payments a ceiling cut short, and of how many members. `people` has by the
bounds of `BOUNDS` how many members' payments changed by how much. `check` compares the law in force with what was
settled.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from heapq import nsmallest
from typing import Any

from policies.engine.outcome import Outcome, Refusal
from simulation.selectors.visits import Settled
from simulation.services.replay import Replayed, Result

ZERO = Decimal("0.00")
DIMENSIONS = ("benefit", "tier", "status", "scheme", "grade", "month")
CELL = ("claims", "total", "before", "after", "gaining", "losing")
# Yuan by which a member is paid less (below zero) or more; between two bounds the upper one belongs to the group.
BOUNDS = tuple(map(Decimal, ("-5000", "-1000", "-500", "-100", "-0.01", "0", "100", "500", "1000", "5000")))
LARGEST = 50
# So many claims that the law in force calculates otherwise than settled are named.
NAMED = 20
SIDES = ("before", "after")
# What both sides calculate alike is looked at once and counts for either.
_BOTH = "both"
LIMITS = ("deductible", "past_deductible", "cut", "at_ceiling")
_PAST_DEDUCTIBLE, _AT_CEILING = LIMITS.index("past_deductible"), LIMITS.index("at_ceiling")

Cell = list[Any]


def paid(result: Result) -> Decimal:
    """What the fund pays, yuan; nothing where it refuses, or where nobody can calculate."""
    return result.pooled + result.pooled_inpatient if isinstance(result, Outcome) else ZERO


def _reaches(result: Outcome) -> tuple[bool, bool]:
    """Whether a visit got past the deductible, and whether a ceiling cut its payment short."""
    above = result.covered - result.out_of_area_share - result.deductible
    if above <= ZERO:
        return False, False
    # What payments stand for is less than what lies above the deductible only where a ceiling cut them short; where no
    # scope counts what was paid, there is none.
    counts, most = not result.pooled, ZERO
    for change in result.usage:
        if change.paid:
            counts = True
        most = max(most, change.counted)
    return True, counts and most < above


class Tally:
    """Sums over members. Only visits in the months that are simulated count; `check` looks at all."""

    def __init__(self, *, compares_with_settled: bool) -> None:
        """compares_with_settled: whether the side before is the law in force."""
        self.compares_with_settled = compares_with_settled
        self.cells: dict[tuple[Any, ...], Cell] = {}
        self.limits: dict[str, dict[str, Cell]] = {}
        self.people: dict[int, Cell] = {}
        self.refusals: dict[str, Counter[str]] = {side: Counter() for side in SIDES}
        self.largest: list[tuple[Decimal, int, int, str, str]] = []
        self.looked_at = self.differing = self.members = 0
        self.settled = self.calculated = ZERO
        self.named: list[int] = []

    def add(self, replayed: Sequence[Replayed], first_month: Any, after_last: Any) -> None:
        """One member's visits. first_month, after_last: a visit counts from the one day until before the other."""
        change, counts = ZERO, False
        reached: set[tuple[str, str, int]] = set()
        for settled, before, after in replayed:
            if self.compares_with_settled:
                self._check(settled, before)
            visit = settled.visit
            if first_month <= visit.served_on < after_last:
                counts = True
                if after is before:
                    self._count(settled, before, after)
                    self._look_at_limits(visit.benefit, _BOTH, before, reached)
                else:
                    change += self._count(settled, before, after)
                    self._look_at_limits(visit.benefit, "before", before, reached)
                    self._look_at_limits(visit.benefit, "after", after, reached)
        if counts:
            self.members += 1
            group = self.people.setdefault(bisect_left(BOUNDS, change), [0, ZERO])
            group[0] += 1
            group[1] += change
        # Whoever gets there by one visit that both sides calculate alike and by another counts once.
        for side in SIDES:
            for benefit, what in {(benefit, what) for benefit, where, what in reached if where in (side, _BOTH)}:
                self._limits_of(benefit, side)[what] += 1

    def _check(self, settled: Settled, before: Result) -> None:
        amounts = settled.amounts
        self.looked_at += 1
        self.settled += amounts[7] + amounts[8]
        self.calculated += paid(before)
        if not isinstance(before, Outcome) or before[:10] != amounts:
            self.differing += 1
            if len(self.named) < NAMED:
                self.named.append(settled.claim_id)

    def _count(self, settled: Settled, one: Result, other: Result) -> Decimal:
        """Put a visit into its cell; returns by how much what the fund pays changes."""
        visit, person = settled.visit, settled.person
        key = (
            visit.benefit,
            visit.tier,
            person.status,
            person.scheme,
            settled.agreed.grade,
            (visit.served_on.year, visit.served_on.month),
        )
        cell = self.cells.get(key)
        if cell is None:
            cell = self.cells[key] = [0, ZERO, ZERO, ZERO, 0, 0]
        before = paid(one)
        after = before if other is one else paid(other)
        cell[0] += 1
        cell[1] += settled.amounts[0]
        cell[2] += before
        cell[3] += after
        change = after - before
        if change:
            cell[4 if change > 0 else 5] += 1
            self.largest.append((-abs(change), settled.claim_id, settled.member_id, str(before), str(after)))
            if len(self.largest) > 20 * LARGEST:
                self.largest = nsmallest(LARGEST, self.largest)
        return change

    def _limits_of(self, benefit: str, side: str) -> Cell:
        sides = self.limits.get(benefit)
        if sides is None:
            sides = self.limits[benefit] = {each: [ZERO, 0, 0, 0] for each in (*SIDES, _BOTH)}
        return sides[side]

    def _look_at_limits(self, benefit: str, side: str, result: Result, reached: set[tuple[str, str, int]]) -> None:
        """reached: what the member got to, as benefit, side and place in `LIMITS`."""
        if not isinstance(result, Outcome):
            reason = result.reason if isinstance(result, Refusal) else f"fault:{result}"
            for each in SIDES if side == _BOTH else (side,):
                self.refusals[each][reason] += 1
            return
        limits = self._limits_of(benefit, side)
        limits[0] += result.deductible
        is_past, is_cut = _reaches(result)
        if is_past:
            reached.add((benefit, side, _PAST_DEDUCTIBLE))
        if is_cut:
            limits[2] += 1
            reached.add((benefit, side, _AT_CEILING))

    def stored(self) -> dict[str, Any]:
        """As it is kept, and added up with other ranges."""
        dimensions: dict[str, dict[str, Cell]] = {name: {} for name in DIMENSIONS}
        for key, cell in self.cells.items():
            for name, value in zip(DIMENSIONS, key, strict=True):
                of_value = dimensions[name].setdefault(_written(value), [0, ZERO, ZERO, ZERO, 0, 0])
                dimensions[name][_written(value)] = [a + b for a, b in zip(of_value, cell, strict=True)]
        return {
            "members": self.members,
            "dimensions": {name: _as_text(values) for name, values in dimensions.items()},
            "limits": {str(benefit): _as_text(_by_side(sides)) for benefit, sides in self.limits.items()},
            "people": _as_text({str(place): group for place, group in self.people.items()}),
            "refusals": {side: dict(reasons) for side, reasons in self.refusals.items()},
            "largest": [[str(change), *rest] for change, *rest in nsmallest(LARGEST, self.largest)],
            "check": {
                "visits": self.looked_at,
                "differing": self.differing,
                "settled": str(self.settled),
                "calculated": str(self.calculated),
                "claims": self.named,
            },
        }


def _by_side(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """With what counts for both sides in either."""
    return {side: [a + b for a, b in zip(cells[side], cells[_BOTH], strict=True)] for side in SIDES}


def _written(value: Any) -> str:
    """A value of a dimension: an identifier, a month as "2024-03", "" where there is none."""
    if isinstance(value, tuple):
        return f"{value[0]}-{value[1]:02d}"
    return str(value or "")


def _as_text(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    return {key: [str(each) if isinstance(each, Decimal) else each for each in cell] for key, cell in cells.items()}


def added_up(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The sums of all ranges as one, in the same form."""
    total: dict[str, Any] = {}
    largest: list[list[Any]] = []
    for part in parts:
        largest = nsmallest(LARGEST, [*largest, *part.get("largest", [])], key=lambda row: (Decimal(row[0]), row[1]))
        _add(total, part)
    total["largest"] = largest
    check = total.get("check")
    if check:
        check["claims"] = check["claims"][:NAMED]
    return total


def _add(total: dict[str, Any], part: Mapping[str, Any]) -> None:
    """Counts and amounts are added, mappings key by key, lists of ids joined."""
    for key, value in part.items():
        if key == "largest":
            continue
        if isinstance(value, Mapping):
            _add(total.setdefault(key, {}), value)
        elif key not in total:
            total[key] = list(value) if isinstance(value, list) else value
        elif key == "claims":
            total[key] = [*total[key], *value]
        else:
            total[key] = _sum(total[key], value)


def _sum(one: Any, other: Any) -> Any:
    if isinstance(one, list):
        return [_sum(a, b) for a, b in zip(one, other, strict=True)]
    return str(Decimal(one) + Decimal(other)) if isinstance(one, str) else one + other
