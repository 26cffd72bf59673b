"""Steps that change how somebody is insured and registered."""

from typing import Any

from members.models.contributions import BasisKind
from members.services import registrations
from members.services.diseases import approve_disease_registration, submit_disease_registration
from members.services.people import NotACivilServant, record_death, set_civil_servant_basis, set_contribution_months
from scenarios import people
from scenarios.format import members as f
from scenarios.people import REASON
from scenarios.places import provider_of
from scenarios.story import Story


def enroll(story: Story, step: f.EnrollStep) -> dict[str, Any]:
    people.enroll_as(story.member, step)
    return {}


def contribute(story: Story, step: f.ContributeStep) -> dict[str, Any]:
    people.contribute(story.member, step)
    return {}


def register_out_of_area(story: Story, step: f.RegisterOutOfAreaStep) -> dict[str, Any]:
    registrations.register_out_of_area(
        story.member,
        kind=step.kind,
        place=step.place,
        since=step.since,
        until=step.until,
        actor=story.maker,
        reason=REASON,
    )
    return {}


def sign_family_doctor(story: Story, step: f.SignFamilyDoctorStep) -> dict[str, Any]:
    """Sign with an institution that is designated."""
    registrations.sign_family_doctor(
        story.member,
        provider=provider_of(story, step.provider or str(step.tier), step.tier, designated=True),
        since=step.since,
        until=step.until,
        actor=story.maker,
        reason=REASON,
    )
    return {}


def stay(story: Story, step: f.StayStep) -> dict[str, Any]:
    """Record a stay in hospital or special nursing."""
    record = registrations.record_hospital_stay if step.do == "hospital_stay" else registrations.record_special_nursing
    record(story.member, since=step.since, until=step.until, actor=story.maker, reason=REASON)
    return {}


def civil_servant_basis(story: Story, step: f.CivilServantBasisStep) -> dict[str, Any]:
    """Enter what the subsidy is a share of."""
    try:
        set_civil_servant_basis(
            story.member,
            since=step.since,
            kind=BasisKind(step.kind),
            amount=step.amount,
            known_on=step.since,
            actor=story.maker,
            reason=REASON,
        )
    except NotACivilServant:
        return {"refused": "not_a_civil_servant"}
    return {}


def contribution_months(story: Story, step: f.ContributionMonthsStep) -> dict[str, Any]:
    """Enter how many months count."""
    set_contribution_months(story.member, months=step.months, known_on=step.on, actor=story.maker, reason=REASON)
    return {}


def die(story: Story, step: f.DieStep) -> dict[str, Any]:
    record_death(story.member, died_on=step.on, known_on=step.on, actor=story.maker, reason=REASON)
    return {}


def register_disease(story: Story, step: f.RegisterDiseaseStep) -> dict[str, Any]:
    """Register a disease, submitted and approved by two people."""
    registration = submit_disease_registration(
        story.member,
        code=step.disease,
        benefit=step.benefit,
        since=step.since,
        until=step.until,
        actor=story.maker,
        reason=REASON,
    )
    approve_disease_registration(registration, actor=story.checker)
    return {}


STEPS = {
    "enroll": enroll,
    "contribute": contribute,
    "register_out_of_area": register_out_of_area,
    "sign_family_doctor": sign_family_doctor,
    "hospital_stay": stay,
    "special_nursing": stay,
    "civil_servant_basis": civil_servant_basis,
    "contribution_months": contribution_months,
    "die": die,
    "register_disease": register_disease,
}
