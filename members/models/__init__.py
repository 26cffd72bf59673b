"""Who is insured, how, since when."""

from members.documents import IdentityDocument, Sex
from members.models.changes import ChangeCause, EntitlementChange
from members.models.contributions import CivilServantBasis, Contribution
from members.models.enrollments import Enrollment
from members.models.members import Member
from members.models.registrations import (
    DiseaseRegistration,
    FamilyDoctorContract,
    HospitalStay,
    OutOfAreaRegistration,
    RegistrationState,
    SpecialNursing,
)

__all__ = [
    "ChangeCause",
    "CivilServantBasis",
    "Contribution",
    "DiseaseRegistration",
    "Enrollment",
    "EntitlementChange",
    "FamilyDoctorContract",
    "HospitalStay",
    "IdentityDocument",
    "Member",
    "OutOfAreaRegistration",
    "RegistrationState",
    "Sex",
    "SpecialNursing",
]
