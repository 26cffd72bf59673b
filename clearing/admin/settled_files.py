"""Files of direct settlements: handed in, watched while they are settled; their differences and wrong rows as files."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from agency.admin.actions import DeskRequest, Done, form_action, link_action
from agency.admin.base import HouseAdmin
from agency.admin.downloads import csv_download
from agency.admin.fields import RegionField, UploadField
from agency.admin.filters import RegionFilter
from agency.admin.formats import badge, day, instant, number
from agency.admin.forms import DeskForm
from agency.admin.jobs import STATE_TONES
from agency.admin.permissions import may
from agency.models import JobState
from clearing.admin.settled_panels import (
    AMOUNTS,
    PERMISSION,
    DifferencesPanel,
    FilePanel,
    ProblemsPanel,
    column_name,
    wrong_amounts,
)
from clearing.models import SettledFile
from clearing.selectors.settled_files import all_compared, problems_of
from clearing.selectors.settled_sides import SHOWN
from clearing.services import settled_files as service


class TakeForm(DeskForm):
    """Whose file, and the file."""

    region = RegionField()
    content = UploadField(label=gettext_lazy("File"))

    def __init__(self, *args: Any, **options: Any) -> None:
        """The limits are said before somebody waits for a file to be sent."""
        super().__init__(*args, **options)
        said = _("CSV, XLSX or XLS, at most %(megabytes)s MB, with the field names of the national platform.")
        self.fields["content"].help_text = said % {"megabytes": service.LARGEST_MB}


def broke_off(file: SettledFile, user: Any) -> bool:
    """It can be gone on with."""
    return bool(file.job.state == JobState.FAILED)


@admin.register(SettledFile)
class SettledFileAdmin(HouseAdmin):
    """Files, the newest first."""

    adds_with = "take"
    panels = (FilePanel, DifferencesPanel, ProblemsPanel)
    actions_detail = ("proceed", "download_differences", "download_problems")
    list_display = ("name", "region", "state_label", "progress", "open_differences", "uploader", "uploaded")
    list_filter = (RegionFilter, "job__state")
    list_select_related = ("region", "job", "uploaded_by")
    search_fields = ("name__startswith",)
    search_help_text = gettext_lazy("Beginning of the file's name")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {"fields": (("name", "region"), ("state_label", "settled_day"), ("uploader", "uploaded"))},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the page names."""
        return super().get_queryset(request).select_related("region", "job", "uploaded_by")

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """Each list as a file."""
        return (
            *super().get_custom_urls(),
            ("<path:object_id>/differences.csv", "clearing_settledfile_differences", self.differences_view),
            ("<path:object_id>/problems.csv", "clearing_settledfile_problems", self.problems_view),
        )

    def _readable(self, request: HttpRequest, object_id: str) -> SettledFile:
        file: SettledFile | None = self.get_object(request, object_id)
        if file is None or not may(request.user, PERMISSION, file):
            raise Http404
        return file

    def differences_view(self, request: HttpRequest, object_id: str, **options: Any) -> HttpResponseBase:
        """Every difference with the amounts of both sides. Http404 for whoever may not see them."""
        file = self._readable(request, object_id)
        headers = [_("Line"), _("Claim"), _("Member number")]
        for name in SHOWN:
            headers += [f"{AMOUNTS[name]} ({_('As reported')})", f"{AMOUNTS[name]} ({_('As we calculate')})"]
        headers += [_("What differs"), _("Reviewed by"), _("What was found")]
        return csv_download(f"differences-{file.pk}", headers, _difference_rows(file))

    def problems_view(self, request: HttpRequest, object_id: str, **options: Any) -> HttpResponseBase:
        """Every wrong row. Http404 for whoever may not see them."""
        file = self._readable(request, object_id)
        rows = ((each.line, column_name(each.column), each.reason) for each in problems_of(file))
        return csv_download(f"problems-{file.pk}", [_("Line"), _("Column"), _("What is wrong")], rows)

    @display(description=gettext_lazy("state"))
    def state_label(self, file: SettledFile) -> str:
        """Of its job, coloured."""
        return badge(file.job.get_state_display(), STATE_TONES[file.job.state])

    @display(description=gettext_lazy("progress"))
    def progress(self, file: SettledFile) -> str:
        """In percent."""
        return f"{file.job.percent}%"

    @display(description=gettext_lazy("differences"))
    def open_differences(self, file: SettledFile) -> str:
        """How many records differ; known once the file is done."""
        return number(file.job.result.get("differences"))

    @display(description=gettext_lazy("settled on"))
    def settled_day(self, file: SettledFile) -> str:
        """The day of settlement of its claims."""
        return day(file.settled_on)

    @display(description=gettext_lazy("uploaded by"))
    def uploader(self, file: SettledFile) -> str:
        """By name."""
        return str(file.uploaded_by or "")

    @display(description=gettext_lazy("uploaded at"))
    def uploaded(self, file: SettledFile) -> str:
        """Day and time."""
        return instant(file.uploaded_at)

    @form_action(
        gettext_lazy("Take a file of settlements"),
        permission="clearing.add_settledfile",
        form=TakeForm,
        description=gettext_lazy(
            "Workers calculate every settlement again in the order of service and list where the result differs."
        ),
    )
    def take(self, request: DeskRequest, thing: None, data: dict[str, Any]) -> Done:
        """As it came."""
        content = data["content"]
        file = service.take_file(
            data["region"], content=content, name=content.name, today=localdate(), actor=request.user
        )
        return Done(_("The file is taken. This page shows how far it is."), file)

    @form_action(
        gettext_lazy("Continue"),
        permission="clearing.add_settledfile",
        icon="play_arrow",
        primary=True,
        applies=broke_off,
        description=gettext_lazy("What is settled stays; the workers take the rest."),
    )
    def proceed(self, request: DeskRequest, file: SettledFile, data: dict[str, Any]) -> str:
        """After it broke off."""
        service.continue_file(file, actor=request.user)
        return _("The workers go on with the file.")

    @link_action(gettext_lazy("Differences as CSV"), permission=PERMISSION, icon="download")
    def download_differences(self, request: HttpRequest, file: SettledFile) -> str:
        """The file."""
        return reverse("admin:clearing_settledfile_differences", args=[file.pk])

    @link_action(gettext_lazy("Wrong rows as CSV"), permission=PERMISSION, icon="download")
    def download_problems(self, request: HttpRequest, file: SettledFile) -> str:
        """The file."""
        return reverse("admin:clearing_settledfile_problems", args=[file.pk])


def _difference_rows(file: SettledFile) -> Iterator[list[Any]]:
    for found in all_compared(file):
        record = found.record
        amounts = [amount for side in found.sides for amount in (side.reported, side.ours)]
        written = [None if amount is None else f"{amount:.2f}" for amount in amounts]
        yield [
            record.line,
            record.claim_number,
            record.member_number,
            *written,
            wrong_amounts(found),
            record.reviewed_by,
            record.finding,
        ]
