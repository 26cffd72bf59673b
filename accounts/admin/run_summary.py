"""What the check of a credit run found: by kind of member, by fund, beside last month, as tables and as a file."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import CreditRun
from accounts.models.runs import ExceptionReason
from agency.admin import column
from agency.admin.formats import month, number, yuan
from agency.admin.panels import Table, TablesPanel
from policies.engine.vocabulary import CreditComponent, CreditFund, Employment, InsuredStatus
from policies.labels import label

Line = dict[str, Any]
ZERO = Decimal("0.00")


def total(lines: Iterable[Line]) -> Decimal:
    """Yuan of some lines together."""
    return sum((Decimal(line["amount"]) for line in lines), ZERO)


def kinds() -> list[tuple[str, Callable[[Line], bool]]]:
    """The kinds of members that a run tells apart, each by its lines; civil servants are counted again."""

    def is_personal(line: Line) -> bool:
        return bool(line["component"] == CreditComponent.PERSONAL)

    def active_as(employment: Employment) -> Callable[[Line], bool]:
        return lambda line: (
            is_personal(line) and line["status"] == InsuredStatus.ACTIVE and line["employment"] == employment
        )

    return [
        (_("active employees"), active_as(Employment.EMPLOYEE)),
        (_("active, flexible"), active_as(Employment.FLEXIBLE)),
        (_("retired"), lambda line: is_personal(line) and line["status"] == InsuredStatus.RETIRED),
        (_("civil servants' subsidy"), lambda line: line["component"] == CreditComponent.CIVIL_SERVANT),
    ]


def compared(run: CreditRun) -> list[list[Any]]:
    """A row per kind of member: members and yuan of this month, of last month, and the difference in yuan."""
    lines = run.summary.get("lines", [])
    now = [line for line in lines if not line["earlier_months"] and not line.get("in_advance")]
    before = run.summary.get("last_month", [])
    rows: list[list[Any]] = []
    for name, belongs in kinds():
        here, there = [line for line in now if belongs(line)], [line for line in before if belongs(line)]
        counts = [sum(line["credits"] for line in lines) for lines in (here, there)]
        if any(counts):
            rows.append([name, counts[0], total(here), counts[1], total(there), total(here) - total(there)])
    return rows


class SummaryPanel(TablesPanel):
    """What the run would post, and how many members cannot be credited."""

    name = "summary"
    title = gettext_lazy("What the check found")
    tab = False

    def is_shown(self) -> bool:
        return bool(self.obj.summary)

    def tables(self) -> list[Table]:
        """In all, kinds beside last month, funds, every kind of credit, then reasons and what is above entitlement."""
        return [
            *in_all(self.obj),
            self._kinds(),
            self._funds(),
            self._credits(),
            self._reasons(),
            *self._above(),
        ]

    def _kinds(self) -> Table:
        columns = (
            column.heading(_("Members")),
            column.heading(_("Members, this month"), is_figure=True),
            column.heading(_("Yuan, this month"), is_figure=True),
            column.heading(_("Members, last month"), is_figure=True),
            column.heading(_("Yuan, last month"), is_figure=True),
            column.heading(_("Difference, yuan"), is_figure=True),
        )
        rows = [
            [name, number(here), yuan(amount), number(there), yuan(before), yuan(difference)]
            for name, here, amount, there, before, difference in compared(self.obj)
        ]
        return Table(columns, rows, _("By kind of member"), _("Nobody is credited for the month itself."))

    def _funds(self) -> Table:
        columns = (column.heading(_("Paid from")), column.heading(_("Yuan"), is_figure=True))
        lines = self.obj.summary.get("lines", [])
        rows = [
            [label(fund, CreditFund), yuan(total(line for line in lines if line["fund"] == fund))]
            for fund in sorted({line["fund"] for line in lines})
        ]
        return Table(columns, rows, _("By fund"), _("Nothing would be posted."))

    def _credits(self) -> Table:
        columns = (
            column.heading(_("Members")),
            column.heading(_("Component")),
            column.heading(_("Paid from")),
            column.heading(_("For")),
            column.heading(_("Number of credits"), is_figure=True),
            column.heading(_("Yuan"), is_figure=True),
        )
        lines = self.obj.summary.get("lines", [])
        rows = [[*names, number(count), yuan(amount)] for *names, count, amount in credit_rows(self.obj)]
        foot = [_("Together"), "", "", "", number(sum(line["credits"] for line in lines)), yuan(total(lines))]
        return Table(columns, rows, _("Credits"), _("Nothing would be posted."), foot if lines else [])

    def _reasons(self) -> Table:
        columns = (column.heading(_("Reason")), column.heading(_("Number of members"), is_figure=True))
        counted = self.obj.summary.get("exceptions", {})
        rows = [[ExceptionReason(reason).label, number(count)] for reason, count in counted.items()]
        return Table(columns, rows, _("Members not creditable"), _("Every member can be credited."))

    def _above(self) -> list[Table]:
        counted = self.obj.summary.get("above_entitlement", {"credits": 0})
        if not counted["credits"]:
            return []
        columns = (
            column.heading(_("Found")),
            column.heading(_("Number of credits"), is_figure=True),
            column.heading(_("Yuan too much"), is_figure=True),
        )
        rows = [[_("credited above entitlement"), number(counted["credits"]), yuan(counted["amount"])]]
        return [Table(columns, rows, _("Above entitlement: posting lists these for a decision"))]


def in_all(run: CreditRun) -> list[Table]:
    """What is posted to open accounts and paid out after closings, with the sum; nothing before the check."""
    if not run.summary:
        return []
    lines = run.summary.get("lines", [])
    late = run.summary.get("after_closings", {"credits": 0, "amount": "0.00"})
    count, amount = sum(line["credits"] for line in lines), total(lines)
    columns = (
        column.heading(_("Goes to")),
        column.heading(_("Number of credits"), is_figure=True),
        column.heading(_("Yuan"), is_figure=True),
    )
    rows = [[_("open accounts"), number(count), yuan(amount)]]
    if late["credits"]:
        rows.append([_("whoever got a closed account's balance"), number(late["credits"]), yuan(late["amount"])])
    foot = [_("Together"), number(count + late["credits"]), yuan(amount + Decimal(late["amount"]))]
    return [Table(columns, rows, _("In all"), foot=foot)]


def _months_of(line: dict[str, Any], run: CreditRun) -> str:
    if line.get("in_advance"):
        return _("later months of the year, in advance")
    return _("earlier months") if line["earlier_months"] else month(run.month)


def credit_rows(run: CreditRun) -> list[list[Any]]:
    """Every kind of credit in words: members, component, fund, month, count, yuan."""
    return [
        [
            f"{label(line['employment'], Employment)} · {label(line['status'], InsuredStatus)}",
            label(line["component"], CreditComponent),
            label(line["fund"], CreditFund),
            _months_of(line, run),
            line["credits"],
            line["amount"],
        ]
        for line in run.summary.get("lines", [])
    ]
