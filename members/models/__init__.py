"""Who is insured, how, since when."""

from members.models.changes import ChangeCause, EntitlementChange
from members.models.contributions import CivilServantBasis, Contribution
from members.models.enrollments import Enrollment
from members.models.members import Member, Sex
from members.models.registrations import HospitalStay, OutOfAreaRegistration, SpecialNursing

__all__ = [
    "ChangeCause",
    "CivilServantBasis",
    "Contribution",
    "Enrollment",
    "EntitlementChange",
    "HospitalStay",
    "Member",
    "OutOfAreaRegistration",
    "Sex",
    "SpecialNursing",
]
