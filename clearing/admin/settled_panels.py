"""What a file of direct settlements came to: its progress, its differences and its wrong rows; and a record's sides."""

from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.formats import NOTHING, badge, listed, yuan
from agency.admin.jobs import UNFINISHED, ProgressPanel
from agency.admin.panels import Panel, RowsPanel, Table, TablesPanel
from claims.admin.panels import reads_steps
from claims.models import Settlement
from claims.selectors.explanations import explain, explained_warnings
from clearing.models import SettledFile, SettledRecord
from clearing.selectors.file_rows import COLUMNS, LINE, LINE_COLUMNS, SETTLEMENT_COLUMNS, Problem, Row
from clearing.selectors.settled_files import Compared, compared, differences_of, problems_page
from clearing.selectors.settled_sides import Side
from policies.selectors.instruments import clauses_of

PERMISSION = "clearing.view_settledrecord"
AMOUNTS = {
    "total": gettext_lazy("total of the bill"),
    "self_paid": gettext_lazy("self-paid"),
    "over_limit": gettext_lazy("above the price limit"),
    "upfront_share": gettext_lazy("upfront share"),
    "covered": gettext_lazy("policy-covered amount"),
    "deductible": gettext_lazy("deductible"),
    "fund": gettext_lazy("pooled payment"),
    "account": gettext_lazy("from the personal account"),
    "family_account": gettext_lazy("from a relative's account"),
    "cash": gettext_lazy("cash"),
}


def column_name(name: str) -> str:
    """A column by both names under which the clerk may find it in the file."""
    return f"{COLUMNS[name].label} {name}" if name in COLUMNS else name


def wrong_amounts(comparison: Compared) -> str:
    """The amounts that do not agree."""
    return listed(AMOUNTS[name] for name in comparison.wrong)


class FilePanel(Panel):
    """How far the file's job is, and what its records came to."""

    name = "progress"
    title = gettext_lazy("Settling")
    tab = False
    template = "agency/panels/progress.html"

    def is_running(self) -> bool:
        """Until its job is done or has failed."""
        return self.obj.job.state in UNFINISHED

    def context(self) -> dict[str, Any]:
        return ProgressPanel(self.admin, self.request, self.obj.job).context()


class _Differences:
    """The records that differ, each with both sides, read a page at a time."""

    def __init__(self, file: SettledFile) -> None:
        self.file = file

    def __getitem__(self, window: slice) -> list[Compared]:
        return compared(list(differences_of(self.file)[window]))


def _ours(side: Side) -> Any:
    return NOTHING if side.ours is None else yuan(side.ours)


def review_state(record: SettledRecord) -> Any:
    """Whether somebody looked at the difference, and what they found."""
    return review_in_words(record.reviewed_by, record.finding)


def review_in_words(by: Any, finding: str) -> Any:
    """by: the person, or their name; None where nobody looked at it."""
    return badge(_("to be reviewed"), "warning") if by is None else f"{by}: {finding}"


class DifferencesPanel(RowsPanel):
    """Where the provider's result is not ours."""

    name = "differences"
    title = gettext_lazy("Differences from what was reported")
    tab = False
    permission = PERMISSION
    empty = gettext_lazy("Nothing differs from what was reported.")
    columns = (
        column.text("record__line", gettext_lazy("Line"), is_figure=True),
        column.link("record", gettext_lazy("Claim")),
        column.text("record__member_number", gettext_lazy("Member number")),
        column.yuan(lambda each: each.side("fund").reported, gettext_lazy("Fund, as reported")),
        column.text(lambda each: _ours(each.side("fund")), gettext_lazy("Fund, as we calculate"), is_figure=True),
        column.yuan(lambda each: each.side("cash").reported, gettext_lazy("Cash, as reported")),
        column.text(lambda each: _ours(each.side("cash")), gettext_lazy("Cash, as we calculate"), is_figure=True),
        column.text(wrong_amounts, gettext_lazy("What differs")),
        column.text(lambda each: review_state(each.record), gettext_lazy("Review")),
    )

    def rows(self) -> Any:
        """In the order of the file."""
        return _Differences(self.obj)


class _Problems:
    """The wrong rows, read a page at a time."""

    def __init__(self, file: SettledFile) -> None:
        self.file = file

    def __getitem__(self, window: slice) -> list[Problem]:
        return problems_page(self.file, window.start, window.stop)


class ProblemsPanel(RowsPanel):
    """Every row that is wrong, and claims that the rules do not decide."""

    name = "problems"
    title = gettext_lazy("Wrong rows")
    tab = False
    permission = PERMISSION
    empty = gettext_lazy("Every row is right.")
    columns = (
        column.text("line", gettext_lazy("Line"), is_figure=True),
        column.text(lambda problem: column_name(problem.column) or NOTHING, gettext_lazy("Column")),
        column.text("reason", gettext_lazy("What is wrong")),
    )

    def rows(self) -> Any:
        """In the order of the file."""
        return _Problems(self.obj)


class SidesPanel(TablesPanel):
    """The provider's amounts beside ours, how ours came about, and what the file says."""

    name = "sides"
    title = gettext_lazy("Both calculations")
    tab = False
    permission = PERMISSION

    def tables(self) -> list[Table]:
        """Amounts, steps, rows; problems where there are any."""
        record: SettledRecord = self.obj
        comparison = compared([record])[0] if record.claim_id else None
        return [
            *(self._sides(comparison) if comparison else []),
            *([self._problems(record)] if record.problems else []),
            *(self._rows(record) if record.rows else []),
        ]

    def _sides(self, comparison: Compared) -> list[Table]:
        columns = (
            column.text(lambda side: AMOUNTS[side.name], _("Amount, yuan")),
            column.yuan("reported", _("As reported")),
            column.text(_ours, _("As we calculate"), is_figure=True),
            column.text(lambda side: badge(_("differs"), "danger") if side.differs else NOTHING, _("Comparison")),
        )
        amounts = Table.of(comparison.sides, columns, caption=_("Side by side"))
        if comparison.settlement is not None:
            return [amounts, *_warned(comparison.settlement), reads_steps(explain(comparison.settlement))]
        return [amounts, *_refused(comparison.record)]

    def _problems(self, record: SettledRecord) -> Table:
        return Table.of([Problem(*each) for each in record.problems], ProblemsPanel.columns, caption=_("What is wrong"))

    def _rows(self, record: SettledRecord) -> list[Table]:
        """What its rows repeat, from the first of them, then what each says of its line."""
        head = record.rows[0]
        fields = (column.text(column_name, _("Column")), column.text(lambda name: head[name], _("Cell")))
        named = [name for name in SETTLEMENT_COLUMNS if name in head]
        names = [name for name in LINE_COLUMNS if any(name in row for row in record.rows)]
        lines = [
            column.text(lambda row: row[LINE], _("Line"), is_figure=True),
            *(column.text(partial(_cell, name), column_name(name)) for name in names),
        ]
        return [
            Table.of(named, fields, caption=_("Settlement, as it stands in the file")),
            Table.of(record.rows, lines, caption=_("Lines, as they stand in the file")),
        ]


def _cell(name: str, row: Row) -> str:
    return str(row.get(name, NOTHING))


def _warned(settlement: Settlement) -> list[Table]:
    warnings = explained_warnings(settlement)
    if not warnings:
        return []
    return [Table.of(warnings, [column.heading(_("Warning"))])]


def _refused(record: SettledRecord) -> list[Table]:
    """Why we pay nothing, with the article; nothing for a claim that is not refused."""
    claim = record.claim
    if claim is None or not claim.refusal_reason:
        return []
    place = (claim.refusal_instrument, claim.refusal_article)
    clause = clauses_of(claim.region_id, [place[0]]).get(place, "") if place[0] else ""
    columns = (
        column.text("refusal_reason", _("We pay nothing because")),
        column.text(lambda each: " ".join(place).strip() or NOTHING, _("Article")),
        column.text(lambda each: clause or NOTHING, _("Clause")),
    )
    return [Table.of([claim], columns)]
