"""Long tasks and how far they are."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agency.admin import column
from agency.admin.base import ComposedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.panels import Panel, Table
from agency.declarations import declared_by_name
from agency.models import Job, JobState

STATE_TONES: dict[str, str] = {
    JobState.QUEUED.value: "info",
    JobState.RUNNING.value: "warning",
    JobState.DONE.value: "success",
    JobState.FAILED.value: "danger",
}
UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


def kind_label(kind: str) -> str:
    """What a kind of job is called; the kind itself where nobody named it."""
    return str(declared_by_name("job_kinds").get(kind, kind))


def job_title(job: Job) -> str:
    """Number, kind and subject, as screens show them."""
    return _title(job.pk, job.kind, job.subject)


def _title(pk: int, kind: str, subject: str) -> str:
    return f"#{pk} {kind_label(kind)} {subject}".strip()


def progress_column(way: str = "") -> column.Column:
    """How far a job is. way: to the job, with the underscores behind it; "" for the job itself."""
    shown = column.written("{}%".format, f"{way}percent", gettext_lazy("progress"))
    return shown.filed_from(_progress, *(f"{way}{name}" for name in ("state", "done", "total")))


def _progress(state: str, done: int, total: int) -> str:
    return f"{Job.percent_of(state, done, total)}%"


def job_column(source: str = "", heading: column.Text | None = None) -> column.Column:
    """A job as screens show it, with the way to its page."""
    return column.written(job_title, source, heading).leading(source)


def counted(job: Job) -> str:
    """How many of its units a job has done."""
    if not job.total:
        return str(_("not counted yet"))
    return ngettext("%(done)s of %(total)s", "%(done)s of %(total)s", job.total) % {
        "done": f"{job.done:,}",
        "total": f"{job.total:,}",
    }


class ProgressPanel(Panel):
    """How far the job is, what it said, how it ended; the page looks for news while it runs."""

    name = "progress"
    title = gettext_lazy("Progress")
    tab = False
    template = "agency/panels/progress.html"

    def is_running(self) -> bool:
        """Until it is done or has failed."""
        return self.obj.state in UNFINISHED

    def context(self) -> dict[str, Any]:
        """State, bar, log and result."""
        job = self.obj
        return {
            "state": job.get_state_display(),
            "counted": counted(job),
            "percent": job.percent,
            "log": job.log,
            "tables": self._result(job.result),
        }

    def _result(self, result: dict[str, Any]) -> list[Table]:
        plain = {key: value for key, value in result.items() if not isinstance(value, list | dict)}
        if not plain:
            return []
        words = declared_by_name("job_results")
        columns = (column.heading(_("What")), column.heading(_("Result"), is_figure=True))
        return [Table(columns, [[words.get(key, key), value] for key, value in plain.items()], _("Result"))]


@admin.register(Job)
class JobAdmin(ComposedAdmin):
    panels = (ProgressPanel,)
    list_display = ("title", "region", "state_label", "progress", "requested_by", "requested")
    list_filter = ("state", RegionFilter)
    list_select_related = ("region", "requested_by")
    search_fields = ("=kind", "subject__startswith")
    ordering = ("-id",)
    fields = (
        ("kind_name", "state_label"),
        "subject",
        ("region", "requester"),
        ("created_at", "started_at", "finished_at"),
    )

    title = column.text(job_title, gettext_lazy("job")).filed_from(_title, "pk", "kind", "subject")
    requester = column.text("requested_by")
    kind_name = column.written(kind_label, "kind")
    state_label = column.badge("state", STATE_TONES)
    progress = progress_column()
    requested = column.instant("created_at")
