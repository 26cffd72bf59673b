"""The second factor: an authenticator on a telephone, and recovery codes for when it is lost."""

from math import ceil
from secrets import choice

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from agency.exceptions import DomainError
from agency.fields import search_hash
from agency.models import Authenticator, User
from agency.scoping import roles_held
from agency.services.history import tracked_save
from agency.services.logins import locked_login
from agency.services.sessions import end_all_sessions

_CODES = 10
_DIGITS = 6
# Without what is read as something else: i, l, o, 0 and 1. Ten of 31 letters are 49 bits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LENGTH = 10
# What the library's table has room for: 64 bits of the keyed digest.
_KEPT = 16


def roles_that_need_it() -> set[str]:
    """Roles that decide, pay or administer, as their apps declare them."""
    return {role for config in apps.get_app_configs() for role in getattr(config, "second_factor_roles", ())}


def needs_second_factor(user: User) -> bool:
    """Whether the person may not work without one. Nobody needs it where the installation says so."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return False
    return user.is_superuser or not roles_that_need_it().isdisjoint(roles_held(user))


def has_second_factor(user: User) -> bool:
    """Whether the person has one, needed or not; whoever has one is asked for it."""
    return bool(Authenticator.objects.filter(user=user, confirmed=True).exists())


def codes_left(user: User) -> int:
    """How many recovery codes have not been used."""
    return int(StaticToken.objects.filter(device__user=user).count())


@transaction.atomic
def prepare_authenticator(user: User) -> Authenticator:
    """The authenticator that the person is setting up: the one begun before, or a new one."""
    User.objects.select_for_update().get(pk=user.pk)
    prepared: Authenticator = Authenticator.objects.get_or_create(user=user, confirmed=False)[0]
    return prepared


def confirm_authenticator(user: User, digits: str) -> list[str]:
    """Use the prepared authenticator from now on, in place of the one before; returns fresh recovery codes.

    DomainError where the digits are not its own, or have to wait.
    """
    with transaction.atomic():
        prepared = Authenticator.objects.select_for_update().filter(user=user, confirmed=False).first()
        right = prepared is not None and prepared.verify_token(digits)
        if prepared is not None and right:
            Authenticator.objects.filter(user=user, confirmed=True).delete()
            prepared.confirmed = True
            prepared.save()
            tracked_save(User.objects.get(pk=user.pk), user, "second factor set up")
            return renew_recovery_codes(user)
    raise DomainError(_refused(prepared))


@transaction.atomic
def renew_recovery_codes(user: User) -> list[str]:
    """Ten new codes in place of those before. Only their keyed digests are kept: nobody can show them again."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = ["".join(choice(_LETTERS) for _letter in range(_CODE_LENGTH)) for _code in range(_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_kept(code)) for code in codes)
    half = _CODE_LENGTH // 2
    return [f"{code[:half]}-{code[half:]}" for code in codes]


def check_second_factor(user: User, code: str) -> None:
    """Take six digits of the authenticator, or a recovery code, which is then used up. DomainError for a wrong one.

    Wrong ones make the next wait, twice as long each time, whether its owner or somebody else typed them.
    """
    code = "".join(code.split()).replace("-", "").lower()
    with transaction.atomic():
        device = _device_for(user, code)
        if device is not None and device.verify_token(code if isinstance(device, Authenticator) else _kept(code)):
            return
    raise DomainError(_refused(device))


@transaction.atomic
def reset_second_factor(user: User, *, actor: User, reason: str) -> None:
    """Take the second factor from somebody who has lost it, and end their sessions; they set up another.

    NotPermitted as of `locked_login`; DomainError for one's own, and where there is none.
    """
    user = locked_login(user, actor)
    if user.pk == actor.pk:
        raise DomainError(_("Another administrator does that for you."))
    if not has_second_factor(user):
        raise DomainError(_("This person has no second factor."))
    Authenticator.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    end_all_sessions(user)
    tracked_save(user, actor, reason)


def _device_for(user: User, code: str) -> Authenticator | StaticDevice | None:
    kind = Authenticator if len(code) == _DIGITS else StaticDevice
    device: Authenticator | StaticDevice | None = (
        kind.objects.select_for_update().filter(user=user, confirmed=True).first()
    )
    return device


def _kept(code: str) -> str:
    return search_hash(code)[:_KEPT]


def _refused(device: Authenticator | StaticDevice | None) -> str:
    allowed, why = (True, None) if device is None else device.verify_is_allowed()
    seconds = 0 if allowed or not why else ceil((why["locked_until"] - timezone.now()).total_seconds())
    if seconds <= 1:
        return str(_("This code is wrong, or was used before. Wait for the next one and type that."))
    return ngettext(
        "This code is wrong, or came too early. Wait %(count)s second before the next.",
        "This code is wrong, or came too early. Wait %(count)s seconds before the next.",
        seconds,
    ) % {"count": seconds}
