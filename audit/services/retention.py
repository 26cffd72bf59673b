"""How long the audit log is kept."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from audit.models import Access, Act

_BATCH = 50_000


def kept_years(act: str) -> int:
    """For how many years an act stays on record: as the office has set it for its kind, or for all others."""
    kept: dict[str, int] = settings.AUDIT_KEPT_YEARS
    return kept.get(act, kept["other"])


def forget_old_accesses(now: datetime | None = None) -> dict[str, int]:
    """Delete what is older than the office keeps it, some thousand rows at a time; how many by kind of act.

    The log is written once: only the tables' owner may do this, as whom the command `forget_accesses` works.
    """
    now = now or timezone.now()
    gone: dict[str, int] = {}
    for act in Act.values:
        until = now - timedelta(days=366 * kept_years(act))
        while count := _forget(act, until):
            gone[act] = gone.get(act, 0) + count
    return gone


def _forget(act: str, until: datetime) -> int:
    old = Access.objects.filter(act=act, at__lt=until).order_by("at")
    with transaction.atomic(), connection.cursor() as cursor:
        keys = list(old.values_list("pk", flat=True)[:_BATCH])
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM audit_access WHERE id = ANY(%s)", [keys])
    return len(keys)
