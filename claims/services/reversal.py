"""Taking a settlement back (冲正): asked for with a reason, approved by another person.

Later settlements of the member and year rest on it. Those that come out otherwise without it are taken back and settled
anew in the same approval, in their old order (docs/interpretations/0007). What comes back to an account that was closed
since goes to whoever got its balance (docs/interpretations/0068).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import LedgerEntry
from accounts.selectors.closings import Due
from accounts.services.after_closing import locked_due, pay_out_later
from accounts.services.ledger import Posting, reversals_of
from agency.exceptions import DomainError, SubmissionVoided
from agency.models import User
from agency.services.moves import arrive, decide, locked, refuse, submit_new
from claims.models import (
    ClaimState,
    Resettlement,
    Reversal,
    Settlement,
)
from claims.rooms_above import rooms_above
from claims.selectors.resettlements import AMOUNTS, back_to_accounts, paid_on, planned
from claims.services.adjudication import Adjudication, Calculation
from claims.services.settlement import draft_settlement, mark_refused, save_states, write_settlements
from policies.engine.errors import MissingLaw
from policies.engine.outcome import Refusal, UsageChange

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Changed:
    """A later settlement that comes out otherwise once the one before it is taken back, and what is in its place."""

    before: Settlement
    after: Calculation | Refusal

    @property
    def draft(self) -> Settlement | Refusal:
        """The settlement as it would be written, or the refusal."""
        return self.after if isinstance(self.after, Refusal) else draft_settlement(self.after)


@dataclass(frozen=True, slots=True)
class Consequences:
    """What taking a settlement back comes to, calculated under the member's lock. given_back: by settlement id."""

    adjudication: Adjudication
    changed: Sequence[Changed]
    given_back: dict[int, list[UsageChange]]


def _payload(reversal: Reversal, plan: list[dict[str, Any]], due: Sequence[Due]) -> dict[str, object]:
    payload: dict[str, object] = {"settlement": reversal.settlement_id, "reason": reversal.reason, "plan": plan}
    return payload | {"after_closings": [each.written for each in due]} if due else payload


def _plan(changed: Sequence[Changed]) -> list[dict[str, Any]]:
    return [planned(each.before, each.draft) for each in changed]


@transaction.atomic
def request_reversal(settlement: Settlement, *, actor: User, reason: str) -> Reversal:
    """Ask for a settlement to be taken back, with what that changes in later ones of the year as it is now.

    DomainError without a reason, for a counter-row, where a reversal is asked for or done already, where an audit has
    deducted for a claim concerned, where a later claim cannot be calculated, or where an account concerned was closed
    and the waiver of a credit above entitlement waits.
    """
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."))
    if settlement.reverses_id is not None:
        raise DomainError(_("A reversal cannot be reversed. Settle the claim again."))
    consequences = _consequences(settlement)
    _check_rooms(consequences)
    reversal = Reversal(settlement=settlement, reason=reason, plan=_plan(consequences.changed))
    due = locked_due(back_to_accounts(settlement, reversal.plan))
    twice = DomainError(_("A reversal of this settlement is asked for or done already."))
    return submit_new(reversal, _payload(reversal, reversal.plan, due), actor, reason, twice=twice)


def refuse_reversal(reversal: Reversal, *, actor: User, reason: str, seen: str = "") -> Reversal:
    """Leave the settlement as it is; the reason is required."""
    return refuse(reversal, actor=actor, reason=reason, seen=seen)


@transaction.atomic
def approve_reversal(reversal: Reversal, *, actor: User, today: date, reason: str = "", seen: str = "") -> Settlement:
    """Write the counter-row, give back every accumulator, return money to where it came from, and settle anew what came
    out otherwise for it; all or nothing. Returns the counter-row.

    SamePersonDecides; SubmissionVoided where it would change something else by now than was submitted, or an account
    concerned was closed since; DomainError where the settlement was taken back already, and while a claim concerned is
    in a payment batch.
    """
    reversal = locked(reversal, "approve", "settlement__claim")
    original = reversal.settlement
    consequences = _consequences(original)
    plan = _plan(consequences.changed)
    if plan != reversal.plan:
        raise SubmissionVoided(
            _("By now the reversal changes other settlements than when it was asked for. Refuse it and ask again.")
        )
    due = locked_due(back_to_accounts(original, plan))
    decide(reversal, _payload(reversal, plan, due), actor, reason, seen)
    taken_back = [original, *(each.before for each in consequences.changed)]
    held = [room.hold_paid_out([each.claim for each in taken_back]) for room in rooms_above()]
    paid_out = {claim for each in held for claim in each.claims}
    _check_rooms(consequences)
    counters = [(_counter_row(each, today, actor), consequences.given_back[each.pk]) for each in reversed(taken_back)]
    returned = [posting for counter, _usage in counters for posting in _returned(counter)]
    returned += pay_out_later(due, decision=reversal, cause=f"reversal:{reversal.pk}", actor=actor)
    calculations = [each.after for each in consequences.changed if isinstance(each.after, Calculation)]
    settlements = iter(write_settlements(consequences.adjudication, calculations, today, actor, counters, returned))
    claim = consequences.adjudication.claims[0]
    claim.state = ClaimState.REVERSED
    _refuse_anew(consequences.changed)
    refused = [each.before.claim for each in consequences.changed if isinstance(each.after, Refusal)]
    save_states([claim, *refused], actor, reversal.reason)
    for payments in held:
        payments.pay_nothing([each.pk for each in (claim, *refused)], actor=actor, reason=reversal.reason)
    _note(reversal, original, None, paid_out)
    for each in consequences.changed:
        after = next(settlements) if isinstance(each.after, Calculation) else None
        noted = _note(reversal, each.before, after, paid_out)
        if noted.was_paid_out and noted.difference > 0:
            for payments in held:
                payments.pay_more(noted.claim_id, actor=actor, reason=reversal.reason)
    arrive(reversal, actor, reason or reversal.reason)
    return counters[-1][0]


def _consequences(original: Settlement) -> Consequences:
    """Calculate the later settlements of the year anew without the original, under the locks of everything they read.

    An account pays at most what it paid the first time: what came into it or left it since is not the reversal's
    matter. DomainError where the original was taken back already, or a later claim cannot be calculated.
    """
    later = list(_later_settlements(original))
    adjudication = Adjudication.locking([original.claim, *(each.claim for each in later)])
    if Settlement.objects.filter(reverses=original).exists():
        raise DomainError(_("This settlement was taken back already, by itself or with an earlier one."))
    if [each.pk for each in _later_settlements(original)] != [each.pk for each in later]:
        # While we waited for the locks; from now on nobody settles anything of the member.
        raise DomainError(_("At this very moment another claim of the member was settled. Try again."))
    original.claim = adjudication.claims[0]
    for each, claim in zip(later, adjudication.claims[1:], strict=True):
        each.claim = claim
    given_back = {each.pk: adjudication.give_back(each) for each in (original, *later)}
    changed = []
    for each in later:
        after = _calculated_anew(adjudication, each)
        if isinstance(after, Calculation):
            adjudication.take(after)
        if not _is_the_same(each, after, given_back[each.pk]):
            changed.append(Changed(each, after))
    return Consequences(adjudication, changed, given_back)


def _later_settlements(original: Settlement) -> QuerySet[Settlement]:
    """Those that stand, in the order of settlement. One that was settled anew keeps the place that it had."""
    return (
        Settlement.objects.annotate(place=Coalesce("in_place_of", "pk"))
        .filter(
            member=original.member_id,
            served_on__year=original.served_on.year,
            place__gt=original.in_place_of_id or original.pk,
            reverses__isnull=True,
            reversed_by__isnull=True,
        )
        .select_related("claim")
        .prefetch_related("usage")
        .order_by("place")
    )


def _calculated_anew(adjudication: Adjudication, before: Settlement) -> Calculation | Refusal:
    try:
        outcome = adjudication.calculate(before.claim, from_account_at_most=before.account + before.family_account)
    except (DomainError, MissingLaw) as fault:
        raise DomainError(
            _("Claim %(claim)s would have to be settled anew and cannot be. Correct it first: %(fault)s")
            % {"claim": before.claim, "fault": fault}
        ) from fault
    return outcome if isinstance(outcome, Refusal) else replace(outcome, in_place_of=before.in_place_of_id or before.pk)


def _is_the_same(before: Settlement, after: Calculation | Refusal, given_back: Sequence[UsageChange]) -> bool:
    if isinstance(after, Refusal):
        return False
    draft = draft_settlement(after)
    used = {(part.scope, part.key): tuple(-amount for amount in part[2:]) for part in given_back}
    uses = {(part.scope, part.key): tuple(part[2:]) for part in after.outcome.usage}
    return used == uses and all(getattr(before, name) == getattr(draft, name) for name in AMOUNTS)


def _check_rooms(consequences: Consequences) -> None:
    """DomainError where something in a room above rests on what would be taken back, such as an audit's deduction."""
    remaining = {consequences.adjudication.claims[0].pk: ZERO}
    for each in consequences.changed:
        after = each.draft
        remaining[each.before.claim_id] = ZERO if isinstance(after, Refusal) else after.pooled + after.pooled_inpatient
    for room in rooms_above():
        room.check_reversal(remaining)


def _returned(counter: Settlement) -> list[Posting]:
    """The money goes back to where it came from."""
    entries = LedgerEntry.objects.filter(cause=f"settlement:{counter.reverses_id}").select_related("debit", "credit")
    return reversals_of(list(entries), f"settlement:{counter.pk}")


def _counter_row(original: Settlement, today: date, actor: User) -> Settlement:
    counter = Settlement.objects.get(pk=original.pk)
    counter.pk = None
    counter._state.adding = True
    counter.reverses = original
    counter.settled_on = today
    counter.settled_by = actor
    counter.save()
    return counter


def _refuse_anew(changed: Sequence[Changed]) -> None:
    for each in changed:
        if isinstance(each.after, Refusal):
            mark_refused(each.before.claim, each.after)


def _note(reversal: Reversal, before: Settlement, after: Settlement | None, paid_out: set[int]) -> Resettlement:
    """Keep the difference that the payee sees. paid_out: the claims that the bank has paid the member for."""
    return Resettlement.objects.create(
        reversal=reversal,
        claim=before.claim,
        before=before,
        after=after,
        payee=before.claim.channel,
        was_paid_out=before.claim_id in paid_out,
        difference=(paid_on(after) if after else ZERO) - paid_on(before),
    )
