"""What a region's providers cost in a month, and how that grew (Pingliang 20, Dazhou 19, Zaozhuang 19)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from agency.models import PoolingRegion
from providers.models import Provider

_NONE = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Spent:
    """The visits of a month, and what they cost, yuan."""

    visits: int
    expense: Decimal

    @property
    def cost_per_visit(self) -> Decimal | None:
        """Yuan, not rounded; None without a visit."""
        return self.expense / self.visits if self.visits else None


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A provider's month, or with provider None the whole region's (docs/interpretations/0058).

    A visit is a claim whose settlement stands, in the month of its service. `patients` were seen at least once.
    `expense` is what was billed; `patient_share`, `self_paid` (outside the lists), `examinations` are the parts of it
    that the patients bore, that no fund could pay, and that examinations cost; yuan. The shares are fractions of the
    expense, growth is a fraction of what was before, negative where it fell; both are not rounded, and None where there
    is nothing to compare with.
    """

    provider: Provider | None
    now: Spent
    patients: int
    patient_share: Decimal
    self_paid: Decimal
    examinations: Decimal
    month_before: Spent
    year_before: Spent

    @property
    def patient_share_rate(self) -> Decimal | None:
        """What the patients bore of the expense."""
        return _ratio(self.patient_share, self.now.expense)

    @property
    def self_paid_rate(self) -> Decimal | None:
        """What lay outside the lists."""
        return _ratio(self.self_paid, self.now.expense)

    @property
    def examination_rate(self) -> Decimal | None:
        """What examinations cost of the expense."""
        return _ratio(self.examinations, self.now.expense)

    def expense_growth(self, before: Spent) -> Decimal | None:
        """Growth of the expense since `month_before` or `year_before`."""
        return _growth(self.now.expense, before.expense)

    def cost_growth(self, before: Spent) -> Decimal | None:
        """Growth of the cost of a visit since `month_before` or `year_before`."""
        return _growth(self.now.cost_per_visit, before.cost_per_visit)


# The month itself, the one before, and the same month a year before are 0, 1 and 2.
_FIGURES = """
WITH span (which, first, last) AS (
    VALUES (0, %(first)s::date, %(last)s::date), (1, %(first_before)s, %(last_before)s),
        (2, %(first_last_year)s, %(last_last_year)s)
), visit AS (
    SELECT span.which, claim.provider_id, claim.member_id, settlement.total, settlement.patient_share,
        settlement.self_paid, examined.amount AS examinations
    FROM span
    JOIN claims_claim AS claim ON claim.served_on BETWEEN span.first AND span.last
    JOIN claims_settlement AS settlement ON settlement.claim_id = claim.id AND settlement.reverses_id IS NULL
    LEFT JOIN LATERAL (
        SELECT sum(line.amount) AS amount FROM claims_claimline AS line
        WHERE span.which = 0 AND line.claim_id = claim.id AND line.is_examination
    ) AS examined ON true
    WHERE claim.region_id = %(region)s AND claim.state = 'settled'
        AND NOT EXISTS (SELECT FROM claims_settlement AS back WHERE back.reverses_id = settlement.id)
)
SELECT provider_id,
    count(*) FILTER (WHERE which = 0), sum(total) FILTER (WHERE which = 0),
    count(*) FILTER (WHERE which = 1), sum(total) FILTER (WHERE which = 1),
    count(*) FILTER (WHERE which = 2), sum(total) FILTER (WHERE which = 2),
    count(DISTINCT member_id) FILTER (WHERE which = 0), sum(patient_share) FILTER (WHERE which = 0),
    sum(self_paid) FILTER (WHERE which = 0), sum(examinations)
FROM visit
GROUP BY GROUPING SETS ((provider_id), ())
HAVING count(*) FILTER (WHERE which = 0) > 0 OR grouping(provider_id) = 1
ORDER BY grouping(provider_id), 3 DESC, provider_id
"""


def provider_month_figures(region: PoolingRegion, month: date) -> list[MonthFigures]:
    """Every provider with a visit in a month, given by any of its days, the largest expense first; the region last.

    A patient of two providers is counted once in the region's row. Two queries.
    """
    first = month.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    last_year = first.replace(year=first.year - 1)
    parameters: dict[str, Any] = {
        "region": region.pk,
        "first": first,
        "last": _last_day(first),
        "first_before": before,
        "last_before": _last_day(before),
        "first_last_year": last_year,
        "last_last_year": _last_day(last_year),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, parameters)
        rows = cursor.fetchall()
    providers = Provider.objects.in_bulk([row[0] for row in rows if row[0] is not None])
    return [
        MonthFigures(
            provider=providers.get(provider),
            now=Spent(visits, total or _NONE),
            patients=patients,
            patient_share=share or _NONE,
            self_paid=self_paid or _NONE,
            examinations=examinations or _NONE,
            month_before=Spent(visits_before, total_before or _NONE),
            year_before=Spent(visits_last_year, total_last_year or _NONE),
        )
        for (
            provider,
            visits,
            total,
            visits_before,
            total_before,
            visits_last_year,
            total_last_year,
            patients,
            share,
            self_paid,
            examinations,
        ) in rows
    ]


def _last_day(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])


def _ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    return part / whole if whole else None


def _growth(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    return now / before - 1 if now is not None and before else None
