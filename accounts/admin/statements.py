"""Statements of account: some months of a personal account on the screen, on paper and as a file."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AccountKind, LedgerAccount, LedgerEntry
from accounts.selectors.statements import Statement, StatementLine, statement_of
from accounts.services.credit_runs import last_day_of_month
from agency.admin import column
from agency.admin.actions import link_action
from agency.admin.fields import MonthField
from agency.admin.formats import day, yuan
from agency.admin.panels import Table
from agency.admin.views import page_url, row_view
from files.admin.downloads import csv_download

PERMISSION = "accounts.view_ledgerentry"


class PeriodForm(forms.Form):
    """The first and the last month of a statement."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """The fields are called as in the address; a class could not call one of them "from"."""
        super().__init__(*args, **options)
        self.fields["from"] = MonthField(label=_("From month"))
        self.fields["to"] = MonthField(label=_("To month"))

    def clean(self) -> dict[str, Any]:
        """The first month comes before the last."""
        data = super().clean() or self.cleaned_data
        if data.get("from") and data.get("to") and data["from"] > data["to"]:
            raise ValidationError(_("The last month lies before the first."))
        return data


def is_personal(account: LedgerAccount, user: Any = None) -> bool:
    """Whether it is somebody's account and not one of the region's books."""
    return account.kind == AccountKind.PERSONAL


@link_action(gettext_lazy("Statement of account"), permission=PERMISSION, icon="print", applies=is_personal)
def take_statement(page: Any, request: HttpRequest, account: LedgerAccount) -> str:
    """The page to read and to print."""
    return page_url(account, "statement")


@row_view("statement/", name="statement", permission=PERMISSION)
def statement(page: Any, request: HttpRequest, account: LedgerAccount) -> HttpResponseBase:
    """The months asked for, or this calendar year. Http404 for a book."""
    form = _period_form(request, account)
    return _page(request, account, form, _asked(account, form))


@row_view("statement.csv", name="statement_csv", permission=PERMISSION)
def statement_csv(page: Any, request: HttpRequest, account: LedgerAccount) -> HttpResponseBase:
    """The same as a file; the page where no months can be read."""
    form = _period_form(request, account)
    period = _asked(account, form)
    return _page(request, account, form, None) if period is None else _file(period)


def _period_form(request: HttpRequest, account: LedgerAccount) -> PeriodForm:
    """The months of the address; Http404 for what has no statement."""
    if not is_personal(account):
        raise Http404
    asked = {name: request.GET[name] for name in ("from", "to") if name in request.GET}
    this_year = localdate().year
    return PeriodForm(asked or {"from": f"{this_year}-01", "to": f"{this_year}-12"})


def _asked(account: LedgerAccount, form: PeriodForm) -> Statement | None:
    if not form.is_valid():
        return None
    return statement_of(account, form.cleaned_data["from"], last_day_of_month(form.cleaned_data["to"]))


def _page(
    request: HttpRequest, account: LedgerAccount, form: PeriodForm, statement: Statement | None
) -> TemplateResponse:
    context: dict[str, Any] = {
        "account": account,
        "region": account.region,
        "printed_on": day(localdate()),
        "form": form,
        "facts": _facts(account, statement),
        "page_address": page_url(account, "statement"),
        "back_url": page_url(account),
    }
    if statement is not None:
        months = f"?from={statement.first_day:%Y-%m}&to={statement.last_day:%Y-%m}"
        context |= {
            "file_address": page_url(account, "statement_csv") + months,
            "opening": yuan(statement.opening),
            "closing": yuan(statement.closing),
            "tables": [_by_month(statement), *([_lines(statement)] if statement.lines else [])],
        }
    return TemplateResponse(request, "accounts/statement.html", context)


def _facts(account: LedgerAccount, statement: Statement | None) -> list[tuple[Any, Any]]:
    facts: list[tuple[Any, Any]] = []
    if (member := account.member) is not None:
        facts = [
            (_("Name"), member.name),
            (_("Identity number"), member.masked_identity_number),
            (_("Member number"), member.member_number),
        ]
    facts.append((_("State of the account"), account.get_state_display()))
    if statement is not None:
        facts.append((_("Period"), f"{day(statement.first_day)} – {day(statement.last_day)}"))
    return facts


def _moved(amount: Any) -> Any:
    return yuan(amount) if amount else ""


def _by_month(statement: Statement) -> Table:
    columns = (
        column.month("month", _("Month")),
        column.text("kind__label", _("Kind")),
        column.written(_moved, "arrived", _("In"), is_figure=True),
        column.written(_moved, "gone", _("Out"), is_figure=True),
    )
    foot = [_("Together"), "", yuan(statement.arrived), yuan(statement.gone)]
    empty = _("Nothing came in or went out in these months.")
    return Table.of(
        statement.totals,
        columns,
        caption=_("By month and kind, yuan"),
        empty=empty,
        foot=foot if statement.lines else (),
    )


def _lines(statement: Statement) -> Table:
    columns = (
        # Day and month in figures, so that a line stays a line on paper.
        column.written(date.isoformat, "entry__posted_on", _("Posted on")),
        column.text("entry__kind", _("Kind")),
        column.written(_month, "entry__month", _("For month")),
        column.written(_what_for, "", _("What for")),
        column.written(_moved, "arrived", _("In"), is_figure=True),
        column.written(_moved, "gone", _("Out"), is_figure=True),
        column.yuan("balance", _("Balance")),
    )
    return Table.of(statement.lines, columns, caption=_("Line by line, yuan"))


def _what_for(line: StatementLine) -> str:
    entry = line.entry
    words = (entry.get_component_display(), entry.get_purpose_display(), entry.provider, _relative(entry))
    return " · ".join(str(word) for word in words if word)


def _relative(entry: LedgerEntry) -> str:
    """For whom it was paid, where that was not the holder."""
    return _("for %(person)s") % {"person": entry.beneficiary} if entry.beneficiary else ""


def _file(statement: Statement) -> HttpResponseBase:
    headers = (
        _("Entry"),
        _("Posted on"),
        _("Kind"),
        _("For month"),
        _("Component"),
        _("Purpose"),
        _("Provider"),
        _("For whom"),
        _("In"),
        _("Out"),
        _("Balance"),
    )
    empty = [""] * 5
    rows = [
        ["", statement.first_day, _("Opening balance"), *empty, "", "", statement.opening],
        *(_cells(line) for line in statement.lines),
        ["", statement.last_day, _("Closing balance"), *empty, statement.arrived, statement.gone, statement.closing],
    ]
    months = f"{_month(statement.first_day)}-{_month(statement.last_day)}"
    return csv_download(f"statement-{statement.account.pk}-{months}", headers, rows)


def _month(value: date | None) -> str:
    return f"{value:%Y-%m}" if value else ""


def _cells(line: StatementLine) -> list[Any]:
    entry = line.entry
    return [
        entry.pk,
        entry.posted_on,
        entry.get_kind_display(),
        _month(entry.month),
        entry.get_component_display(),
        entry.get_purpose_display(),
        entry.provider,
        entry.beneficiary,
        line.arrived or None,
        line.gone or None,
        line.balance,
    ]
