"""What every page of the house has in common.

Rows are those of the regions in which the person may see them. Pages show; a change is a button with a form behind
which one service stands. Nothing is deleted.

A page is put together from parts and read in one place. It has one base, `TrackedAdmin` where the model keeps a history
and `ComposedAdmin` where it keeps none, and lists its parts:

    refusals = OF_THE_LAW                which errors of services are told the clerk, and in which words
    adds_with = register                 the button behind "add"
    panels = (LinesPanel, FilesPanel)    tables beside the fields
    buttons = ("approve", settle, Menu(_("Download"), (credits, exceptions)))
    list_buttons = (settle_all,)         those above the list
    views = (explanation, setlinfo)      further addresses: papers to print, files (`row_view`, `list_view`)
    sheets = (SETTLEMENTS,)              further forms in which the list becomes a file (`listed.py`)
    served = column.day("served_on")     how something is shown in the list and among the fields, which name it; the
                                         tables of panels declare their columns the same way (`column.py`)

A part is a function or an object of the module that is about it; what the page calls gets the page first. A button
named by a string is a method of the page itself. Whatever four eyes approve (`FourEyes`) has its submission and its
decision on its page without a word. Rooms above add parts of theirs to the same lists (`additions.py`).
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.admin import ShowFacets
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from simple_history.admin import SimpleHistoryAdmin

from agency.admin import column
from agency.admin.approval import carry_what_was_seen, with_approval
from agency.admin.buttons import WithButtons
from agency.admin.case_queue import next_case, next_url
from agency.admin.cases import cases_on
from agency.admin.formats import NOTHING
from agency.admin.history import DeltaInWords
from agency.admin.list_exports import export_list
from agency.admin.list_tools import VIEWS, chosen_columns
from agency.admin.listed import ListSheet, asked_for, sheet_of
from agency.admin.lists import DeskChangeList
from agency.admin.overview import CardMaker, overview_of
from agency.admin.paging import EstimatingPaginator
from agency.admin.panels import Panel
from agency.admin.permissions import may
from agency.admin.timeline import Source
from agency.admin.views import View, row_view
from agency.exporting.sheet import Sheet
from agency.models import FourEyes
from agency.scoping import scoped
from agency.services.history import OWN_WORDS


class ComposedAdmin(WithButtons):
    """A model's list and page: read-only, scoped to regions, with buttons.

    `linked_lookups` are what links of the house put into the list's address beside its filters.
    """

    views: Sequence[View] = ()
    cards: Sequence[CardMaker] = ()
    timelines: Sequence[Source] = ()
    panels: Sequence[type[Panel]] = ()
    sheets: Sequence[ListSheet] = ()
    linked_lookups: ClassVar[frozenset[str]] = frozenset()

    # Of whatever four eyes approve. A page with states of another kind says how it shows them.
    state_label: Any = column.state()
    submitter = column.text("submitted_by")
    submitted = column.instant("submitted_at")
    decider = column.text("decided_by")
    decided = column.instant("decided_at")

    show_full_result_count = False
    # Counting every choice of every filter reads the table as often.
    show_facets = ShowFacets.NEVER
    paginator = EstimatingPaginator
    list_per_page = 50
    list_max_show_all = 200
    change_form_outer_before_template = "agency/overview.html"
    list_before_template = "agency/export_list.html"
    actions = ()
    empty_value_display = NOTHING
    compressed_fields = True
    # A click on any heading would sort the whole table; lists name the columns that an index can sort.
    sortable_by: Sequence[str] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows of the regions in which the person may see them."""
        return scoped(super().get_queryset(request), request.user)

    def get_list_display(self, request: HttpRequest) -> Sequence[Any]:
        """The columns that the reader chose, or all of them."""
        return chosen_columns(request, super().get_list_display(request))

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[DeskChangeList]:
        """A list that answers its own filters only."""
        return DeskChangeList

    def sheet_for(self, user: Any, query: str, name: str) -> tuple[int, Sheet]:
        """How many rows a person's list has with these filters, and the list, or a sheet of its, as a table."""
        listed = asked_for(self, user, query, name)
        return listed.queryset.order_by().count(), sheet_of(self, listed, name)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, found once for the page and all its buttons. PermissionDenied for who sees no row of any region."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        loaded: dict[Any, Any] = request.__dict__.setdefault("_desk_objects", {})
        key = (self.model, object_id, from_field)
        if key not in loaded:
            loaded[key] = super().get_object(request, object_id, from_field)
        return loaded[key]

    # --- Permissions ------------------------------------------------------------------------------

    def _codename(self, verb: str) -> str:
        return f"{self.opts.app_label}.{verb}_{self.opts.model_name}"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By role, in the row's region."""
        return may(request.user, self._codename("view"), obj if isinstance(obj, Model) else None)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the model is listed for the person."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only where a form action adds."""
        action = self.add_action
        return action is not None and may(request.user, action.permission)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Changes are made by buttons."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # --- Fields and panels ------------------------------------------------------------------------

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **options: Any) -> Any:
        """Choices that the person may see."""
        options.setdefault("queryset", scoped(db_field.remote_field.model._default_manager.all(), request.user))
        return super().formfield_for_foreignkey(db_field, request, **options)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The page's own; then who submitted and who decided, once there is somebody."""
        own = super().get_fieldsets(request, obj)
        return with_approval(own, obj) if isinstance(obj, FourEyes) else own

    def get_panels(self, request: HttpRequest, obj: Any) -> list[Panel]:
        """The panels of this row that the person may see."""
        panels = [panel(self, request, obj) for panel in self.panels]
        return [panel for panel in panels if panel.is_shown()]

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """Those of the views, of each panel, of the list as a file, and of the way to the next case."""
        model = f"{self.opts.app_label}_{self.opts.model_name}"
        views = (*self.views, panel_alone, export_list, *VIEWS)
        if issubclass(self.model, FourEyes):
            views = (*views, next_case)
        return tuple((view.path, f"{model}_{view.name}", view.answer) for view in views)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> TemplateResponse:
        """Put the panels beside the fields; only tracked rows have a history to show."""
        if isinstance(obj, FourEyes):
            carry_what_was_seen(context.get("actions_detail", ()), obj)
            context["next_url"] = next_url(request.user, obj)
        if obj is not None:
            context["datasets"] = self.get_panels(request, obj)
            context["cases"] = cases_on(request.user, obj)
            context["overview"] = overview_of(self.cards, request, obj) if self.cards else None
        context["show_history"] = isinstance(self, SimpleHistoryAdmin)
        return super().render_change_form(request, context, add, change, form_url, obj)


@row_view("panel/<slug:name>/", name="panel")
def panel_alone(page: ComposedAdmin, request: HttpRequest, obj: Any, name: str) -> HttpResponse:
    """One panel, where a page that waits looks for news; once nothing runs any more, the whole page is to be read."""
    named = (each(page, request, obj) for each in page.panels if each.name == name)
    panel = next((each for each in named if each.is_permitted()), None)
    if panel is None:
        raise Http404
    # One that is shown while something runs has gone with its end.
    contents = panel.full if panel.is_shown() else ""
    goes_on = panel.is_lazy or panel.is_running()
    return HttpResponse(contents, headers={} if goes_on else {"HX-Refresh": "true"})


class TrackedAdmin(ComposedAdmin, SimpleHistoryAdmin):
    """A model whose changes are kept: its history shows who changed what and why, and cannot be turned back."""

    # Fields whose values the history shows masked, and fields it leaves out.
    masked_in_history: ClassVar[frozenset[str]] = frozenset()
    left_out_of_history: ClassVar[frozenset[str]] = frozenset()

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The row as it was. Sending the page would write the old state past every rule."""
        if request.method != "GET":
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)

    def set_history_delta_changes(self, request: HttpRequest, historical_records: Any, **options: Any) -> None:
        """With the reasons that services write themselves in the reader's language."""
        super().set_history_delta_changes(request, historical_records, **options)
        for record in historical_records:
            if record.history_change_reason in OWN_WORDS:
                record.history_change_reason = gettext(record.history_change_reason)

    def get_historical_record_context_helper(self, request: HttpRequest, historical_record: Any) -> DeltaInWords:
        """Changes in the reader's words."""
        return DeltaInWords(
            self.model, historical_record, masked=self.masked_in_history, left_out=self.left_out_of_history
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str] | tuple[str, ...]:
        """All of them: the page of an earlier state asks here and not for permissions."""
        if self.has_change_permission(request, obj):
            return super().get_readonly_fields(request, obj)
        return flatten_fieldsets(self.get_fieldsets(request, obj))
