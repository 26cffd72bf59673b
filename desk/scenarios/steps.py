"""What each step of a story does: it calls the service that stands behind it, and says what came of it."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from accounts.models import CreditDifference, CreditRun, EvidenceKind, LedgerEntry
from accounts.models.differences import OPEN_DIFFERENCES
from accounts.services import spending
from accounts.services.closing import approve_closing, submit_closing
from accounts.services.credit_checks import check_run
from accounts.services.credit_posting import post_chunk, waiting_chunks
from accounts.services.credit_runs import approve_run, draft_run, last_day_of_month, submit_run
from accounts.services.family import RelationshipNotAllowed, approve_authorization, submit_authorization
from claims.models import Claim, Settlement
from claims.services import reimbursements
from claims.services.registration import NewLine, register_claim
from claims.services.reversal import approve_reversal, request_reversal
from claims.services.settlement import settle_claim
from desk.scenarios import people
from desk.scenarios import step_format as f
from desk.scenarios.people import REASON
from members.models.contributions import BasisKind
from members.services import registrations
from members.services.diseases import approve_disease_registration, submit_disease_registration
from members.services.people import NotACivilServant, record_death, set_civil_servant_basis
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import ALL, Purpose, Tier
from policies.models import FigureKind
from policies.services.figures import approve_local_figure, propose_local_figure
from policies.services.pensions import record_average_pension
from providers.models import Provider, ProviderKind
from providers.services import register_provider

ZERO = Decimal("0.00")

if TYPE_CHECKING:
    from desk.scenarios.replay import Story


def provider(story: "Story", step: f.ClaimStep) -> Provider:
    """The provider of that name, or the default one of the tier."""
    name = step.provider or f"{step.tier}{'' if step.designated else ' not designated'}"
    return _provider(story, name, step.tier, designated=step.designated)


def _provider(story: "Story", name: str, tier: Tier, *, designated: bool = True) -> Provider:
    if name not in story.providers:
        kind = ProviderKind.RETAIL_PHARMACY if tier == Tier.PHARMACY else ProviderKind.MEDICAL_INSTITUTION
        story.providers[name] = register_provider(
            story.region,
            code=f"P{len(story.providers) + 1}",
            name=name,
            kind=kind,
            tier=tier,
            first_day=date(2000, 1, 1),
            is_designated=designated,
            reason=REASON,
        )
    return story.providers[name]


def claim(story: "Story", step: f.ClaimStep) -> dict[str, Any]:
    """Register and settle a claim; one that was filed by hand is submitted and decided by two people."""
    today = step.filed_on or step.served_on
    claim = register_claim(
        story.member,
        provider(story, step),
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


def reverse(story: "Story", step: f.ReverseStep) -> dict[str, Any]:
    """Take a settlement back, asked for and approved."""
    settlement = story.settlements[step.claim]
    reversal = request_reversal(settlement, actor=story.maker, reason=REASON)
    approve_reversal(reversal, actor=story.checker, today=settlement.settled_on)
    return {}


def credit(story: "Story", step: f.CreditStep) -> dict[str, Any]:
    """Run the region's month, submitted and approved by two people."""
    run = draft_run(story.region, month=step.month, as_of=last_day_of_month(step.month), actor=story.maker)
    check_run(run, actor=story.maker)
    submit_run(run, actor=story.maker)
    approve_run(run, actor=story.checker)
    for chunk in waiting_chunks(run):
        post_chunk(chunk)
    entries = LedgerEntry.objects.filter(credit__member=story.member, key__startswith=f"credit:{run.pk}:")
    return {
        "credited": sum((entry.amount for entry in entries), ZERO),
        "entries": sorted((entry.month, entry.component, entry.amount) for entry in entries),
        "listed": sorted(_listed(story, run)),
    }


def _listed(story: "Story", run: CreditRun) -> Iterator[tuple[date, str, str, Decimal]]:
    """What is listed of the member after the run: month, component, reason, yuan."""
    for lacking in run.exceptions.filter(member=story.member):
        yield run.month, lacking.component, lacking.reason, ZERO
    for above in CreditDifference.objects.filter(member=story.member, state__in=OPEN_DIFFERENCES):
        yield above.month, above.component, "above_entitlement", above.excess


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


def authorize(story: "Story", step: f.AuthorizeStep) -> dict[str, Any]:
    """Authorize a relative, submitted and approved by two people."""
    try:
        authorization = submit_authorization(
            story.member,
            story.relatives[step.relative],
            relationship=step.relationship,
            evidence_kind=EvidenceKind.OTHER,
            evidence=REASON,
            since=step.since,
            actor=story.maker,
            reason=REASON,
        )
    except RelationshipNotAllowed:
        return {"refused": "relationship_not_allowed"}
    approve_authorization(authorization, actor=story.checker)
    return {}


def close(story: "Story", step: f.CloseStep) -> dict[str, Any]:
    """Close the account, submitted and approved by two people."""
    story.member.refresh_from_db()
    closing = submit_closing(story.member, closing_reason=step.reason, on=step.on, actor=story.maker, reason=REASON)
    return {"paid_out": approve_closing(closing, today=step.on, actor=story.checker).amount}


def spend(story: "Story", step: f.SpendStep) -> dict[str, Any]:
    """Pay from the account."""
    relative = None if step.beneficiary == "own" else story.relatives[step.beneficiary]
    key = f"{step.on}:{step.purpose}:{LedgerEntry.objects.filter(region=story.region).count()}"
    try:
        paid = spending.spend(
            story.member,
            amount=step.amount,
            purpose=step.purpose,
            on=step.on,
            key=key,
            relative=relative,
            provider=_place(story, step.purpose),
            actor=story.maker,
        )
    except spending.SpendingRefused as refused:
        return {"refused": refused.reason}
    return {"account": paid.entry.amount}


def _place(story: "Story", purpose: Purpose) -> Provider | None:
    """Where a story's account pays for a purpose: the default provider of its kind, none for a premium."""
    if purpose in spending.PREMIUMS:
        return None
    at_pharmacy = spending.PLACES.get(purpose) == ProviderKind.RETAIL_PHARMACY
    tier = Tier.PHARMACY if at_pharmacy else Tier.PRIMARY
    return _provider(story, str(tier), tier)


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
    "reverse": reverse,
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
    "close": close,
}
