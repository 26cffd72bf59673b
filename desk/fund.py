"""The fund: its own page, its tables as files, and the button that has the months added up again."""

import tempfile
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from agency.admin.formats import day, instant
from agency.admin.list_exports import file_response
from agency.admin.navigation import ACCOUNTS, Page
from agency.admin.permissions import may
from agency.admin.sections import Section
from agency.admin.views import page_url
from agency.exporting.files import CSV, WRITERS, XLSX, says_nothing
from agency.exporting.report import write_report
from agency.models import PoolingRegion
from agency.services.exports import FUND, Wanted, record_file
from desk.fund_figures import Fund, fund_of
from desk.fund_sections import ON_HOME, sections_of
from desk.regions import chosen_among, regions_of, where_may
from desk.services.months import queue_adding_up

PERMISSION = "desk.view_regionmonth"
PAGES = (
    Page(
        ACCOUNTS,
        5,
        gettext_lazy("The fund"),
        "monitoring",
        "fund",
        PERMISSION,
    ),
)


def page(request: HttpRequest) -> HttpResponse:
    """All tables of the chosen region. PermissionDenied for whoever may see no region's fund."""
    regions, region = _region(request)
    fund = fund_of(region)
    context = {
        **admin.site.each_context(request),
        "title": _("The fund"),
        "regions": regions,
        "region": region,
        "as_of": fund and instant(fund.as_of),
        "sections": [(each, each.table, reverse("admin:fund_file")) for each in _sections(request, fund)],
    }
    return TemplateResponse(request, "desk/fund.html", context)


def on_home(request: HttpRequest, region: PoolingRegion | None, regions: list[PoolingRegion]) -> dict[str, Any]:
    """The two charts that home shows, of the chosen region or the first; nothing for whoever may see no fund."""
    seen = where_may(request.user, PERMISSION, [region] if region else regions)
    if not seen:
        return {}
    fund = fund_of(seen[0])
    sections = [(each, each.table, "") for each in _sections(request, fund) if each.name in ON_HOME]
    return {"fund_region": seen[0], "fund_as_of": fund and instant(fund.as_of), "sections": sections}


@require_POST
def file(request: HttpRequest) -> HttpResponseBase:
    """All tables of the chosen region as a workbook, or the one that is named as XLSX or CSV. It is recorded."""
    _regions, region = _region(request)
    name, form = request.POST.get("table", ""), request.POST.get("form", XLSX)
    fund = fund_of(region)
    sections = [each for each in _sections(request, fund) if name in ("", each.name)]
    if fund is None or not sections or form not in WRITERS or (form == CSV and not name):
        raise Http404
    # Closed by the response that carries it.
    content = tempfile.TemporaryFile()  # noqa: SIM115
    if form == CSV:
        WRITERS[CSV](sections[0].part.sheet, content, says_nothing)
    else:
        about = f"{region} · {_('as of %(instant)s') % {'instant': instant(fund.as_of)}}"
        printed = _("Made on %(day)s") % {"day": day(localdate())}
        write_report(content, about, [each.part for each in sections], together=_("Together"), foot=printed)
    content.seek(0)
    titles, actor = sections[0].title if name else "", request.user
    rows = sum(len(each.rows) for each in sections)
    record_file(Wanted(FUND, name, form, "", titles, region), rows=rows, actor=actor)  # type: ignore[arg-type]
    return file_response(content, "-".join(filter(None, ("fund", region.slug, name, f"{fund.as_of:%Y%m%d}"))), form)


@require_POST
def add_up_again(request: HttpRequest) -> HttpResponse:
    """Have a worker add up the chosen region's months, and lead to the job."""
    _regions, region = _region(request)
    actor: Any = request.user
    job = queue_adding_up(region, actor=actor)
    messages.success(request, _("The months are being added up. The fund shows them once this job is done."))
    return HttpResponseRedirect(page_url(job) if may(request.user, "agency.view_job") else reverse("admin:fund"))


def _region(request: HttpRequest) -> tuple[list[PoolingRegion], PoolingRegion]:
    """The regions whose fund the person may see, and the one to show."""
    regions = where_may(request.user, PERMISSION, regions_of(request.user))
    if not regions:
        raise PermissionDenied
    return regions, chosen_among(request, regions) or regions[0]


def _sections(request: HttpRequest, fund: Fund | None) -> list[Section]:
    if fund is None:
        return []
    return sections_of(fund, leads_on=may(request.user, "claims.view_claim", fund.region))
