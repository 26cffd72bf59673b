"""What is asked when a file is brought in: the file, its columns, what of it goes in."""

from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model
from django.forms import HiddenInput, IntegerField
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.column import Column
from agency.admin.fields import ChoiceField, ReasonField, RegionField, SwitchField, UploadField
from agency.admin.forms import DeskForm
from agency.admin.panels import Table
from agency.admin.permissions import may, permitted_regions
from agency.models import PoolingRegion
from agency.scoping import scoped
from files.importing.reading import MAX_BYTES
from files.models import FileImport, RowOutcome
from files.services.file_imports import LARGEST_MB, headings_of
from files.services.import_kinds import ImportKind, columns_of, import_kinds, model_about

_DOUBTS_SHOWN = 5


def kinds_of(user: Any) -> list[ImportKind]:
    """The kinds of file that the person may import in some region."""
    return [kind for kind in import_kinds() if may(user, kind.permission)]


def bring_url(kind: str, **offered: Any) -> str:
    """The page that takes a file, with its kind chosen. offered: what else is chosen there, by field."""
    return f"{reverse('admin:files_fileimport_add')}?{urlencode({'kind': kind, **offered})}"


def what_it_is_about(kind: str, about: Any, user: Any) -> Model | None:
    """The row that a file of a kind is about, where the person may see it."""
    model = model_about(kind)
    if model is None or not str(about or "").isdecimal():
        return None
    view = f"{model._meta.app_label}.view_{model._meta.model_name}"
    return scoped(model._default_manager.all(), user, view).filter(pk=about).first()


class BringForm(DeskForm):
    """Whose file, and the file; its kind where the header does not say it; what it is about where a page says that."""

    file = UploadField(label=gettext_lazy("File"))
    region = RegionField()
    kind = ChoiceField(
        label=gettext_lazy("Kind of file"),
        choices=(),
        required=False,
        help_text=gettext_lazy("Leave it open, and the header says it."),
    )
    about = IntegerField(required=False, min_value=1, widget=HiddenInput())

    def __init__(self, *args: Any, **options: Any) -> None:
        """The person's kinds and regions; the service looks at both together."""
        super().__init__(*args, **options)
        user = self.request.user
        kinds = kinds_of(user)
        somewhere = reduce(
            or_, (permitted_regions(user, kind.permission) for kind in kinds), PoolingRegion.objects.none()
        )
        self.fields["file"].help_text = self._sizes(kinds)
        self.fields["region"].queryset = somewhere.distinct()  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("As the header says")), *((kind.name, kind.label) for kind in kinds)]  # type: ignore[attr-defined]

    @property
    def sentences(self) -> list[str]:
        """What the file is for, where a page has led here."""
        found = what_it_is_about(self["kind"].value(), self["about"].value(), self.request.user)
        return [] if found is None else [f"{capfirst(found._meta.verbose_name)}: {found}"]

    def _sizes(self, kinds: list[ImportKind]) -> str:
        megabytes = {"megabytes": MAX_BYTES // 1024**2, "large": LARGEST_MB}
        said = _("CSV, XLSX or XLS, at most %(megabytes)s MB. Drop the file here, or choose it.") % megabytes
        large = [str(kind.label) for kind in kinds if kind.is_large]
        if not large:
            return said
        larger = _("As CSV these may have %(large)s MB: %(kinds)s.") % {**megabytes, "kinds": ", ".join(large)}
        return f"{said} {larger}"

    @property
    def kinds(self) -> list[tuple[ImportKind, Table]]:
        """What the columns of each kind are called, for whoever makes a file."""
        return [(kind, columns_table(kind)) for kind in kinds_of(self.request.user)]


class MatchForm(DeskForm):
    """For each column of the file which of ours it is."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """A choice for each cell of the header that says something."""
        super().__init__(*args, **options)
        file_import: FileImport = self.obj  # type: ignore[assignment]
        columns = columns_of(file_import.kind)
        choices = [
            ("", _("leave out")),
            *((name, f"{column.label}{' *' if column.in_header else ''}") for name, column in columns.items()),
        ]
        known = headings_of(file_import)
        for place, cell in enumerate(file_import.heading.get("cells", [])):
            if cell.strip():
                self.fields[f"place_{place}"] = ChoiceField(
                    label=cell.strip()[:60], choices=choices, required=False, initial=known.get(place, "")
                )


class ConfirmForm(DeskForm):
    """What goes in, and why recorded values change."""

    only_good_rows = SwitchField(
        label=gettext_lazy("Import the good rows only"),
        help_text=gettext_lazy("Wrong rows stay out; you can correct them in a file of their own and bring that."),
    )
    with_doubtful = SwitchField(
        label=gettext_lazy("Import the doubtful rows as well"),
        help_text=gettext_lazy("I have looked at them, and they are right."),
    )
    reason = ReasonField(required=False, max_length=100)

    def __init__(self, *args: Any, **options: Any) -> None:
        """Only what this file asks for."""
        super().__init__(*args, **options)
        counts = self.obj.counts  # type: ignore[union-attr]
        if not counts.get(RowOutcome.WRONG) and not counts.get(RowOutcome.DOUBTFUL):
            del self.fields["only_good_rows"]
        if not counts.get(RowOutcome.DOUBTFUL):
            del self.fields["with_doubtful"]
        if not counts.get(RowOutcome.CHANGED) and not counts.get(RowOutcome.DOUBTFUL):
            del self.fields["reason"]

    @property
    def sentences(self) -> list[str]:
        counts = self.obj.counts  # type: ignore[union-attr]
        return [
            _("%(new)s new rows, %(changed)s that change something, %(doubtful)s doubtful, %(wrong)s wrong.")
            % {each: f"{counts.get(each, 0):,}" for each in ("new", "changed", "doubtful", "wrong")},
            *self._doubts(counts.get(RowOutcome.DOUBTFUL, 0)),
        ]

    def _doubts(self, count: int) -> list[str]:
        """What the person says yes to, as far as it can be read here."""
        if not count:
            return []
        rows = self.obj.rows.filter(outcome=RowOutcome.DOUBTFUL).order_by("number")[:_DOUBTS_SHOWN]  # type: ignore[union-attr]
        said = [
            _("line %(line)s: %(reason)s") % {"line": row.line, "reason": reason}
            for row in rows
            for _column, reason in row.doubts
        ]
        if count > _DOUBTS_SHOWN:
            said.append(_("and %(count)s more") % {"count": f"{count - _DOUBTS_SHOWN:,}"})
        return said


def columns_table(kind: ImportKind) -> Table:
    """What the columns of a kind are called."""
    columns = (
        Column(_("Column"), lambda column: column.label),
        Column(_("Identifier"), lambda column: column.name),
        Column(_("In the header"), lambda column: _("required") if column.is_required else _("may be left out")),
    )
    return Table.of(kind.columns, columns)
