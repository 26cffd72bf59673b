"""Who is insured."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_TABLES = [
    "member",
    "enrollment",
    "contribution",
    "outofarearegistration",
    "hospitalstay",
    "specialnursing",
    "civilservantbasis",
    "diseaseregistration",
    "familydoctorcontract",
]
_READ = [f"view_{table}" for table in _TABLES]
_WRITE = [f"{verb}_{table}" for table in _TABLES for verb in ("add", "change")]


class MembersConfig(AppConfig):
    """Members, their enrollments, contributions and registrations."""

    name = "members"
    verbose_name = _("Members")

    import_resources = {
        "members": "members.resources.MemberResource",
        "enrollments": "members.resources.EnrollmentResource",
        "contributions": "members.resources.ContributionResource",
        "member_corrections": "members.resources.MemberCorrectionResource",
        "retirements": "members.resources.RetirementResource",
        "terminations": "members.resources.TerminationResource",
        "old_standards": "members.resources.OldStandardResource",
        "contribution_months": "members.resources.ContributionMonthsResource",
        "civil_servant_bases": "members.resources.CivilServantBasisResource",
        "disease_registrations": "members.resources.DiseaseRegistrationResource",
        "out_of_area_registrations": "members.resources.OutOfAreaResource",
        "hospital_stays": "members.resources.HospitalStayResource",
        "special_nursing": "members.resources.SpecialNursingResource",
        "family_doctor_contracts": "members.resources.FamilyDoctorResource",
    }

    navigation = ("members.admin.navigation.PAGES",)
    searches = ("members.admin.search.SEARCHES",)
    worklist = ("members.admin.worklist.QUEUES",)
    alerts = ("members.admin.alerts.WATCHES",)

    role_permissions = {
        "clerk": [*_READ, *_WRITE],
        "supervisor": [*_READ, *_WRITE, "approve_diseaseregistration"],
        "policy_officer": _READ,
        "finance": _READ,
        "auditor": _READ,
    }
