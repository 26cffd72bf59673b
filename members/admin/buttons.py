"""What a clerk does with a member: each button one form and one service call."""

from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.actions import DeskRequest, Done, Menu, form_action
from members.admin import forms
from members.models import Member
from members.models.contributions import BasisKind
from members.services import contributions, diseases, enrollments, people, registrations
from policies.engine.vocabulary import AccountScheme, Benefit, Employment, InsuredStatus, OutOfAreaKind

CHANGE = "members.change_member"


def is_alive(member: Member, user: Any) -> bool:
    return member.died_on is None


@form_action(gettext_lazy("Register a member"), permission="members.add_member", form=forms.RegisterForm)
def register(page: Any, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
    """A person not yet known to the region."""
    said: dict[str, Any] = {name: data.pop(name) or None for name in ("document_kind", "sex", "birth_date")}
    member = people.register_member(**data, **said, known_on=localdate(), actor=request.user)
    return Done(_("The member is registered. Enroll them next."), member)


@form_action(
    gettext_lazy("Enroll"),
    permission="members.add_enrollment",
    form=forms.EnrollForm,
    icon="how_to_reg",
    applies=is_alive,
    description=gettext_lazy("What held before ends the day before."),
)
def enroll(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> str:
    """Insure in a way from a day on."""
    enrollments.enroll(
        member,
        since=data["since"],
        scheme=AccountScheme(data["scheme"]),
        employment=Employment(data["employment"]),
        status=InsuredStatus(data["status"]),
        had_account_before=data["had_account_before"],
        known_on=localdate(),
        actor=request.user,
        reason=data.get("reason", ""),
    )
    return _("The member is enrolled.")


@form_action(
    gettext_lazy("Change the scheme"),
    permission=CHANGE,
    form=forms.SchemeForm,
    icon="swap_horiz",
    applies=is_alive,
    description=gettext_lazy("Between combined account and pooled-only; active members only."),
)
def change_scheme(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> str:
    """Another scheme from a day on."""
    scheme = AccountScheme(data.pop("scheme"))
    enrollments.change_scheme(member, scheme=scheme, **data, known_on=localdate(), actor=request.user)
    return _("The scheme is changed.")


@form_action(
    gettext_lazy("Convert to retired"),
    permission=CHANGE,
    form=forms.RetireForm,
    icon="elderly",
    applies=is_alive,
    description=gettext_lazy("From the day retirement benefits start."),
)
def convert_to_retired(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> str:
    """Active until the day before."""
    enrollments.convert_to_retired(member, **data, known_on=localdate(), actor=request.user)
    return _("The member is converted to retired.")


@form_action(
    gettext_lazy("Terminate the insurance"),
    permission=CHANGE,
    form=forms.TerminateForm,
    icon="person_off",
    danger=True,
    applies=is_alive,
)
def terminate(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> str:
    """Nothing is credited or paid for days after the last one."""
    enrollments.terminate(member, **data, known_on=localdate(), actor=request.user)
    return _("The insurance is terminated.")


@form_action(
    gettext_lazy("Record a death"),
    permission=CHANGE,
    form=forms.DeathForm,
    icon="event_busy",
    danger=True,
    applies=is_alive,
    description=gettext_lazy("The insurance ends with that day; later months are looked at again."),
)
def record_death(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> str:
    people.record_death(member, **data, known_on=localdate(), actor=request.user)
    return _("The death is recorded.")


@form_action(
    gettext_lazy("Record a contribution"),
    permission="members.add_contribution",
    form=forms.ContributionForm,
    icon="payments",
    description=gettext_lazy("Another base for a month recorded already corrects it."),
)
def record_contribution(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> str:
    """For the month it is for, whenever it arrived."""
    contributions.record_contribution(member, **data, known_on=localdate(), actor=request.user)
    return _("The contribution is recorded.")


@form_action(
    gettext_lazy("Register out-of-area care"),
    permission="members.add_outofarearegistration",
    form=forms.OutOfAreaForm,
    icon="travel",
)
def register_out_of_area(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> str:
    """By kind, place and days."""
    kind = OutOfAreaKind(data.pop("kind"))
    registrations.register_out_of_area(member, kind=kind, **data, actor=request.user)
    return _("The out-of-area care is registered.")


@form_action(
    gettext_lazy("Sign a family doctor"),
    permission="members.add_familydoctorcontract",
    form=forms.FamilyDoctorForm,
    icon="stethoscope",
    applies=is_alive,
    description=gettext_lazy("Some regions pay a few points more, at the institution itself or elsewhere."),
)
def sign_family_doctor(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> str:
    registrations.sign_family_doctor(member, **data, actor=request.user)
    return _("The family doctor is signed.")


@form_action(
    gettext_lazy("Register a disease"),
    permission="members.add_diseaseregistration",
    form=forms.DiseaseForm,
    icon="vaccines",
    applies=is_alive,
    description=gettext_lazy("For a benefit of its own. It counts once another person has approved it."),
)
def register_disease(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> Done:
    benefit = Benefit(data.pop("benefit"))
    asked = diseases.submit_disease_registration(member, benefit=benefit, **data, actor=request.user)
    return Done(_("The registration waits for another person's decision."), asked)


@form_action(
    gettext_lazy("Record a hospital stay"),
    permission="members.add_hospitalstay",
    form=forms.PeriodForm,
    icon="bed",
)
def record_hospital_stay(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> str:
    registrations.record_hospital_stay(member, **data, actor=request.user)
    return _("The hospital stay is recorded.")


@form_action(
    gettext_lazy("Record special nursing"),
    permission="members.add_specialnursing",
    form=forms.PeriodForm,
    icon="medical_services",
)
def record_special_nursing(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> str:
    registrations.record_special_nursing(member, **data, actor=request.user)
    return _("The special nursing is recorded.")


@form_action(
    gettext_lazy("Set the civil servant basis"),
    permission="members.add_civilservantbasis",
    form=forms.CivilServantForm,
    icon="account_balance",
)
def set_civil_servant_basis(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> str:
    kind = BasisKind(data.pop("kind"))
    people.set_civil_servant_basis(member, kind=kind, **data, known_on=localdate(), actor=request.user)
    return _("The civil servant basis is set.")


@form_action(
    gettext_lazy("Set the old retiree standard"),
    permission=CHANGE,
    form=forms.OldStandardForm,
    icon="history_edu",
)
def set_old_standard(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> str:
    people.set_old_standard(member, **data, known_on=localdate(), actor=request.user)
    return _("The old standard is set.")


@form_action(
    gettext_lazy("Set the contribution months"),
    permission=CHANGE,
    form=forms.ContributionMonthsForm,
    icon="calendar_month",
)
def set_contribution_months(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> str:
    people.set_contribution_months(member, **data, known_on=localdate(), actor=request.user)
    return _("The contribution months are set.")


INSURANCE = Menu(gettext_lazy("Insurance"), (enroll, change_scheme, convert_to_retired, terminate, record_death))
RECORD = Menu(
    gettext_lazy("Record"),
    (
        record_contribution,
        register_disease,
        register_out_of_area,
        sign_family_doctor,
        record_hospital_stay,
        record_special_nursing,
        set_civil_servant_basis,
        set_old_standard,
        set_contribution_months,
    ),
)
