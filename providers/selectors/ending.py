"""Agreements that end without another after them."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from providers.models import Agreement


def last_agreements(ends: dict[str, date]) -> QuerySet[Agreement]:
    """The agreements that end as asked for and are their provider's last: afterwards it is designated for nothing."""
    later = Agreement.objects.filter(
        provider=OuterRef("provider"), period__startswith__gte=OuterRef("period__endswith")
    )
    asked: dict[str, Any] = {**ends}
    return Agreement.objects.filter(~Exists(later), **asked)
