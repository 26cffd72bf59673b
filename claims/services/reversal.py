"""Taking a settlement back (冲正): asked for with a reason, approved by another person.

Later settlements of the member and year rest on it. Those that come out otherwise without it are taken back and settled
anew in the same approval, in their old order (docs/interpretations/0007). What comes back to an account that was closed
since goes to whoever got its balance (docs/interpretations/0068).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.selectors.closings import Due
from accounts.services.after_closing import locked_due
from agency.exceptions import DomainError, SubmissionVoided
from agency.models import User
from agency.services.moves import arrive, decide, locked, refuse, submit_new
from claims.models import Reversal, Settlement
from claims.selectors.resettlements import back_to_accounts
from claims.services.resettling import (
    Consequences,
    Origin,
    calculate_anew,
    check_rooms,
    later_settlements,
    write_anew,
)


def _payload(reversal: Reversal, plan: list[dict[str, Any]], due: Sequence[Due]) -> dict[str, object]:
    payload: dict[str, object] = {"settlement": reversal.settlement_id, "reason": reversal.reason, "plan": plan}
    return payload | {"after_closings": [each.written for each in due]} if due else payload


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
    check_rooms(consequences)
    reversal = Reversal(settlement=settlement, reason=reason, plan=consequences.plan)
    due = locked_due(back_to_accounts(reversal.plan, settlement))
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
    consequences = _consequences(reversal.settlement)
    if consequences.plan != reversal.plan:
        raise SubmissionVoided(
            _("By now the reversal changes other settlements than when it was asked for. Refuse it and ask again.")
        )
    due = locked_due(back_to_accounts(reversal.plan, reversal.settlement))
    decide(reversal, _payload(reversal, reversal.plan, due), actor, reason, seen)
    origin = Origin(reversal, {"reversal": reversal}, f"reversal:{reversal.pk}", reversal.reason)
    counters = write_anew(consequences, origin, due=due, today=today, actor=actor)
    arrive(reversal, actor, reason or reversal.reason)
    return counters[-1]


def _consequences(original: Settlement) -> Consequences:
    """What later settlements of the year come out as without the original, under the locks of all that they read."""
    place = original.in_place_of_id or original.pk
    of_the_year: dict[str, Any] = {"place": place, "without": original.pk}
    return calculate_anew(
        [original], lambda: later_settlements(original.member_id, original.served_on.year, **of_the_year)
    )
