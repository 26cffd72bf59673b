"""What settlements stand on of the rows that files bring in."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, Model, OuterRef
from django.utils.translation import gettext as _

from claims.models import ClaimLine, Settlement
from files.importing.outcomes import BuiltUpon
from members.models import Enrollment, FamilyDoctorContract, HospitalStay, OutOfAreaRegistration, SpecialNursing
from providers.models import Agreement, CatalogItem

_Standing = Callable[[Sequence[int]], Mapping[int, str]]
# Neither taken back nor what takes one back.
_IN_FORCE = {"reverses__isnull": True, "reversed_by__isnull": True}


def _settled(rows: type[Model], settlements: Any) -> _Standing:
    """What of these rows has one of the settlements, of which each knows its days as `period`."""

    def standing(made: Sequence[int]) -> Mapping[int, str]:
        said = _("Claims of its days were settled since. Correct it where it is recorded, or reverse them first.")
        found = rows._default_manager.filter(Exists(settlements), pk__in=made)
        return dict.fromkeys(found.values_list("pk", flat=True), said)

    return standing


_OF_MEMBER = Settlement.objects.filter(
    member=OuterRef("member"), served_on__contained_by=OuterRef("period"), **_IN_FORCE
)
_OF_PROVIDER = Settlement.objects.filter(
    claim__provider=OuterRef("provider"), served_on__contained_by=OuterRef("period"), **_IN_FORCE
)
_WITH_ITEM = ClaimLine.objects.filter(
    code=OuterRef("code"),
    claim__region=OuterRef("region"),
    claim__served_on__contained_by=OuterRef("period"),
    claim__settlements__reverses__isnull=True,
    claim__settlements__reversed_by__isnull=True,
    claim__settlements__isnull=False,
)

BUILT_UPON = (
    BuiltUpon("enrollments", _settled(Enrollment, _OF_MEMBER)),
    BuiltUpon("retirements", _settled(Enrollment, _OF_MEMBER)),
    BuiltUpon("hospital_stays", _settled(HospitalStay, _OF_MEMBER)),
    BuiltUpon("special_nursing", _settled(SpecialNursing, _OF_MEMBER)),
    BuiltUpon("out_of_area_registrations", _settled(OutOfAreaRegistration, _OF_MEMBER)),
    BuiltUpon("family_doctor_contracts", _settled(FamilyDoctorContract, _OF_MEMBER)),
    BuiltUpon("agreements", _settled(Agreement, _OF_PROVIDER)),
    BuiltUpon("catalog_items", _settled(CatalogItem, _WITH_ITEM)),
)
