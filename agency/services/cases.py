"""Taking what waits, giving it back, handing it over."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed, NotPermitted
from agency.models import TakenCase, User
from agency.scoping import region_id_of
from agency.services.history import tracked_save

HAND_OVER = "agency.hand_over_takencase"


def take_case(obj: Model, permission: str, *, actor: User) -> TakenCase:
    """Take what waits for a permission about a row; who has it already keeps it.

    MoveNotAllowed, with the colleague's name, where another person has it: of two who take it at once the database lets
    one. NotPermitted for whoever does not hold the permission for the row.
    """
    _check_permitted(actor, permission, obj)
    taken = TakenCase(
        row=TakenCase.name_of(obj),
        permission=permission,
        region_id=region_id_of(obj),
        holder=actor,
        since=timezone.now(),
    )
    try:
        with transaction.atomic():
            tracked_save(taken, actor, "taken")
    except IntegrityError as error:
        held: TakenCase | None = _of(obj).filter(permission=permission).select_related("holder").first()
        if held is None:
            # It was given back in between.
            return take_case(obj, permission, actor=actor)
        if held.holder_id == actor.pk:
            return held
        raise MoveNotAllowed(
            _("%(colleague)s has taken this already. Take another case, or ask for it.") % {"colleague": held.holder}
        ) from error
    return taken


@transaction.atomic
def give_back(obj: Model, permission: str, *, actor: User, reason: str = "") -> None:
    """Let others take it again. Only its holder does, or whoever may hand over what colleagues have taken.

    MoveNotAllowed where nobody has taken it; NotPermitted for others.
    """
    held = _held(obj, permission, actor)
    _let_go(held, actor, reason.strip() or "given back")


@transaction.atomic
def hand_over(obj: Model, permission: str, *, to: User, actor: User, reason: str) -> TakenCase:
    """Give what somebody has taken to a colleague, who holds the permission for the row as well.

    MoveNotAllowed where nobody has taken it, or the colleague has it; NotPermitted for whoever is neither the holder
    nor may hand over what colleagues have taken; DomainError without a reason, or for a colleague who may not do it.
    """
    held = _held(obj, permission, actor)
    if held.holder_id == to.pk:
        raise MoveNotAllowed(_("%(colleague)s has it already.") % {"colleague": to})
    if not to.is_active or not to.has_perm(permission, obj):
        raise DomainError(_("%(colleague)s may not do this. Choose another colleague.") % {"colleague": to}, field="to")
    held.holder, held.since = to, timezone.now()
    tracked_save(held, actor, reason)
    return held


def let_go(obj: Model, actor: User | None) -> None:
    """The row has moved on: whatever waited has been done, and what waits now is another person's."""
    for held in _of(obj):
        _let_go(held, actor, "moved on")


def taken_of(rows: Iterable[Model]) -> dict[tuple[str, str], TakenCase]:
    """Who has taken what about these rows, by row and permission. One query."""
    names = [TakenCase.name_of(row) for row in rows]
    held = TakenCase.objects.filter(row__in=names).select_related("holder") if names else ()
    return {(each.row, each.permission): each for each in held}


def colleagues_for(obj: Model, permission: str) -> Any:
    """The people who hold a permission in the row's region by a role, to choose from."""
    app_label, codename = permission.split(".")
    here = Q(role_assignments__region=region_id_of(obj)) | Q(role_assignments__region__isnull=True)
    holds = Q(
        role_assignments__group__permissions__codename=codename,
        role_assignments__group__permissions__content_type__app_label=app_label,
    )
    return User.objects.filter(here, holds, is_active=True).distinct().order_by("display_name", "username")


def _of(obj: Model) -> Any:
    return TakenCase.objects.filter(row=TakenCase.name_of(obj))


def _held(obj: Model, permission: str, actor: User) -> TakenCase:
    """The case, locked, for whoever may let it go."""
    held: TakenCase | None = _of(obj).select_for_update(no_key=True).filter(permission=permission).first()
    if held is None:
        raise MoveNotAllowed(_("Nobody has taken this any more. Look at the page again."))
    if held.holder_id != actor.pk and not actor.has_perm(HAND_OVER, obj):
        raise NotPermitted(_("A colleague has taken this. They hand it over, or a supervisor does."))
    return held


def _let_go(held: TakenCase, actor: User | None, reason: str) -> None:
    held._history_user = actor  # type: ignore[attr-defined]
    held._change_reason = reason[:100]  # type: ignore[attr-defined]
    held.delete()


def _check_permitted(actor: User, permission: str, obj: Model) -> None:
    if not actor.has_perm(permission, obj):
        raise NotPermitted(_("You may not do this, so that you cannot take it."))
