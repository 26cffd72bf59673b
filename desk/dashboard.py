"""The home page: what waits for this person, what failed, and each region's month."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import (
    CreditRun,
)
from agency.admin import column
from agency.admin.fields import parse_month
from agency.admin.formats import NOTHING, badge, link, month
from agency.admin.jobs import STATE_TONES, job_title
from agency.admin.panels import Table
from agency.admin.permissions import may, permitted_regions
from agency.admin.views import page_url
from agency.models import Job, JobState
from agency.scoping import scoped
from desk.selectors import RegionSummary, last_verifications, month_summary
from desk.worklist import waiting_for
from policies.engine.vocabulary import RefusalReason
from policies.labels import label

SHOWN = 20
# Whoever sees a region's claims sees its month.
SUMMARY = "claims.view_claim"
# Whoever reads a region's ledger sees whether it agrees.
BOOKS = "accounts.view_ledgerentry"


def home(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The context of the home page."""
    return {
        **context,
        "waiting": _waiting_table(request.user),
        "failed": _failed_table(request.user),
        "books": _books_table(request.user),
        **_month(request),
    }


def _month(request: HttpRequest) -> dict[str, Any]:
    """The month asked for, or the newest one with a credit run; nothing for whoever sees no claims."""
    if not may(request.user, SUMMARY):
        return {}
    regions = permitted_regions(request.user, SUMMARY)
    chosen = parse_month(request.GET.get("month", "")) or _newest_month(regions)
    return {
        "month_name": month(chosen),
        "previous_month": f"{chosen - timedelta(days=1):%Y-%m}",
        "next_month": f"{(chosen + timedelta(days=31)).replace(day=1):%Y-%m}",
        "summary": _summary_table(month_summary(chosen, regions)),
    }


def _newest_month(regions: Any) -> date:
    newest = CreditRun.objects.filter(region__in=regions).order_by("-month").values_list("month", flat=True).first()
    return newest or localdate().replace(day=1)


def _summary_table(regions: list[RegionSummary]) -> Table:
    columns = (
        column.text("region", _("Pooling region")),
        column.number("members", _("Insured members")),
        column.number("accounts_credited", _("Accounts credited")),
        column.yuan("yuan_credited", _("Yuan credited")),
        column.number("claims_paid", _("Claims paid")),
        column.yuan("yuan_paid", _("Yuan paid")),
        column.number("claims_waiting", _("Claims waiting")),
        column.text(_refusals, _("Refusals")),
    )
    return Table.of(regions, columns, empty=_("You work in no region yet."))


def _refusals(each: RegionSummary) -> str:
    return ", ".join(f"{label(reason, RefusalReason)}: {count:,}" for reason, count in each.refusals.items())


def _waiting_table(user: Any) -> Table:
    columns = (
        column.text("what", _("What")),
        column.link("obj", _("Which")),
        column.text("state", _("State")),
        column.instant("since", _("Since")),
    )
    return Table.of(waiting_for(user), columns, empty=_("Nothing waits for you."))


def _failed_table(user: Any) -> Table | None:
    """The last jobs that failed; None for whoever sees no jobs."""
    if not may(user, "agency.view_job"):
        return None
    failed = scoped(Job.objects.filter(state=JobState.FAILED), user).select_related("region", "requested_by")
    columns = (
        column.text(job_title, _("Job")).leading(),
        column.text("region"),
        column.text("requested_by"),
        column.instant("finished_at", _("Ended")),
    )
    return Table.of(failed.order_by("-id")[:5], columns, empty=_("No job has failed."))


def _books_table(user: Any) -> Table | None:
    """When each region's books were last verified, and what was found; None for whoever reads no ledger."""
    if not may(user, BOOKS):
        return None
    columns = (
        column.text(lambda row: row[0], _("Pooling region")),
        column.instant(lambda row: row[1] and row[1].finished_at, _("Verified")),
        column.number(lambda row: row[1] and row[1].result.get("looked_at"), _("Rows looked at")),
        column.text(lambda row: _verdict(row[1]), _("Result")),
        column.text(lambda row: link(page_url(row[1]), job_title(row[1])) if row[1] else NOTHING, _("Job")),
    )
    return Table.of(last_verifications(permitted_regions(user, BOOKS)), columns)


def _verdict(job: Job | None) -> str:
    """What a verification found; how far it is while it has not ended."""
    if job is None:
        return badge(_("never verified"), "warning")
    tone = STATE_TONES[job.state]
    if job.state == JobState.DONE:
        return badge(_("the books agree"), tone)
    if job.state != JobState.FAILED:
        return badge(job.get_state_display(), tone)
    differences = job.result.get("differences")
    if differences is None:
        return badge(_("broke off"), tone)
    return badge(_("%(count)s differences") % {"count": f"{differences:,}"}, tone)
