"""A credit run's page: progress, what the check found, who cannot be credited, what was credited too much."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import RunState
from accounts.models.runs import ExceptionReason
from agency.admin.actions import page_url
from agency.admin.formats import link, month, number, yuan
from agency.admin.panels import Column, Panel, RowsPanel, Table, TablesPanel
from policies.engine.vocabulary import CreditComponent, CreditFund, Employment, InsuredStatus
from policies.labels import label


class PostingPanel(Panel):
    """How far the posting is, and what it came to."""

    name = "posting"
    title = gettext_lazy("Posting")
    tab = False
    template = "agency/panels/progress.html"

    def is_shown(self) -> bool:
        """Once it was approved."""
        return self.thing.state in (RunState.POSTING, RunState.POSTED)

    def is_running(self) -> bool:
        """While workers post."""
        return self.thing.state == RunState.POSTING

    def context(self) -> dict[str, Any]:
        """Parts done of all, entries and yuan."""
        run, job = self.thing, self.thing.job
        done, total = (job.done, job.total) if job else (0, 0)
        return {
            "state": run.get_state_display(),
            "counted": _("%(done)s of %(total)s parts") % {"done": done, "total": total},
            "percent": 100 if run.state == RunState.POSTED else (job.percent if job else 0),
            "tables": [self._outcome()] if run.state == RunState.POSTED else [],
        }

    def _outcome(self) -> Table:
        columns = (
            Column(_("Entries posted"), str, is_figure=True),
            Column(_("Yuan posted"), str, is_figure=True),
        )
        return Table(columns, [[number(self.thing.entry_count), yuan(self.thing.amount)]])


class SummaryPanel(TablesPanel):
    """What the run would post, and how many members cannot be credited."""

    name = "summary"
    title = gettext_lazy("What the check found")
    tab = False

    def is_shown(self) -> bool:
        """Once it was checked."""
        return bool(self.thing.summary)

    def tables(self) -> list[Table]:
        """Credits by kind of member, then reasons."""
        return [self._credits(), self._reasons()]

    def _credits(self) -> Table:
        columns = (
            Column(_("Members"), str),
            Column(_("Component"), str),
            Column(_("Paid from"), str),
            Column(_("For"), str),
            Column(_("Credits"), str, is_figure=True),
            Column(_("Yuan"), str, is_figure=True),
        )
        lines = self.thing.summary.get("lines", [])
        rows = [
            [
                f"{label(line['employment'], Employment)} · {label(line['status'], InsuredStatus)}",
                label(line["component"], CreditComponent),
                label(line["fund"], CreditFund),
                _("earlier months") if line["earlier_months"] else month(self.thing.month),
                number(line["credits"]),
                yuan(line["amount"]),
            ]
            for line in lines
        ]
        total = sum((Decimal(line["amount"]) for line in lines), Decimal("0.00"))
        count = sum(line["credits"] for line in lines)
        foot = [_("Together"), "", "", "", number(count), yuan(total)] if lines else []
        return Table(columns, rows, _("Credits"), _("Nothing would be posted."), foot)

    def _reasons(self) -> Table:
        columns = (Column(_("Reason"), str), Column(_("Members"), str, is_figure=True))
        found = self.thing.summary.get("exceptions", {})
        rows = [[ExceptionReason(reason).label, number(count)] for reason, count in found.items()]
        return Table(columns, rows, _("Members not creditable"), _("Every member can be credited."))


class ExceptionsPanel(RowsPanel):
    """Members who cannot be credited, and why."""

    name = "exceptions"
    title = gettext_lazy("Members not creditable")
    permission = "accounts.view_creditexception"
    per_page = 50
    columns = (
        Column(gettext_lazy("Member"), lambda each: link(page_url(each.member), each.member)),
        Column(gettext_lazy("Component"), lambda each: each.get_component_display()),
        Column(gettext_lazy("Reason"), lambda each: each.get_reason_display()),
    )
    empty = gettext_lazy("Every member can be credited.")

    def rows(self) -> Any:
        """By member."""
        return self.thing.exceptions.select_related("member").order_by("member_id", "component")


class DifferencesPanel(RowsPanel):
    """Credited more than is due now: listed for a decision."""

    name = "differences"
    title = gettext_lazy("Credited above entitlement")
    permission = "accounts.view_creditdifference"
    per_page = 50
    columns = (
        Column(gettext_lazy("Member"), lambda each: link(page_url(each.member), each.member)),
        Column(gettext_lazy("Month"), lambda each: month(each.month)),
        Column(gettext_lazy("Component"), lambda each: each.get_component_display()),
        Column(gettext_lazy("Credited"), lambda each: yuan(each.credited), is_figure=True),
        Column(gettext_lazy("Entitled to"), lambda each: yuan(each.entitled), is_figure=True),
        Column(gettext_lazy("Too much"), lambda each: yuan(each.credited - each.entitled), is_figure=True),
    )
    empty = gettext_lazy("No member was credited more than is due.")

    def rows(self) -> Any:
        """By member."""
        return self.thing.differences.select_related("member").order_by("member_id", "month")
