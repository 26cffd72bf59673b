"""What providers cost by month: on the screen, on paper, and as a file."""

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

from agency.admin import column
from agency.admin.fields import MonthField, RegionField
from agency.admin.formats import NOTHING, link, month
from agency.admin.forms import DeskForm
from agency.admin.panels import Table
from agency.admin.permissions import may
from agency.admin.views import list_view
from files.admin.downloads import csv_download
from monitoring.selectors.provider_months import MonthFigures, provider_month_figures

PERMISSION = "monitoring.view_reviewflag"
CLAIMS = "claims.view_claim"
_FEN, _SHARE = Decimal("0.01"), Decimal("0.0001")


def _in_percent(fraction: Decimal | None) -> str:
    """With one decimal; a dash where there is nothing to compare with."""
    return NOTHING if fraction is None else f"{fraction * 100:,.1f}%"


def _part(source: column.Source, heading: column.Text) -> column.Column:
    return column.written(_in_percent, source, heading, is_figure=True)


# Each with the places that a file has it to.
FIGURES: tuple[tuple[column.Column, Decimal | None], ...] = (
    (column.number("now__visits", gettext_lazy("Visits")), None),
    (column.number("patients", gettext_lazy("Patients")), None),
    (column.yuan("now__expense", gettext_lazy("Expense, yuan")), _FEN),
    (_part(lambda row: row.expense_growth(row.month_before), gettext_lazy("Expense: to last month")), _SHARE),
    (_part(lambda row: row.expense_growth(row.year_before), gettext_lazy("Expense: to last year")), _SHARE),
    (column.yuan("now__cost_per_visit", gettext_lazy("Cost per visit, yuan")), _FEN),
    (
        _part(lambda row: row.cost_growth(row.month_before), gettext_lazy("Cost per visit: to last month")),
        _SHARE,
    ),
    (_part(lambda row: row.cost_growth(row.year_before), gettext_lazy("Cost per visit: to last year")), _SHARE),
    (_part("patient_share_rate", gettext_lazy("Patients' share")), _SHARE),
    (_part("self_paid_rate", gettext_lazy("Self-paid share")), _SHARE),
    (_part("examination_rate", gettext_lazy("Examination share")), _SHARE),
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
    headers = (_("Provider code"), _("Provider name"), *(figure.heading for figure, _places in FIGURES))
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
        column.text(lambda row: _provider(row.provider, chosen) if leads_on else row.provider, _("Provider")),
        *(figure for figure, _places in FIGURES),
    )
    foot = [_("The region"), *(each.cell(whole) for each in columns[1:])] if providers else ()
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


def _file_row(row: MonthFigures) -> list[Any]:
    """Shares as fractions with four decimals; empty where there is nothing to compare with."""
    whose = [row.provider.code, row.provider.name] if row.provider else ["", _("The region")]
    cells = ((figure.value(row), places) for figure, places in FIGURES)
    return whose + [
        value if value is None or places is None else value.quantize(places, ROUND_HALF_UP) for value, places in cells
    ]
