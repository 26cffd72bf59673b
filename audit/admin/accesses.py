"""The audit log: who did and saw what."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.base import ComposedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.formats import link
from agency.scoping import scoped
from audit.admin.filters import DayFilter
from audit.admin.reveal import reveal_page
from audit.admin.story import story, story_file
from audit.models import Access, Act
from members.models import Member

TONES: dict[str, str] = dict.fromkeys(Act.values, "") | {
    Act.FAILED.value: "warning",
    Act.REFUSED.value: "danger",
    Act.REVEALED.value: "warning",
    Act.TOOK.value: "info",
}


def subject_name(subject: str, key: str) -> str:
    """What kind of thing it was, and its key."""
    try:
        name = str(capfirst(apps.get_model(subject)._meta.verbose_name)) if subject else ""
    except LookupError:  # Of a room that this office no longer has.
        name = subject
    return f"{name} {key}".strip()


def subject_link(access: Access) -> Any:
    """The same, leading to the row's whole story."""
    name = subject_name(access.subject, access.object_id)
    if not access.subject or not access.object_id.isdigit():
        return name
    query = urlencode({"subject": access.subject, "pk": access.object_id})
    return link(f"{reverse('admin:audit_access_story')}?{query}", name)


@admin.register(Access)
class AccessAdmin(ComposedAdmin):
    """Read only; whom a page showed is found by the member's number."""

    views = (story, story_file, reveal_page)
    list_display = ("when", "actor", "act_badge", "subject_shown", "shown_count", "region", "address")
    list_filter = (RegionFilter, DayFilter, "act")
    list_select_related = ("actor", "region")
    linked_lookups = frozenset({"actor", "subject", "object_id"})
    search_fields = ("actor__username__istartswith", "actor__display_name__startswith")
    search_help_text = gettext_lazy("Beginning of a colleague's name or login, or the number of a member who was shown")
    ordering = ("-id",)
    fields = (
        ("when", "actor"),
        ("act_badge", "subject_shown"),
        ("view", "shown_count"),
        ("region", "address"),
        ("query", "purpose"),
        "people_shown",
        "request",
    )

    when = column.instant("at")
    shown_count = column.number("shown")
    act_badge = column.badge("act", TONES)
    subject_shown = column.text(subject_link, gettext_lazy("what")).filed_from(subject_name, "subject", "object_id")

    @admin.display(description=gettext_lazy("members whose data was shown"))
    def people_shown(self, access: Access) -> str:
        """Their numbers: the log names nobody to whoever reads it without need."""
        members = Member.objects.filter(pk__in=access.people).order_by("pk")
        return ", ".join(members.values_list("member_number", flat=True))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], term: str) -> tuple[Any, bool]:
        """A member's number finds what showed that member."""
        members = scoped(Member.objects.filter(member_number=term.strip()), request.user)
        keys = list(members.values_list("pk", flat=True)[:50]) if term.strip() else []
        if keys:
            return queryset.filter(people__overlap=keys), False
        return super().get_search_results(request, queryset, term)
