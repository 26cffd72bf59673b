"""What files say of members."""

from members.resources.bases import CivilServantBasisResource
from members.resources.changes import RetirementResource, TerminationResource
from members.resources.contributions import ContributionResource
from members.resources.corrections import ContributionMonthsResource, MemberCorrectionResource, OldStandardResource
from members.resources.diseases import DiseaseRegistrationResource
from members.resources.enrollments import EnrollmentResource
from members.resources.people import MemberResource
from members.resources.periods import (
    FamilyDoctorResource,
    HospitalStayResource,
    OutOfAreaResource,
    SpecialNursingResource,
)

__all__ = [
    "CivilServantBasisResource",
    "ContributionMonthsResource",
    "ContributionResource",
    "DiseaseRegistrationResource",
    "EnrollmentResource",
    "FamilyDoctorResource",
    "HospitalStayResource",
    "MemberCorrectionResource",
    "MemberResource",
    "OldStandardResource",
    "OutOfAreaResource",
    "RetirementResource",
    "SpecialNursingResource",
    "TerminationResource",
]
