"""How many people a region insured at the end of each month."""

from datetime import date

from django.db import connection

from agency.models import PoolingRegion

# An enrollment counts from the month it begins in, until the one in which it has ended or the member has died. The
# enrollments of a member never overlap, so that nobody counts twice.
_STEPS = """
SELECT date_trunc('month', day)::date AS month, sum(step)
FROM (
    SELECT unnest(ARRAY[first_day, end_day]) AS day, unnest(ARRAY[1, -1]) AS step
    FROM (
        SELECT lower(enrollment.period) AS first_day, least(upper(enrollment.period), member.died_on + 1) AS end_day
        FROM members_enrollment AS enrollment
        JOIN members_member AS member ON member.id = enrollment.member_id
        WHERE member.region_id = %s
    ) AS days
    WHERE end_day IS NULL OR end_day > first_day
) AS steps
WHERE day IS NOT NULL
GROUP BY 1
"""


def insured_at_month_ends(region: PoolingRegion, months: list[date]) -> dict[date, int]:
    """The members enrolled and alive on the last day of each month, given by its first day. One pass over them."""
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, [region.pk])
        steps = dict(cursor.fetchall())
    return {month: int(sum(step for day, step in steps.items() if day <= month)) for month in months}
