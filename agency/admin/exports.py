"""What was taken out of the lists: one's own files to fetch, and for whoever looks after the office, everybody's."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.text import capfirst
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import link_action
from agency.admin.base import ComposedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.jobs import ProgressPanel
from agency.admin.list_exports import file_name, file_response
from agency.admin.monthly import monthly_reports, monthly_reports_file
from agency.admin.permissions import may
from agency.admin.views import page_url, row_view
from agency.models import Export, JobState
from agency.scoping import scoped, view_permission_of
from agency.services.exports import FUND, MONTHLY_REPORTS

VIEW, VIEW_ALL = "agency.view_export", "agency.view_export_of_colleagues"


def listed_name(export: Export) -> str:
    """The list, and the sheet of its where it is not the list itself; or the page that wrote tables of its own."""
    if export.listed in (MONTHLY_REPORTS, FUND):
        return _("Monthly reports") if export.listed == MONTHLY_REPORTS else _("The fund")
    page: Any = admin.site.get_model_admin(apps.get_model(export.listed))
    titles = [str(sheet.title) for sheet in page.sheets if sheet.name == export.sheet]
    return " · ".join([str(capfirst(page.opts.verbose_name_plural)), *titles])


def may_fetch(export: Export, user: Any) -> bool:
    """Only who asked for a file gets it, while it is kept, and while they may see what is in it."""
    is_kept = bool(export.file) and export.expires_at is not None and export.expires_at > now()
    return is_kept and export.asked_by_id == user.pk and may(user, view_permission_of(apps.get_model(export.listed)))


@link_action(gettext_lazy("Fetch the file"), permission=VIEW, icon="download", primary=True, applies=may_fetch)
def fetch(page: Any, request: HttpRequest, export: Export) -> str:
    return page_url(export, "file")


@row_view("file/", name="file", permission=VIEW)
def exported_file(page: Any, request: HttpRequest, export: Export) -> HttpResponseBase:
    """The file, for who asked for it. Http404 for everybody else, and once it is no more kept."""
    if not may_fetch(export, request.user):
        raise Http404
    name = file_name(export.listed.partition(".")[2], export.sheet)
    return file_response(export.file.open("rb"), name, export.form)


class WritingPanel(ProgressPanel):
    """How far the worker is, until there is a file."""

    def __init__(self, page: Any, request: HttpRequest, export: Any) -> None:
        super().__init__(page, request, export.job)

    def is_shown(self) -> bool:
        """While it is written, and where it failed."""
        return self.obj is not None and self.obj.state != JobState.DONE


@admin.register(Export)
class ExportAdmin(ComposedAdmin):
    buttons = (fetch,)
    panels = (WritingPanel,)
    views = (exported_file, monthly_reports, monthly_reports_file)
    list_display = ("asked", "listed_label", "form", "filters", "region", "row_count", "asked_by", "kept_until")
    list_filter = (RegionFilter, "form")
    list_select_related = ("region", "asked_by")
    search_fields = ("asked_by__username__istartswith", "asked_by__display_name__startswith")
    search_help_text = gettext_lazy("Beginning of a colleague's name or login")
    ordering = ("-id",)
    fields = (
        ("listed_label", "form"),
        ("filters", "region"),
        ("asked_by", "asked"),
        ("row_count", "kept_until"),
    )

    asked = column.instant("asked_at")
    listed_label = column.text(listed_name, gettext_lazy("list"))
    row_count = column.number("rows")
    kept_until = column.instant("expires_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """One's own, and those of colleagues in the regions where one looks after that."""
        everybodys = scoped(Export.objects.all(), request.user, VIEW_ALL)
        seen = Export.objects.filter(Q(asked_by=request.user.pk) | Q(pk__in=everybodys.values("pk")))
        return seen.select_related("region", "asked_by", "job").order_by(*self.ordering)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One's own, wherever its rows are; others' by role."""
        if isinstance(obj, Export) and obj.asked_by_id != request.user.pk:
            return may(request.user, VIEW_ALL, obj)
        return may(request.user, VIEW)
