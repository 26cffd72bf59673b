"""Noting what credit runs have to look at again, and handing it to them."""

from collections.abc import Mapping, Sequence
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


def note_changes(cause: ChangeCause, first_days: Mapping[int, date], *, known_on: date) -> None:
    """The same of many members at once, each from the month of a day on, by the member's id."""
    EntitlementChange.objects.bulk_create(
        EntitlementChange(member_id=member, cause=cause, first_month=day.replace(day=1), known_on=known_on)
        for member, day in first_days.items()
    )


_MAKE_TAKEN = """
    CREATE TEMPORARY TABLE taken_changes (member_id bigint, month date, cause varchar(32)) ON COMMIT DROP
"""

# One statement, so that nothing is taken away unseen; what touches no posted month has done its duty.
_TAKE = """
    WITH taken AS (
        DELETE FROM members_entitlementchange AS change
        USING members_member AS member
        WHERE change.known_on <= %s AND member.id = change.member_id AND member.region_id = %s
        RETURNING change.member_id, change.first_month, change.last_month, change.cause
    )
    INSERT INTO taken_changes (member_id, month, cause)
    SELECT DISTINCT ON (taken.member_id, posted.month) taken.member_id, posted.month, taken.cause
    FROM taken
    JOIN unnest(%s::date[]) AS posted (month)
        ON posted.month >= taken.first_month AND (taken.last_month IS NULL OR posted.month <= taken.last_month)
    ORDER BY taken.member_id, posted.month, taken.cause
"""


def take_changes(region: PoolingRegion, known_until: date, months: Sequence[date]) -> None:
    """Take the region's changes known by a day off the queue, inside the caller's transaction.

    months: the first days of the months that were posted. Each of them that a change touches stands afterwards in the
    temporary table taken_changes (member_id, month, cause), which lasts as long as the transaction; there are millions
    when a whole region's bases were corrected. A change that touches none is gone with nothing to do.
    """
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS taken_changes")
        cursor.execute(_MAKE_TAKEN)
        cursor.execute(_TAKE, [known_until, region.pk, list(months)])
