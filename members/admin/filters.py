"""Filters of members by how they are insured today."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from members.admin.forms import REGISTRABLE_CHOICES
from members.models import Enrollment
from policies.engine.vocabulary import AccountScheme, Employment, InsuredStatus
from policies.labels import choices


class EnrolledTodayFilter(SimpleListFilter):
    """By one word of the enrollment in force today."""

    terms: Any = None

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return choices(self.terms)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Members whose enrollment today has the word."""
        if self.value() not in {value for value, _label in choices(self.terms)}:
            return queryset
        today = Enrollment.objects.filter(
            member=OuterRef("pk"), period__contains=localdate(), **{str(self.parameter_name): self.value()}
        )
        return queryset.filter(Exists(today))


class StatusFilter(EnrolledTodayFilter):
    title, parameter_name, terms = _("status"), "status", InsuredStatus


class SchemeFilter(EnrolledTodayFilter):
    title, parameter_name, terms = _("scheme"), "scheme", AccountScheme


class EmploymentFilter(EnrolledTodayFilter):
    title, parameter_name, terms = _("employment"), "employment", Employment


class RegisteredBenefitFilter(SimpleListFilter):
    """By the benefits that register diseases."""

    title, parameter_name = _("benefit"), "benefit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return REGISTRABLE_CHOICES

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(benefit=self.value()) if self.value() else queryset
