"""Withdrawing providers and agreements that were recorded by mistake."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import User
from agency.services.history import tracked_save
from agency.services.taking_back import check_nothing_rests_on, period_before, tracked_delete
from providers.models import Agreement, Provider


@transaction.atomic
def withdraw_provider(provider: Provider, *, actor: User | None = None, reason: str) -> None:
    """A provider was registered by mistake: it goes with its first agreement, the histories stay.

    DomainError where it has later agreements, or something refers to it: claims, statements, internet hospitals.
    """
    provider = Provider.objects.select_for_update().get(pk=provider.pk)
    agreements = list(provider.agreements.all())
    if len(agreements) > 1:
        raise DomainError(_("The provider has later agreements. Take those back first."))
    check_nothing_rests_on(provider, besides=frozenset({"agreements"}))
    for agreement in agreements:
        check_nothing_rests_on(agreement)
        tracked_delete(agreement, actor, reason)
    tracked_delete(provider, actor, reason)


@transaction.atomic
def withdraw_agreement(agreement: Agreement, *, actor: User | None = None, reason: str) -> None:
    """An agreement was recorded by mistake: it goes, its history stays, and the one that it ended holds again.

    DomainError where it has ended since, or internet hospitals have its terms.
    """
    provider = Provider.objects.select_for_update().get(pk=agreement.provider_id)
    agreement = provider.agreements.get(pk=agreement.pk)
    first_day, end = agreement.period.lower, agreement.period.upper
    if end is not None:
        raise DomainError(_("It has ended since, on %(day)s.") % {"day": end - timedelta(days=1)})
    if Agreement.objects.filter(hospital=provider, period__overlap=agreement.period).exists():
        raise DomainError(_("Internet hospitals rest on this provider. Put another hospital behind them first."))
    earlier = provider.agreements.filter(period__endswith=first_day).first()
    period = period_before(agreement, earlier) if earlier else None
    check_nothing_rests_on(agreement)
    tracked_delete(agreement, actor, reason)
    if earlier and period:
        earlier.period = period
        tracked_save(earlier, actor, reason)
