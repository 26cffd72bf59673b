"""The home page: what waits for this person, what failed, and each region's month."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import CreditRun
from agency.admin import column
from agency.admin.alerts import alerts_for
from agency.admin.cases import buttons_of, cases_of
from agency.admin.fields import parse_month
from agency.admin.formats import NOTHING, badge, day, link, month
from agency.admin.jobs import STATE_TONES, job_title
from agency.admin.panels import Table
from agency.admin.permissions import may
from agency.admin.views import list_url, page_url
from agency.admin.worklist import TURNS, Waiting, Waits
from agency.models import Job, JobState, PoolingRegion, Seal
from agency.scoping import of_region, scoped
from agency.selectors.counting import COUNTED
from agency.selectors.sealed import last_seals
from agency.working_days import working_days_until
from desk import fund
from desk.alerts import books_alerts
from desk.regions import chosen_among, regions_of, where_may
from desk.selectors import RegionSummary, last_verifications, month_summary
from desk.worklist import waits_for
from policies.engine.vocabulary import RefusalReason
from policies.labels import label

# Whoever sees a region's claims sees its month.
SUMMARY = "claims.view_claim"
# Whoever reads a region's ledger sees whether it agrees.
BOOKS = "accounts.view_ledgerentry"


def home(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The context of the home page: of the region that the person has chosen, or of all in which they work."""
    regions = regions_of(request.user)
    region = chosen_among(request, regions)
    looked_at = [region] if region else regions
    waits = waits_for(request.user, region, together=True)
    verifications = last_verifications(where_may(request.user, BOOKS, looked_at))
    return {
        **context,
        "regions": regions,
        "region": region,
        "kinds": _kinds_table(waits),
        "waiting": _waiting_table(waits, request.user),
        "alerts": [*books_alerts(verifications), *alerts_for(request.user, looked_at)],
        "failed": _failed_table(request.user, region),
        "books": _books_table(verifications) if may(request.user, BOOKS) else None,
        **_month(request, looked_at),
        **fund.on_home(request, region, regions),
    }


def _month(request: HttpRequest, looked_at: list[PoolingRegion]) -> dict[str, Any]:
    """The month asked for, or the newest one with a credit run; nothing for whoever sees no claims."""
    if not may(request.user, SUMMARY):
        return {}
    regions = where_may(request.user, SUMMARY, looked_at)
    chosen = parse_month(request.GET.get("month", "")) or _newest_month(regions)
    summaries = month_summary(chosen, regions)
    return {
        "month_name": month(chosen),
        "previous_month": f"{chosen - timedelta(days=1):%Y-%m}",
        "next_month": f"{(chosen + timedelta(days=31)).replace(day=1):%Y-%m}",
        "summary": _summary_table(summaries),
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
        column.instant("as_of", _("Added up at")),
    )
    return Table.of(regions, columns, empty=_("You work in no region yet."))


def _refusals(each: RegionSummary) -> str:
    return ", ".join(f"{label(reason, RefusalReason)}: {count:,}" for reason, count in each.refusals.items())


def _kinds_table(waits: list[Waits]) -> Table:
    """How much of each kind waits, since when, and how much of it should have been finished."""
    columns = (
        column.text(_its_list, _("What")),
        column.text(lambda each: TURNS[each.queue.turn], _("To do")),
        column.text(_how_many, _("How many"), is_figure=True),
        column.instant("oldest", _("Oldest since")),
        column.text(_overdue, _("Overdue")),
    )
    return Table.of(waits, columns, empty=_("Nothing waits for you."))


def _its_list(waits: Waits) -> Any:
    """The way to all of them: of those that are not listed here, the only one."""
    return link(list_url(waits.queue.model), capfirst(str(waits.queue.model._meta.verbose_name_plural)))


def _how_many(waits: Waits) -> str:
    """Long queues are not counted to their end."""
    return _("more than %(count)s") % {"count": f"{COUNTED:,}"} if waits.is_more else f"{waits.count:,}"


def _overdue(waits: Waits) -> Any:
    return badge(_how_many(waits), "danger") if waits.is_overdue else NOTHING


def _waiting_table(waits: list[Waits], user: Any) -> Table:
    """The first of each kind, with who is at it."""
    waiting = [each for queue in waits for each in queue.first]
    taken_by = cases_of(waiting, user)
    columns = (
        column.text("what", _("What")),
        column.link("obj", _("Which")),
        column.text("state", _("State")),
        column.instant("since", _("Since")),
        column.text(_due, _("Time limit")),
        column.text(lambda each: buttons_of(taken_by[each.obj, each.queue]), _("Taken by")),
    )
    return Table.of(waiting, columns, empty=_("Nothing waits for you."))


def _due(waiting: Waiting) -> Any:
    """How many working days are left, or have passed since."""
    if waiting.due is None:
        return NOTHING
    left = working_days_until(localdate(), waiting.due)
    if waiting.due < localdate():
        late = ngettext("%(count)s working day late", "%(count)s working days late", -left) % {"count": f"{-left:,}"}
        return badge(late, "danger")
    days = ngettext("%(count)s working day left", "%(count)s working days left", left) % {"count": f"{left:,}"}
    return f"{day(waiting.due)} · {days}"


def _failed_table(user: Any, region: PoolingRegion | None) -> Table | None:
    """The last jobs that failed; None for whoever sees no jobs."""
    if not may(user, "agency.view_job"):
        return None
    failed = of_region(scoped(Job.objects.filter(state=JobState.FAILED), user), region)
    columns = (
        column.text(job_title, _("Job")).leading(),
        column.text("region"),
        column.text("requested_by"),
        column.instant("finished_at", _("Ended")),
    )
    rows = failed.select_related("region", "requested_by").order_by("-id")[:5]
    return Table.of(rows, columns, empty=_("No job has failed."))


def _books_table(verifications: list[tuple[PoolingRegion, Job | None]]) -> Table:
    """When each region's books were last verified, what was found, and the last seal, to be kept elsewhere."""
    seals = {seal.region_id: seal for seal in last_seals()}
    columns = (
        column.text(lambda row: row[0], _("Pooling region")),
        column.instant(lambda row: row[1] and row[1].finished_at, _("Verified")),
        column.number(lambda row: row[1] and row[1].result.get("looked_at"), _("Rows looked at")),
        column.text(lambda row: _verdict(row[1]), _("Result")),
        column.text(lambda row: link(page_url(row[1]), job_title(row[1])) if row[1] else NOTHING, _("Job")),
        column.text(lambda row: _seal(seals.get(row[0].pk)), _("Last seal")),
    )
    return Table.of(verifications, columns)


def _seal(seal: Seal | None) -> Any:
    """Its day, its number and all of its signs, in groups of eight as one copies them."""
    if seal is None:
        return NOTHING
    signs = " ".join(seal.seal[at : at + 8] for at in range(0, len(seal.seal), 8))
    return format_html(
        '{} #{}<br><code class="desk-seal">{}</code>', day(localdate(seal.sealed_at)), seal.number, signs
    )


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
