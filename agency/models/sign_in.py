"""What signing in leaves: open sessions, second factors, earlier passwords, names that were let in again."""

from base64 import b32decode, b32encode
from secrets import token_bytes
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin, TimestampMixin
from django_otp.oath import TOTP

from agency.append_only import APPEND_ONLY
from agency.fields import EncryptedTextField
from agency.finality import Free, kept
from agency.scoping import ALL_REGIONS

_KEY_BYTES = 20  # As RFC 4226 recommends.
# Clocks of telephones are off by up to half a minute.
_STEPS_BESIDE = 1


class Session(AbstractBaseSession):
    """A browser in which somebody has signed in, or is about to.

    `address` and `browser` are where the sign-in came from, `signed_in_at` when, `seen_at` when a page was last asked
    for, to the minute. Without a `user` nobody has signed in there yet.
    """

    region_path: ClassVar[str] = ALL_REGIONS
    finality: ClassVar[Any] = Free("it lasts as long as somebody is signed in there", deleted=True)

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions")
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True)
    signed_in_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    @classmethod
    def get_session_store_class(cls) -> Any:
        """Django asks for it where it has the model alone."""
        return import_string(f"{settings.SESSION_ENGINE}.SessionStore")


def _new_key() -> str:
    return b32encode(token_bytes(_KEY_BYTES)).decode()


class Authenticator(TimestampMixin, ThrottlingMixin, Device):
    """An application on somebody's telephone that shows six digits, others every half minute (TOTP, RFC 6238).

    It is `confirmed` once its owner has typed such digits. `key` is what both sides know, in base 32; `last_step` the
    half minute whose digits were used last, so that none are used twice. Wrong digits make it wait, each time twice
    as long, as django-otp has it.
    """

    region_path: ClassVar[str] = ALL_REGIONS
    finality: ClassVar[Any] = Free("it counts its own digits, and goes when another takes its place", deleted=True)

    key = EncryptedTextField(default=_new_key)
    last_step = models.BigIntegerField(default=-1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "confirmed"], name="one_authenticator_is_used_and_one_prepared")
        ]

    def verify_token(self, token: str) -> bool:
        """Whether these are its digits now, half a minute ago or in half a minute, and were not used before."""
        allowed, _why = self.verify_is_allowed()
        if not allowed:
            return False
        clock = TOTP(b32decode(self.key))
        right = token.isascii() and token.isdigit() and clock.verify(int(token), _STEPS_BESIDE, self.last_step + 1)
        if right:
            # Where the digits were of a step beside, the clock has been moved there.
            self.last_step = clock.t()
            self.throttle_reset(commit=False)
            self.set_last_used_timestamp(commit=False)
            self.save()
        else:
            self.throttle_increment(commit=True)
        return bool(right)

    def get_throttle_factor(self) -> float:
        """Seconds to wait after the first wrong digits."""
        return 1


class UsedPassword(models.Model):
    """The hash of a password that somebody has or had, so that it is not chosen again."""

    region_path: ClassVar[str] = ALL_REGIONS

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="used_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        # Beyond the last ones they are forgotten.
        triggers = kept(always=(), deleted=True)

    def __str__(self) -> str:
        return f"{self.user} · {self.set_at:%Y-%m-%d}"


class LetInAgain(models.Model):
    """An administrator ended the wait of a name after wrong passwords. These stay on record."""

    region_path: ClassVar[str] = ALL_REGIONS

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("staff member"))
    let_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    let_in_at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(max_length=100)

    class Meta:
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.user} · {self.let_in_at:%Y-%m-%d}"
