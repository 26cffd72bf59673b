"""Settling a claim: the engine's outcome becomes rows that never change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import User
from agency.services.history import tracked_save
from claims.models import BenefitUsage, Claim, ClaimState, Settlement, SettlementChannel, SettlementUsage
from claims.selectors.facts import circumstances_of, paid_with_the_same_invoice, usage_of, usage_rows, visit_of
from claims.services.payment import Payment, plan_payment, post_settlement
from members.selectors import person_on
from members.services.people import locked_member
from policies.engine.adjudication import adjudicate
from policies.engine.deductibles import deductible_key
from policies.engine.errors import MissingFact, OtherBenefit, PolicyNotInForce
from policies.engine.outcome import Outcome, Refusal, Step, UsageChange
from policies.engine.policy import Policy
from policies.engine.vocabulary import Benefit, DeductibleBasis, RefusalReason
from policies.labels import label
from policies.selectors.versions import policy_in_force
from providers.selectors import agreement_on

ZERO = Decimal("0.00")


def settle_claim(claim: Claim, *, today: date, actor: User | None = None) -> Settlement | Refusal:
    """Adjudicate a registered or refused claim and settle it, or record why nothing is paid.

    today: the day of settlement. The member's row is locked while the year's usage is read and moved, so that two
    settlements of one member at once never both take the last yuan of a ceiling. Returns the settlement, or the
    refusal that now stands on the claim. MoveNotAllowed for a claim that is settled or reversed; DomainError for a
    manual claim, a pharmacy claim without the prescriber's tier, or a benefit that is not claimed here.
    """
    if claim.channel == SettlementChannel.MANUAL:
        raise DomainError(_("A manual claim is paid once another person approves its reimbursement. Submit that."))
    return settle_decided(claim, today=today, actor=actor)


def settle_decided(claim: Claim, *, today: date, actor: User | None = None) -> Settlement | Refusal:
    """Settle a claim of either channel as `settle_claim` does; for a manual one the caller has had it approved."""
    try:
        with transaction.atomic():
            return _settle(claim, today, actor)
    except IntegrityError:
        # Another member's claim with the same invoice was settled in between; the constraint refused the second one.
        with transaction.atomic():
            held = _locked(claim)
            if not held.invoice_paid:
                raise
            return refuse_claim(claim, Refusal(RefusalReason.DUPLICATE_INVOICE, None), actor)


@transaction.atomic
def trial(claim: Claim) -> Settlement | Refusal:
    """What settling the claim would give now (试算): a settlement with its steps that is not saved, or the refusal.

    Nothing is written. Raises what `settle_claim` raises.
    """
    found = _calculate(claim)
    return found if isinstance(found, Refusal) else _draft(claim, found)


@dataclass(frozen=True, slots=True)
class Calculation:
    """What settling comes to before anything is written. rows: the service year's accumulators, locked."""

    policy: Policy
    outcome: Outcome
    payment: Payment
    rows: list[BenefitUsage]


def _calculate(claim: Claim) -> Calculation | Refusal:
    """Adjudicate under the locks of the claim and its member."""
    if claim.account_holder is not None and claim.account_holder.pk < claim.member_id:
        # Two members who pay for each other are locked in the order of their ids, so that neither waits in a circle.
        locked_member(claim.account_holder)
    held = _locked(claim)
    if held.state not in (ClaimState.REGISTERED, ClaimState.REFUSED):
        raise MoveNotAllowed(_("This claim is settled or reversed already."))
    claim.member, claim.provider, claim.disease = held.member, held.provider, held.disease
    claim.late_filing_accepted_by_id = held.late_filing_accepted_by_id
    claim.late_filing_reason = held.late_filing_reason
    try:
        policy = policy_in_force(claim.member.region, claim.served_on)
    except PolicyNotInForce:
        return Refusal(RefusalReason.NOT_IN_FORCE, None)
    rows = usage_rows(claim)
    outcome = _adjudicate(claim, policy, rows, held.invoice_paid)
    if isinstance(outcome, Refusal):
        return outcome
    return Calculation(policy, outcome, plan_payment(claim, policy, outcome.patient_share), rows)


def _settle(claim: Claim, today: date, actor: User | None) -> Settlement | Refusal:
    found = _calculate(claim)
    if isinstance(found, Refusal):
        return refuse_claim(claim, found, actor)
    settlement = _draft(claim, found)
    settlement.settled_on, settlement.settled_by = today, actor
    settlement.save(force_insert=True)
    write_usage(settlement, found.outcome.usage, found.rows)
    post_settlement(settlement, found.payment, today, actor)
    claim.state = ClaimState.SETTLED
    claim.refusal_reason = claim.refusal_instrument = claim.refusal_article = claim.refusal_phrase = ""
    tracked_save(claim, actor, "settled")
    return settlement


def _locked(claim: Claim) -> Any:
    """The claim and its member, locked, with whether its invoice is paid already."""
    return (
        Claim.objects.select_for_update(of=("self", "member"), no_key=True)
        .select_related("member__region", "provider", "disease")
        .annotate(invoice_paid=Exists(paid_with_the_same_invoice()))
        .get(pk=claim.pk)
    )


def _adjudicate(claim: Claim, policy: Policy, rows: list[BenefitUsage], invoice_paid: bool) -> Outcome | Refusal:
    if claim.benefit == Benefit.INPATIENT:
        raise DomainError(_("Inpatient care is not claimed here."))
    if claim.benefit not in policy.benefits:
        return Refusal(RefusalReason.TERMS_UNSET, policy.in_force)
    lines = list(claim.lines.all())
    if policy.benefits[Benefit(claim.benefit)].deductible_basis == DeductibleBasis.PER_DRUG and not all(
        line.is_negotiated and line.code for line in lines
    ):
        raise DomainError(_("Every line of this benefit is a negotiated drug with its code."))
    agreement = agreement_on(claim.provider, claim.served_on)
    visit = visit_of(claim, agreement, lines)
    usage = usage_of(claim, rows, deductible_key(policy.benefits[visit.benefit], visit))
    try:
        return adjudicate(
            policy,
            person_on(claim.member, claim.served_on),
            visit,
            circumstances_of(claim, agreement, invoice_paid=invoice_paid),
            usage,
        )
    except MissingFact as error:
        raise DomainError(
            _("A pharmacy claim needs the tier of the institution that wrote the prescription.")
        ) from error
    except OtherBenefit as error:
        raise DomainError(
            _("By %(article)s this is %(benefit)s. Register the claim as that.")
            % {"article": error.citation.article, "benefit": label(error.benefit, Benefit)}
        ) from error


def refuse_claim(claim: Claim, refusal: Refusal, actor: User | None) -> Refusal:
    """Let the refusal stand on the claim, with the rule it rests on. The caller has locked the claim."""
    claim.state = ClaimState.REFUSED
    claim.refusal_reason = refusal.reason
    citation = refusal.citation
    claim.refusal_instrument = citation.instrument if citation else ""
    claim.refusal_article = citation.article if citation else ""
    claim.refusal_phrase = citation.phrase if citation else ""
    tracked_save(claim, actor, "refused")
    return refusal


def stored_step(step: Step) -> dict[str, Any]:
    """A step as it is kept: amounts as text, so that no reader turns them into floats."""
    citation = step.citation
    return {
        "code": step.code.value,
        "amount_in": str(step.amount_in),
        "parameter": None if step.parameter is None else str(step.parameter),
        "amount_out": str(step.amount_out),
        "note": step.note,
        "instrument": citation.instrument if citation else "",
        "article": citation.article if citation else "",
        "phrase": citation.phrase if citation else "",
        "reading": citation.reading if citation else "",
    }


def _draft(claim: Claim, found: Calculation) -> Settlement:
    """The settlement as it would be written, but for its day and its author."""
    outcome, payment = found.outcome, found.payment
    return Settlement(
        claim=claim,
        member=claim.member,
        version_id=found.policy.version_id,
        served_on=claim.served_on,
        total=outcome.total,
        self_paid=outcome.self_paid,
        over_limit=outcome.over_limit,
        upfront_share=outcome.upfront_share,
        covered=outcome.covered,
        out_of_area_share=outcome.out_of_area_share,
        deductible=outcome.deductible,
        pooled=outcome.pooled,
        pooled_inpatient=outcome.pooled_inpatient,
        patient_share=outcome.patient_share,
        account=payment.account,
        family_account=payment.family_account,
        cash=outcome.patient_share - payment.account - payment.family_account,
        warnings=[reason.value for reason in outcome.warnings],
        steps=[stored_step(step) for step in outcome.steps],
    )


def write_usage(settlement: Settlement, changes: Sequence[UsageChange], rows: list[BenefitUsage]) -> None:
    """Keep what the settlement used and move the accumulators by it. rows: the service year's accumulators, locked."""
    year, month = settlement.served_on.year, settlement.served_on.month
    SettlementUsage.objects.bulk_create(
        SettlementUsage(settlement=settlement, year=year, month=month, **change._asdict()) for change in changes
    )
    known = {(row.month, row.scope, row.key): row for row in rows}
    touched = []
    for change in changes:
        row = known.get((month, change.scope, change.key)) or BenefitUsage(
            member=settlement.member,
            year=year,
            month=month,
            scope=change.scope,
            key=change.key,
            deductible=ZERO,
            covered=ZERO,
            paid=ZERO,
            counted=ZERO,
        )
        row.deductible += change.deductible
        row.covered += change.covered
        row.paid += change.paid
        row.counted += change.counted
        touched.append(row)
    BenefitUsage.objects.bulk_create(
        [_without_key(row) for row in touched],
        update_conflicts=True,
        unique_fields=["member", "year", "month", "scope", "key"],
        update_fields=["deductible", "covered", "paid", "counted"],
    )


def _without_key(row: BenefitUsage) -> BenefitUsage:
    """The row as an upsert wants it: found by its natural key alone."""
    row.pk = None
    return row
