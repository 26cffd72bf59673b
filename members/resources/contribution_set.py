"""A file's contributions as a set: what each row would do, said in SQL."""

import json
from collections.abc import Mapping
from typing import Any

from files.importing.resource import RECORDED_OTHERWISE
from files.importing.row_set import Cursor, RowSet, problem
from members.resources.lookup import unknown_member
from members.services.contribution_sets import record_contributions, take_back_contributions
from members.services.contributions import BEFORE_BIRTH, CORRECTED_SINCE

_JUDGED = """
    SELECT line,
        CASE
            WHEN problems <> '[]' OR is_otherwise THEN 'wrong'
            WHEN is_same THEN 'unchanged'
            WHEN is_before_birth THEN 'wrong'
            ELSE 'changed'
        END AS outcome,
        CASE
            WHEN problems <> '[]' THEN problems
            WHEN is_otherwise AND NOT is_same THEN %(base_otherwise)s::jsonb || %(otherwise)s::jsonb
            WHEN is_otherwise THEN %(otherwise)s::jsonb
            WHEN is_before_birth AND NOT is_same THEN %(before_birth)s::jsonb
        END AS problems,
        CASE
            WHEN recorded IS NOT NULL AND NOT is_same AND NOT is_otherwise AND problems = '[]'
            THEN jsonb_build_object('base', recorded_base::text)
        END AS before,
        recorded
    FROM (
        SELECT row.line,
            coalesce(row.problems, '[]')
                || CASE WHEN member.id IS NULL THEN %(unknown)s::jsonb ELSE '[]' END AS problems,
            known.id AS recorded,
            known.base AS recorded_base,
            coalesce(known.received_on <> row.received_on, false) AS is_otherwise,
            coalesce(known.base = row.base, false) AS is_same,
            coalesce(row.month < member.birth_date, false) AS is_before_birth
        FROM {rows} AS row
        LEFT JOIN members_member AS member
            ON member.region_id = %(region)s AND member.member_number = row.member_number
        LEFT JOIN members_contribution AS known
            ON known.member_id = member.id AND known.month = row.month AND known.month = ANY(%(months)s::date[])
        WHERE row.problems IS NOT NULL OR member.id IS NULL OR known.id IS NOT NULL OR row.month < member.birth_date
    ) AS compared
"""


class ContributionSet(RowSet):
    """Contributions by member and month; the day of receipt counts only where the row has one, and stays."""

    def judging(self, cursor: Cursor, rows: str) -> tuple[str, Mapping[str, Any]]:
        unknown = unknown_member("member_number")
        sentences = {
            "unknown": problem(unknown.column, unknown.reason),
            "base_otherwise": problem("base", RECORDED_OTHERWISE),
            "otherwise": problem("received_on", RECORDED_OTHERWISE),
            "before_birth": problem("month", BEFORE_BIRTH),
        }
        given = {name: json.dumps(said, ensure_ascii=False) for name, said in sentences.items()}
        # Said once more as values, so that the planner knows how few of all contributions are meant.
        cursor.execute(f"SELECT DISTINCT month FROM {rows} AS row", {})  # noqa: S608  # The project's own names.
        months = [month for (month,) in cursor.fetchall()]
        return _JUDGED.format(rows=rows), {"region": self.context.region.pk, "months": months, **given}

    def save(self, cursor: Cursor) -> None:
        context = self.context
        record_contributions(
            cursor, region=context.region, today=context.today, actor=context.actor, reason=context.reason
        )

    def take_back(self, cursor: Cursor) -> None:
        context = self.context
        take_back_contributions(
            cursor,
            region=context.region,
            today=context.today,
            actor=context.actor,
            reason=context.reason,
            corrected=str(CORRECTED_SINCE),
        )
