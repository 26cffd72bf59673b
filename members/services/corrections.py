"""Correcting what is known of a person, and withdrawing what was recorded by mistake."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import User
from agency.services.history import tracked_save
from agency.services.taking_back import check_nothing_rests_on, tracked_delete
from members.models import ChangeCause, CivilServantBasis, Member
from members.names import normal_name
from members.services.changes import note_change
from members.services.people import locked_member


@transaction.atomic
def correct_member(
    member: Member,
    *,
    name: str | None = None,
    phone: str | None = None,
    employer: str | None = None,
    actor: User | None = None,
    reason: str,
) -> Member:
    """Record another name, phone or employer; None leaves each as it is. DomainError for an empty name."""
    member = locked_member(member)
    if name is not None and not name.strip():
        raise DomainError(_("This must not be empty."), field="name")
    member.name = member.name if name is None else normal_name(name)
    member.phone = member.phone if phone is None else phone.strip()
    member.employer = member.employer if employer is None else employer.strip()
    tracked_save(member, actor, reason)
    return member


@transaction.atomic
def withdraw_member(member: Member, *, actor: User | None = None, reason: str) -> None:
    """A person was registered by mistake: the row goes, its history stays.

    DomainError that names what is recorded of the member: enrollments, contributions, claims, an account.
    """
    member = locked_member(member)
    check_nothing_rests_on(member, besides=frozenset({"entitlement_changes"}))
    tracked_delete(member, actor, reason)


@transaction.atomic
def withdraw_civil_servant_basis(
    basis: CivilServantBasis, *, known_on: date, actor: User | None = None, reason: str
) -> None:
    """A basis was recorded by mistake: the one before holds on. Its months are marked for the next credit run."""
    member, since = locked_member(basis.member), basis.since
    tracked_delete(basis, actor, reason)
    note_change(member, ChangeCause.CIVIL_SERVANT_BASIS, first_day=since, known_on=known_on)
