"""Personal data at rest: encrypted for reading back, hashed with a key for finding again."""

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _current_cipher() -> MultiFernet:
    """The first key encrypts; every key decrypts, so keys rotate without downtime."""
    return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS))


def encrypted(text: str) -> str:
    """The text as a Fernet token under the first key."""
    return _current_cipher().encrypt(text.encode()).decode()


def decrypted(token: str) -> str:
    """The text of a token, whichever key it is under."""
    return _current_cipher().decrypt(token.encode()).decode()


class ReadText(str):
    """What was read from the database, with the token it was read from."""

    token: str

    @classmethod
    def of(cls, token: str) -> "ReadText":
        """The text of a token, and the token."""
        text = cls(decrypted(token))
        text.token = token
        return text


class EncryptedTextField(models.TextField):
    """Text stored as a Fernet token. It cannot be searched; keep a `search_hash` beside it for exact look-ups.

    keeps_token: what is saved as it was read keeps its token, so that the column has not changed, as that of a row that
    is final must not. Otherwise every save moves it to the first key.
    """

    def __init__(self, *arguments: Any, keeps_token: bool = False, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.keeps_token = keeps_token

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way into the database; empty stays empty."""
        if self.keeps_token and isinstance(value, ReadText):
            return value.token
        text = super().get_prep_value(value)
        return encrypted(text) if text else text

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Decrypt on the way out."""
        return ReadText.of(value) if value else value


def search_hash(value: str) -> str:
    """Keyed digest (HMAC-SHA256, hexadecimal) of a personal number: equal for equal values, useless without the key."""
    return hmac.new(settings.SEARCH_HASH_KEY.encode(), value.strip().upper().encode(), hashlib.sha256).hexdigest()


def masked(value: str, head: int = 3, tail: int = 2) -> str:
    """The value as screens show it: its first and last characters, the rest hidden."""
    if len(value) <= head + tail:
        return "*" * len(value)
    return value[:head] + "*" * (len(value) - head - tail) + value[-tail:]
