"""Files brought in by hand: bring one, match its columns, look at what its rows would do, confirm, take back."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action, link_action
from agency.admin.base import ComposedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.forms import ReasonedForm
from agency.admin.views import list_view, row_view
from files.admin.downloads import csv_download
from files.admin.file_import_forms import BringForm, ConfirmForm, MatchForm, kinds_of
from files.admin.file_import_panels import ColumnsPanel, ImportPanel, RowsPanel, kind_label
from files.importing.template import template_bytes
from files.models import FileImport, ImportState, RowOutcome
from files.services import file_imports as service
from files.services.import_kinds import can_be_taken_back as has_way_back
from files.services.import_kinds import columns_of, may_import, resource_of
from files.services.import_rows import cells_of

ADD = "files.add_fileimport"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATE_TONES: dict[str, str] = {
    ImportState.MATCHING: "warning",
    ImportState.READING: "info",
    ImportState.PREVIEWED: "warning",
    ImportState.IMPORTING: "info",
    ImportState.IMPORTED: "success",
    ImportState.TAKEN_BACK: "danger",
    ImportState.REFUSED: "danger",
    ImportState.DISCARDED: "",
    ImportState.EXPIRED: "",
}


def in_state(*states: ImportState) -> Any:
    """Whether a button applies: the import is in one of these states, and the person may import its kind there."""

    def applies(file_import: FileImport, user: Any) -> bool:
        return file_import.state in states and may_import(file_import.kind, region=file_import.region, actor=user)

    return applies


def can_be_taken_back(file_import: FileImport, user: Any) -> bool:
    is_in = file_import.state == ImportState.IMPORTED and file_import.taken_back_by_id is None
    may = may_import(file_import.kind, region=file_import.region, actor=user)
    return is_in and may and has_way_back(file_import.kind)


def in_all(counts: dict[str, int]) -> int | None:
    """How many rows a file has; None before they were counted."""
    return sum(counts.values()) or None


def has_wrong_rows(file_import: FileImport, user: Any) -> bool:
    may = may_import(file_import.kind, region=file_import.region, actor=user)
    return may and bool(file_import.counts.get(RowOutcome.WRONG)) and file_import.rows.exists()


@form_action(
    gettext_lazy("Bring a file"),
    permission=ADD,
    form=BringForm,
    submit=gettext_lazy("Preview"),
    template="files/bring_file.html",
    description=gettext_lazy("You see what each row would do before anything is imported."),
)
def bring(page: Any, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
    """Keep the file and show its page."""
    brought = service.bring_file(
        data["kind"],
        data["file"],
        region=data["region"],
        actor=request.user,
        name=data["file"].name,
        about=data["about"],
    )
    if brought.state == ImportState.MATCHING:
        url = reverse("admin:files_fileimport_match", args=[brought.pk])
        return Done(_("Say which column is which; next time it is known."), brought, url=url)
    return Done(_("The file is being read."), brought)


@form_action(
    gettext_lazy("Match the columns"),
    permission=ADD,
    form=MatchForm,
    applies=in_state(ImportState.MATCHING, ImportState.PREVIEWED),
    submit=gettext_lazy("Preview"),
    description=gettext_lazy("On the left what the file calls a column. What has a star must be there."),
)
def match(page: Any, request: DeskRequest, file_import: FileImport, data: dict[str, Any]) -> str:
    places = {int(name.removeprefix("place_")): column for name, column in data.items()}
    service.match_columns(file_import, places, actor=request.user)
    return _("The file is being read.")


@form_action(
    gettext_lazy("Confirm"),
    permission=ADD,
    form=ConfirmForm,
    primary=True,
    icon="check",
    applies=in_state(ImportState.PREVIEWED),
    submit=gettext_lazy("Import"),
)
def confirm(page: Any, request: DeskRequest, file_import: FileImport, data: dict[str, Any]) -> str:
    service.confirm_import(
        file_import,
        actor=request.user,
        only_good_rows=data.get("only_good_rows", False),
        with_doubtful=data.get("with_doubtful", False),
        reason=data.get("reason", ""),
    )
    return _("The rows are going in. This page shows how far it is.")


@form_action(
    gettext_lazy("Discard"),
    permission=ADD,
    applies=in_state(ImportState.MATCHING, ImportState.PREVIEWED),
    description=gettext_lazy("Nothing of the file is imported, and its rows are forgotten."),
)
def discard(page: Any, request: DeskRequest, file_import: FileImport, data: dict[str, Any]) -> str:
    service.discard_import(file_import, actor=request.user)
    return _("The file is discarded.")


@form_action(
    gettext_lazy("Cancel the run"),
    permission=ADD,
    danger=True,
    applies=in_state(ImportState.READING, ImportState.IMPORTING),
    description=gettext_lazy("The worker stops, and nothing of the file goes in."),
)
def cancel(page: Any, request: DeskRequest, file_import: FileImport, data: dict[str, Any]) -> str:
    service.cancel_run(file_import, actor=request.user)
    return _("The worker stops at the next rows.")


@form_action(
    gettext_lazy("Take back"),
    permission=ADD,
    form=ReasonedForm,
    danger=True,
    icon="undo",
    applies=can_be_taken_back,
    description=gettext_lazy(
        "Everything that this file brought in is undone, as changes of their own in each history. Where something was "
        "built upon a row, nothing is undone, and the page says what stands on it."
    ),
)
def take_back(page: Any, request: DeskRequest, file_import: FileImport, data: dict[str, Any]) -> str:
    service.request_taking_back(file_import, actor=request.user, reason=data["reason"])
    return _("The import is being taken back.")


@link_action(
    gettext_lazy("Wrong rows as a file"),
    permission=ADD,
    icon="download",
    applies=has_wrong_rows,
)
def download_wrong(page: Any, request: HttpRequest, file_import: FileImport) -> str:
    return reverse("admin:files_fileimport_wrong_rows", args=[file_import.pk])


@row_view("wrong-rows.csv", name="wrong_rows", permission=ADD)
def wrong_rows(page: Any, request: HttpRequest, file_import: FileImport) -> Any:
    """The wrong rows as the file has them, with their reasons in a last column, which a next import leaves out."""
    if not may_import(file_import.kind, region=file_import.region, actor=request.user):  # type: ignore[arg-type]
        raise Http404
    columns, names = columns_of(file_import.kind), file_import.heading["names"]
    rows = file_import.rows.filter(outcome=RowOutcome.WRONG).order_by("number").iterator(chunk_size=2000)
    headers = [*(columns[name].label for name in names), _("What is wrong")]
    written = (
        [
            *(cells_of(row, names, columns) or [""] * len(names)),
            " ".join(
                f"{columns[column].label if column in columns else column}: {why}" for column, why in row.problems
            ),
        ]
        for row in rows
    )
    return csv_download(f"{file_import.kind}-{file_import.pk}-wrong-rows", headers, written)


@list_view("template/<slug:kind>.xlsx", name="template")
def template(page: Any, request: HttpRequest, kind: str) -> HttpResponse:
    """A workbook to begin a file of the kind with, in the person's language."""
    for each in kinds_of(request.user):
        if each.name == kind:
            content = template_bytes(str(each.label), columns_of(kind), resource_of(kind).examples)
            response = HttpResponse(content, content_type=XLSX)
            response["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
            return response
    raise Http404


@admin.register(FileImport)
class FileImportAdmin(ComposedAdmin):
    adds_with = bring
    panels = (ImportPanel, RowsPanel, ColumnsPanel)
    buttons = (confirm, match, download_wrong, take_back, discard, cancel)
    views = (wrong_rows, template)
    list_display = ("name", "kind_name", "region", "state_label", "rows_in", "brought_by", "brought")
    list_filter = (RegionFilter, "state")
    list_select_related = ("region", "brought_by")
    search_fields = ("name__startswith",)
    search_help_text = gettext_lazy("Beginning of the file's name")
    ordering = ("-id",)
    fields = (
        ("kind_name", "region"),
        ("state_label", "rows_in"),
        ("brought_by", "brought"),
        ("confirmed_by", "reason"),
    )

    kind_name = column.written(kind_label, "kind")
    state_label = column.badge("state", STATE_TONES)
    rows_in = column.number(lambda file_import: in_all(file_import.counts), gettext_lazy("rows")).filed_from(
        in_all, "counts"
    )
    brought = column.instant("brought_at")
