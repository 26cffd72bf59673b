"""Settling claims: the engine's outcome becomes rows that never change."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.services.ledger import Posting, post
from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import User
from agency.services.history import tracked_save
from claims.models import Claim, ClaimLine, ClaimState, Settlement, SettlementChannel
from claims.rooms_above import rooms_above
from claims.services.adjudication import Adjudication, Calculation, Fault, Used
from claims.services.payment import postings_of
from policies.engine.errors import MissingLaw
from policies.engine.outcome import Refusal, Step

OPEN_STATES = (ClaimState.REGISTERED, ClaimState.REFUSED)
_REFUSAL = ("refusal_reason", "refusal_instrument", "refusal_article", "refusal_phrase")
_STATE = ("state", *_REFUSAL)


def settle_claim(claim: Claim, *, today: date, actor: User | None = None) -> Settlement | Refusal:
    """Adjudicate a registered or refused claim and settle it, or record why nothing is paid.

    today: the day of settlement. The member's row is locked while the year's usage is read and moved, so that two
    settlements of one member at once never both take the last yuan of a ceiling. Returns the settlement, or the
    refusal that now stands on the claim. MoveNotAllowed for a claim that is settled or reversed; DomainError for a
    manual claim, a pharmacy claim without the prescriber's tier, or a benefit that is not claimed here.
    """
    if claim.channel == SettlementChannel.MANUAL:
        raise DomainError(_("A manual claim is paid once another person approves its reimbursement. Submit that."))
    (outcome,) = settle_claims([claim], today=today, actor=actor)
    if isinstance(outcome, Fault):
        raise outcome
    return outcome


def settle_claims(
    claims: Sequence[Claim],
    *,
    today: date,
    actor: User | None = None,
    from_accounts_at_most: Mapping[int, Decimal] | None = None,
) -> list[Settlement | Refusal | Fault]:
    """Settle one region's claims one after the other, in this order, each on what the ones before it left.

    For each claim its settlement, the refusal that now stands on it, or what `settle_claim` raises; one claim's fault
    leaves the others alone. A few queries however many claims, so hundreds are settled at once; the locks of all their
    members are held until the transaction ends. from_accounts_at_most: yuan that an account pays, by claim id; for a
    claim that is not named it pays the patient's share as far as it holds it.
    """
    if not claims:
        return []
    try:
        with transaction.atomic():
            return _settle(claims, today, actor, from_accounts_at_most or {})
    except IntegrityError:
        # Another member's claim with the same invoice was settled in between; the constraint refused the second one.
        # Everything is locked by now, or will be as it is read again: a second attempt sees what is paid.
        with transaction.atomic():
            return _settle(claims, today, actor, from_accounts_at_most or {})


def _settle(
    claims: Sequence[Claim], today: date, actor: User | None, from_accounts_at_most: Mapping[int, Decimal]
) -> list[Settlement | Refusal | Fault]:
    adjudication = Adjudication.locking(claims)
    calculated = [_take(adjudication, claim, from_accounts_at_most.get(claim.pk)) for claim in adjudication.claims]
    calculations = [each for each in calculated if isinstance(each, Calculation)]
    settlements = iter(write_settlements(adjudication, calculations, today, actor))
    refused = []
    for claim, outcome in zip(adjudication.claims, calculated, strict=True):
        if isinstance(outcome, Refusal):
            mark_refused(claim, outcome)
            refused.append(claim)
    save_states(refused, actor, "refused")
    outcomes = [next(settlements) if isinstance(each, Calculation) else each for each in calculated]
    _tell(adjudication, claims, outcomes)
    return outcomes


def _tell(
    adjudication: Adjudication, claims: Sequence[Claim], outcomes: Sequence[Settlement | Refusal | Fault]
) -> None:
    """Say what became of claims: to the rows that the caller holds, and to the rooms above that wait for it."""
    for given, held in zip(claims, adjudication.claims, strict=True):
        for name in _STATE:
            setattr(given, name, getattr(held, name))
    awaited = {claim.pk: each for claim, each in zip(claims, outcomes, strict=True) if claim.pk in adjudication.awaited}
    for room in rooms_above() if awaited else ():
        room.note_outcomes(awaited)


def _take(
    adjudication: Adjudication, claim: Claim, from_account_at_most: Decimal | None
) -> Calculation | Refusal | Fault:
    """Calculate a claim and let the next ones find what it leaves."""
    try:
        outcome = _calculate(adjudication, claim, from_account_at_most)
    except (DomainError, MissingLaw) as fault:
        return fault
    if isinstance(outcome, Calculation):
        adjudication.take(outcome)
    return outcome


def _calculate(
    adjudication: Adjudication, claim: Claim, from_account_at_most: Decimal | None = None
) -> Calculation | Refusal:
    if claim.state not in OPEN_STATES:
        raise MoveNotAllowed(_("This claim is settled or reversed already."))
    return adjudication.calculate(claim, from_account_at_most=from_account_at_most)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A claim calculated under its locks and not settled yet, so that somebody agrees to what will be written.

    It holds in the transaction in which it was prepared.
    """

    claim: Claim
    adjudication: Adjudication
    calculation: Calculation

    @property
    def draft(self) -> Settlement:
        """As it would be written, but for its day and its author."""
        return draft_settlement(self.calculation)


def prepare_settlement(claim: Claim) -> Prepared | Refusal:
    """Calculate a claim of either channel, and hold the locks for `settle_prepared`.

    A refusal is not put on the claim. Raises what `settle_claim` raises, but for a manual claim.
    """
    adjudication = Adjudication.locking([claim])
    calculated = _calculate(adjudication, adjudication.claims[0])
    return calculated if isinstance(calculated, Refusal) else Prepared(claim, adjudication, calculated)


@transaction.atomic
def settle_prepared(prepared: Prepared, *, today: date, actor: User | None = None) -> Settlement:
    """Write what was prepared, which for a manual claim was approved. today: the day of settlement.

    IntegrityError, and nothing is written, where the same invoice was paid in another claim since.
    """
    adjudication = prepared.adjudication
    adjudication.take(prepared.calculation)
    (settlement,) = write_settlements(adjudication, [prepared.calculation], today, actor)
    _tell(adjudication, [prepared.claim], [settlement])
    return settlement


@transaction.atomic
def trial(claim: Claim) -> Settlement | Refusal:
    """What settling the claim would give now (试算): a settlement with its steps that is not saved, or the refusal.

    Nothing is written or locked. Raises what `settle_claim` raises.
    """
    adjudication = Adjudication.reading([claim])
    return _drafted(_calculate(adjudication, adjudication.claims[0]))


@transaction.atomic
def trial_of_bill(claim: Claim, lines: Sequence[ClaimLine]) -> Settlement | Refusal:
    """What `trial` would say of a claim that is not registered, or has other facts and lines than were written."""
    return _drafted(_calculate(Adjudication.over_draft(claim, lines), claim))


def _drafted(calculated: Calculation | Refusal) -> Settlement | Refusal:
    return calculated if isinstance(calculated, Refusal) else draft_settlement(calculated)


def write_settlements(
    adjudication: Adjudication,
    calculations: Sequence[Calculation],
    today: date,
    actor: User | None,
    counters: Sequence[Used] = (),
    returned: Sequence[Posting] = (),
) -> list[Settlement]:
    """Write what was calculated and taken in an adjudication: settlements with usage, payments, the claims' states.

    counters: the counter-rows that were written before, with what they give back; the accumulators are written once.
    returned: what is posted with the payments, so that an account gains or loses only by the sum.
    """
    drafts = []
    for calculation in calculations:
        settlement = draft_settlement(calculation)
        settlement.settled_on, settlement.settled_by = today, actor
        drafts.append(settlement)
    settlements = Settlement.objects.bulk_create(drafts)
    pairs = list(zip(settlements, calculations, strict=True))
    adjudication.save_usage(
        [*counters, *((settlement, calculation.outcome.usage) for settlement, calculation in pairs)]
    )
    postings = [
        *returned,
        *(posting for settlement, calculation in pairs for posting in postings_of(settlement, calculation.payment)),
    ]
    if postings:
        post(postings, on=today, actor=actor)
    claims = [calculation.claim for calculation in calculations]
    for claim in claims:
        mark(claim, ClaimState.SETTLED)
    save_states(claims, actor, "settled")
    return settlements


def save_states(claims: Sequence[Claim], actor: User | None, reason: str) -> None:
    """Save what became of the claims, with a history row each; one statement for all of which the same is so."""
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for claim in claims:
        alike[tuple(getattr(claim, name) for name in _STATE)].append(claim.pk)
    for values, numbers in alike.items():
        Claim.objects.filter(pk__in=numbers).update(**dict(zip(_STATE, values, strict=True)))
    if claims:
        Claim.history.bulk_history_create(claims, update=True, default_user=actor, default_change_reason=reason)


def mark_refused(claim: Claim, refusal: Refusal) -> None:
    """Put the refusal on the claim, with the rule it rests on; the caller saves it."""
    citation = refusal.citation
    claim.state = ClaimState.REFUSED
    claim.refusal_reason = refusal.reason
    claim.refusal_instrument = citation.instrument if citation else ""
    claim.refusal_article = citation.article if citation else ""
    claim.refusal_phrase = citation.phrase if citation else ""


def mark(claim: Claim, state: ClaimState) -> None:
    """Put a state on the claim that is no refusal, and take off one that stood there; the caller saves it."""
    claim.state = state
    for name in _REFUSAL:
        setattr(claim, name, "")


def refuse_claim(claim: Claim, refusal: Refusal, actor: User | None) -> Refusal:
    """Let the refusal stand on the claim, with the rule it rests on. The caller has locked the claim."""
    mark_refused(claim, refusal)
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


def draft_settlement(calculation: Calculation) -> Settlement:
    """The settlement as it would be written, but for its day and its author."""
    claim, outcome, payment = calculation.claim, calculation.outcome, calculation.payment
    return Settlement(
        claim=claim,
        member=claim.member,
        version_id=calculation.policy.version_id,
        in_place_of_id=calculation.in_place_of,
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
