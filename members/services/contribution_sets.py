"""Recording contributions by the million, and taking them back: what `contributions` does for one, in statements.

The rows come in temporary tables, as `files.importing.row_set` describes them.
"""

from datetime import date
from typing import Any

from django.utils import timezone

from agency.models import PoolingRegion, User
from agency.services.history import REASON_LENGTH
from members.models import ChangeCause

_LAST_DAY = "({month} + interval '1 month - 1 day')::date"
# Ids are given out before, so that the histories and the import know them.
_RECORDING = f"""
    CREATE TEMPORARY TABLE recording ON COMMIT DROP AS
    SELECT going_in.line, member.id AS member_id, row.month, row.base,
        coalesce(row.received_on, {_LAST_DAY.format(month="row.month")}) AS arrived,
        judged.recorded IS NULL AS is_new, judged.before,
        coalesce(judged.recorded, nextval(pg_get_serial_sequence('members_contribution', 'id'))) AS id
    FROM going_in
    JOIN read_rows AS row ON row.line = going_in.line
    JOIN members_member AS member ON member.region_id = %(region)s AND member.member_number = row.member_number
    LEFT JOIN judged ON judged.line = row.line
"""  # noqa: S608  # Joined from the project's own names.
_INSERT = """
    INSERT INTO members_contribution (id, member_id, month, base, received_on)
    SELECT id, member_id, month, base, arrived FROM recording WHERE is_new
    ON CONFLICT (member_id, month) DO NOTHING
"""
_UPDATE = """
    UPDATE members_contribution AS contribution SET base = recording.base
    FROM recording
    WHERE NOT recording.is_new AND contribution.id = recording.id
        AND contribution.base = (recording.before ->> 'base')::numeric
"""
# Somebody else was faster.
_LEAVE_NEW = """
    DELETE FROM recording
    WHERE is_new AND NOT EXISTS (SELECT 1 FROM members_contribution AS made WHERE made.id = recording.id)
"""
_LEAVE_CHANGED = """
    DELETE FROM recording
    WHERE NOT is_new AND NOT EXISTS (
        SELECT 1 FROM members_contribution AS made WHERE made.id = recording.id AND made.base = recording.base
    )
"""
_HISTORY = """
    INSERT INTO members_historicalcontribution
        (id, month, base, received_on, member_id, history_date, history_change_reason, history_type, history_user_id)
"""
_ADDED = f"""
    {_HISTORY}
    SELECT id, month, base, arrived, member_id, %(now)s, %(reason)s, '+', %(actor)s FROM recording WHERE is_new
"""  # noqa: S608  # Joined from the project's own names.
_CHANGED = f"""
    {_HISTORY}
    SELECT made.id, made.month, made.base, made.received_on, made.member_id, %(now)s, %(reason)s, '~', %(actor)s
    FROM recording JOIN members_contribution AS made ON made.id = recording.id
    WHERE NOT recording.is_new
"""  # noqa: S608  # Joined from the project's own names.
_NOTED = f"""
    INSERT INTO members_entitlementchange (member_id, cause, first_month, last_month, known_on)
    SELECT member_id, '{ChangeCause.CONTRIBUTION}', month, month, greatest(arrived, %(today)s) FROM recording
"""  # noqa: S608  # Joined from the project's own names.


def record_contributions(cursor: Any, *, region: PoolingRegion, today: date, actor: User | None, reason: str) -> None:
    """Record the rows of `going_in`, each as `record_contribution` does, and fill `made`.

    A row that somebody else recorded or changed since it was judged is passed over.
    """
    given = _given(region, today, actor, reason)
    cursor.execute("DROP TABLE IF EXISTS pg_temp.recording")
    cursor.execute(_RECORDING, given)
    cursor.execute("ANALYZE recording")
    cursor.execute("SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM recording")
    new, changed = cursor.fetchone()
    for count, write, leave in ((new, _INSERT, _LEAVE_NEW), (changed, _UPDATE, _LEAVE_CHANGED)):
        if count:
            cursor.execute(write)
            if cursor.rowcount < count:
                cursor.execute(leave)
    cursor.execute(_ADDED, given)
    if changed:
        cursor.execute(_CHANGED, given)
    cursor.execute(_NOTED, given)
    cursor.execute("INSERT INTO made (line, id) SELECT line, id FROM recording")


def _given(region: PoolingRegion, today: date, actor: User | None, reason: str) -> dict[str, Any]:
    return {
        "region": region.pk,
        "today": today,
        "now": timezone.now(),
        "actor": None if actor is None else actor.pk,
        "reason": reason[:REASON_LENGTH],
    }


_LOCK = """
    SELECT count(*) FROM (
        SELECT 1 FROM members_contribution AS made JOIN undone ON undone.id = made.id FOR UPDATE OF made
    ) AS locked
"""
_CORRECTED_SINCE = """
    INSERT INTO standing (line, problem)
    SELECT undone.line, %(corrected)s
    FROM undone
    JOIN read_rows AS row ON row.line = undone.line
    LEFT JOIN members_contribution AS made ON made.id = undone.id
    WHERE (made.id IS NULL OR made.base <> row.base)
        AND NOT EXISTS (SELECT 1 FROM standing WHERE standing.line = undone.line)
"""
_WITHDRAW = f"""
    WITH gone AS (
        DELETE FROM members_contribution AS made USING undone
        WHERE made.id = undone.id AND undone.before = '{{}}'
        RETURNING made.id, made.month, made.base, made.received_on, made.member_id
    ), told AS (
        {_HISTORY}
        SELECT id, month, base, received_on, member_id, %(now)s, %(reason)s, '-', %(actor)s FROM gone
    )
    INSERT INTO members_entitlementchange (member_id, cause, first_month, last_month, known_on)
    SELECT member_id, '{ChangeCause.CONTRIBUTION}', month, month, %(today)s FROM gone
"""  # noqa: S608  # Joined from the project's own names.
_GIVE_BACK = f"""
    WITH back AS (
        UPDATE members_contribution AS made SET base = (undone.before ->> 'base')::numeric
        FROM undone
        WHERE made.id = undone.id AND undone.before <> '{{}}'
        RETURNING made.id, made.month, made.base, made.received_on, made.member_id
    ), told AS (
        {_HISTORY}
        SELECT id, month, base, received_on, member_id, %(now)s, %(reason)s, '~', %(actor)s FROM back
    )
    INSERT INTO members_entitlementchange (member_id, cause, first_month, last_month, known_on)
    SELECT member_id, '{ChangeCause.CONTRIBUTION}', month, month,
        greatest({_LAST_DAY.format(month="month")}, %(today)s)
    FROM back
"""  # noqa: S608  # Joined from the project's own names.


def take_back_contributions(
    cursor: Any, *, region: PoolingRegion, today: date, actor: User | None, reason: str, corrected: str
) -> None:
    """Withdraw the contributions of `undone`, or give them the base that they had before.

    corrected: said in `standing` of those that were corrected since; then nothing is done.
    """
    given = _given(region, today, actor, reason)
    cursor.execute(_LOCK)
    cursor.execute(_CORRECTED_SINCE, {"corrected": corrected})
    cursor.execute("SELECT EXISTS (SELECT 1 FROM standing)")
    if not cursor.fetchone()[0]:
        cursor.execute(_WITHDRAW, given)
        cursor.execute(_GIVE_BACK, given)
