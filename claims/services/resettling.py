"""Settlements taken back and settled anew: calculated under the members' locks, then written whole or not at all.

Both a reversal and a batch under a retroactive version do it (docs/interpretations/0007, 0070).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import LedgerEntry
from accounts.selectors.closings import Due
from accounts.services.after_closing import pay_out_later
from accounts.services.ledger import Posting, reversals_of
from agency.exceptions import DomainError
from agency.models import FourEyes, User
from claims.models import Claim, ClaimState, Resettlement, Settlement
from claims.rooms_above import rooms_above
from claims.selectors.resettlements import AMOUNTS, paid_on, planned, standing
from claims.services.adjudication import Adjudication, Calculation
from claims.services.settlement import draft_settlement, mark, mark_refused, save_states, write_settlements
from policies.engine.errors import MissingLaw
from policies.engine.outcome import Refusal, UsageChange

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Changed:
    """A settlement that comes out otherwise now, and what is in its place."""

    before: Settlement
    after: Calculation | Refusal

    @property
    def draft(self) -> Settlement | Refusal:
        """The settlement as it would be written, or the refusal."""
        return self.after if isinstance(self.after, Refusal) else draft_settlement(self.after)


@dataclass(frozen=True, slots=True)
class Consequences:
    """What settling anew comes to. gone: what is taken back with nothing in its place. given_back: by settlement id."""

    adjudication: Adjudication
    gone: Sequence[Settlement]
    changed: Sequence[Changed]
    given_back: dict[int, list[UsageChange]]
    # What was taken back earlier and is settled again in its place, before all others.
    again: Sequence[Calculation] = ()

    @property
    def plan(self) -> list[dict[str, Any]]:
        """What a second person sees and decides on, as JSON."""
        return [planned(each.before, each.draft) for each in self.changed]


@dataclass(frozen=True, slots=True)
class Origin:
    """What two people decided, or a provider took back, and how what follows from it names it: by fields of
    `Resettlement`, and as a cause.
    """

    decision: FourEyes
    fields: dict[str, Any]
    cause: str
    reason: str


def later_settlements(member_id: int, year: int, *, place: int, without: int | None = None) -> QuerySet[Settlement]:
    """Those of a member's year that stand, from a place in the order of settlement on, but for the one of this id.

    One that was settled anew keeps the place that it had.
    """
    later = (
        standing()
        .annotate(place=Coalesce("in_place_of", "pk"))
        .filter(member=member_id, served_on__year=year, place__gte=place)
    )
    if without is not None:
        later = later.exclude(pk=without)
    return later.select_related("claim").prefetch_related("usage").order_by("place")


def calculate_anew(
    gone: Sequence[Settlement],
    read: Callable[[], QuerySet[Settlement]],
    adjudicating: Callable[..., Adjudication] = Adjudication.locking,
) -> Consequences:
    """Calculate a member's later settlements anew, in their old order, without those that are gone.

    read: reads the later ones; at least one of both. adjudicating: `Adjudication.reading` for a trial. An account pays
    at most what it paid the first time: what came into it or left it since has nothing to do with this. DomainError
    where one of the gone was taken back already, or a claim cannot be calculated.
    """
    later = list(read())
    concerned = [*gone, *later]
    adjudication = adjudicating([each.claim for each in concerned])
    if Settlement.objects.filter(reverses__in=gone).exists():
        raise DomainError(_("This settlement was taken back already, by itself or with an earlier one."))
    if [each.pk for each in read()] != [each.pk for each in later]:
        # While we waited for the locks; from now on nobody settles anything of the member.
        raise DomainError(_("At this very moment another claim of the member was settled. Try again."))
    for each, claim in zip(concerned, adjudication.claims, strict=True):
        each.claim = claim
    given_back = {each.pk: adjudication.give_back(each) for each in concerned}
    return Consequences(adjudication, gone, _changed(adjudication, later, given_back), given_back)


def put_back(original: Settlement, read: Callable[[], QuerySet[Settlement]]) -> Consequences:
    """Calculate what was taken back once more in its old place, and the later ones after it, in their old order.

    read: as of `calculate_anew`. DomainError where the claim is not one that was taken back, or nothing would be paid
    for it now, and for what `calculate_anew` refuses.
    """
    later = list(read())
    adjudication = Adjudication.locking([original.claim, *(each.claim for each in later)])
    if [each.pk for each in read()] != [each.pk for each in later]:
        raise DomainError(_("At this very moment another claim of the member was settled. Try again."))
    for each, claim in zip([original, *later], adjudication.claims, strict=True):
        each.claim = claim
    if original.claim.state != ClaimState.REVERSED:
        raise DomainError(_("The claim of this settlement is not taken back any more."))
    given_back = {each.pk: adjudication.give_back(each) for each in later}
    again = _calculated_anew(adjudication, original)
    if isinstance(again, Refusal):
        raise DomainError(_("Nothing would be paid for this claim any more, so that it stays taken back."))
    adjudication.take(again)
    changed = _changed(adjudication, later, given_back)
    return Consequences(adjudication, (), changed, given_back, (again,))


def _changed(
    adjudication: Adjudication, later: Sequence[Settlement], given_back: dict[int, list[UsageChange]]
) -> list[Changed]:
    """Those that come out otherwise; each is calculated on what the ones before it left."""
    changed = []
    for each in later:
        after = _calculated_anew(adjudication, each)
        if isinstance(after, Calculation):
            adjudication.take(after)
        if not _is_the_same(each, after, given_back[each.pk]):
            changed.append(Changed(each, after))
    return changed


def write_anew(
    consequences: Consequences, origin: Origin, *, due: Sequence[Due], today: date, actor: User | None
) -> list[Settlement]:
    """Write counter-rows, give back every accumulator, return money to where it came from, and settle anew, in the
    caller's transaction. Returns the counter-rows, that of the latest settlement first.

    due: what goes to whoever got the balance of a closed account, which is somebody's decision. actor: None where the
    provider itself took it back. DomainError where a room above forbids it, and while
    a claim concerned is in a payment batch.
    """
    changed = consequences.changed
    taken_back = [*consequences.gone, *(each.before for each in changed)]
    held = [room.hold_paid_out([each.claim for each in taken_back]) for room in rooms_above()]
    paid_out = {claim for each in held for claim in each.claims}
    check_rooms(consequences)
    counters = [(_counter_row(each, today, actor), consequences.given_back[each.pk]) for each in reversed(taken_back)]
    returned = [posting for counter, _usage in counters for posting in _returned(counter)]
    if actor is not None:
        returned += pay_out_later(due, decision=origin.decision, cause=origin.cause, actor=actor)
    calculations = [*consequences.again, *(each.after for each in changed if isinstance(each.after, Calculation))]
    written = write_settlements(consequences.adjudication, calculations, today, actor, counters, returned)
    settlements = iter(written[len(consequences.again) :])
    unpaid = list(_unpaid(consequences))
    save_states(unpaid, actor, origin.reason)
    for payments in held:
        payments.pay_nothing([each.pk for each in unpaid], actor=actor, reason=origin.reason)
    for each in consequences.gone:
        _note(origin, each, None, paid_out)
    for line in changed:
        after = next(settlements) if isinstance(line.after, Calculation) else None
        noted = _note(origin, line.before, after, paid_out)
        if noted.was_paid_out and noted.difference > 0:
            for payments in held:
                payments.pay_more(noted.claim_id, actor=actor, reason=origin.reason)
    return [counter for counter, _usage in counters]


def check_rooms(consequences: Consequences) -> None:
    """DomainError where something in a room above rests on what would be taken back, such as an audit's deduction."""
    remaining = {each.claim_id: ZERO for each in consequences.gone}
    for each in consequences.changed:
        after = each.draft
        remaining[each.before.claim_id] = ZERO if isinstance(after, Refusal) else after.pooled + after.pooled_inpatient
    for room in rooms_above():
        room.check_reversal(remaining)


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


def _unpaid(consequences: Consequences) -> Iterator[Claim]:
    """The claims for which nothing is paid any more, marked as what they are."""
    for each in consequences.gone:
        mark(each.claim, ClaimState.REVERSED)
        yield each.claim
    for line in consequences.changed:
        if isinstance(line.after, Refusal):
            mark_refused(line.before.claim, line.after)
            yield line.before.claim


def _returned(counter: Settlement) -> list[Posting]:
    """The money goes back to where it came from."""
    entries = LedgerEntry.objects.filter(cause=f"settlement:{counter.reverses_id}").select_related("debit", "credit")
    return reversals_of(list(entries), f"settlement:{counter.pk}")


def _counter_row(original: Settlement, today: date, actor: User | None) -> Settlement:
    counter = Settlement.objects.get(pk=original.pk)
    counter.pk = None
    counter._state.adding = True
    counter.reverses = original
    counter.settled_on = today
    counter.settled_by = actor
    counter.save()
    return counter


def _note(origin: Origin, before: Settlement, after: Settlement | None, paid_out: set[int]) -> Resettlement:
    """Keep the difference that the payee sees. paid_out: the claims that the bank has paid the member for."""
    return Resettlement.objects.create(
        **origin.fields,
        claim=before.claim,
        before=before,
        after=after,
        payee=before.claim.channel,
        was_paid_out=before.claim_id in paid_out,
        difference=(paid_on(after) if after else ZERO) - paid_on(before),
    )
