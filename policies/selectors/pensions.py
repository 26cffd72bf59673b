"""Average pensions for the engine."""

from agency.models import PoolingRegion
from policies.engine.credits import Pension
from policies.models import AveragePension


def pensions_of(region: PoolingRegion) -> dict[int, Pension]:
    """The region's average pensions by year."""
    rows = AveragePension.objects.filter(region=region)
    return {row.year: Pension(row.monthly, row.is_final) for row in rows}
