"""What a member's year of a batch of re-settlements comes out as."""

from typing import Any, NamedTuple

from django.db.models import QuerySet

from accounts.selectors.closings import due_after_closings
from accounts.services.after_closing import locked_due
from agency.exceptions import DomainError
from claims.models import BatchYear, ResettlementBatch, Settlement
from claims.selectors.former_law import places_of_former_law
from claims.selectors.resettlements import back_to_accounts
from claims.services.adjudication import Adjudication
from claims.services.resettling import Consequences, calculate_anew, later_settlements


class PlannedYear(NamedTuple):
    """None where nothing of the year stands under the former law; and what a second person decides on, as JSON."""

    consequences: Consequences | None
    plan: dict[str, Any]


def planned_year(batch: ResettlementBatch, year: BatchYear, *, locks: bool) -> PlannedYear:
    """Calculate the year anew from its first settlement under the former law on; what was settled before that stays.

    locks: whether the members are locked for what is then written. DomainError where a claim cannot be calculated.
    """
    places = places_of_former_law(batch.version, year.member_id, year.year)
    if not places:
        return PlannedYear(None, {"lines": [], "after_closings": []})

    def read() -> QuerySet[Settlement]:
        return later_settlements(year.member_id, year.year, place=min(places))

    consequences = calculate_anew((), read, Adjudication.locking if locks else Adjudication.reading)
    plan = consequences.plan
    due = (locked_due if locks else due_after_closings)(back_to_accounts(plan))
    return PlannedYear(consequences, {"lines": plan, "after_closings": [each.written for each in due]})


def comes_out_as_planned(batch: ResettlementBatch, year: BatchYear) -> bool:
    """Whether settling it anew would be what was submitted; nothing is locked."""
    try:
        return bool(planned_year(batch, year, locks=False).plan == year.plan)
    except DomainError:
        return False
