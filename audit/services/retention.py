"""How long the audit log is kept."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit.models import Access, Act

_BATCH = 50_000


def kept_years(act: str) -> int:
    """For how many years an act stays on record: as the office has set it for its kind, or for all others."""
    kept: dict[str, int] = settings.AUDIT_KEPT_YEARS
    return kept.get(act, kept["other"])


def forget_old_accesses(now: datetime | None = None) -> dict[str, int]:
    """Delete what is older than the office keeps it, some thousand rows at a time; how many by kind of act."""
    now = now or timezone.now()
    gone: dict[str, int] = {}
    for act in Act.values:
        until = now - timedelta(days=366 * kept_years(act))
        while True:
            old = Access.objects.filter(act=act, at__lt=until).order_by("at").values("pk")[:_BATCH]
            with transaction.atomic():
                count, _of_each = Access.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
            gone[act] = gone.get(act, 0) + count
            if count < _BATCH:
                break
    return {act: count for act, count in gone.items() if count}
