"""From where on an office looks at a pattern."""

from dataclasses import asdict, dataclass, fields
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from agency.services.history import tracked_save
from monitoring.models import MonitoringStandard


@dataclass(frozen=True, slots=True)
class Limits:
    """An office's limits, named and measured as in `MonitoringStandard`; all above zero, at least two payments."""

    minutes: int
    kilometres: int
    consecutive_days: int
    visits_a_day: int
    payments: int
    payment_days: int
    payments_yuan: Decimal


def standard_of(region: PoolingRegion) -> MonitoringStandard:
    """The region's limits; where nobody has set any yet, those that the program begins with are recorded."""
    standard = MonitoringStandard.objects.filter(region=region).first()
    if standard is not None:
        return standard
    try:
        with transaction.atomic():
            tracked_save(MonitoringStandard(region=region), None, "limits to begin with")
    except IntegrityError:
        # Somebody else began at the same moment.
        pass
    return MonitoringStandard.objects.get(region=region)


@transaction.atomic
def set_standard(region: PoolingRegion, limits: Limits, *, actor: User, reason: str) -> MonitoringStandard:
    """Look from other limits on, beginning with the next search; flags that were raised stay. DomainError for a limit
    of zero or less, for less than two payments, or without a reason.
    """
    for field in fields(limits):
        if getattr(limits, field.name) <= 0:
            raise DomainError(gettext_lazy("A limit is more than zero."), field=field.name)
    if limits.payments < 2:
        raise DomainError(gettext_lazy("One payment alone is no pattern: take two or more."), field="payments")
    standard_of(region)
    standard = MonitoringStandard.objects.select_for_update(no_key=True).get(region=region)
    for name, value in asdict(limits).items():
        setattr(standard, name, value)
    tracked_save(standard, actor, reason)
    return standard
