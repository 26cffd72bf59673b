"""A credit run's page: progress, who cannot be credited, what was credited too much."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import CreditDifference, DifferenceState, Remedy, RunState
from accounts.selectors.closings import due_to_closed_accounts, paid_after_closings
from accounts.services.credit_checks import is_being_checked
from agency.admin import column
from agency.admin.formats import badge
from agency.admin.panels import Panel, RowsPanel, Table
from agency.models import Job


class CheckPanel(Panel):
    """A check under way, or how the last one ended."""

    name = "check"
    title = gettext_lazy("Check")
    tab = False
    template = "agency/panels/progress.html"

    def is_shown(self) -> bool:
        """Until the run is submitted."""
        return self.obj.state in (RunState.DRAFT, RunState.CHECKED) and self.obj.job is not None

    def is_running(self) -> bool:
        """Until a worker has checked."""
        return is_being_checked(self.obj)

    def context(self) -> dict[str, Any]:
        job = self.obj.job
        return {
            "state": job.get_state_display(),
            "counted": _("nothing is posted by it"),
            "percent": job.percent,
            "log": job.log,
            "tables": [],
        }


class PostingPanel(Panel):
    """How far the posting is, how fast, how long it still takes, and what it came to."""

    name = "posting"
    title = gettext_lazy("Posting")
    tab = False
    template = "agency/panels/progress.html"

    def is_shown(self) -> bool:
        return self.obj.state in (RunState.POSTING, RunState.POSTED)

    def is_running(self) -> bool:
        return self.obj.state == RunState.POSTING

    def context(self) -> dict[str, Any]:
        """Parts done of all, entries and yuan."""
        run, job = self.obj, self.obj.job
        done, total = (job.done, job.total) if job else (0, 0)
        counted = _("%(done)s of %(total)s parts") % {"done": done, "total": total}
        if job and self.is_running() and (pace := pace_of(job, timezone.now())):
            counted = f"{counted} · {pace}"
        return {
            "state": run.get_state_display(),
            "counted": counted,
            "percent": 100 if run.state == RunState.POSTED else (job.percent if job else 0),
            "tables": [self._outcome()] if run.state == RunState.POSTED else [],
        }

    def _outcome(self) -> Table:
        columns = (
            column.text(lambda run: _("in all"), _("Outcome")),
            column.number("entry_count"),
            column.yuan("amount"),
        )
        return Table.of([self.obj], columns)


def pace_of(job: Job, now: datetime) -> str:
    """How many parts a minute, and about how long the rest takes; empty before the first part is done."""
    if not job.done or job.started_at is None or now <= job.started_at:
        return ""
    spent = now - job.started_at
    a_minute = round(job.done * timedelta(minutes=1) / spent)
    left = max(round(spent * (job.total - job.done) / job.done / timedelta(minutes=1)), 1)
    pace = ngettext("%(count)s part a minute", "%(count)s parts a minute", a_minute) % {"count": a_minute}
    rest = ngettext("about %(count)s minute left", "about %(count)s minutes left", left) % {"count": left}
    return f"{pace} · {rest}"


class ExceptionsPanel(RowsPanel):
    """Members who cannot be credited, and why."""

    name = "exceptions"
    title = gettext_lazy("Members not creditable")
    permission = "accounts.view_creditexception"
    per_page = 50
    columns = (
        column.link("member"),
        column.text("component"),
        column.text("reason"),
    )
    empty = gettext_lazy("Every member can be credited.")

    def rows(self) -> Any:
        return self.obj.exceptions.select_related("member").order_by("member_id", "component")


class DueAfterClosingsPanel(RowsPanel):
    """What the run would credit to closed accounts, and pay out."""

    name = "due_after_closings"
    title = gettext_lazy("Due to closed accounts")
    permission = "accounts.view_accountclosing"
    per_page = 50
    columns = (
        column.link("member", gettext_lazy("Member")),
        column.month("month", gettext_lazy("Month")),
        column.text("component", gettext_lazy("Component")),
        column.yuan("credited", gettext_lazy("Credited")),
        column.yuan("amount", gettext_lazy("Entitled to")),
        column.yuan(lambda each: each.amount - each.credited, gettext_lazy("Due")),
    )
    empty = gettext_lazy("Nothing is due to closed accounts.")

    def is_shown(self) -> bool:
        """Where the check found something, until it is posted."""
        counted = self.obj.summary.get("after_closings", {"credits": 0})
        return bool(counted["credits"]) and self.obj.state != RunState.POSTED and super().is_shown()

    def rows(self) -> Any:
        return due_to_closed_accounts(self.obj).select_related("member").order_by("member_id", "month", "component")


class PaidAfterClosingsPanel(RowsPanel):
    """What the run credited to closed accounts and paid out."""

    name = "paid_after_closings"
    title = gettext_lazy("Paid out after closings")
    permission = "accounts.view_accountclosing"
    per_page = 50
    columns = (
        column.text("account__member").leading(),
        column.text("reason", gettext_lazy("Why it was closed")),
        column.text(lambda each: each.payee or each.account.member, gettext_lazy("Paid to")),
        column.yuan("amount", gettext_lazy("Paid out")),
    )

    def is_shown(self) -> bool:
        return super().is_shown() and self.rows().exists()

    def rows(self) -> Any:
        return paid_after_closings(self.obj).select_related("account__member").order_by("account_id")


def difference_state(difference: CreditDifference) -> Any:
    """Coloured; submitted ones with what was asked for."""
    return badge(state_in_words(difference.state, difference.remedy), difference.process.tones[difference.state])


def state_in_words(state: str, remedy: str) -> str:
    asked = f": {Remedy(remedy).label}" if state == DifferenceState.SUBMITTED else ""
    return f"{DifferenceState(state).label}{asked}"


class DifferencesPanel(RowsPanel):
    """Credited more than is due now: listed for a decision."""

    name = "differences"
    title = gettext_lazy("Credited above entitlement")
    permission = "accounts.view_creditdifference"
    per_page = 50
    columns = (
        column.text("member").leading(),
        column.month("month"),
        column.text("component"),
        column.yuan("credited"),
        column.yuan("entitled"),
        column.yuan("excess", gettext_lazy("Too much")),
        column.yuan("taken"),
        column.text(difference_state, gettext_lazy("State")),
    )
    empty = gettext_lazy("No member was credited more than is due.")

    def rows(self) -> Any:
        return self.obj.differences.select_related("member").order_by("member_id", "month", "id")
