"""The page of a file that was brought in: how far it is, what its rows would do or did, which columns were read."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agency.admin.column import Column
from agency.admin.formats import badge, listed, number
from agency.admin.panels import Panel, Table, TablesPanel
from agency.admin.panels import RowsPanel as PagedRows
from agency.admin.permissions import may
from agency.admin.views import page_url
from agency.fields import decrypted
from files.admin.file_import_forms import what_it_is_about
from files.importing.cells import Column as FileColumn
from files.importing.cells import TermCell
from files.importing.refusals import parted
from files.models import FileImport, ImportedRow, ImportState, RowOutcome, StagedRow
from files.services.import_kinds import columns_of, import_kinds, is_handed, is_known, resource_of

OUTCOME_TONES: dict[str, str] = {
    RowOutcome.NEW: "success",
    RowOutcome.CHANGED: "info",
    RowOutcome.UNCHANGED: "",
    RowOutcome.DOUBTFUL: "warning",
    RowOutcome.WRONG: "danger",
}
_HIDDEN = "••••"
_RUNNING = (ImportState.READING, ImportState.IMPORTING)


def kind_label(kind: str) -> str:
    """What a kind of file is called; its name where the house no longer knows it."""
    return str(next((each.label for each in import_kinds() if each.name == kind), kind))


class ImportPanel(Panel):
    """What a person looks at first: how far the run is; then how many rows would do what."""

    name = "import"
    title = gettext_lazy("What this file does")
    tab = False
    template = "files/panels/import.html"

    def is_running(self) -> bool:
        return self.obj.state in _RUNNING or self._is_being_taken_back()

    def _is_being_taken_back(self) -> bool:
        return self.obj.state == ImportState.IMPORTED and self.obj.taken_back_by_id is not None

    def _what_becomes_of_it(self) -> list[Any]:
        """What is still to be known of rows that are in, or will be with a service, in the reader's language."""
        if not is_known(self.obj.kind):
            return []
        resource = resource_of(self.obj.kind)
        is_told = self.obj.state == ImportState.IMPORTED or (
            self.obj.state == ImportState.PREVIEWED and is_handed(resource)
        )
        return [resource.outcome] if is_told and resource.outcome else []

    def _about(self) -> dict[str, Any]:
        """Where the person goes on: to what the file answers, or what it became."""
        found = what_it_is_about(self.obj.kind, self.obj.about, self.request.user)
        if found is None:
            return {}
        return {"about": found, "about_named": capfirst(found._meta.verbose_name), "about_url": page_url(found)}

    def context(self) -> dict[str, Any]:
        file_import: FileImport = self.obj
        job = file_import.job
        return {
            "file_import": file_import,
            **self._about(),
            "job": job,
            "is_running": self.is_running(),
            "pace": _pace(job) if job is not None and self.is_running() else "",
            "outcomes": [
                {
                    "label": outcome.label,
                    "count": number(file_import.counts.get(outcome, 0)),
                    "tone": OUTCOME_TONES[outcome] or "plain",
                    "url": f"?{urlencode({'outcome': outcome.value})}#dataset-rows",
                }
                for outcome in RowOutcome
            ]
            if file_import.counts
            else [],
            "notes": [*file_import.notes, *self._what_becomes_of_it()],
            "log": job.log if job is not None and job.state == "failed" else "",
        }


def _pace(job: Any) -> str:
    """Rows a second, and how long the rest takes; empty before there is anything to say."""
    seconds = (now() - job.started_at).total_seconds() if job.started_at else 0
    if not job.done or seconds <= 0:
        return ""
    speed = job.done / seconds
    rest = int((job.total - job.done) / speed) + 1
    return _("%(speed)s rows a second, %(rest)s left") % {
        "speed": f"{speed:,.0f}",
        "rest": ngettext("%(count)s second", "%(count)s seconds", rest) % {"count": f"{rest:,}"},
    }


class RowsPanel(PagedRows):
    """The rows, those first that need somebody: wrong, doubtful, changed."""

    name = "rows"
    title = gettext_lazy("Rows of the file")
    tab = False
    per_page = 50
    template = "files/panels/import_rows.html"
    empty = gettext_lazy("No row is like this.")
    columns = (
        Column(gettext_lazy("Line"), lambda row: row.line, is_figure=True),
        Column(gettext_lazy("Outcome"), lambda row: badge(row.get_outcome_display(), OUTCOME_TONES[row.outcome])),
        Column(gettext_lazy("About"), lambda row: row.key),
        Column(gettext_lazy("As it is read"), lambda row: row.told),
    )

    def is_shown(self) -> bool:
        """Its rows are seen by whoever may see what they become."""
        if not self.obj.counts or not is_known(self.obj.kind):
            return False
        return may(self.request.user, resource_of(self.obj.kind).permission.replace(".add_", ".view_"), self.obj)

    def _asked(self) -> tuple[str, str]:
        outcome, text = self.request.GET.get("outcome", ""), self.request.GET.get("about", "").strip()
        return outcome if outcome in RowOutcome.values else "", text

    def rows(self) -> Any:
        outcome, text = self._asked()
        rows, staged = self.obj.rows.order_by("number"), self.obj.staged.order_by("line")
        if outcome:
            rows = rows.filter(outcome=outcome)
        if outcome not in ("", self.obj.staged_as):
            staged = staged.none()
        if text:
            rows = rows.filter(_about(text, "key"))
            joined = Func(F("cells"), Value(" · "), function="array_to_string", output_field=TextField())
            staged = staged.annotate(joined=joined).filter(_about(text, "plain", "joined"))
        return _Told(rows, staged, self.obj)

    def context(self) -> dict[str, Any]:
        outcome, text = self._asked()
        return {
            **super().context(),
            "outcome": outcome,
            "about": text,
            "outcomes": [(each.value, each.label, self.obj.counts.get(each, 0)) for each in RowOutcome],
        }


def _about(text: str, *fields: str) -> Q:
    """Rows in whose line number or cells the text is."""
    found = Q(line=text) if text.isdecimal() and len(text) < 8 else Q()
    for field in fields:
        found |= Q(**{f"{field}__contains": text})
    return found


class _Told:
    """Rows with what is to be said of each, the staged ones behind the others; anything that can be sliced."""

    def __init__(self, rows: "QuerySet[ImportedRow]", staged: "QuerySet[StagedRow]", file_import: FileImport) -> None:
        self.rows, self.staged, self.staged_as = rows, staged, file_import.staged_as
        self.names = file_import.heading.get("names", [])
        self.columns = columns_of(file_import.kind)

    def __getitem__(self, part: slice) -> list[ImportedRow]:
        rows = list(self.rows[part])
        if len(rows) < part.stop - part.start:
            before = self.rows.count()
            rest = self.staged[max(part.start - before, 0) : part.stop - before]
            rows += [row.as_kept(self.names, self.staged_as) for row in rest]
        for row in rows:
            row.told = told(row, self.names, self.columns)  # type: ignore[attr-defined]
        return rows


def told(row: ImportedRow, names: list[str], columns: Mapping[str, FileColumn]) -> SafeString | str:
    """What a person reads of a row: what is wrong and what to do, the old and the new value side by side, or what its
    cells are taken for.
    """
    cells = dict(zip(names, row.cells, strict=False))
    if row.problems or row.doubts:
        otherwise = "" if row.problems else _("If it is right, confirm the doubtful rows with a reason. Otherwise:")
        said = ((_sentence(each, cells, columns, otherwise),) for each in row.problems or row.doubts)
        return format_html_join("", "<p>{}</p>", said)
    if row.outcome == RowOutcome.WRONG:
        return _("It goes in together with other rows, one of which is wrong.")
    if row.before:
        changes = ((columns[name].label, *_both(columns[name], row.before[name], cells[name])) for name in row.before)
        return format_html_join("", "<p>{}: <del>{}</del> → <ins>{}</ins></p>", changes)
    return listed(_read(columns[name], cells) for name in names if name != "region" and cells.get(name))


def _read(column: FileColumn, cells: dict[str, str]) -> str:
    """The column's name and what its cell is taken for."""
    if column.is_personal:
        return f"{column.label} {_tail(decrypted(cells[column.column_name]))}"
    try:
        value = column.clean(cells)
    except ValueError:
        value = cells[column.column_name]
    if isinstance(value, bool):
        value = _("yes") if value else _("no")
    labels = column.widget.labels if isinstance(column.widget, TermCell) else {}
    return f"{column.label} {labels.get(value) or getattr(value, 'label', value)}"


def _both(column: FileColumn, before: Any, after: str) -> tuple[str, str]:
    if column.is_personal:
        return _tail(decrypted(str(before))), _tail(decrypted(after) if after else "")
    return str(before), after


def _tail(text: str) -> str:
    return f"{_HIDDEN}{text[-2:]}" if text else ""


def _sentence(
    problem: list[str], cells: dict[str, str], columns: Mapping[str, FileColumn], otherwise: str
) -> SafeString:
    """The column, its value where that is no personal number, what is wrong, what to do. otherwise: what else a person
    may do.
    """
    name, said = problem
    column = columns.get(name)
    value = cells.get(name, "")
    shown = _tail(decrypted(value)) if value and column is not None and column.is_personal else value[:40]
    reason, way_out = parted(said)
    return format_html(
        '<strong>{}</strong>{} {} <span class="desk-hint">{}</span>',
        column.label if column is not None else _("Column %(place)s") % {"place": name} if name else _("The row"),
        f" “{shown}”:" if shown else ":",
        reason,
        f"{otherwise} {way_out}".strip(),
    )


class ColumnsPanel(TablesPanel):
    """What the header was read as."""

    name = "columns"
    title = gettext_lazy("Columns of the file")

    def is_shown(self) -> bool:
        return bool(self.obj.heading.get("names")) and is_known(self.obj.kind)

    def tables(self) -> list[Table]:
        columns = columns_of(self.obj.kind)
        names = self.obj.heading["names"]
        shown = (
            Column(_("Column"), lambda item: item[1].label),
            Column(_("In this file"), lambda item: _("read") if item[0] in names else _("not there")),
        )
        return [Table.of(columns.items(), shown)]
