"""Monthly reports: tables of a region's month that rooms declare, on the screen and as a workbook made for printing."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.column import Column
from agency.admin.fields import MonthField, RegionField
from agency.admin.formats import day, month, number, yuan
from agency.admin.forms import DeskForm
from agency.admin.list_exports import file_response
from agency.admin.panels import Table
from agency.admin.permissions import may
from agency.admin.views import list_view
from agency.declarations import declared
from agency.exporting.files import XLSX
from agency.exporting.report import Part, write_report
from agency.exporting.sheet import Heading, Kind, Sheet
from agency.models import PoolingRegion
from agency.services.exports import record_monthly_reports

_ADDED_UP: dict[Kind, Callable[[Any], Any]] = {Kind.YUAN: yuan, Kind.NUMBER: number}


@dataclass(frozen=True, slots=True)
class MonthlyTable:
    """One table of the monthly reports; the lowest place stands first.

    `rows` are those of a region and a month, given by its first day. Columns of yuan and of counts are added up, so
    that only what adds up belongs into them. `note`: what is counted.
    """

    place: int
    title: column.Text
    permission: str
    note: column.Text
    columns: Sequence[Column]
    rows: Callable[[PoolingRegion, date], Sequence[Any]]


class MonthForm(DeskForm):
    """Which region, which month: one that has begun."""

    region = RegionField()
    month = MonthField(label=gettext_lazy("Month"), initial=lambda: localdate().replace(day=1) - timedelta(days=1))

    def clean_month(self) -> Any:
        chosen = self.cleaned_data["month"]
        if chosen > localdate():
            raise ValidationError(_("This month has not begun."))
        return chosen


def tables_of(user: Any, region: PoolingRegion | None = None) -> list[MonthlyTable]:
    """The tables that the person may see, of a region or of any."""
    tables: list[MonthlyTable] = sorted(declared("monthly_reports"), key=lambda table: table.place)
    return [table for table in tables if may(user, table.permission, region)]


def opens_for(user: Any) -> bool:
    return bool(tables_of(user))


@list_view("monthly/", name="monthly_reports")
def monthly_reports(page: Any, request: HttpRequest) -> HttpResponseBase:
    """The form, and once it was sent the region's tables."""
    return _page(page, request, _form(request))


@list_view("monthly/report.xlsx", name="monthly_reports_file")
def monthly_reports_file(page: Any, request: HttpRequest) -> HttpResponseBase:
    """The same tables as a workbook, a sheet each; the page where region and month cannot be read. It is recorded, so
    that it has to be sent.
    """
    form = _form(request)
    if request.method != "POST" or not form.is_valid():
        return _page(page, request, form)
    region, chosen = form.cleaned_data["region"], form.cleaned_data["month"]
    # Closed by the response that carries it.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    parts = [_part(table, region, chosen) for table in tables_of(request.user, region)]
    printed = _("Made on %(day)s") % {"day": day(localdate())}
    write_report(file, f"{region} · {month(chosen)}", parts, together=_("Together"), foot=printed)
    file.seek(0)
    rows = sum(len(list(part.sheet.rows)) for part in parts)
    actor: Any = request.user
    record_monthly_reports(region=region, month=chosen, rows=rows, actor=actor, filters=month(chosen))
    return file_response(file, f"monthly-{region.slug}-{chosen:%Y-%m}", XLSX)


def _part(table: MonthlyTable, region: PoolingRegion, chosen: date) -> Part:
    headings = [Heading(str(each.heading), each.kind) for each in table.columns]
    rows = [[each.plain(row) for each in table.columns] for row in table.rows(region, chosen)]
    return Part(Sheet(str(table.title), headings, rows), str(table.note))


def _form(request: HttpRequest) -> MonthForm:
    """The form of whoever may see a table somewhere; sent once the address names a region or a month."""
    tables = tables_of(request.user)
    if not tables:
        raise PermissionDenied
    sent = request.GET if {"region", "month"} & set(request.GET) else None
    return MonthForm(sent, request=request, permission=tables[0].permission)


def _page(page: Any, request: HttpRequest, form: MonthForm) -> HttpResponseBase:
    context = {
        **page.admin_site.each_context(request),
        "title": _("Monthly reports"),
        "form": form,
        "media": form.media,
        **(_shown(request, form) if form.is_valid() else {}),
    }
    return TemplateResponse(request, "agency/monthly_reports.html", context)


def _shown(request: HttpRequest, form: MonthForm) -> dict[str, Any]:
    region, chosen = form.cleaned_data["region"], form.cleaned_data["month"]
    query = urlencode({"region": region.pk, "month": f"{chosen:%Y-%m}"})
    return {
        "region": region,
        "month_name": month(chosen),
        "is_running": chosen == localdate().replace(day=1),
        "tables": [(_table(table, region, chosen), table.note) for table in tables_of(request.user, region)],
        "file_url": f"{reverse('admin:agency_export_monthly_reports_file')}?{query}",
    }


def _table(table: MonthlyTable, region: PoolingRegion, chosen: date) -> Table:
    rows = table.rows(region, chosen)
    foot = [
        _ADDED_UP[each.kind](sum(each.value(row) for row in rows)) if each.kind in _ADDED_UP else ""
        for each in table.columns
    ]
    foot[0] = _("Together")
    return Table.of(rows, table.columns, caption=table.title, foot=foot if rows else ())
