"""What became of a file of direct settlements, as files for a spreadsheet: its differences and its wrong rows."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.actions import link_action
from agency.admin.views import page_url, row_view
from clearing.admin.settled_panels import AMOUNTS, PERMISSION, column_name, wrong_amounts
from clearing.models import SettledFile
from clearing.selectors.settled_files import all_compared, problems_of
from clearing.selectors.settled_sides import SHOWN
from files.admin.downloads import csv_download


@row_view("differences.csv", name="differences", permission=PERMISSION)
def differences_csv(page: Any, request: HttpRequest, file: SettledFile) -> HttpResponseBase:
    """Every difference with the amounts of both sides."""
    headers = [_("Line"), _("Claim"), _("Member number")]
    for name in SHOWN:
        headers += [f"{AMOUNTS[name]} ({_('As reported')})", f"{AMOUNTS[name]} ({_('As we calculate')})"]
    headers += [_("What differs"), _("Reviewed by"), _("What was found")]
    return csv_download(f"differences-{file.pk}", headers, _difference_rows(file))


@row_view("problems.csv", name="problems", permission=PERMISSION)
def problems_csv(page: Any, request: HttpRequest, file: SettledFile) -> HttpResponseBase:
    rows = ((each.line, column_name(each.column), each.reason) for each in problems_of(file))
    return csv_download(f"problems-{file.pk}", [_("Line"), _("Column"), _("What is wrong")], rows)


@link_action(gettext_lazy("Differences as CSV"), permission=PERMISSION, icon="download")
def download_differences(page: Any, request: HttpRequest, file: SettledFile) -> str:
    return page_url(file, "differences")


@link_action(gettext_lazy("Wrong rows as CSV"), permission=PERMISSION, icon="download")
def download_problems(page: Any, request: HttpRequest, file: SettledFile) -> str:
    return page_url(file, "problems")


def _difference_rows(file: SettledFile) -> Iterator[list[Any]]:
    for comparison in all_compared(file):
        record = comparison.record
        amounts = [amount for side in comparison.sides for amount in (side.reported, side.ours)]
        written = [None if amount is None else f"{amount:.2f}" for amount in amounts]
        yield [
            record.line,
            record.claim_number,
            record.member_number,
            *written,
            wrong_amounts(comparison),
            record.reviewed_by,
            record.finding,
        ]
