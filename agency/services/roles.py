"""Giving and withdrawing roles: alone where the role only looks, with a second administrator where it changes things.

A superuser, whom only the server's command line makes, acts alone: so the first administrators get their roles.
"""

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed, NotPermitted, SamePersonDecides
from agency.models import PoolingRegion, Role, RoleAssignment, RoleChange, RoleRequest, User
from agency.scoping import region_ids_of
from agency.services.moves import arrive, decide, locked, refuse, submit_new
from agency.services.staff import assign_role, end_role

GIVE, WITHDRAW, DECIDE = "agency.add_roleassignment", "agency.delete_roleassignment", "agency.approve_rolerequest"


def changes_things(role: Role) -> bool:
    """Whether the role permits anything but to look: only such a role moves money, law, people or other roles."""
    return Group.objects.get(name=role.value).permissions.exclude(codename__startswith="view_").exists()


def _acts_alone(actor: User, user: User, *, is_harmless: bool) -> bool:
    """Nobody changes their own roles alone, except a superuser."""
    return actor.is_superuser or (is_harmless and actor.pk != user.pk)


@transaction.atomic
def give_role(
    user: User, role: Role, region: PoolingRegion | None, *, actor: User, reason: str
) -> RoleAssignment | RoleRequest:
    """Give a person a role in a region (None: in all); where it takes a second administrator, ask for it.

    NotPermitted where the actor gives no roles there. DomainError where the role is held or asked for already, or the
    login is closed.
    """
    _check_right(actor, GIVE, region, user)
    _check_open(user)
    if RoleAssignment.objects.filter(user=user, role=role.value, region=region).exists():
        raise DomainError(_("This person holds the role already."))
    if _acts_alone(actor, user, is_harmless=not changes_things(role)):
        return assign_role(user, role, region, actor=actor, reason=reason)
    return _ask(RoleRequest(change=RoleChange.GIVE, user=user, role=role.value, region=region), actor, reason)


@transaction.atomic
def withdraw_role(held: RoleAssignment, *, actor: User, reason: str) -> RoleRequest | None:
    """Take a colleague's role away at once, by one person; one's own is asked for.

    Returns the request, if one was needed. NotPermitted where the actor withdraws no roles there. DomainError without a
    reason.
    """
    _check_right(actor, WITHDRAW, held.region, held.user)
    if _acts_alone(actor, held.user, is_harmless=True):
        end_role(held, actor=actor, reason=reason)
        return None
    asked = RoleRequest(change=RoleChange.WITHDRAW, user=held.user, role=held.role, region=held.region)
    return _ask(asked, actor, reason)


@transaction.atomic
def approve_role_request(request: RoleRequest, *, actor: User, reason: str = "", seen: str = "") -> RoleRequest:
    """Do what was asked for, as an administrator who neither asked nor is the person concerned. seen: as ever.

    NotPermitted without rights over the region; MoveNotAllowed where the role to be withdrawn has ended meanwhile.
    """
    request = locked(request, "approve")
    _check_decider(request, actor)
    decide(request, _payload(request), actor, reason, seen)
    arrive(request, actor, reason or "approved")
    if request.change == RoleChange.GIVE:
        _check_open(request.user)
        assign_role(request.user, Role(request.role), request.region, actor=actor, reason=request.reason)
        return request
    held = RoleAssignment.objects.filter(user=request.user, role=request.role, region=request.region).first()
    if held is None:
        raise MoveNotAllowed(_("This person does not hold the role any more. Refuse the request."))
    end_role(held, actor=actor, reason=request.reason)
    return request


def refuse_role_request(request: RoleRequest, *, actor: User, reason: str, seen: str = "") -> RoleRequest:
    """Leave the person's roles as they are; the reason is required. Who may refuse, may approve. seen: as ever."""
    _check_decider(request, actor)
    return refuse(request, actor=actor, reason=reason, seen=seen)


def _payload(request: RoleRequest) -> dict[str, object]:
    return {
        "change": request.change,
        "user": request.user_id,
        "role": request.role,
        "region": request.region_id,
        "reason": request.reason,
    }


def _ask(asked: RoleRequest, actor: User, reason: str) -> RoleRequest:
    asked.reason = reason
    twice = DomainError(_("This waits for a second administrator already."))
    return submit_new(asked, _payload(asked), actor, reason, twice=twice)


def _check_open(user: User) -> None:
    if not user.is_active:
        raise DomainError(_("This login is closed. Open it first."))


def _check_right(actor: User, permission: str, region: PoolingRegion | None, user: User) -> None:
    regions = region_ids_of(actor, permission)
    is_covered = regions is None or (region is not None and region.pk in regions)
    if not is_covered or (user.is_superuser and not actor.is_superuser):
        raise NotPermitted(_("You do not look after these roles. Ask an administrator who does."))


def _check_decider(request: RoleRequest, actor: User) -> None:
    if actor.pk == request.user_id:
        raise SamePersonDecides(_("This is about your own roles. Another administrator must decide."))
    _check_right(actor, DECIDE, request.region, request.user)
