"""Disease registrations: submitted with their papers, approved by another person."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import User
from agency.services.approval import record_decision, record_submission
from agency.services.history import tracked_save
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
    reason: str,
) -> DiseaseRegistration:
    """Ask for a disease to be registered for a benefit from a day on, both days inside.

    DomainError for a code that the region's catalogue does not have, a benefit that registers none, or days that are no
    period. Dazhou 11-12, Baoshan 10-12.
    """
    if benefit not in REGISTRABLE:
        raise DomainError(_("No disease is registered for this benefit."))
    disease = Disease.objects.filter(region_id=member.region_id, code=code).first()
    if disease is None:
        raise DomainError(_("The disease code %(code)s is not in the region's catalogue.") % {"code": code})
    if until is not None and until < since:
        raise DomainError(_("The last day lies before the first."))
    period = DateRange(since, until + timedelta(days=1) if until else None)
    registration = DiseaseRegistration(member=member, disease=disease, benefit=benefit, period=period)
    record_submission(registration, actor, _payload(registration))
    tracked_save(registration, actor, reason)
    return registration


def _locked(registration: DiseaseRegistration) -> DiseaseRegistration:
    found = DiseaseRegistration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    if found.state != RegistrationState.SUBMITTED:
        raise MoveNotAllowed(_("This registration has been decided already."))
    return found


@transaction.atomic
def approve_disease_registration(
    registration: DiseaseRegistration, *, actor: User, reason: str = ""
) -> DiseaseRegistration:
    """Approve a registration as another person. DomainError where the disease is registered for these days already."""
    found = _locked(registration)
    record_decision(found, actor, _payload(found), reason)
    found.state = RegistrationState.APPROVED
    try:
        with transaction.atomic():
            tracked_save(found, actor, reason or "approved")
    except IntegrityError as error:
        raise DomainError(_("This disease is registered for these days already.")) from error
    return found


@transaction.atomic
def refuse_disease_registration(registration: DiseaseRegistration, *, actor: User, reason: str) -> DiseaseRegistration:
    """Refuse a registration; the reason is required."""
    found = _locked(registration)
    record_decision(found, actor, _payload(found), reason, reason_required=True)
    found.state = RegistrationState.REFUSED
    tracked_save(found, actor, reason)
    return found


@transaction.atomic
def end_disease_registration(
    registration: DiseaseRegistration, *, last_day: date, actor: User, reason: str
) -> DiseaseRegistration:
    """Let an approved registration end with a day, not before its first; MoveNotAllowed otherwise."""
    found = DiseaseRegistration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    if found.state != RegistrationState.APPROVED or last_day < found.period.lower:
        raise MoveNotAllowed(_("Only an approved registration can end, on or after its first day."))
    if found.period.upper is not None and last_day >= found.period.upper:
        raise MoveNotAllowed(_("It ends before that day already."))
    found.period = DateRange(found.period.lower, last_day + timedelta(days=1))
    tracked_save(found, actor, reason)
    return found
