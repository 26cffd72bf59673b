"""What providers cost by month: on the screen, on paper, and as a file."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.downloads import csv_download
from agency.admin.fields import MonthField, RegionField
from agency.admin.formats import NOTHING, link, month, number, yuan
from agency.admin.forms import DeskForm
from agency.admin.panels import Column, Table
from agency.admin.permissions import may
from agency.admin.views import list_view
from monitoring.selectors.provider_months import MonthFigures, provider_month_figures

PERMISSION = "monitoring.view_reviewflag"
CLAIMS = "claims.view_claim"
_FEN, _BASIS_POINT = Decimal("0.01"), Decimal("0.0001")

# Heading, figure, and whether it is a fraction or an amount of yuan that may be missing.
_FRACTION, _YUAN, _COUNT = "fraction", "yuan", "count"
FIGURES: tuple[tuple[Any, Callable[[MonthFigures], Any], str], ...] = (
    (gettext_lazy("Visits"), lambda row: row.now.visits, _COUNT),
    (gettext_lazy("Patients"), lambda row: row.patients, _COUNT),
    (gettext_lazy("Expense, yuan"), lambda row: row.now.expense, _YUAN),
    (gettext_lazy("Expense: to last month"), lambda row: row.expense_growth(row.month_before), _FRACTION),
    (gettext_lazy("Expense: to last year"), lambda row: row.expense_growth(row.year_before), _FRACTION),
    (gettext_lazy("Cost per visit, yuan"), lambda row: row.now.cost_per_visit, _YUAN),
    (gettext_lazy("Cost per visit: to last month"), lambda row: row.cost_growth(row.month_before), _FRACTION),
    (gettext_lazy("Cost per visit: to last year"), lambda row: row.cost_growth(row.year_before), _FRACTION),
    (gettext_lazy("Patients' share"), lambda row: row.patient_share_rate, _FRACTION),
    (gettext_lazy("Self-paid share"), lambda row: row.self_paid_rate, _FRACTION),
    (gettext_lazy("Examination share"), lambda row: row.examination_rate, _FRACTION),
)


class MonthForm(DeskForm):
    """Which region's providers, in which month: one that has begun."""

    region = RegionField()
    month = MonthField(
        label=gettext_lazy("Month of service"), initial=lambda: localdate().replace(day=1) - timedelta(days=1)
    )

    def clean_month(self) -> Any:
        chosen = self.cleaned_data["month"]
        if chosen > localdate():
            raise ValidationError(_("This month has not begun."))
        return chosen


@list_view("providers/", name="provider_months")
def provider_months(page: Any, request: HttpRequest) -> HttpResponseBase:
    """The form, and once it was sent the region's providers."""
    return _page(page, request, _form(request))


@list_view("providers/months.csv", name="provider_months_csv")
def provider_months_csv(page: Any, request: HttpRequest) -> HttpResponseBase:
    """What the page shows, as a file; the page where region and month cannot be read."""
    form = _form(request)
    if not form.is_valid():
        return _page(page, request, form)
    region, chosen = form.cleaned_data["region"], form.cleaned_data["month"]
    headers = (_("Provider code"), _("Provider name"), *(heading for heading, _figure, _kind in FIGURES))
    rows = (_file_row(row) for row in provider_month_figures(region, chosen))
    return csv_download(f"providers-{region.slug}-{chosen:%Y-%m}", headers, rows)


def _page(page: Any, request: HttpRequest, form: MonthForm) -> HttpResponseBase:
    context = {
        **page.admin_site.each_context(request),
        "title": _("Providers by month"),
        "form": form,
        "media": form.media,
        **(_shown(request, form) if form.is_valid() else {}),
    }
    return TemplateResponse(request, "monitoring/provider_months.html", context)


def _form(request: HttpRequest) -> MonthForm:
    """The form of whoever may see flags somewhere; sent once the address names a region or a month."""
    if not may(request.user, PERMISSION):
        raise PermissionDenied
    sent = request.GET if {"region", "month"} & set(request.GET) else None
    return MonthForm(sent, request=request, permission=PERMISSION)


def _shown(request: HttpRequest, form: MonthForm) -> dict[str, Any]:
    region, chosen = form.cleaned_data["region"], form.cleaned_data["month"]
    *providers, whole = provider_month_figures(region, chosen)
    leads_on = may(request.user, CLAIMS, region)
    columns = (
        Column(_("Provider"), lambda row: _provider(row.provider, chosen) if leads_on else row.provider),
        *(Column(heading, _cell(figure, kind), is_figure=True) for heading, figure, kind in FIGURES),
    )
    foot = [_("The region"), *(column.cell(whole) for column in columns[1:])] if providers else ()
    empty = _("No settled claim was served in this month.")
    query = urlencode({"region": region.pk, "month": f"{chosen:%Y-%m}"})
    return {
        "region": region,
        "month_name": month(chosen),
        "is_running": chosen == localdate().replace(day=1),
        "table": Table.of(providers, columns, foot=foot, empty=empty),
        "file_url": f"{reverse('admin:monitoring_reviewflag_provider_months_csv')}?{query}",
    }


def _provider(provider: Any, chosen: date) -> str:
    """The provider's name, leading to its claims of the month."""
    after = (chosen + timedelta(days=31)).replace(day=1)
    query = urlencode({"provider__id__exact": provider.pk, "served_on__gte": chosen, "served_on__lt": after})
    return link(f"{reverse('admin:claims_claim_changelist')}?{query}", provider)


def _cell(figure: Callable[[MonthFigures], Any], kind: str) -> Callable[[MonthFigures], Any]:
    if kind == _COUNT:
        return lambda row: number(figure(row))
    if kind == _YUAN:
        return lambda row: yuan(figure(row))
    return lambda row: _in_percent(figure(row))


def _in_percent(fraction: Decimal | None) -> str:
    """With one decimal; a dash where there is nothing to compare with."""
    return NOTHING if fraction is None else f"{fraction * 100:,.1f}%"


def _file_row(row: MonthFigures) -> list[Any]:
    """Shares as fractions with four decimals; empty where there is nothing to compare with."""
    whose = [row.provider.code, row.provider.name] if row.provider else ["", _("The region")]
    places = {_FRACTION: _BASIS_POINT, _YUAN: _FEN}
    cells = ((figure(row), places.get(kind)) for _heading, figure, kind in FIGURES)
    return whose + [
        value if value is None or place is None else value.quantize(place, ROUND_HALF_UP) for value, place in cells
    ]
