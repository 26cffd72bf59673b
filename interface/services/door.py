"""Who may come in: a message is signed with a key in force, fresh, new, and not one of too many."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from threading import Lock

import redis
from django.conf import settings
from django.utils.translation import gettext as _

from interface.models import ProviderCredential

# The headers that carry the proof.
KEY, TIME, NONCE, SIGNATURE = "X-Provider-Key", "X-Provider-Time", "X-Provider-Nonce", "X-Provider-Signature"
_LONGEST_NONCE = 64
_WINDOW_SECONDS = 60
_REDIS_SECONDS = 0.5
_MAKING = Lock()


class TurnedAway(Exception):
    """A message that is not answered: the text is what its sender reads. It keeps no number."""

    def __init__(self, sentence: str, credential: ProviderCredential | None = None) -> None:
        super().__init__(sentence)
        self.credential = credential


@dataclass(frozen=True, slots=True)
class Proof:
    """What the headers say."""

    key: str = ""
    time: str = ""
    nonce: str = ""
    signature: str = ""

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> "Proof":
        return cls(*(headers.get(name, "").strip() for name in (KEY, TIME, NONCE, SIGNATURE)))


def signature_of(secret: str, time: str, nonce: str, body: bytes) -> str:
    """HMAC-SHA256 under the key's secret of time, nonce and body, each but the last with a line feed; hexadecimal."""
    return hmac.new(secret.encode(), f"{time}\n{nonce}\n".encode() + body, hashlib.sha256).hexdigest()


def admit(proof: Proof, body: bytes, now: datetime) -> ProviderCredential:
    """The key that signed the message. TurnedAway, with a sentence, for any other.

    Whether the signature was used before, whoever holds the message's number looks.
    """
    rows = ProviderCredential.objects.select_related("provider__region")
    credential = rows.filter(key_id=proof.key[:32]).first() if _is_plain(proof) else None
    if credential is None or not hmac.compare_digest(
        signature_of(credential.secret, proof.time, proof.nonce, body), proof.signature
    ):
        raise TurnedAway(_("The message is not signed, or not with a key that we know. Check key and signature."))
    if credential.withdrawn_at is not None:
        raise TurnedAway(_("This key was withdrawn. Ask the agency for another."), credential)
    if abs(int(proof.time) - now.timestamp()) > settings.INTERFACE_CLOCK_SECONDS:
        raise TurnedAway(
            _("The message is too old, or the clock is wrong. Sign it anew with the time of now."), credential
        )
    if _count(f"provider:{credential.provider_id}", now) > settings.INTERFACE_MESSAGES_A_MINUTE:
        raise TurnedAway(_("Too many messages within a minute. Wait and send it again."), credential)
    return credential


def is_flooded(now: datetime) -> bool:
    """Whether more was turned away in this minute than is kept: nobody fills the database without a key."""
    return _count("nobody", now) > settings.INTERFACE_REFUSALS_A_MINUTE


def _is_plain(proof: Proof) -> bool:
    parts = (proof.key, proof.time, proof.nonce, proof.signature)
    return (
        all(part.isascii() and part.isprintable() and part for part in parts)
        and proof.time.isdigit()
        and len(proof.time) < 12
        and len(proof.nonce) <= _LONGEST_NONCE
    )


def _count(name: str, now: datetime) -> int:
    """How many there were in this minute, this one included. Without the broker nobody is counted: the counter of a
    hospital does not stand still because messages cannot be counted.
    """
    key = f"interface:{name}:{int(now.timestamp()) // _WINDOW_SECONDS}"
    try:
        pipeline = _redis().pipeline(transaction=False)
        pipeline.incr(key)
        pipeline.expire(key, 2 * _WINDOW_SECONDS)
        return int(pipeline.execute()[0])
    except (redis.RedisError, OSError):
        return 0


def _redis() -> "redis.Redis":
    """One for all threads of the process: a second one, once dropped, would close connections that are in use."""
    with _MAKING:
        return _made()


@cache
def _made() -> "redis.Redis":
    seconds = _REDIS_SECONDS
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=seconds, socket_connect_timeout=seconds)
