"""Writing down who did or saw what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from agency.exceptions import DomainError, NotPermitted
from agency.models import User
from audit.models import KEY_ROOM, PURPOSE_ROOM, Access, Act
from audit.selectors.people import about
from members.models import Member

REVEAL = "audit.reveal_personal_numbers"


@dataclass(frozen=True, slots=True)
class Where:
    """Which page, asked from which address, in which request."""

    view: str = ""
    address: str | None = None
    request: UUID | None = None


def record_access(
    act: Act,
    actor: User | None,
    where: Where,
    *,
    subject: type[Model] | None = None,
    object_id: str = "",
    rows: Sequence[Model] = (),
    query: str = "",
    purpose: str = "",
) -> Access:
    """Write one row. rows: those that were shown, of one model; subject: the model, where none was."""
    people, region_id = about(rows)
    model: Any = subject or (type(rows[0]) if rows else None)
    return Access.objects.create(
        act=act,
        actor=actor,
        region_id=region_id,
        subject=model._meta.label_lower if model else "",
        object_id=object_id[:KEY_ROOM],
        view=where.view,
        people=people,
        shown=len(rows) if act == Act.LISTED else None,
        query=query,
        purpose=purpose,
        address=where.address,
        request=where.request,
    )


def reveal_numbers(member: Member, *, actor: User, purpose: str, where: Where) -> dict[str, str]:
    """A member's whole identity number and phone, by the names of their fields; that they were shown is on record.

    NotPermitted for whoever may not see them; DomainError without a purpose.
    """
    if not actor.has_perm(REVEAL, member):
        raise NotPermitted(_("You may not see whole numbers of members of this region."))
    if not purpose.strip():
        raise DomainError(_("Say what you need the numbers for."), field="purpose")
    said = purpose.strip()[:PURPOSE_ROOM]
    record_access(Act.REVEALED, actor, where, rows=[member], object_id=str(member.pk), purpose=said)
    return {"identity_number": member.identity_number, "phone": member.phone}
