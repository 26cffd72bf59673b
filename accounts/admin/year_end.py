"""The year-end carry-over of a region's personal accounts: on the screen, on paper, and as files."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.selectors.year_end import KindTotal, YearEnd, accounts_at_year_end, year_end
from agency.admin import column
from agency.admin.fields import CountField, RegionField
from agency.admin.formats import number, yuan
from agency.admin.forms import DeskForm
from agency.admin.panels import Table
from agency.admin.permissions import may
from agency.admin.views import list_view
from files.admin.downloads import csv_download

PERMISSION = "accounts.view_ledgeraccount"
_EARLIEST = 2000


class YearEndForm(DeskForm):
    """Which region's accounts, in which year: one that has begun."""

    region = RegionField()
    year = CountField(label=gettext_lazy("Year"), min_value=_EARLIEST, initial=lambda: localdate().year - 1)

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year > localdate().year:
            raise ValidationError(_("%(year)s has not begun yet.") % {"year": year})
        return year


@list_view("year-end/", name="year_end")
def year_end_page(page: Any, request: HttpRequest) -> HttpResponseBase:
    """The form, and once it was sent the region's year."""
    return _page(page, request, _form(request))


@list_view("year-end/totals.csv", name="year_end_totals")
def year_end_totals(page: Any, request: HttpRequest) -> HttpResponseBase:
    """What the page shows, as a file; the page where region and year cannot be read."""
    form = _form(request)
    if not form.is_valid():
        return _page(page, request, form)
    totals = year_end(form.cleaned_data["region"], form.cleaned_data["year"])
    headers = (_("What"), _("Kind"), _("Entries"), _("Yuan"))
    return csv_download(f"{_file_name(form)}-totals", headers, _total_rows(totals))


@list_view("year-end/accounts.csv", name="year_end_accounts")
def year_end_accounts(page: Any, request: HttpRequest) -> HttpResponseBase:
    """A line per account, as a file; the page where region and year cannot be read."""
    form = _form(request)
    if not form.is_valid():
        return _page(page, request, form)
    headers = (
        _("Member number"),
        _("Name"),
        _("Opening balance"),
        _("In"),
        _("Out"),
        _("Closing balance"),
    )
    accounts = accounts_at_year_end(form.cleaned_data["region"], form.cleaned_data["year"])
    return csv_download(f"{_file_name(form)}-accounts", headers, ((*each, each.closing) for each in accounts))


def _page(page: Any, request: HttpRequest, form: YearEndForm) -> HttpResponseBase:
    totals = year_end(form.cleaned_data["region"], form.cleaned_data["year"]) if form.is_valid() else None
    context = {
        **page.admin_site.each_context(request),
        "title": _("Year-end carry-over"),
        "form": form,
        "media": form.media,
        "totals": totals,
        **(_shown(totals) if totals else {}),
    }
    return TemplateResponse(request, "accounts/year_end.html", context)


def _form(request: HttpRequest) -> YearEndForm:
    """The form of whoever may see accounts somewhere; sent once the address names a region or a year."""
    if not may(request.user, PERMISSION):
        raise PermissionDenied
    sent = request.GET if {"region", "year"} & set(request.GET) else None
    return YearEndForm(sent, request=request, permission=PERMISSION)


def _file_name(form: YearEndForm) -> str:
    return f"year-end-{form.cleaned_data['region'].slug}-{form.cleaned_data['year']}"


def _shown(totals: YearEnd) -> dict[str, Any]:
    query = urlencode({"region": totals.region.pk, "year": totals.year})
    name = "admin:accounts_ledgeraccount_year_end"
    return {
        "is_running": totals.year >= localdate().year,
        "tables": [
            _summary(totals),
            _by_kind(totals.arrived, totals.total_arrived, _("In, by kind"), _("Nothing came in during the year.")),
            _by_kind(totals.gone, totals.total_gone, _("Out, by kind"), _("Nothing went out during the year.")),
        ],
        "files": [
            (_("Totals as CSV"), f"{reverse(f'{name}_totals')}?{query}"),
            (_("Every account as CSV"), f"{reverse(f'{name}_accounts')}?{query}"),
        ],
    }


def _summary(totals: YearEnd) -> Table:
    columns = (
        column.number("accounts", _("Accounts")),
        column.number("accounts_holding", _("With a balance at the end")),
        column.yuan("opening", _("Opening balance")),
        column.yuan("total_arrived", _("In")),
        column.yuan("total_gone", _("Out")),
        column.yuan("closing", _("Closing balance")),
    )
    shown = [totals] if totals.accounts else []
    return Table.of(shown, columns, caption=_("Personal accounts, yuan"), empty=_("No account existed yet."))


def _by_kind(totals: tuple[KindTotal, ...], amount: Decimal, caption: str, empty: str) -> Table:
    columns = (
        column.text("kind__label", _("Kind")),
        column.number("entries", _("Entries")),
        column.yuan("amount", _("Yuan")),
    )
    foot = [_("Together"), number(sum(each.entries for each in totals)), yuan(amount)] if totals else ()
    return Table.of(totals, columns, caption=caption, empty=empty, foot=foot)


def _total_rows(totals: YearEnd) -> list[list[Any]]:
    return [
        [_("Accounts"), "", totals.accounts, ""],
        [_("With a balance at the end"), "", totals.accounts_holding, ""],
        [_("Opening balance"), "", "", totals.opening],
        *([_("In"), each.kind.label, each.entries, each.amount] for each in totals.arrived),
        *([_("Out"), each.kind.label, each.entries, each.amount] for each in totals.gone),
        [_("Closing balance"), "", "", totals.closing],
    ]
