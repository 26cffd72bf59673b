"""Months that were credited before a version was published for their last days."""

from datetime import date
from typing import NamedTuple

from django.db.models import Count, Max, Min

from accounts.models import CreditRun, RunState
from policies.models import PolicyVersion


class CreditedMonths(NamedTuple):
    """How many months; the first and the last of them, None where there is none."""

    months: int
    first: date | None
    last: date | None


def credited_months(version: PolicyVersion) -> CreditedMonths:
    """The posted months whose last day, which decides (docs/interpretations/0030), is one of the version's."""
    after = version.period.upper
    runs = CreditRun.objects.filter(
        region_id=version.region_id, state=RunState.POSTED, month__gte=version.period.lower.replace(day=1)
    )
    if after is not None:
        runs = runs.filter(month__lt=after.replace(day=1))
    found = runs.aggregate(months=Count("month", distinct=True), first=Min("month"), last=Max("month"))
    return CreditedMonths(**found)
