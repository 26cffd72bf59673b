"""Where a provider's money goes, and where the provider lies."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.divisions import check_division
from agency.exceptions import DomainError
from agency.models import User
from agency.services.history import tracked_save
from providers.models import Provider

# Degrees.
LATITUDES, LONGITUDES = Decimal(90), Decimal(180)


def _locked(provider: Provider) -> Provider:
    return Provider.objects.select_for_update(of=("self",), no_key=True).select_related("region").get(pk=provider.pk)


@transaction.atomic
def correct_provider(
    provider: Provider,
    *,
    name: str | None = None,
    division: str | None = None,
    actor: User | None = None,
    reason: str,
) -> Provider:
    """Record another name or administrative division; None leaves each as it is, "" says that no division is known.

    The history keeps what was there. DomainError for an empty name, and for what is no division code.
    """
    provider = _locked(provider)
    if name is not None:
        if not name.strip():
            raise DomainError(_("This must not be empty."), field="name")
        provider.name = name.strip()
    if division is not None:
        check_division(division, "division")
        provider.division = division
    tracked_save(provider, actor, reason)
    return provider


@transaction.atomic
def set_payee(provider: Provider, *, bank: str, account: str, actor: User | None = None, reason: str) -> Provider:
    """Record the bank account to which statements are paid. DomainError where one of the two is left empty."""
    provider = _locked(provider)
    for name, text in (("bank", bank), ("account", account)):
        if not text.strip():
            raise DomainError(_("This must not be empty."), field=name)
    provider.payee_bank, provider.payee_account = bank.strip(), account.strip()
    tracked_save(provider, actor, reason)
    return provider


@transaction.atomic
def forget_payee(provider: Provider, *, actor: User | None = None, reason: str) -> Provider:
    """Record that no bank account is known; statements cannot be paid until there is one again."""
    provider = _locked(provider)
    provider.payee_bank = provider.payee_account = ""
    tracked_save(provider, actor, reason)
    return provider


@transaction.atomic
def set_place(
    provider: Provider,
    *,
    latitude: Decimal | None,
    longitude: Decimal | None,
    actor: User | None = None,
    reason: str,
) -> Provider:
    """Record where the provider lies, in degrees of at most six decimals (WGS 84); with neither it is unknown.

    DomainError for one without the other, and for degrees that do not exist.
    """
    provider = _locked(provider)
    if (latitude is None) != (longitude is None):
        missing = "latitude" if latitude is None else "longitude"
        raise DomainError(_("A place has a latitude and a longitude. Enter both or neither."), field=missing)
    for name, degrees, limit in (("latitude", latitude, LATITUDES), ("longitude", longitude, LONGITUDES)):
        if degrees is not None and not -limit <= degrees <= limit:
            raise DomainError(
                _("A latitude lies between -90 and 90, a longitude between -180 and 180. Correct it."), field=name
            )
    provider.latitude, provider.longitude = latitude, longitude
    tracked_save(provider, actor, reason)
    return provider
