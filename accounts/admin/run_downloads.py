"""What a credit run found, as files for a spreadsheet."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.run_summary import credit_rows
from accounts.models import CreditRun
from agency.admin.actions import Menu, link_action
from agency.admin.views import page_url, row_view
from files.admin.downloads import csv_download


def was_checked(run: CreditRun, user: Any) -> bool:
    """There is something to download."""
    return bool(run.summary)


@row_view("credits.csv", name="credits_csv")
def credits_csv(page: Any, request: HttpRequest, run: CreditRun) -> HttpResponseBase:
    headers = (_("Members"), _("Component"), _("Paid from"), _("For"), _("Credits"), _("Yuan"))
    return csv_download(f"credits-{run.region.slug}-{run.month:%Y-%m}-{run.sequence}", headers, credit_rows(run))


@row_view("not-creditable.csv", name="exceptions_csv", permission="accounts.view_creditexception")
def exceptions_csv(page: Any, request: HttpRequest, run: CreditRun) -> HttpResponseBase:
    """Every member who cannot be credited, with the reason."""
    headers = (_("Member number"), _("Name"), _("Component"), _("Reason"))
    rows = (
        (each.member.member_number, each.member.name, each.get_component_display(), each.get_reason_display())
        for each in run.exceptions.select_related("member").order_by("member_id", "component").iterator()
    )
    return csv_download(f"not-creditable-{run.region.slug}-{run.month:%Y-%m}-{run.sequence}", headers, rows)


@link_action(gettext_lazy("Credits as CSV"), permission="accounts.view_creditrun", icon="download", applies=was_checked)
def download_credits(page: Any, request: HttpRequest, run: CreditRun) -> str:
    return page_url(run, "credits_csv")


@link_action(
    gettext_lazy("Members not creditable as CSV"),
    permission="accounts.view_creditexception",
    icon="download",
    applies=was_checked,
)
def download_exceptions(page: Any, request: HttpRequest, run: CreditRun) -> str:
    return page_url(run, "exceptions_csv")


DOWNLOADS = Menu(gettext_lazy("Download"), (download_credits, download_exceptions))
