"""The member's list and page, as far as this floor knows members; rooms above add accounts and claims."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import FilteredRelation, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.base import TrackedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.formats import NOTHING, day
from agency.admin.timeline import TimelinePanel
from agency.exporting.sheet import Kind
from members.admin.alerts import EndingOutOfAreaFilter
from members.admin.buttons import INSURANCE, RECORD, register
from members.admin.filters import EmploymentFilter, SchemeFilter, StatusFilter
from members.admin.overview import insured_cards, registration_cards
from members.admin.panels import ContributionsPanel, DiseasesPanel, EnrollmentsPanel, RegistrationsPanel
from members.admin.search import matching
from members.admin.timeline import member_events
from members.models import Enrollment, Member
from policies.admin.refusals import OF_THE_LAW


def _birth(member: Member) -> str:
    """The day, and the age today."""
    return _("%(day)s (%(age)s years)") % {
        "day": day(member.birth_date),
        "age": _age(member.birth_date, member.died_on or localdate()),
    }


def _insured_today(member: Member) -> str:
    """Scheme, employment, status; a dash where no enrollment holds."""
    enrollments = getattr(member, "enrolled_today", [])
    return str(enrollments[0]) if enrollments and member.died_on is None else NOTHING


def _enrolled(scheme: str | None, employment: str, status: str, died_on: date | None) -> str:
    return NOTHING if scheme is None or died_on is not None else Enrollment.named(scheme, employment, status)


def _age(birth: date, on: date) -> int:
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


@admin.register(Member)
class MemberAdmin(TrackedAdmin):
    """Members by region and number. Identity and phone numbers are masked everywhere."""

    refusals = OF_THE_LAW
    adds_with = register
    cards = (insured_cards, registration_cards)
    timelines = (member_events,)
    panels = (TimelinePanel, EnrollmentsPanel, ContributionsPanel, DiseasesPanel, RegistrationsPanel)
    buttons = (INSURANCE, RECORD)
    masked_in_history = frozenset({"identity_number", "phone"})
    left_out_of_history = frozenset({"identity_hash"})

    list_display = ("name", "member_number", "region", "birth", "insured_today", "employer")
    list_filter = (RegionFilter, StatusFilter, SchemeFilter, EmploymentFilter, EndingOutOfAreaFilter)
    list_select_related = ("region",)
    # Named so that the search field is shown; get_search_results decides what is searched and how.
    search_fields = ("name", "member_number", "identity_hash")
    search_help_text = gettext_lazy("Beginning of the name, member number, identity number")
    ordering = ("region_id", "member_number")
    fieldsets: Any = (
        (
            None,
            {
                "fields": (
                    ("name", "member_number"),
                    ("region", "employer"),
                    ("document_kind", "identity"),
                    ("sex", "phone_masked"),
                    ("birth", "death"),
                    ("old_standard_yuan", "contribution_months"),
                    ("insured_today",),
                )
            },
        ),
    )

    birth = column.text(_birth, gettext_lazy("date of birth")).filed_as(Kind.DAY, "birth_date")
    insured_today = column.text(_insured_today, gettext_lazy("insured today")).filed_from(
        _enrolled, "enrolled__scheme", "enrolled__employment", "enrolled__status", "died_on"
    )
    identity = column.text("masked_identity_number", gettext_lazy("identity number"))
    phone_masked = column.masked("phone")
    death = column.day("died_on")
    old_standard_yuan = column.yuan("old_retiree_credit")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the enrollment in force today."""
        today = Enrollment.objects.filter(period__contains=localdate())
        enrolled = FilteredRelation("enrollments", condition=Q(enrollments__period__contains=localdate()))
        rows = super().get_queryset(request).select_related("region").annotate(enrolled=enrolled)
        return rows.prefetch_related(Prefetch("enrollments", today, to_attr="enrolled_today"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The beginning of the name, the whole member number, or the whole identity number by its hash."""
        term = search_term.strip()
        return (queryset.filter(matching(term)) if term else queryset), False
