"""What a page opens with: the answers to what people ask most, on a day of their choice, each leading to its rows.

A page lists functions `(request, row, day)` that make cards; rooms above add theirs by declaring `page_cards`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localdate

from agency.admin.column import Text

_WIDTH, _HEIGHT = 120, 28
CardMaker = Callable[[HttpRequest, Any, date], Iterable["Card"]]


@dataclass(frozen=True, slots=True)
class Meter:
    """How much of something is used, both yuan ≥ 0. Without a limit `note` says why there is none."""

    title: Text
    used: Decimal
    limit: Decimal | None
    note: Text = ""

    @property
    def percent(self) -> int:
        """Of the limit, at most 100; a limit of nothing is reached."""
        if self.limit is None:
            return 0
        return 100 if self.used >= self.limit else int(self.used * 100 / self.limit)

    @property
    def figures(self) -> str:
        return f"{self.used:,.2f}" if self.limit is None else f"{self.used:,.2f} / {self.limit:,.2f}"


@dataclass(frozen=True, slots=True)
class Card:
    """One answer; the lowest place stands first.

    `address` leads to the rows that it sums up; `tone` is good, attention, or bad for the person.

    `course`: amounts over time, the oldest first, drawn as a line; `course_label` says what it shows.
    """

    title: Text
    headline: Text = ""
    facts: Sequence[Text] = ()
    tone: str = ""
    address: str = ""
    meters: Sequence[Meter] = ()
    course: Sequence[Decimal] = ()
    course_label: Text = ""
    place: int = 50

    @property
    def points(self) -> str:
        """The line's corners in a drawing of 120 by 28; it starts at nothing, so that its height can be read."""
        if len(self.course) < 2:
            return ""
        top = max(*self.course, Decimal(1))
        step = Decimal(_WIDTH) / (len(self.course) - 1)
        return " ".join(
            f"{step * place:.1f},{_HEIGHT - 1 - amount * (_HEIGHT - 2) / top:.1f}"
            for place, amount in enumerate(self.course)
        )


@dataclass(frozen=True, slots=True)
class Overview:
    """The cards of a row on a day. `wrong` is what was asked for instead of a day."""

    day: date
    cards: list[Card] = field(default_factory=list)
    wrong: str = ""

    @property
    def is_today(self) -> bool:
        return self.day == localdate()


def overview_of(makers: Iterable[CardMaker], request: HttpRequest, row: Any) -> Overview:
    """On the day that the address asks for (`on`), or today."""
    asked = request.GET.get("on", "")
    try:
        day = date.fromisoformat(asked) if asked else localdate()
        wrong = ""
    except ValueError:
        day, wrong = localdate(), asked[:20]
    cards = (card for make in makers for card in make(request, row, day))
    return Overview(day, sorted(cards, key=lambda card: card.place), wrong)
