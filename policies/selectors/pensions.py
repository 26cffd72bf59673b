"""Average pensions that hold."""

from agency.models import PoolingRegion
from policies.engine.credits import Pension
from policies.models import AveragePension, PensionState


def pensions_of(region: PoolingRegion) -> dict[int, Pension]:
    """The region's average pensions by year, as approved."""
    rows = AveragePension.objects.filter(region=region, state=PensionState.APPROVED)
    return {row.year: Pension(row.monthly, row.is_final) for row in rows}
