"""A region's worked cases."""

from django.db.models import QuerySet

from agency.models import PoolingRegion
from simulation.case_format import Case
from simulation.models import WorkedCase


def cases_in_use(region: PoolingRegion) -> QuerySet[WorkedCase]:
    """Those that are tried, by name."""
    return WorkedCase.objects.filter(region=region, is_withdrawn=False).select_related("region").order_by("name", "pk")


def spec_of(row: WorkedCase) -> Case:
    """What a row keeps, as a case."""
    columns = ("name", "served_on", "days_after_start", "article", "note")
    named = {name: getattr(row, name) for name in columns}
    return Case.model_validate({**named, **row.facts, "expect": row.expected})
