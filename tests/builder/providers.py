"""Where the insured are treated and buy."""

from datetime import date
from itertools import count

from agency.models import PoolingRegion
from policies.engine.vocabulary import Tier
from providers.models import Provider, ProviderKind
from providers.services import register_provider
from tests.builder.staff import REASON

_numbers = count(1)


def pharmacy(region: PoolingRegion) -> Provider:
    """The region's designated pharmacy for whatever is bought from an account; one for each region."""
    found = Provider.objects.filter(region=region, code="PHARMACY").first()
    return found or register_provider(
        region,
        code="PHARMACY",
        name="测试药店",
        kind=ProviderKind.RETAIL_PHARMACY,
        tier=Tier.PHARMACY,
        first_day=date(2020, 1, 1),
        reason=REASON,
    )


def a_provider(
    region: PoolingRegion,
    tier: Tier = Tier.PRIMARY,
    *,
    designated: bool = True,
    first_day: date = date(2020, 1, 1),
    is_out_of_area: bool = False,
    code: str = "",
) -> Provider:
    """A provider of the tier with an agreement from the first day on; a pharmacy for the tier of pharmacies."""
    number = next(_numbers)
    return register_provider(
        region,
        code=code or f"P{number:06d}",
        name=f"测试机构{number}",
        kind=ProviderKind.RETAIL_PHARMACY if tier == Tier.PHARMACY else ProviderKind.MEDICAL_INSTITUTION,
        tier=tier,
        first_day=first_day,
        is_designated=designated,
        is_out_of_area=is_out_of_area,
        reason=REASON,
    )
