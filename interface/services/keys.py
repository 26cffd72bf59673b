"""The lock on a message's number: whoever holds it alone looks what became of the message, and does it."""

from django.db import connection

from providers.models import Provider


def hold_key(provider: Provider, msgid: str) -> None:
    """Wait for the number of a provider's message and hold it until the transaction ends.

    It is a lock without a row, because the message's row is written with what it did, once that is known. Whatever
    holds one may wait for visits and members, never the other way round.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{provider.pk}:{msgid}"])
