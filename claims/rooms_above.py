"""What claims tell the rooms above, and ask them, without knowing them.

A room that stands on claims names its `RoomAbove` as `room_above_claims` on its AppConfig, with a dotted path. What
concerns it, it overrides. Everything that is told here is told inside the transaction in which it happens and under the
locks that it holds: what a room refuses does not happen, and what it writes is written with the rest or not at all.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Exists, Model, QuerySet, Value
from django.utils.module_loading import import_string

from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from claims.models import Claim, DocumentKind, Settlement
from policies.engine.errors import MissingLaw
from policies.engine.outcome import Refusal

Outcome = Settlement | Refusal | DomainError | MissingLaw


class ToDo(NamedTuple):
    """What is to be done, in the reader's language, and how it looks: a tone of `agency.admin.formats.badge`."""

    text: str
    tone: str


class PaidOut:
    """What a room has paid to members for claims whose settlements are taken back; locked until that is done."""

    claims: Collection[int] = ()
    """Ids of the claims that a member was paid out for."""

    def pay_nothing(self, claims: Collection[int], *, actor: User | None, reason: str) -> None:
        """Nothing is paid for these claims any more, by id."""

    def pay_more(self, claim: int, *, actor: User | None, reason: str) -> None:
        """This claim, which a member was paid out for, was settled anew for more."""


class RoomAbove:
    """What a room above does about claims: nothing, but for what it overrides."""

    def begin_examination(self, claim: Claim, *, actor: User | None, reason: str) -> None:
        """A claim that was filed by hand has been entered; it is paid once somebody has examined it."""

    def give_up_examination(self, claim: Claim, *, actor: User | None, reason: str) -> None:
        """A claim is withdrawn, and so is its examination. MoveNotAllowed once somebody was asked to decide."""

    def examination_of(self, claim: Claim) -> Model | None:
        """Where a claim that was filed by hand is examined: a row with a `state` and a page of its own."""
        return None

    def papers_asked_for(self, claim: Claim) -> Sequence[DocumentKind]:
        """The checklist of the papers that the claim needs here."""
        return ()

    def keeps_papers(self, claim: Claim) -> bool:
        """The claim's papers are what somebody else decides on here, so that they stay as they are."""
        return False

    def reported(self, claim: Claim) -> bool:
        """The claim came from somebody whose word its bill is here, so that it is put right where it came from."""
        return False

    def awaiting_outcome(self) -> QuerySet[Any] | None:
        """Rows that wait for what comes of the claim in the outer query: asked with it, they cost no query of their
        own.
        """
        return None

    def note_outcomes(self, outcomes: Mapping[int, Outcome]) -> None:
        """Claims that something waits for were settled, refused, or could be neither; by id."""

    def settled_again(self, region: PoolingRegion, numbers: Collection[str]) -> dict[str, Claim]:
        """Of visits whose first claim was taken back, by its number: the claim under which they stand settled now."""
        return {}

    def check_reversal(self, remaining: Mapping[int, Decimal]) -> None:
        """DomainError where something rests on what is to be taken back.

        remaining: yuan that the funds then still pay, by the id of each claim concerned.
        """

    def check_provider_reversal(self, settlement: Settlement) -> None:
        """DomainError where a provider may not take this settlement back by itself, so that the office has to."""

    def hold_paid_out(self, claims: Sequence[Claim]) -> PaidOut:
        """Lock what was paid out, or is to be, for claims whose settlements are taken back; those are locked.

        DomainError while a payment is on its way.
        """
        return PaidOut()

    def in_payment(self) -> QuerySet[Any] | None:
        """The payments of the re-settlement in the outer query; asked with it, they cost no query of their own."""
        return None

    def to_do_about(self, difference: Decimal, recovered_on: date | None, *, is_in_payment: bool) -> ToDo | None:
        """What is to be done about the difference, in yuan and not zero, to what a member was paid out."""
        return None


def rooms_above() -> list[RoomAbove]:
    """Those that the apps declare, in the order in which the apps are installed."""
    declared = (getattr(config, "room_above_claims", None) for config in apps.get_app_configs())
    return [import_string(path)() for path in declared if path]


def examination_of(claim: Claim) -> Model | None:
    """Where a claim that was filed by hand is examined; None where nobody has begun."""
    examinations = (room.examination_of(claim) for room in rooms_above())
    return next((each for each in examinations if each is not None), None)


def is_awaited() -> Any:
    """The condition that a room waits for what comes of a claim, for a query of claims."""
    return _any_of(room.awaiting_outcome() for room in rooms_above())


def is_in_payment() -> Any:
    """The condition that a room pays the difference of a re-settlement, for a query of those."""
    return _any_of(room.in_payment() for room in rooms_above())


def _any_of(asked: Iterable[QuerySet[Any] | None]) -> Any:
    conditions = [Exists(rows) for rows in asked if rows is not None]
    return reduce(or_, conditions) if conditions else Value(False)


def papers_asked_for(claim: Claim) -> list[DocumentKind]:
    """The checklist of a claim; empty for one of which nobody asks for papers."""
    return [kind for room in rooms_above() for kind in room.papers_asked_for(claim)]


def is_reported(claim: Claim) -> bool:
    """Whether the claim's bill is somebody else's word, and not what was entered at the desk."""
    return any(room.reported(claim) for room in rooms_above())
