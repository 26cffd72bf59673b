"""Tables for a terminal, in which a Chinese character is two columns wide."""

import unicodedata
from collections.abc import Iterable, Sequence

from django.utils.translation import override

from desk.selectors import RegionSummary
from policies.engine.vocabulary import RefusalReason
from policies.labels import label


def width(text: str) -> int:
    """The columns that a terminal uses for the text."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def aligned(rows: Sequence[Sequence[str]], figures: Iterable[int] = ()) -> list[str]:
    """The rows as lines, cells padded to their column's width; columns of figures stand to the right."""
    right = set(figures)
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = []
        for position, cell in enumerate(row):
            padding = " " * (widths[position] - width(cell))
            cells.append(padding + cell if position in right else cell + padding)
        lines.append("  ".join(cells).rstrip())
    return lines


def summary_lines(summaries: Sequence[RegionSummary]) -> list[str]:
    """The regions' months as a table, then why claims were refused."""
    head = ("region", "members", "accounts credited", "yuan credited", "claims paid", "yuan paid", "refused")
    rows = [
        (
            f"{each.region.name} {each.region.name_en}",
            str(each.members),
            str(each.accounts_credited),
            f"{each.yuan_credited:,.2f}",
            str(each.claims_paid),
            f"{each.yuan_paid:,.2f}",
            str(sum(each.refusals.values())),
        )
        for each in summaries
    ]
    return [*aligned([head, *rows], figures=range(1, len(head))), "", *_refusal_lines(summaries)]


def _refusal_lines(summaries: Sequence[RegionSummary]) -> list[str]:
    with override("en"):
        rows = [
            (f"{each.region.name} {each.region.name_en}", label(reason, RefusalReason), str(count))
            for each in summaries
            for reason, count in each.refusals.items()
        ]
    return aligned([("region", "refused because", "claims"), *rows], figures=[2])
