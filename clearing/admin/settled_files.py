"""Files of direct settlements: handed in, watched while they are settled; their differences and wrong rows as files."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, form_action, link_action
from agency.admin.base import ComposedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.jobs import STATE_TONES, progress_column
from agency.models import JobState
from clearing.admin.settled_downloads import differences_csv, download_differences, download_problems, problems_csv
from clearing.admin.settled_panels import DifferencesPanel, FilePanel, ProblemsPanel
from clearing.models import SettledFile
from clearing.services import settled_files as service
from clearing.services.file_text import KIND
from files.admin.file_import_forms import bring_url


def differing(result: dict[str, Any]) -> int | None:
    """How many records differ, as the file's job ended; None before."""
    count: int | None = result.get("differences")
    return count


def broke_off(file: SettledFile, user: Any) -> bool:
    """It can be gone on with."""
    return bool(file.job.state == JobState.FAILED)


@admin.register(SettledFile)
class SettledFileAdmin(ComposedAdmin):
    adds_with = "take"
    panels = (FilePanel, DifferencesPanel, ProblemsPanel)
    buttons = ("proceed", download_differences, download_problems)
    views = (differences_csv, problems_csv)
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

    state_label = column.badge("job__state", STATE_TONES)
    progress = progress_column("job__")
    open_differences = column.number(lambda file: differing(file.job.result), gettext_lazy("differences")).filed_from(
        differing, "job__result"
    )
    settled_day = column.day("settled_on")
    uploader = column.text("uploaded_by")
    uploaded = column.instant("uploaded_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the page names."""
        return super().get_queryset(request).select_related("region", "job", "uploaded_by")

    @link_action(gettext_lazy("Take a file of settlements"), permission="clearing.add_settledfile")
    def take(self, request: HttpRequest, obj: None) -> str:
        return bring_url(KIND)

    @form_action(
        gettext_lazy("Continue"),
        permission="clearing.add_settledfile",
        icon="play_arrow",
        primary=True,
        applies=broke_off,
        description=gettext_lazy("What is settled stays; the workers take the rest."),
    )
    def proceed(self, request: DeskRequest, file: SettledFile, data: dict[str, Any]) -> str:
        service.continue_file(file, actor=request.user)
        return _("The workers go on with the file.")
