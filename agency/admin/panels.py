"""Tables on a row's page: what belongs to it, newest first, a page at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from agency.admin.column import Column, Text
from agency.admin.permissions import may


@dataclass(frozen=True, slots=True)
class Table:
    """A table ready to be written: headings with their alignment, rows of cells, a foot."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    caption: Text = ""
    empty: Text = ""
    foot: Sequence[Any] = ()

    @classmethod
    def of(cls, objs: Iterable[Any], columns: Sequence[Column], **options: Any) -> "Table":
        rows = list(objs)
        labelled = [column.on(type(rows[0])) for column in columns] if rows else columns
        return cls(labelled, [[column.cell(row) for column in labelled] for row in rows], **options)

    @property
    def written_rows(self) -> list[list[tuple[Any, Column]]]:
        return [list(zip(row, self.columns, strict=True)) for row in self.rows]

    @property
    def written_foot(self) -> list[tuple[Any, Column]]:
        """The foot's cells with their columns."""
        return list(zip(self.foot, self.columns, strict=True)) if self.foot else []


class Panel:
    """A part of a row's page, under a tab of its own or below the fields.

    The page's template calls it a dataset: it reads `tab`, `title`, `model_name` and `contents`. One that `leads` comes
    first where a room above puts it on a page. One that `is_lazy` is read when its tab is opened.
    """

    name: ClassVar[str] = ""
    title: Text = ""
    tab: ClassVar[bool] = True
    leads: ClassVar[bool] = False
    is_lazy: ClassVar[bool] = False
    permission: ClassVar[str] = ""
    template: ClassVar[str] = "agency/panels/tables.html"

    def __init__(self, admin: Any, request: HttpRequest, obj: Any) -> None:
        """obj: the row that the page is about."""
        self.admin, self.request, self.obj = admin, request, obj

    def is_permitted(self) -> bool:
        return not self.permission or may(self.request.user, self.permission, self.obj)

    def is_shown(self) -> bool:
        """Whether the person may see it, and whether there is something to see."""
        return self.is_permitted()

    def is_running(self) -> bool:
        """Whether it shows something that goes on by itself; the page then looks for news every two seconds."""
        return False

    @property
    def live_url(self) -> str:
        """Where the page looks for news; empty where there will be none."""
        return self.address if self.is_running() else ""

    @property
    def address(self) -> str:
        """Where the panel is answered alone."""
        opts = self.obj._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_panel", args=[self.obj.pk, self.name])

    @property
    def model_name(self) -> str:
        return self.name

    def context(self) -> dict[str, Any]:
        return {}

    @property
    def contents(self) -> SafeString:
        """As the page has it."""
        return self._written("agency/panels/lazy.html", {}) if self.is_lazy else self.full

    @property
    def full(self) -> SafeString:
        """As it is answered alone."""
        return self._written(self.template, self.context())

    def _written(self, template: str, context: dict[str, Any]) -> SafeString:
        return SafeString(render_to_string(template, {"panel": self, **context}, request=self.request))


class TablesPanel(Panel):
    def tables(self) -> list[Table]:
        """In the order of reading."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        return {"tables": self.tables()}


class RowsPanel(Panel):
    """One table that may be long: read a page at a time, never counted."""

    columns: ClassVar[Sequence[Column]] = ()
    per_page: ClassVar[int] = 25
    empty: Text = ""

    def rows(self) -> Any:
        """The rows, newest first: anything that can be sliced."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """The table of this page, and whether there are pages around it."""
        parameter = f"{self.name}-p"
        asked = self.request.GET.get(parameter, "1")
        page = max(int(asked), 1) if asked.isdecimal() and len(asked) < 6 else 1
        start = (page - 1) * self.per_page
        rows = list(self.rows()[start : start + self.per_page + 1])
        table = Table.of(rows[: self.per_page], self.columns, empty=self.empty)
        return {
            "tables": [table],
            "page": page,
            "previous_url": self._page_url(parameter, page - 1) if page > 1 else "",
            "next_url": self._page_url(parameter, page + 1) if len(rows) > self.per_page else "",
        }

    def _page_url(self, parameter: str, page: int) -> str:
        query = self.request.GET.copy()
        query[parameter] = str(page)
        # What stands below the fields is no tab that could be opened.
        place = f"dataset-{self.name}" if self.tab else f"panel-{self.name}-title"
        return f"?{query.urlencode()}#{place}"
