"""What a credit run found, as files for a spreadsheet."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.run_summary import credit_rows
from accounts.models import CreditRun
from agency.admin.actions import link_action
from agency.admin.downloads import csv_download
from agency.admin.permissions import may


def was_checked(run: CreditRun, user: Any) -> bool:
    """There is something to download."""
    return bool(run.summary)


class DownloadsRun:
    """Adds two files to a run's page: what would be posted, and who cannot be credited."""

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """The files' addresses."""
        return (
            *super().get_custom_urls(),  # type: ignore[misc]
            ("<path:object_id>/credits.csv", "accounts_creditrun_credits_csv", self.credits_view),
            ("<path:object_id>/not-creditable.csv", "accounts_creditrun_exceptions_csv", self.exceptions_view),
        )

    def _run(self, request: HttpRequest, object_id: str, permission: str) -> CreditRun:
        run: CreditRun | None = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if run is None or not may(request.user, permission, run):
            raise Http404
        return run

    def credits_view(self, request: HttpRequest, object_id: str, **options: Any) -> HttpResponseBase:
        """The check's summary. Http404 for a run out of the person's sight."""
        run = self._run(request, object_id, "accounts.view_creditrun")
        headers = (_("Members"), _("Component"), _("Paid from"), _("For"), _("Credits"), _("Yuan"))
        return csv_download(f"credits-{run.region.slug}-{run.month:%Y-%m}-{run.sequence}", headers, credit_rows(run))

    def exceptions_view(self, request: HttpRequest, object_id: str, **options: Any) -> HttpResponseBase:
        """Every member who cannot be credited, with the reason. Http404 for a run out of the person's sight."""
        run = self._run(request, object_id, "accounts.view_creditexception")
        headers = (_("Member number"), _("Name"), _("Component"), _("Reason"))
        rows = (
            (each.member.member_number, each.member.name, each.get_component_display(), each.get_reason_display())
            for each in run.exceptions.select_related("member").order_by("member_id", "component").iterator()
        )
        return csv_download(f"not-creditable-{run.region.slug}-{run.month:%Y-%m}-{run.sequence}", headers, rows)

    @link_action(
        gettext_lazy("Credits as CSV"), permission="accounts.view_creditrun", icon="download", applies=was_checked
    )
    def download_credits(self, request: HttpRequest, run: CreditRun) -> str:
        """The check's summary."""
        return reverse("admin:accounts_creditrun_credits_csv", args=[run.pk])

    @link_action(
        gettext_lazy("Members not creditable as CSV"),
        permission="accounts.view_creditexception",
        icon="download",
        applies=was_checked,
    )
    def download_exceptions(self, request: HttpRequest, run: CreditRun) -> str:
        """Who, and why."""
        return reverse("admin:accounts_creditrun_exceptions_csv", args=[run.pk])
