"""Enrolling, changing the scheme, conversion to retired, termination."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import User
from agency.services.history import REGISTERED, tracked_create, tracked_save, tracked_update
from agency.services.taking_back import period_before, tracked_delete
from agency.services.together import checked_each
from members.models import ChangeCause, Enrollment, Member
from members.services.changes import note_change, note_changes
from members.services.people import locked_member
from policies.engine.vocabulary import AccountScheme, Employment, InsuredStatus


@transaction.atomic
def enroll(
    member: Member,
    *,
    since: date,
    scheme: AccountScheme,
    employment: Employment,
    status: InsuredStatus,
    had_account_before: bool = True,
    known_on: date,
    actor: User | None = None,
    reason: str = "",
) -> Enrollment:
    """Insure a member in a way from a day on; what held before ends the day before.

    reason: may be left out for the first enrollment of a member. DomainError where one begins on that day or later, the
    day lies before birth or after death, or what held before is changed without a reason.
    """
    new = Enrollment(
        member=member,
        period=DateRange(since, None),
        scheme=scheme,
        employment=employment,
        status=status,
        had_account_before=had_account_before,
    )
    if not reason.strip() and not member.enrollments.exists():
        reason = REGISTERED
    (enrollment,) = enroll_all([new], known_on=known_on, actor=actor, reason=reason)
    return enrollment


@transaction.atomic
def enroll_all(
    new: Sequence[Enrollment], *, known_on: date, actor: User | None = None, reason: str
) -> Sequence[Enrollment]:
    """Insure members, each in one way that is not saved yet, in a few statements; all of them or none.

    Raises what `enroll` raises of any of them; ValueError where two are of one member.
    """
    named = {one.member_id: one for one in new}
    if len(named) < len(new):
        raise ValueError("a member is enrolled twice at once")
    rows = Member.objects.select_for_update(no_key=True, of=("self",)).select_related("region")
    # Decrypting what nobody asks for here would take longer than everything else.
    members = rows.defer("identity_number", "phone").filter(pk__in=named).order_by("pk")
    held: dict[int, list[Enrollment]] = {}
    for member in members:
        named[member.pk].member, held[member.pk] = member, []
    for earlier in Enrollment.objects.filter(member__in=named):
        held[earlier.member_id].append(earlier)
    ended = [
        earlier for earlier in checked_each(new, lambda one: _ended_by(one, held[one.member_id])) if earlier is not None
    ]
    tracked_update(ended, ["period"], actor, reason)
    tracked_create(new, actor, reason)
    days = {one.member_id: one.period.lower for one in new}
    note_changes(ChangeCause.ENROLLMENT, days, known_on=known_on)
    return new


def _ended_by(new: Enrollment, held: Sequence[Enrollment]) -> Enrollment | None:
    """The member's enrollment in force on the new one's first day, which ends the day before, not saved."""
    since, member = new.period.lower, new.member
    if since < member.birth_date:
        raise DomainError(_("The enrollment begins before the date of birth."), field="since")
    if member.died_on is not None and since > member.died_on:
        raise DomainError(_("The enrollment begins after the member's death."), field="since")
    if any(each.period.lower >= since for each in held):
        raise DomainError(
            _("An enrollment begins on %(day)s or later already. Correct that one.") % {"day": since}, field="since"
        )
    current = next((each for each in held if since in each.period), None)
    if current is not None:
        current.period = DateRange(current.period.lower, since)
    return current


def end_enrollment(member: Member, *, last_day: date, actor: User | None, reason: str) -> None:
    """Let the enrollment that holds after a day end with it; nothing happens where none does."""
    current = member.enrollments.filter(period__contains=last_day + timedelta(days=1)).first()
    if current is not None:
        current.period = DateRange(current.period.lower, last_day + timedelta(days=1))
        tracked_save(current, actor, reason)


@transaction.atomic
def terminate(member: Member, *, last_day: date, known_on: date, actor: User | None = None, reason: str) -> Enrollment:
    """End a member's insurance with a day; returns the enrollment that ends.

    DomainError where none is in force on it, or another begins after it.
    """
    member = locked_member(member)
    ended = _current(member, last_day)
    if member.enrollments.filter(period__startswith__gt=last_day).exists():
        raise DomainError(
            _("An enrollment begins on %(day)s or later already. Correct that one.")
            % {"day": last_day + timedelta(days=1)}
        )
    end_enrollment(member, last_day=last_day, actor=actor, reason=reason)
    note_change(member, ChangeCause.ENROLLMENT, first_day=last_day, known_on=known_on)
    ended.refresh_from_db()
    return ended


@transaction.atomic
def withdraw_enrollment(enrollment: Enrollment, *, known_on: date, actor: User | None = None, reason: str) -> None:
    """An enrollment was recorded by mistake: it goes, its history stays, and what it ended holds again.

    Its months are marked for the next credit run. DomainError where it has ended since, by another enrollment, by
    termination or by death.
    """
    member = locked_member(enrollment.member)
    enrollment = member.enrollments.get(pk=enrollment.pk)
    since = enrollment.period.lower
    if enrollment.period.upper is not None:
        raise DomainError(_("It has ended since, on %(day)s.") % {"day": enrollment.period.upper - timedelta(days=1)})
    earlier = member.enrollments.filter(period__endswith=since).first()
    period = period_before(enrollment, earlier) if earlier else None
    tracked_delete(enrollment, actor, reason)
    if earlier and period:
        earlier.period = period
        tracked_save(earlier, actor, reason)
    note_change(member, ChangeCause.ENROLLMENT, first_day=since, known_on=known_on)


@transaction.atomic
def take_back_termination(
    enrollment: Enrollment,
    *,
    last_day: date | None = None,
    known_on: date,
    actor: User | None = None,
    reason: str,
) -> Enrollment:
    """A termination was recorded by mistake: the insurance holds on, or until the last day that it had before.

    The months after it are marked for the next credit run. DomainError where it does not end, a death is recorded, or
    an enrollment begins afterwards.
    """
    member = locked_member(enrollment.member)
    enrollment = member.enrollments.get(pk=enrollment.pk)
    end = enrollment.period.upper
    if end is None:
        raise DomainError(_("This enrollment does not end."))
    if member.died_on is not None:
        raise DomainError(_("A death is recorded, with which the insurance ends."))
    if member.enrollments.filter(period__startswith__gte=end).exists():
        raise DomainError(_("An enrollment begins on %(day)s or later already. Correct that one.") % {"day": end})
    enrollment.period = DateRange(enrollment.period.lower, last_day + timedelta(days=1) if last_day else None)
    tracked_save(enrollment, actor, reason)
    note_change(member, ChangeCause.ENROLLMENT, first_day=end - timedelta(days=1), known_on=known_on)
    return enrollment


def _current(member: Member, day: date) -> Enrollment:
    current = member.enrollments.filter(period__contains=day).first()
    if current is None:
        raise DomainError(_("The member is not insured on %(day)s.") % {"day": day})
    return current


@transaction.atomic
def convert_to_retired(
    member: Member, *, retired_from: date, known_on: date, actor: User | None = None, reason: str
) -> Enrollment:
    """Conversion to retired (在职转退休), from the day retirement benefits start.

    DomainError where the member is retired already or not insured that day. Dazhou 7, 10 (4); Zaozhuang 7; Kaifeng
    12, 16.
    """
    current = _current(member, retired_from)
    if current.status == InsuredStatus.RETIRED:
        raise DomainError(_("The member is retired already."))
    return enroll(
        member,
        since=retired_from,
        scheme=AccountScheme(current.scheme),
        employment=Employment(current.employment),
        status=InsuredStatus.RETIRED,
        had_account_before=current.had_account_before,
        known_on=known_on,
        actor=actor,
        reason=reason,
    )


@transaction.atomic
def change_scheme(
    member: Member,
    *,
    scheme: AccountScheme,
    since: date,
    known_on: date,
    actor: User | None = None,
    reason: str,
) -> Enrollment:
    """Change between pooled-only and combined account from a day on. Only active members may (Dazhou 6)."""
    current = _current(member, since)
    if current.scheme == scheme:
        raise DomainError(_("The member has this scheme already."))
    if current.status != InsuredStatus.ACTIVE:
        raise DomainError(_("Only active members may change the scheme."))
    return enroll(
        member,
        since=since,
        scheme=scheme,
        employment=Employment(current.employment),
        status=InsuredStatus.ACTIVE,
        had_account_before=current.had_account_before,
        known_on=known_on,
        actor=actor,
        reason=reason,
    )
