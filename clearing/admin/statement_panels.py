"""What a provider's statement rests on: its lines and its deductions, on the page and as a file."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import LedgerEntry
from agency.admin import column
from agency.admin.actions import link_action
from agency.admin.formats import NOTHING, day, link
from agency.admin.panels import RowsPanel
from agency.admin.views import page_url, row_view
from claims.models import Settlement
from clearing.models import ProviderStatement
from clearing.selectors.statements import lines_of, settlements_of, signed, written_lines
from files.admin.downloads import csv_download

PERMISSION = "clearing.view_providerstatement"
Line = tuple[LedgerEntry, Settlement | None]


class _Lines:
    """The lines of a statement, read a page at a time."""

    def __init__(self, statement: ProviderStatement) -> None:
        self.statement = statement

    def __getitem__(self, window: slice) -> list[Line]:
        entries = [line.entry for line in lines_of(self.statement)[window]]
        settlements = settlements_of(entries)
        return [(entry, settlements.get(entry.cause)) for entry in entries]


def _what(entry: LedgerEntry) -> str:
    """The kind of the entry; of one that takes another back, that one's kind with it."""
    if entry.reverses is None:
        return entry.get_kind_display()
    return f"{entry.get_kind_display()}: {entry.reverses.get_kind_display()}"


def _bill(settlement: Settlement | None) -> Any:
    """What the settlement's bill adds, yuan; None beside claims."""
    if settlement is None:
        return None
    return settlement.total if settlement.reverses_id is None else -settlement.total


class LinesPanel(RowsPanel):
    """Entry by entry, in the order of posting."""

    name = "lines"
    title = gettext_lazy("Lines of the statement")
    tab = False
    permission = PERMISSION
    empty = gettext_lazy("No entry stands in this statement.")
    columns = (
        column.day(lambda line: line[0].posted_on, gettext_lazy("Posted on")),
        column.text(
            lambda line: link(page_url(line[1].claim), line[1].claim) if line[1] else NOTHING, gettext_lazy("Claim")
        ),
        column.text(lambda line: day(line[1].served_on) if line[1] else NOTHING, gettext_lazy("Served on")),
        column.yuan(lambda line: _bill(line[1]), gettext_lazy("Bill")),
        column.text(lambda line: _what(line[0]), gettext_lazy("Kind")),
        column.yuan(lambda line: signed(line[0]), gettext_lazy("Amount")),
    )

    def rows(self) -> Any:
        """In the order of posting."""
        return _Lines(self.obj)


class DeductionsPanel(RowsPanel):
    name = "deductions"
    title = gettext_lazy("Deductions by audit")
    tab = False
    permission = "clearing.view_auditdeduction"
    empty = gettext_lazy("Nothing is deducted.")
    columns = (
        column.serial("", gettext_lazy("Deduction")).leading(),
        column.text("kind"),
        column.link("claim"),
        column.text("finding"),
        column.day("found_on"),
        column.yuan("taken_off", gettext_lazy("Amount")),
    )

    def rows(self) -> Any:
        """In the order of noting."""
        return self.obj.deductions.select_related("claim").order_by("pk")


@row_view("lines.csv", name="lines_csv")
def lines_csv(page: Any, request: HttpRequest, statement: ProviderStatement) -> HttpResponseBase:
    headers = (
        _("Entry"),
        _("Posted on"),
        _("Claim"),
        _("Settlement"),
        _("Served on"),
        _("Bill"),
        _("Kind"),
        _("Amount"),
    )
    name = f"provider-{statement.provider_id}-{statement.month:%Y-%m}"
    return csv_download(name, headers, _cells(statement))


@link_action(gettext_lazy("Lines as CSV"), permission=PERMISSION, icon="download")
def download_lines(page: Any, request: HttpRequest, statement: ProviderStatement) -> str:
    return page_url(statement, "lines_csv")


def _cells(statement: ProviderStatement) -> Iterator[tuple[Any, ...]]:
    """A row per entry, and one per deduction as a negative amount."""
    for entry, settlement in written_lines(statement):
        about = (settlement.claim, settlement.pk, settlement.served_on) if settlement else (None, None, None)
        yield (entry.pk, entry.posted_on, *about, _bill(settlement), _what(entry), signed(entry))
    for row in statement.deductions.select_related("claim").order_by("pk"):
        kind = _("deducted from a provider's payment")
        yield (None, row.found_on, row.claim, None, None, None, kind, -row.taken_off)
