"""Steps of a visit: it is registered, settled and taken back."""

from datetime import date
from typing import Any

from accounts.models import AccountClosing
from agency.exceptions import DomainError
from claims.models import Claim, ClaimLine, Settlement
from claims.services.new_claims import NewClaim
from claims.services.registration import register_claim
from claims.services.reversal import approve_reversal, request_reversal
from claims.services.settlement import settle_claim
from policies.engine.outcome import Refusal
from policies.models import Disease
from reimbursements.services import reimbursements
from scenarios.format import claims as f
from scenarios.people import REASON
from scenarios.places import provider_of
from scenarios.steps.accounts import paid_out_by
from scenarios.story import Story


def claim(story: Story, step: f.ClaimStep) -> dict[str, Any]:
    """Register and settle a claim; one that was filed by hand is submitted and decided by two people."""
    today = step.filed_on or step.served_on
    new = NewClaim(
        member=story.member,
        provider=provider_of(story, step.provider_name, step.tier, designated=step.designated),
        claim_number=f"C-{step.id}",
        served_on=step.served_on,
        lines=[line_of(line) for line in step.lines],
        benefit=step.benefit,
        prescribing_tier=step.prescribing_tier or "",
        out_of_area=step.out_of_area or "",
        place=step.place,
        filed_on=step.filed_on,
        # Nothing is paid by hand without one; a case that is not about invoices need not name it.
        invoice_number=step.invoice or (f"I-{step.id}" if step.filed_on else ""),
        disease=disease_of(story, step.disease) if step.disease else None,
        stay_hours=step.hours,
        pay_from_account=step.pay_from == "own",
        account_holder=story.relatives[step.pay_from] if step.pay_from not in ("", "own") else None,
    )
    claim = register_claim(new, today=today, reason=REASON)
    if step.filed_on is None:
        outcome = settle_claim(claim, today=today, actor=story.maker)
    else:
        outcome = _reimbursed(story, claim, today)
    if isinstance(outcome, Refusal):
        return {"refused": outcome.reason}
    story.settlements[step.id] = outcome
    return {name: getattr(outcome, name) for name in f.ClaimExpectation.model_fields if hasattr(outcome, name)}


def disease_of(story: Story, code: str) -> Disease:
    """A disease of the region's catalogue by its code; DomainError for another one."""
    found = Disease.objects.filter(region=story.member.region, code=code).first()
    if found is None:
        raise DomainError(f"the region's catalogue has no disease {code}")
    return found


def line_of(spec: f.LineSpec) -> ClaimLine:
    """A line of a bill, not saved."""
    return ClaimLine(
        kind=spec.kind,
        category=spec.category,
        amount=spec.amount,
        over_limit=spec.over_limit,
        upfront_rate=spec.upfront_rate,
        code=spec.drug,
        is_negotiated=spec.negotiated,
        is_prenatal=spec.prenatal,
        is_chinese_medicine=spec.chinese_medicine,
    )


def _reimbursed(story: Story, claim: Claim, today: date) -> Settlement | Refusal:
    """By the papers: complete on the day of filing, and decided on it."""
    by_maker: dict[str, Any] = {"actor": story.maker, "reason": REASON}
    opened = reimbursements.register_reimbursement(
        claim, payee_name=claim.member.name, payee_bank=REASON, payee_account=REASON, **by_maker
    )
    reimbursements.complete_papers(opened, on=today, today=today, accepted_without=REASON, **by_maker)
    submitted = reimbursements.submit_reimbursement(opened, **by_maker)
    return reimbursements.decide_by_the_rules(submitted, today=today, actor=story.checker, reason=REASON)


def reverse(story: Story, step: f.ReverseStep) -> dict[str, Any]:
    """Take back what stands of a claim, settled anew or not; asked for and approved.

    Says what went to whoever got a closed account's balance.
    """
    first = story.settlements.get(step.claim)
    standing = Settlement.objects.filter(
        claim=first.claim if first else None, reverses__isnull=True, reversed_by__isnull=True
    )
    settlement = standing.first()
    if settlement is None:
        raise DomainError(f"nothing stands of the claim {step.claim}")
    reversal = request_reversal(settlement, actor=story.maker, reason=REASON)
    approve_reversal(reversal, actor=story.checker, today=step.on or settlement.settled_on)
    return paid_out_by(AccountClosing.objects.filter(cause=f"reversal:{reversal.pk}"))


STEPS = {"claim": claim, "reverse": reverse}
