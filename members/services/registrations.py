"""Registering out-of-area care, family doctors, hospital stays and special nursing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agency.divisions import check_division
from agency.exceptions import DomainError
from agency.models import User
from agency.services.history import REGISTERED, tracked_create, tracked_update
from agency.services.requests import period_of
from agency.services.taking_back import check_nothing_rests_on, tracked_delete
from agency.services.together import checked_each, refuse_some
from members.models import FamilyDoctorContract, HospitalStay, Member, OutOfAreaRegistration, SpecialNursing
from policies.engine.vocabulary import OutOfAreaKind
from providers.models import Provider

Registration = OutOfAreaRegistration | FamilyDoctorContract | HospitalStay | SpecialNursing


OVERLAPS = _("This overlaps what is registered already. Correct or end that first.")


@dataclass(frozen=True, slots=True)
class Correction:
    """What is recorded of a registration from now on: its last day (None: it lasts), and its place (None: as it is)."""

    registration: Registration
    until: date | None
    place: str | None = None


@contextmanager
def _unless_overlapping() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise DomainError(OVERLAPS) from error


def register_all(new: Sequence[Registration], *, actor: User | None = None, reason: str) -> None:
    """Save registrations of one kind, none of which is saved yet, in a few statements; all of them or none.

    DomainError for a place that is no division code, and where one overlaps what is registered.
    """
    checked_each(new, _check_place)
    try:
        with transaction.atomic():
            tracked_create(new, actor, reason)
    except IntegrityError as error:
        refuse_some(dict.fromkeys(_overlapping(new), DomainError(OVERLAPS)), len(new))
        raise DomainError(OVERLAPS) from error


def _overlapping(new: Sequence[Registration]) -> list[int]:
    """The places of those that the database does not take beside what is registered and those before them."""
    rows: Any = type(new[0])._default_manager
    facts = [field.attname for field in rows.model._meta.concrete_fields if not field.primary_key]

    def held() -> Counter[tuple[Any, ...]]:
        return Counter(rows.filter(member__in={one.member_id for one in new}).values_list(*facts))

    with transaction.atomic():
        before = held()
        rows.bulk_create(
            [rows.model(**{name: getattr(one, name) for name in facts}) for one in new], ignore_conflicts=True
        )
        taken = held() - before
        transaction.set_rollback(True)
    refused = []
    for place, one in enumerate(new):
        said = tuple(getattr(one, name) for name in facts)
        if taken[said]:
            taken[said] -= 1
        else:
            refused.append(place)
    return refused


def _check_place(registration: Registration) -> None:
    if isinstance(registration, OutOfAreaRegistration):
        check_division(registration.place, "place")


@transaction.atomic
def register_out_of_area(
    member: Member,
    *,
    kind: OutOfAreaKind,
    place: str = "",
    since: date,
    until: date | None = None,
    actor: User | None = None,
    reason: str = REGISTERED,
) -> OutOfAreaRegistration:
    """Register a member for care outside the region from a day on, both days inside (Kaifeng 22, Baoshan 25).

    place: the six-digit division code of where the member is treated, "" for a registration of before places were kept,
    which serves any. DomainError for another form of it, or where one of the kind holds on these days.
    """
    registration = OutOfAreaRegistration(member=member, kind=kind, place=place, period=period_of(since, until))
    register_all([registration], actor=actor, reason=reason)
    return registration


@transaction.atomic
def sign_family_doctor(
    member: Member,
    *,
    provider: Provider,
    since: date,
    until: date | None = None,
    actor: User | None = None,
    reason: str = REGISTERED,
) -> FamilyDoctorContract:
    """A member's contract with a family doctor of an institution of the region, both days inside.

    DomainError where the institution is another region's, or another contract holds on one of these days.
    """
    if provider.region_id != member.region_id:
        raise DomainError(_("The institution belongs to another region."), field="provider")
    contract = FamilyDoctorContract(member=member, provider=provider, period=period_of(since, until))
    register_all([contract], actor=actor, reason=reason)
    return contract


@transaction.atomic
def record_hospital_stay(
    member: Member, *, since: date, until: date | None, actor: User | None = None, reason: str = REGISTERED
) -> HospitalStay:
    """A stay in hospital, both days inside; until None while it lasts (Zaozhuang 11, Kaifeng 10).

    It may begin on the last day of another (转院). DomainError where it overlaps one otherwise.
    """
    stay = HospitalStay(member=member, period=period_of(since, until))
    register_all([stay], actor=actor, reason=reason)
    return stay


@transaction.atomic
def record_special_nursing(
    member: Member, *, since: date, until: date | None, actor: User | None = None, reason: str = REGISTERED
) -> SpecialNursing:
    """Medical special nursing, both days inside; until None while it lasts (Zaozhuang 11)."""
    nursing = SpecialNursing(member=member, period=period_of(since, until))
    register_all([nursing], actor=actor, reason=reason)
    return nursing


@transaction.atomic
def correct_registration(
    registration: Registration,
    *,
    until: date | None,
    place: str | None = None,
    actor: User | None = None,
    reason: str,
) -> None:
    """Record another last day (None: it lasts), and another place of an out-of-area registration (None: as it is).

    DomainError as for the registration itself.
    """
    correct_all([Correction(registration, until, place)], actor=actor, reason=reason)


@transaction.atomic
def correct_all(corrections: Sequence[Correction], *, actor: User | None = None, reason: str) -> None:
    """Correct registrations of one kind in a few statements, as `correct_registration` does one; all or none."""
    if not corrections:
        return
    model = type(corrections[0].registration)
    by_pk = {each.registration.pk: each for each in corrections}
    locked: Any = model._default_manager.select_for_update(no_key=True).filter(pk__in=by_pk).order_by("pk")
    held: list[Registration] = list(locked)
    for registration in held:
        said = by_pk[registration.pk]
        registration.period = period_of(registration.period.lower, said.until)
        if said.place is not None and isinstance(registration, OutOfAreaRegistration):
            registration.place = said.place
            _check_place(registration)
    fields = ["period", "place"] if model is OutOfAreaRegistration else ["period"]
    with _unless_overlapping():
        tracked_update(held, fields, actor, reason)


@transaction.atomic
def withdraw_registration(registration: Registration, *, actor: User | None = None, reason: str) -> None:
    """It was registered by mistake: it goes, its history stays."""
    check_nothing_rests_on(registration)
    tracked_delete(registration, actor, reason)
