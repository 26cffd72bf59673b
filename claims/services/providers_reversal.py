"""A provider takes back what it settled at its counter (2208), or takes that back in turn (2601), with nobody of the
office deciding: a mistake at a counter is put right while the patient waits (docs/decisions/0041).

What it changes in later settlements is what any reversal changes (docs/interpretations/0007).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.services.after_closing import locked_due
from agency.exceptions import DomainError
from agency.services.history import tracked_save
from claims.models import Reversal, ReversalState, Settlement
from claims.rooms_above import rooms_above
from claims.selectors.resettlements import back_to_accounts
from claims.services.resettling import Origin, calculate_anew, later_settlements, put_back, write_anew
from providers.models import Provider


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The row that was written, and how many later settlements of the member's year were settled anew for it."""

    row: Settlement
    others: int


@transaction.atomic
def take_back_for_provider(settlement: Settlement, provider: Provider, *, today: date, reason: str) -> TakenBack:
    """Write the counter-row of a direct settlement that its provider takes back, and settle anew what rested on it.

    DomainError for another provider's settlement, a counter-row, one that is taken back already or for which a reversal
    waits at the office, and where something needs the office: an approved statement or an audit has it, money would go
    to an account that was closed, a claim concerned is in a payment batch.
    """
    if settlement.claim.provider_id != provider.pk:
        raise DomainError(_("This settlement is not one of this provider."))
    if settlement.reverses_id is not None:
        raise DomainError(_("A reversal cannot be reversed. Settle the claim again."))
    place = settlement.in_place_of_id or settlement.pk
    year = settlement.served_on.year
    consequences = calculate_anew(
        [settlement], lambda: later_settlements(settlement.member_id, year, place=place, without=settlement.pk)
    )
    if settlement.reversals.filter(state=ReversalState.SUBMITTED).exists():
        raise DomainError(_("The office has been asked to take this settlement back. Wait for its decision."))
    for room in rooms_above():
        room.check_provider_reversal(settlement)
    _check_accounts(back_to_accounts(consequences.plan, settlement))
    reversal = Reversal(
        settlement=settlement,
        provider=provider,
        reason=reason,
        plan=consequences.plan,
        state=ReversalState.APPROVED,
        submitted_at=now(),
    )
    tracked_save(reversal, None, reason)
    counters = write_anew(consequences, _origin(reversal), due=(), today=today, actor=None)
    return TakenBack(counters[-1], len(consequences.changed))


@transaction.atomic
def put_back_for_provider(counter: Settlement, provider: Provider, *, today: date) -> TakenBack:
    """Settle again, in its old place, what the provider took back with this counter-row.

    DomainError where the counter-row is not this provider's own act, where the claim was settled since, where nothing
    would be paid for it now, and for what `take_back_for_provider` refuses.
    """
    original = counter.reverses
    reversal = Reversal.objects.filter(settlement=original, provider=provider).select_related("settlement").first()
    if original is None or reversal is None:
        raise DomainError(_("This settlement is not one of this provider."))
    place = original.in_place_of_id or original.pk
    consequences = put_back(
        original, lambda: later_settlements(original.member_id, original.served_on.year, place=place)
    )
    _check_accounts(back_to_accounts(consequences.plan))
    write_anew(consequences, _origin(reversal), due=(), today=today, actor=None)
    again = Settlement.objects.filter(claim=original.claim_id, reverses__isnull=True).latest("pk")
    return TakenBack(again, len(consequences.changed))


def _origin(reversal: Reversal) -> Origin:
    return Origin(reversal, {"reversal": reversal}, f"reversal:{reversal.pk}", reversal.reason)


def _check_accounts(back: Mapping[int, Decimal]) -> None:
    """back: yuan by the account's holder."""
    if locked_due(back):
        raise DomainError(_("An account concerned has been closed since. Ask the agency to take the settlement back."))
