"""Registrations that end without another after them."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from members.models import DiseaseRegistration, OutOfAreaRegistration, RegistrationState


def last_disease_registrations(ends: dict[str, date]) -> QuerySet[DiseaseRegistration]:
    """The approved registrations that end as asked for, where none for the same disease and benefit follows."""
    approved = DiseaseRegistration.objects.filter(state=RegistrationState.APPROVED)
    later = approved.filter(
        member=OuterRef("member"),
        disease=OuterRef("disease"),
        benefit=OuterRef("benefit"),
        period__startswith__gte=OuterRef("period__endswith"),
    )
    asked: dict[str, Any] = {**ends}
    return approved.filter(~Exists(later), **asked)


def last_out_of_area_registrations(ends: dict[str, date]) -> QuerySet[OutOfAreaRegistration]:
    """The same of registrations for care outside the region, where none of the same kind follows."""
    later = OutOfAreaRegistration.objects.filter(
        member=OuterRef("member"), kind=OuterRef("kind"), period__startswith__gte=OuterRef("period__endswith")
    )
    asked: dict[str, Any] = {**ends}
    return OutOfAreaRegistration.objects.filter(~Exists(later), **asked)
