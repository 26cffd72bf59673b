"""The page on which a clerk imports a file, and the empty files to fill in."""

from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import format_lazy
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.fields import ChoiceField, RegionField, SwitchField, UploadField
from agency.admin.forms import DeskForm
from agency.admin.panels import Table
from agency.admin.permissions import may, permitted_regions
from agency.admin.views import list_view, page_url
from agency.exceptions import DomainError
from agency.importing.reading import MAX_BYTES
from agency.importing.report import ImportReport
from agency.importing.writing import csv_bytes
from agency.services.imports import ImportKind, import_file, import_kinds

# A page of errors is read; beyond that the file needs another look as a whole. The job's log has them all.
SHOWN_ERRORS = 500


def kinds_of(user: Any) -> list[ImportKind]:
    """The kinds of file that the person may import in some region."""
    return [kind for kind in import_kinds() if may(user, kind.permission)]


class ImportForm(DeskForm):
    """Which file, of which kind, for which region."""

    kind = ChoiceField(label=gettext_lazy("Kind of file"), choices=())
    region = RegionField()
    file = UploadField(
        label=gettext_lazy("File"),
        help_text=format_lazy(gettext_lazy("CSV, XLSX or XLS, at most {megabytes} MB"), megabytes=MAX_BYTES // 1024**2),
    )
    only_good_rows = SwitchField(
        label=gettext_lazy("Import the good rows only"),
        help_text=gettext_lazy("Otherwise one wrong row keeps the whole file out."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """The person's kinds and regions; the service looks at both together."""
        super().__init__(*args, **options)
        user = self.request.user
        kinds = kinds_of(user)
        self.fields["kind"].choices = [("", _("Choose…")), *((kind.name, kind.label) for kind in kinds)]  # type: ignore[attr-defined]
        somewhere = reduce(
            or_, (permitted_regions(user, permission) for permission in {kind.permission for kind in kinds})
        )
        self.fields["region"].queryset = somewhere  # type: ignore[attr-defined]


@list_view("import/", name="import")
def import_page(page: Any, request: HttpRequest) -> HttpResponse:
    """The form; after it was sent, what became of every row."""
    kinds = kinds_of(request.user)
    if not kinds:
        raise PermissionDenied
    sent = request.method == "POST"
    form = ImportForm(
        *((request.POST, request.FILES) if sent else ()),
        request=request,
        permission=kinds[0].permission,
    )
    report = _import(request, form) if sent and form.is_valid() else None
    context = {
        **page.admin_site.each_context(request),
        "title": _("Import a file"),
        "form": form,
        "media": form.media,
        "kinds": [(kind, _columns(kind)) for kind in kinds],
        "report": report,
        **(_result(report, _labels(kinds, report.kind)) if report else {}),
    }
    return TemplateResponse(request, "agency/import.html", context)


@list_view("import/<slug:kind>.csv", name="import_template")
def empty_file(page: Any, request: HttpRequest, kind: str) -> HttpResponse:
    """An empty file with the kind's columns."""
    for each in kinds_of(request.user):
        if each.name == kind:
            response = HttpResponse(
                csv_bytes([str(column.label) for column in each.columns], []),
                content_type="text/csv; charset=utf-8",
            )
            response["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
            return response
    raise Http404


def _import(request: HttpRequest, form: ImportForm) -> ImportReport | None:
    data = form.cleaned_data
    try:
        return import_file(
            data["kind"],
            data["file"].read(),
            region=data["region"],
            actor=request.user,  # type: ignore[arg-type]
            today=localdate(),
            only_good_rows=data["only_good_rows"],
            filename=data["file"].name,
        )
    except DomainError as error:
        form.refuse(str(error))
        return None


def _columns(kind: ImportKind) -> Table:
    columns = (
        column.text("label", _("Column")),
        column.text("name", _("Identifier")),
        column.text(lambda each: _("required") if each.is_required else _("may be left out"), _("In the header")),
    )
    return Table.of(kind.columns, columns)


def _labels(kinds: list[ImportKind], name: str) -> dict[str, str]:
    """What the columns of a kind are called; several kinds may have a column of one name."""
    return {column.name: str(column.label) for kind in kinds if kind.name == name for column in kind.columns}


def _result(report: ImportReport, labels: dict[str, str]) -> dict[str, Any]:
    counts = (
        column.number("total", _("Rows")),
        column.number("imported", _("Imported")),
        column.number("unchanged", _("There already")),
        column.number("left_out", _("Left out")),
    )
    errors = (
        column.text("line", _("Line"), is_figure=True),
        column.text(lambda error: labels.get(error.column, error.column), _("Column")),
        column.text("reason", _("What is wrong")),
    )
    shown = report.errors[:SHOWN_ERRORS]
    return {
        "counts": Table.of([report], counts),
        "errors": Table.of(shown, errors, caption=_("Wrong rows")) if shown else None,
        "more_errors": len(report.errors) - len(shown),
        "job_url": page_url(report.job),
    }
