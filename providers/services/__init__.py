"""What a clerk does with providers."""

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from agency.services.history import tracked_save
from policies.engine.vocabulary import Tier
from providers.models import Agreement, Provider, ProviderKind


@transaction.atomic
def register_provider(
    region: PoolingRegion,
    *,
    code: str,
    name: str,
    kind: ProviderKind,
    tier: Tier,
    first_day: date,
    is_designated: bool = True,
    is_out_of_area: bool = False,
    actor: User | None = None,
    reason: str,
) -> Provider:
    """Add a provider with its first agreement, open-ended from first_day.

    DomainError where the code is taken, or the kind and the tier do not fit (a pharmacy has the tier pharmacy).
    """
    if (kind == ProviderKind.RETAIL_PHARMACY) != (tier == Tier.PHARMACY):
        raise DomainError(
            _("A retail pharmacy has the tier “retail pharmacy”, an institution one of the others."), field="tier"
        )
    if Provider.objects.filter(region=region, code=code).exists():
        raise DomainError(_("There is a provider %(code)s already in this region.") % {"code": code})
    provider = Provider(region=region, code=code, name=name, kind=kind, is_out_of_area=is_out_of_area)
    tracked_save(provider, actor, reason)
    _start_agreement(provider, tier, first_day, is_designated, actor, reason)
    return provider


@transaction.atomic
def change_agreement(
    provider: Provider,
    *,
    tier: Tier,
    first_day: date,
    is_designated: bool,
    actor: User | None = None,
    reason: str,
) -> Agreement:
    """From first_day on the provider has another tier or designation; what held before ends the day before.

    DomainError where an agreement begins on that day or later.
    """
    Provider.objects.select_for_update().get(pk=provider.pk)
    if Agreement.objects.filter(provider=provider, period__startswith__gte=first_day).exists():
        raise DomainError(_("An agreement begins on %(day)s or later already.") % {"day": first_day})
    for earlier in Agreement.objects.filter(provider=provider, period__contains=first_day):
        earlier.period = DateRange(earlier.period.lower, first_day)
        tracked_save(earlier, actor, reason)
    return _start_agreement(provider, tier, first_day, is_designated, actor, reason)


def _start_agreement(
    provider: Provider, tier: Tier, first_day: date, is_designated: bool, actor: User | None, reason: str
) -> Agreement:
    agreement = Agreement(provider=provider, tier=tier, period=DateRange(first_day, None), is_designated=is_designated)
    tracked_save(agreement, actor, reason)
    return agreement
