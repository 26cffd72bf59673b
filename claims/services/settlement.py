"""Settling a claim: the engine's outcome becomes rows that never change."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountKind, EntryKind, LedgerAccount
from accounts.services.ledger import Posting, book, post
from accounts.services.spending import payable_from_account
from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import User
from agency.services.history import tracked_save
from claims.models import BenefitUsage, Claim, ClaimState, Settlement, SettlementChannel, SettlementUsage
from claims.selectors.facts import circumstances_of, is_invoice_paid, usage_of, usage_rows, visit_of
from members.selectors import person_on
from members.services.people import locked_member
from policies.engine.adjudication import adjudicate, deductible_key
from policies.engine.errors import MissingFact, PolicyNotInForce
from policies.engine.outcome import Outcome, Refusal, Step, UsageChange
from policies.engine.policy import Policy
from policies.engine.vocabulary import Benefit, RefusalReason
from policies.selectors.versions import policy_in_force
from providers.selectors import agreement_on

ZERO = Decimal("0.00")


def settle_claim(claim: Claim, *, today: date, actor: User | None = None) -> Settlement | Refusal:
    """Adjudicate a registered or refused claim and settle it, or record why nothing is paid.

    today: the day of settlement. The member's row is locked while the year's usage is read and moved, so that two
    settlements of one member at once never both take the last yuan of a ceiling. Returns the settlement, or the
    refusal that now stands on the claim. MoveNotAllowed for a claim that is settled or reversed; DomainError for a
    pharmacy claim without the prescriber's tier, or a benefit that is not claimed here.
    """
    try:
        with transaction.atomic():
            return _settle(claim, today, actor)
    except IntegrityError:
        # Another member's claim with the same invoice was settled in between; the constraint refused the second one.
        if not is_invoice_paid(claim):
            raise
        with transaction.atomic():
            return _refuse(claim, Refusal(RefusalReason.DUPLICATE_INVOICE, None), actor)


def _settle(claim: Claim, today: date, actor: User | None) -> Settlement | Refusal:
    claim.member = locked_member(claim.member)
    state = Claim.objects.select_for_update(of=("self",)).values_list("state", flat=True).get(pk=claim.pk)
    if state not in (ClaimState.REGISTERED, ClaimState.REFUSED):
        raise MoveNotAllowed(_("This claim is settled or reversed already."))
    try:
        policy = policy_in_force(claim.member.region, claim.served_on)
    except PolicyNotInForce:
        return _refuse(claim, Refusal(RefusalReason.NOT_IN_FORCE, None), actor)
    rows = usage_rows(claim)
    outcome = _adjudicate(claim, policy, rows)
    if isinstance(outcome, Refusal):
        return _refuse(claim, outcome, actor)
    settlement, account = _write(claim, policy, outcome, today, actor)
    write_usage(settlement, outcome.usage, rows)
    _post(settlement, account, today, actor)
    claim.state = ClaimState.SETTLED
    claim.refusal_reason = claim.refusal_instrument = claim.refusal_article = claim.refusal_phrase = ""
    tracked_save(claim, actor, "settled")
    return settlement


def _adjudicate(claim: Claim, policy: Policy, rows: list[BenefitUsage]) -> Outcome | Refusal:
    if claim.benefit == Benefit.INPATIENT:
        raise DomainError(_("Inpatient care is not claimed here."))
    if claim.benefit not in policy.benefits:
        return Refusal(RefusalReason.TERMS_UNSET, policy.in_force)
    agreement = agreement_on(claim.provider, claim.served_on)
    visit = visit_of(claim, agreement, claim.lines.all())
    usage = usage_of(claim, rows, deductible_key(policy, visit))
    try:
        return adjudicate(
            policy, person_on(claim.member, claim.served_on), visit, circumstances_of(claim, agreement), usage
        )
    except MissingFact as error:
        raise DomainError(
            _("A pharmacy claim needs the tier of the institution that wrote the prescription.")
        ) from error


def _refuse(claim: Claim, refusal: Refusal, actor: User | None) -> Refusal:
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


def _write(
    claim: Claim, policy: Policy, outcome: Outcome, today: date, actor: User | None
) -> tuple[Settlement, LedgerAccount | None]:
    account, from_account = (
        payable_from_account(claim.member, outcome.patient_share) if claim.pay_from_account else (None, ZERO)
    )
    settlement = Settlement.objects.create(
        claim=claim,
        member=claim.member,
        version_id=policy.version_id,
        served_on=claim.served_on,
        settled_on=today,
        settled_by=actor,
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
        account=from_account,
        family_account=ZERO,
        cash=outcome.patient_share - from_account,
        warnings=[reason.value for reason in outcome.warnings],
        steps=[stored_step(step) for step in outcome.steps],
    )
    return settlement, account


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


def _post(settlement: Settlement, account: LedgerAccount | None, today: date, actor: User | None) -> None:
    """Pooled payments go to the provider, or to the member where the claim was filed by hand."""
    claim, region = settlement.claim, settlement.member.region
    manual = claim.channel == SettlementChannel.MANUAL
    payee = book(region, AccountKind.MEMBER_PAYABLE if manual else AccountKind.PROVIDER_PAYABLE)
    fund = book(region, AccountKind.POOLED_FUND)
    cause = f"settlement:{settlement.pk}"
    moves = [
        (fund, settlement.pooled, EntryKind.POOLED_PAYMENT),
        (fund, settlement.pooled_inpatient, EntryKind.INPATIENT_PAYMENT),
        (account, settlement.account, EntryKind.ACCOUNT_PAYMENT),
    ]
    postings = [
        Posting(source, payee, amount, kind, key=f"{cause}:{kind}", cause=cause)
        for source, amount, kind in moves
        if source is not None and amount
    ]
    if postings:
        post(postings, on=today, actor=actor)
