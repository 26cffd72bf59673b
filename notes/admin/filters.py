"""Filters of tasks: one's own that are open, until somebody asks for others."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from notes.models import THINGS, TaskState


class BeginningFilter(SimpleListFilter):
    """One of a few choices, of which the first holds where nobody has chosen."""

    choices_of: Any = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return self.choices_of

    def chosen(self) -> str:
        """What was asked for; of a list's first view, and of what it does not know, the first choice."""
        known = [value for value, _title in self.choices_of]
        return str(self.value()) if self.value() in known else known[0]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Without an "all" of Django's: that is a choice of its own."""
        for value, title in self.choices_of:
            query = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": value == self.chosen(), "query_string": query, "display": title}


class WhoseFilter(BeginningFilter):
    title, parameter_name = _("whose"), "whose"
    choices_of = (("mine", _("my tasks")), ("asked", _("those I asked for")), ("all", _("those of all colleagues")))

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        """For the person who looks."""
        self.person = request.user.pk
        super().__init__(request, *args)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        narrowed = {"mine": {"assignee": self.person}, "asked": {"note__author": self.person}}
        return queryset.filter(**narrowed.get(self.chosen(), {}))


class StateFilter(BeginningFilter):
    title, parameter_name = _("state"), "state"
    choices_of = ((TaskState.OPEN.value, _("to do")), ("ended", _("ended")), ("all", _("all")))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.chosen() == "all":
            return queryset
        is_open = self.chosen() == TaskState.OPEN
        return queryset.filter(state=TaskState.OPEN) if is_open else queryset.exclude(state=TaskState.OPEN)


class ThingFilter(SimpleListFilter):
    """By what notes are about."""

    title, parameter_name = _("about"), "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        fields = (model_admin.model._meta.get_field(name) for name in THINGS)
        return [(field.name, field.verbose_name) for field in fields]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{f"{self.value()}__isnull": False}) if self.value() in THINGS else queryset
