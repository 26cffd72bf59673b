"""Average pensions."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Min, Q
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from agency.services.history import tracked_save
from policies.models import AveragePension, CreditRule, LawChange, LawChangeCause, VersionState


@transaction.atomic
def record_average_pension(
    region: PoolingRegion,
    *,
    year: int,
    monthly: Decimal,
    is_final: bool,
    source: str = "",
    actor: User | None,
    reason: str,
) -> AveragePension:
    """Record or correct a region's average basic pension of a year (yuan a month), provisional or final.

    Months whose credits rest on that year are marked, so that the next credit run posts the differences (Dazhou 4,
    Zaozhuang 7, Baoshan 17). DomainError for an amount that is not positive or has more than two decimals, and for
    making a final figure provisional again.
    """
    if monthly <= 0 or monthly != monthly.quantize(Decimal("0.01")):
        raise DomainError(
            _("An average pension is a positive amount of yuan with at most two decimals."), field="monthly"
        )
    pension = AveragePension.objects.select_for_update().filter(region=region, year=year).first()
    if pension is not None and pension.is_final and not is_final:
        raise DomainError(
            _("The average pension of %(year)s is final. Record the corrected final figure.") % {"year": year}
        )
    before = (pension.monthly, pension.is_final) if pension else None
    if before == (monthly, is_final) and pension is not None:
        return pension
    pension = pension or AveragePension(region=region, year=year)
    pension.monthly, pension.is_final, pension.source = monthly, is_final, source
    tracked_save(pension, actor, reason)
    if (first := _first_month_resting_on(region, year)) is not None:
        LawChange.objects.create(region=region, first_month=first, cause=LawChangeCause.AVERAGE_PENSION)
    return pension


def _first_month_resting_on(region: PoolingRegion, year: int) -> date | None:
    first = CreditRule.objects.filter(
        Q(pension_year=year) | Q(stand_in_year=year),
        version__region=region,
        version__state=VersionState.PUBLISHED,
    ).aggregate(first=Min("version__period__startswith"))["first"]
    return first.replace(day=1) if first else None
