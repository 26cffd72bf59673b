"""What each step of a story does: it calls the service that stands behind it, and says what came of it."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from claims.models import Claim, Settlement
from claims.services.registration import NewLine, register_claim
from claims.services.settlement import settle_claim
from desk.scenarios import closings, people
from desk.scenarios import step_format as f
from desk.scenarios.account_steps import authorize, credit, spend
from desk.scenarios.people import REASON
from desk.scenarios.places import provider_of
from members.models.contributions import BasisKind
from members.services import registrations
from members.services.diseases import approve_disease_registration, submit_disease_registration
from members.services.people import NotACivilServant, record_death, set_civil_servant_basis
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import ALL
from policies.models import FigureKind
from policies.services.figures import approve_local_figure, propose_local_figure
from policies.services.pensions import record_average_pension
from reimbursements.services import reimbursements

if TYPE_CHECKING:
    from desk.scenarios.replay import Story


def claim(story: "Story", step: f.ClaimStep) -> dict[str, Any]:
    """Register and settle a claim; one that was filed by hand is submitted and decided by two people."""
    today = step.filed_on or step.served_on
    claim = register_claim(
        story.member,
        provider_of(story, step.provider_name, step.tier, designated=step.designated),
        claim_number=f"C-{step.id}",
        served_on=step.served_on,
        today=today,
        lines=[_line(line) for line in step.lines],
        benefit=step.benefit,
        prescribing_tier=step.prescribing_tier,
        out_of_area=step.out_of_area,
        place=step.place,
        filed_on=step.filed_on,
        # Nothing is paid by hand without one; a case that is not about invoices need not name it.
        invoice_number=step.invoice or (f"I-{step.id}" if step.filed_on else ""),
        disease=step.disease,
        stay_hours=step.hours,
        pay_from_account=step.pay_from == "own",
        account_holder=story.relatives[step.pay_from] if step.pay_from not in ("", "own") else None,
        reason=REASON,
    )
    if step.filed_on is None:
        outcome = settle_claim(claim, today=today, actor=story.maker)
    else:
        outcome = _reimbursed(story, claim, today)
    if isinstance(outcome, Refusal):
        return {"refused": outcome.reason}
    story.settlements[step.id] = outcome
    return {name: getattr(outcome, name) for name in f.ClaimExpectation.model_fields if hasattr(outcome, name)}


def _reimbursed(story: "Story", claim: Claim, today: date) -> Settlement | Refusal:
    """By the papers: complete on the day of filing, and decided on it."""
    by_maker: dict[str, Any] = {"actor": story.maker, "reason": REASON}
    opened = reimbursements.register_reimbursement(
        claim, payee_name=claim.member.name, payee_bank=REASON, payee_account=REASON, **by_maker
    )
    reimbursements.complete_papers(opened, on=today, today=today, accepted_without=REASON, **by_maker)
    submitted = reimbursements.submit_reimbursement(opened, **by_maker)
    return reimbursements.decide_by_the_rules(submitted, today=today, actor=story.checker, reason=REASON)


def enroll(story: "Story", step: f.EnrollStep) -> dict[str, Any]:
    """Change the enrollment."""
    people.enroll_as(story.member, step)
    return {}


def contribute(story: "Story", step: f.ContributeStep) -> dict[str, Any]:
    """Record contributions."""
    people.contribute(story.member, step)
    return {}


def average_pension(story: "Story", step: f.AveragePensionStep) -> dict[str, Any]:
    """Record an average pension."""
    record_average_pension(
        story.region,
        year=step.year,
        monthly=step.monthly,
        is_final=step.final,
        actor=story.maker,
        reason=REASON,
    )
    return {}


def register_out_of_area(story: "Story", step: f.RegisterOutOfAreaStep) -> dict[str, Any]:
    """Register for care elsewhere."""
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


def stay(story: "Story", step: f.StayStep) -> dict[str, Any]:
    """Record a stay in hospital or special nursing."""
    record = registrations.record_hospital_stay if step.do == "hospital_stay" else registrations.record_special_nursing
    record(story.member, since=step.since, until=step.until, actor=story.maker, reason=REASON)
    return {}


def civil_servant_basis(story: "Story", step: f.CivilServantBasisStep) -> dict[str, Any]:
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


def die(story: "Story", step: f.DieStep) -> dict[str, Any]:
    """Record the member's death."""
    record_death(story.member, died_on=step.on, known_on=step.on, actor=story.maker, reason=REASON)
    return {}


def register_disease(story: "Story", step: f.RegisterDiseaseStep) -> dict[str, Any]:
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


def configure(story: "Story", step: f.ConfigureStep) -> dict[str, Any]:
    """Set what the regulation leaves open, proposed and approved by two people."""
    for kind in FigureKind:
        value = getattr(step, kind)
        if value is None:
            continue
        figure = propose_local_figure(
            story.region,
            kind=kind,
            benefit=step.benefit,
            tier=step.tier or ALL,
            status=step.status or ALL,
            value=value,
            first_day=date(2000, 1, 1),
            document_number=REASON,
            article="第一条",
            phrase=REASON,
            actor=story.maker,
            reason=REASON,
        )
        approve_local_figure(figure, actor=story.checker)
    return {}


def _line(spec: f.LineSpec) -> NewLine:
    return NewLine(
        kind=spec.kind,
        category=spec.category,
        amount=spec.amount,
        over_limit=spec.over_limit,
        upfront_rate=spec.upfront_rate,
        code=spec.drug,
        is_negotiated=spec.negotiated,
        is_prenatal=spec.prenatal,
    )


HANDLERS: dict[str, Callable[["Story", Any], dict[str, Any]]] = {
    "claim": claim,
    "reverse": closings.reverse,
    "credit": credit,
    "enroll": enroll,
    "contribute": contribute,
    "average_pension": average_pension,
    "register_out_of_area": register_out_of_area,
    "hospital_stay": stay,
    "special_nursing": stay,
    "civil_servant_basis": civil_servant_basis,
    "die": die,
    "spend": spend,
    "register_disease": register_disease,
    "configure": configure,
    "authorize": authorize,
    "close": closings.close,
}
