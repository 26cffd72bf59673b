"""Where sessions are kept: Django's, with whose they are, so that they can be listed and ended."""

from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

# What a session says of its sign-in; instants are seconds since 1970.
ADDRESS, BROWSER, SIGNED_IN, SEEN = "address", "browser", "signed_in", "seen"


class SessionStore(DatabaseStore):
    """Writes beside the data what others have to find."""

    @classmethod
    def get_model_class(cls) -> Any:
        """Looked up when the first session is read: settings name this module before apps are loaded."""
        return apps.get_model("agency", "Session")

    def create_model_instance(self, data: Any) -> Any:
        """The row to be saved."""
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.address, row.browser = data.get(ADDRESS), data.get(BROWSER, "")
        row.signed_in_at, row.seen_at = _instant(data.get(SIGNED_IN)), _instant(data.get(SEEN))
        return row


def _instant(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
