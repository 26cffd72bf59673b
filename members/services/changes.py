"""Noting what credit runs have to look at again, and handing it to them."""

from datetime import date

from django.db import connection

from agency.models import PoolingRegion
from members.models import ChangeCause, EntitlementChange, Member


def note_change(
    member: Member, cause: ChangeCause, *, first_day: date, known_on: date, last_day: date | None = None
) -> None:
    """The member's credits may differ from the month of first_day to that of last_day (None: to the last one)."""
    EntitlementChange.objects.create(
        member=member,
        cause=cause,
        first_month=first_day.replace(day=1),
        last_month=last_day.replace(day=1) if last_day else None,
        known_on=known_on,
    )


_TAKE = """
    UPDATE members_entitlementchange AS change SET pending = false
    FROM members_member AS member
    WHERE change.pending AND change.known_on <= %s AND member.id = change.member_id AND member.region_id = %s
    RETURNING change.member_id, change.first_month, change.last_month, change.cause
"""


def take_changes(region: PoolingRegion, known_until: date) -> list[tuple[int, date, date | None, str]]:
    """Hand over the region's pending changes known by a day: (member id, first month, last month, cause)."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [known_until, region.pk])
        return list(cursor.fetchall())
