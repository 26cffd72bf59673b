"""Recording contributions."""

from calendar import monthrange
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import User
from agency.services.history import REASON_LENGTH, REGISTERED, tracked_save
from members.models import ChangeCause, Contribution, Member
from members.services.changes import note_change

# Said of one contribution here, and of many by a file's set.
BEFORE_BIRTH = _("The month lies before the date of birth.")
CORRECTED_SINCE = _("It was corrected since. Correct it there once more.")


def last_day_of(month: date) -> date:
    """The last day of the month that a day lies in."""
    return month.replace(day=monthrange(month.year, month.month)[1])


@transaction.atomic
def record_contribution(
    member: Member,
    *,
    month: date,
    base: Decimal,
    received_on: date | None = None,
    known_on: date | None = None,
    actor: User | None = None,
    reason: str = "",
) -> Contribution:
    """A member's contribution for a month has arrived: its base in yuan, the day (None: on time, the month's last).

    Recording another base for a month corrects it; the day it first arrived stays. The month is marked for the next
    credit run. DomainError for a base that is not positive or has more than two decimals, a month before the member's
    birth, or a correction without a reason.
    """
    first = month.replace(day=1)
    if base <= 0 or base != base.quantize(Decimal("0.01")):
        raise DomainError(
            _("A contribution base is a positive amount of yuan with at most two decimals."), field="base"
        )
    if first < member.birth_date:
        raise DomainError(BEFORE_BIRTH, field="month")
    arrived = received_on or last_day_of(first)
    contribution = Contribution.objects.select_for_update().filter(member=member, month=first).first()
    if contribution is None:
        contribution = Contribution(member=member, month=first, received_on=arrived)
        reason = reason.strip() or REGISTERED
    elif contribution.base == base:
        raise DomainError(
            _("The contribution for %(month)s is recorded already.") % {"month": f"{first:%Y-%m}"}, field="month"
        )
    contribution.base = base
    tracked_save(contribution, actor, reason)
    note_change(
        member,
        ChangeCause.CONTRIBUTION,
        first_day=first,
        last_day=first,
        known_on=max(arrived, known_on or arrived),
    )
    return contribution


@transaction.atomic
def withdraw_contribution(
    contribution: Contribution, *, known_on: date, actor: User | None = None, reason: str
) -> None:
    """A contribution was recorded by mistake: it goes, its history stays, and the month is marked for the next run.

    DomainError without a reason.
    """
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."))
    member, month = contribution.member, contribution.month
    contribution._history_user = actor  # type: ignore[attr-defined]
    contribution._change_reason = reason[:REASON_LENGTH]  # type: ignore[attr-defined]
    contribution.delete()
    note_change(member, ChangeCause.CONTRIBUTION, first_day=month, last_day=month, known_on=known_on)
