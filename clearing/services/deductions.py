"""What audits take off a provider's payment: noted with what was found, withdrawn while no statement holds it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.services.ledger import check_amount
from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import User
from agency.services.history import tracked_save
from claims.models import Claim, ClaimState, SettlementChannel
from clearing.models import AuditDeduction, DeductionKind, StatementState
from clearing.selectors.statements import deducted_of
from clearing.services.provider_payments import locked_provider
from clearing.services.statements import redraft_statement
from providers.models import Provider


@transaction.atomic
def note_deduction(
    provider: Provider,
    *,
    claim: Claim | None = None,
    kind: DeductionKind,
    amount: Decimal,
    finding: str,
    found_on: date,
    today: date,
    actor: User,
) -> AuditDeduction:
    """Note an amount, yuan > 0, that the next statement takes off; on one claim of the provider, or on none.

    DomainError for a day that has not come, without a finding, for a claim that is another's, was paid to the member
    or is not settled, for more in all than the funds paid for it, and for what is noted already in the same words.
    """
    check_amount(amount)
    if not finding.strip():
        raise DomainError(_("Write what was found."), field="finding")
    if found_on > today:
        raise DomainError(_("This day has not come yet."), field="found_on")
    held = locked_provider(provider)
    if claim is not None:
        _check_claim(held, claim, amount)
    deduction = AuditDeduction(
        provider=held,
        claim=claim,
        kind=kind,
        amount=amount,
        finding=finding.strip(),
        found_on=found_on,
        noted_by=actor,
    )
    try:
        with transaction.atomic():
            tracked_save(deduction, actor, "noted")
    except IntegrityError as error:
        raise DomainError(
            _("This deduction is noted already. Where it is another one, say in what was found what sets it apart."),
            field="finding",
        ) from error
    return deduction


def _check_claim(provider: Provider, claim: Claim, amount: Decimal) -> None:
    claim = Claim.objects.select_for_update(of=("self",), no_key=True).get(pk=claim.pk)
    if claim.provider_id != provider.pk:
        raise DomainError(_("This claim is not of this provider."), field="claim")
    if claim.channel == SettlementChannel.MANUAL:
        raise DomainError(
            _("This claim was paid to the member. The provider was paid nothing to deduct from."), field="claim"
        )
    standing = claim.settlements.filter(reverses__isnull=True, reversed_by__isnull=True).first()
    if claim.state != ClaimState.SETTLED or standing is None:
        raise DomainError(_("This claim is not settled. Nothing was paid to deduct from."), field="claim")
    paid = standing.pooled + standing.pooled_inpatient
    before = deducted_of([claim.pk]).get(claim.pk, Decimal("0.00"))
    if before + amount > paid:
        raise DomainError(
            _("The funds paid %(paid)s yuan for this claim, of which %(deducted)s are deducted already.")
            % {"paid": paid, "deducted": before},
            field="amount",
        )


def check_deductions(remaining: Mapping[int, Decimal]) -> None:
    """DomainError where an audit has deducted more for a claim than the funds then still pay: it would count twice.

    remaining: yuan by claim id, once settlements are taken back.
    """
    for claim, deducted in deducted_of(list(remaining)).items():
        if deducted > remaining[claim]:
            raise DomainError(
                _(
                    "An audit deducts %(deducted)s yuan for claim %(claim)s; taking it back would cost its provider "
                    "that twice. Have the deduction withdrawn while its statement is a draft, or given back once that "
                    "is approved."
                )
                % {"deducted": deducted, "claim": Claim.objects.get(pk=claim)}
            )


@transaction.atomic
def withdraw_deduction(deduction: AuditDeduction, *, actor: User, reason: str) -> AuditDeduction:
    """Give up a deduction, or the giving back of one, with a reason; a draft that held it is drafted anew without it.

    MoveNotAllowed where it is withdrawn already, or a statement that was submitted holds it; DomainError where the
    deduction that would no longer be given back does not fit the claim any more.
    """
    deduction = _locked(deduction)
    if deduction.withdrawn_reason:
        raise MoveNotAllowed(_("This deduction is withdrawn already."))
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."))
    statement = deduction.statement
    if statement is not None and statement.state != StatementState.DRAFT:
        raise MoveNotAllowed(
            _(
                "The statement %(statement)s holds this deduction. It can be withdrawn while that is a draft; once "
                "that is approved, give the deduction back."
            )
            % {"statement": statement}
        )
    if deduction.gives_back_id is not None and deduction.claim is not None:
        _check_claim(deduction.provider, deduction.claim, deduction.amount)
    deduction.statement, deduction.withdrawn_reason = None, reason.strip()
    tracked_save(deduction, actor, reason)
    if statement is not None:
        redraft_statement(statement, actor=actor)
    return deduction


@transaction.atomic
def give_back_deduction(deduction: AuditDeduction, *, today: date, actor: User, reason: str) -> AuditDeduction:
    """Have the next statement add again what an approved one took off, with a reason; returns the row that does.

    The fund owes the amount from the approval of that statement on, and until then this can be withdrawn. DomainError
    without a reason; MoveNotAllowed where the deduction was not approved, gives back another or is given back already.
    """
    deduction = _locked(deduction)
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."))
    if deduction.gives_back_id is not None or deduction.given_back_by.filter(withdrawn_reason="").exists():
        raise MoveNotAllowed(_("This deduction is given back already."))
    if deduction.statement is None or deduction.statement.state not in (StatementState.APPROVED, StatementState.PAID):
        raise MoveNotAllowed(_("No approved statement took this deduction off. Withdraw it instead."))
    back = AuditDeduction(
        provider=deduction.provider,
        claim=deduction.claim,
        kind=deduction.kind,
        amount=deduction.amount,
        finding=reason.strip(),
        found_on=today,
        noted_by=actor,
        gives_back=deduction,
    )
    tracked_save(back, actor, reason)
    return back


def _locked(deduction: AuditDeduction) -> AuditDeduction:
    """The row, locked, after its provider."""
    held = locked_provider(deduction.provider)
    rows = AuditDeduction.objects.select_for_update(of=("self",)).select_related("statement", "claim")
    deduction = rows.get(pk=deduction.pk)
    deduction.provider = held
    return deduction
