"""What every list offers beside its rows: columns to choose, saving it under a name, the sums of what is filtered."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, PAGE_VAR
from django.core.exceptions import FieldDoesNotExist
from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from agency.admin.formats import yuan
from agency.admin.listed import asked_for, columns_of
from agency.admin.permissions import permitted_regions
from agency.admin.views import list_url, list_view
from agency.exceptions import DomainError
from agency.exporting.sheet import Kind
from agency.models import SavedList
from agency.scoping import view_permission_of
from agency.services.saved_lists import give_up_list, save_list, saved_lists_of

COLUMNS_VAR = "columns"
# Longer than this nobody waits for a sum; milliseconds.
PATIENCE = 3_000


def chosen_columns(request: HttpRequest, offered: Sequence[Any]) -> list[Any]:
    """Those that the address names, in the list's own order; the first, which leads to the row, is always there."""
    named = request.GET.get(COLUMNS_VAR, "")
    wanted = set(named.split(",")) if named else None
    return [each for place, each in enumerate(offered) if wanted is None or place == 0 or str(each) in wanted]


class ListTools:
    """What the list's template shows of it."""

    def __init__(self, page: Any, request: HttpRequest, listed: Any) -> None:
        self.page, self.request, self.listed = page, request, listed

    @property
    def saved(self) -> list[tuple[SavedList, str, bool]]:
        """Each with its address and whether it is the person's own."""
        user: Any = self.request.user
        kept = saved_lists_of(user, self.page.opts.label_lower, view_permission_of(self.page.model))
        return [(each, f"{list_url(self.page.model)}?{each.query}", each.owner_id == user.pk) for each in kept]

    @property
    def regions(self) -> Any:
        """Where it may be shared."""
        return permitted_regions(self.request.user, view_permission_of(self.page.model))

    @property
    def columns(self) -> list[tuple[str, Any, bool]]:
        """Every column but the first, with its heading and whether it is shown."""
        offered = list(self.page.list_display)
        shown = {str(each) for each in chosen_columns(self.request, offered)}
        headings = columns_of(self.page, offered)
        return [(str(name), each.heading, str(name) in shown) for name, each in zip(offered, headings, strict=True)][1:]

    @property
    def kept_filters(self) -> list[tuple[str, str]]:
        """The address as it is, for the form that chooses columns: without these, the page, and the order, which
        counts columns.
        """
        return [
            (name, value)
            for name, values in self.request.GET.lists()
            for value in values
            if name not in (COLUMNS_VAR, PAGE_VAR, ORDER_VAR)
        ]

    @property
    def has_sums(self) -> bool:
        return bool(_summed(self.page, self.listed))


@list_view("save/", name="save_list")
def save_this_list(page: Any, request: HttpRequest) -> HttpResponse:
    """Keep the list of the address under the name that was sent, for oneself or for a region's colleagues."""
    if request.method != "POST" or not page.has_view_permission(request):
        return HttpResponseRedirect(list_url(page.model))
    query = request.GET.copy()
    query.pop(PAGE_VAR, None)
    permission = view_permission_of(page.model)
    region = permitted_regions(request.user, permission).filter(slug=request.POST.get("region", "")).first()
    name, actor = request.POST.get("name", ""), request.user
    listed = page.opts.label_lower
    try:
        save_list(actor, listed=listed, name=name, query=query.urlencode(), region=region, permission=permission)  # type: ignore[arg-type]
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The list is saved as “%(name)s”.") % {"name": name.strip()})
    return _back(page, query)


@list_view("give-up/<int:pk>/", name="give_up_list")
def give_up_this_list(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an own saved list."""
    saved = get_object_or_404(SavedList, pk=pk, listed=page.opts.label_lower)
    if request.method == "POST" and page.has_view_permission(request):
        try:
            give_up_list(saved, actor=request.user)  # type: ignore[arg-type]
        except DomainError as refused:
            messages.error(request, str(refused))
    return _back(page, request.GET)


@list_view("sums/", name="sums")
def sums(page: Any, request: HttpRequest) -> HttpResponse:
    """The sums of the list's amounts over all rows that its filters leave; a sentence where that takes too long."""
    try:
        listed = asked_for(page, request.user, request.GET.urlencode(), "")
    except IncorrectLookupParameters:
        return _back(page, QueryDict())
    columns = _summed(page, listed)
    found = added_up(listed.queryset, [way for _heading, way in columns], PATIENCE)
    if found is None:
        return render(request, "agency/sums.html", {"is_too_long": True})
    added = [(heading, yuan(amount or Decimal(0))) for (heading, _way), amount in zip(columns, found, strict=True)]
    return render(request, "agency/sums.html", {"sums": added})


def added_up(rows: QuerySet[Any], ways: Sequence[str], patience: int) -> list[Any] | None:
    """The sum of each column over all rows; None where the database needs more than so many milliseconds."""
    wanted = {f"sum_{place}": Sum(way) for place, way in enumerate(ways)}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(patience)])
            found = rows.order_by().aggregate(**wanted)
    except OperationalError:
        return None
    return [found[name] for name in wanted]


def _summed(page: Any, listed: Any) -> list[tuple[Any, str]]:
    """The list's columns of yuan that are stored, with the way to them."""
    return [
        (each.heading, each.source)
        for each in columns_of(page, listed.list_display)
        if each.kind is Kind.YUAN and isinstance(each.source, str) and _is_stored(page.model, each.source)
    ]


def _is_stored(model: Any, way: str) -> bool:
    try:
        for step in way.split("__"):
            field = model._meta.get_field(step)
            model = field.related_model
    except (FieldDoesNotExist, AttributeError):
        return False
    return bool(getattr(field, "concrete", False))


def _back(page: Any, query: QueryDict) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{list_url(page.model)}?{query.urlencode()}")


VIEWS = (save_this_list, give_up_this_list, sums)
