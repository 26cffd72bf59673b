"""Taking a settlement back: asked for with a reason, approved by another person."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import LedgerEntry
from accounts.services.ledger import reverse_entries
from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import User
from agency.services.approval import record_decision, record_submission
from agency.services.history import tracked_save
from claims.models import Claim, ClaimState, Reversal, ReversalState, Settlement
from claims.selectors.facts import usage_rows
from claims.services.payments import reverse_reimbursement
from claims.services.settlement import write_usage
from members.services.people import locked_member
from policies.engine.outcome import UsageChange


def _payload(reversal: Reversal) -> dict[str, object]:
    return {"settlement": reversal.settlement_id, "reason": reversal.reason}


@transaction.atomic
def request_reversal(settlement: Settlement, *, actor: User, reason: str) -> Reversal:
    """Ask for a settlement to be taken back.

    DomainError without a reason, for a counter-row, or where a reversal is asked for or done already.
    """
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."))
    if settlement.reverses_id is not None:
        raise DomainError(_("A reversal cannot be reversed. Settle the claim again."))
    reversal = Reversal(settlement=settlement, reason=reason)
    record_submission(reversal, actor, _payload(reversal))
    try:
        with transaction.atomic():
            tracked_save(reversal, actor, reason)
    except IntegrityError as error:
        raise DomainError(_("A reversal of this settlement is asked for or done already.")) from error
    return reversal


def _locked(reversal: Reversal) -> Reversal:
    found = Reversal.objects.select_for_update(of=("self",)).select_related("settlement__claim").get(pk=reversal.pk)
    if found.state != ReversalState.SUBMITTED:
        raise MoveNotAllowed(_("This reversal has been decided already."))
    return found


@transaction.atomic
def refuse_reversal(reversal: Reversal, *, actor: User, reason: str) -> Reversal:
    """Leave the settlement as it is; the reason is required."""
    found = _locked(reversal)
    record_decision(found, actor, _payload(found), reason, reason_required=True)
    found.state = ReversalState.REFUSED
    tracked_save(found, actor, reason)
    return found


@transaction.atomic
def approve_reversal(reversal: Reversal, *, actor: User, today: date, reason: str = "") -> Settlement:
    """Write the counter-row, give back every accumulator, and return money to where it came from.

    SamePersonDecides; DomainError where the member has later settlements in that year, because their amounts rest on
    this one: they have to be taken back first (docs/interpretations/0007); and while the claim is in a payment batch.
    """
    found = _locked(reversal)
    original = found.settlement
    # The claim before the member, as settling does, so that the two never wait for each other.
    claim = Claim.objects.select_for_update(of=("self",), no_key=True).get(pk=original.claim_id)
    original.member = locked_member(original.member)
    record_decision(found, actor, _payload(found), reason)
    if _later_settlements(original):
        raise DomainError(_("Later settlements of the year rest on this one. Reverse those first, the last one first."))
    reverse_reimbursement(claim, actor=actor, reason=found.reason)
    counter = _counter_row(original, today, actor)
    given_back = [
        UsageChange(row.scope, row.key, -row.deductible, -row.covered, -row.paid, -row.counted)
        for row in original.usage.all()
    ]
    write_usage(counter, given_back, usage_rows(claim))
    entries = LedgerEntry.objects.filter(cause=f"settlement:{original.pk}").select_related("debit", "credit")
    reverse_entries(list(entries), on=today, actor=actor, cause=f"settlement:{counter.pk}")
    claim.state = ClaimState.REVERSED
    tracked_save(claim, actor, found.reason)
    found.state = ReversalState.APPROVED
    tracked_save(found, actor, reason or found.reason)
    return counter


def _later_settlements(original: Settlement) -> bool:
    return (
        Settlement.objects.filter(
            member=original.member,
            served_on__year=original.served_on.year,
            pk__gt=original.pk,
            reverses__isnull=True,
            reversed_by__isnull=True,
        )
        .exclude(claim=original.claim)
        .exists()
    )


def _counter_row(original: Settlement, today: date, actor: User) -> Settlement:
    counter = Settlement.objects.get(pk=original.pk)
    counter.pk = None
    counter._state.adding = True
    counter.reverses = original
    counter.settled_on = today
    counter.settled_by = actor
    counter.member = original.member
    counter.save()
    return counter
