"""What a file holds: headings, and rows of plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, auto
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from django.utils.safestring import SafeString

NOTHING = "—"

Cell = Decimal | int | date | datetime | str | None


class Kind(Enum):
    """How a file shows a value: words; yuan; a fraction as a percentage; a count; a day; an instant; a month, given by
    its first day.
    """

    TEXT = auto()
    YUAN = auto()
    PERCENT = auto()
    NUMBER = auto()
    DAY = auto()
    INSTANT = auto()
    MONTH = auto()


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a file."""

    text: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to be written once. Rows are read while they are written, each a value by heading."""

    title: str
    headings: Sequence[Heading]
    rows: Iterable[Sequence[Cell]]


def plain(cell: Any) -> Cell:
    """What a screen writes as a file takes it: words without markup, numbers as numbers, None for nothing."""
    if cell is None or isinstance(cell, Decimal | date) or (isinstance(cell, int) and not isinstance(cell, bool)):
        return cell
    text = unescape(strip_tags(cell)).strip() if isinstance(cell, SafeString) else str(cell)
    return None if text in ("", NOTHING) else text
