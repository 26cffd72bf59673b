"""Questions about providers."""

from datetime import date

from providers.models import Agreement, Provider


def agreement_on(provider: Provider, day: date) -> Agreement | None:
    """The provider's agreement in force on a day, None without one."""
    return Agreement.objects.filter(provider=provider, period__contains=day).first()
