"""Disease registrations: submitted with their papers, approved by another person."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import User
from agency.services.history import REGISTERED
from agency.services.moves import refuse, submit_all_new
from agency.services.requests import approve_request, end_request, period_of
from agency.services.taking_back import check_nothing_rests_on, tracked_delete
from agency.services.together import checked_each
from members.models import DiseaseRegistration, Member, RegistrationState
from policies.engine.vocabulary import Benefit
from policies.models import Disease

REGISTRABLE = (Benefit.CHRONIC_DISEASE, Benefit.SPECIAL_DISEASE, Benefit.HYPERTENSION_DIABETES)


def _payload(registration: DiseaseRegistration) -> dict[str, object]:
    return {
        "member": registration.member_id,
        "disease": registration.disease_id,
        "benefit": registration.benefit,
        "since": registration.period.lower,
        "until": registration.period.upper,
    }


@transaction.atomic
def submit_disease_registration(
    member: Member,
    *,
    code: str,
    benefit: Benefit,
    since: date,
    until: date | None = None,
    actor: User,
    reason: str = REGISTERED,
) -> DiseaseRegistration:
    """Ask for a disease to be registered for a benefit from a day on, both days inside.

    DomainError for a code that the region's catalogue does not have, a benefit that registers none, or days that are no
    period. Dazhou 11-12, Baoshan 10-12.
    """
    disease = Disease.objects.filter(region_id=member.region_id, code=code).first()
    if disease is None:
        raise DomainError(_("The disease code %(code)s is not in the region's catalogue.") % {"code": code})
    period = period_of(since, until)
    registration = DiseaseRegistration(member=member, disease=disease, benefit=benefit, period=period)
    submit_disease_registrations([registration], actor=actor, reason=reason)
    return registration


@transaction.atomic
def submit_disease_registrations(new: Sequence[DiseaseRegistration], *, actor: User, reason: str) -> None:
    """Ask for registrations, none of which is saved yet, in a few statements; all of them or none.

    DomainError as for a single one.
    """
    checked_each(new, _check)
    submit_all_new(new, _payload, actor, reason)


def _check(registration: DiseaseRegistration) -> None:
    if registration.benefit not in REGISTRABLE:
        raise DomainError(_("No disease is registered for this benefit."))
    if registration.disease.region_id != registration.member.region_id:
        said = _("The disease code %(code)s is not in the region's catalogue.")
        raise DomainError(said % {"code": registration.disease.code})


def approve_disease_registration(
    registration: DiseaseRegistration, *, actor: User, reason: str = "", seen: str = ""
) -> DiseaseRegistration:
    """Approve a registration as another person. DomainError where the disease is registered for these days already."""
    overlap = _("This disease is registered for these days already.")
    return approve_request(registration, _payload, actor=actor, reason=reason, seen=seen, overlap=overlap)


def refuse_disease_registration(
    registration: DiseaseRegistration, *, actor: User, reason: str, seen: str = ""
) -> DiseaseRegistration:
    """Refuse a registration; the reason is required."""
    return refuse(registration, actor=actor, reason=reason, seen=seen)


def end_disease_registration(
    registration: DiseaseRegistration, *, last_day: date, actor: User, reason: str
) -> DiseaseRegistration:
    """Let an approved registration end with a day of its period; MoveNotAllowed otherwise."""
    return end_request(registration, last_day=last_day, actor=actor, reason=reason)


@transaction.atomic
def withdraw_disease_registration(registration: DiseaseRegistration, *, actor: User | None = None, reason: str) -> None:
    """It was submitted by mistake: it goes, its history stays. MoveNotAllowed once another person has decided it."""
    held = DiseaseRegistration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    if held.state != RegistrationState.SUBMITTED:
        raise MoveNotAllowed(_("Another person has decided this registration. An approved one can be ended."))
    check_nothing_rests_on(held)
    tracked_delete(held, actor, reason)
