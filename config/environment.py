"""Reads the environment and refuses what is missing, unknown or unsafe.

Every refusal is an ImproperlyConfigured whose text is one sentence: the variable's name and what to set. No
refusal repeats a value, because a mistyped secret is still a secret.
"""

import importlib.util
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})

SECRET_LENGTH = 50
"""Django's own deployment check asks for a secret key of this many characters."""
HASH_KEY_LENGTH = 32
"""A keyed hash is no stronger than its key: 32 characters carry the 128 bits that identity numbers call
for.
"""

_CONNECT_SECONDS = 5


def _refuse(sentence: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(sentence)


class Environment:
    """The variables of one process, with a set of fallbacks that development provides and production does
    not.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._fallbacks: dict[str, str] = {}

    def fall_back_on(self, values: Mapping[str, str]) -> None:
        """Use these where the environment is silent; what the environment says still wins."""
        self._fallbacks.update(values)

    def has(self, name: str) -> bool:
        return bool(self._variables.get(name, "").strip())

    def text(self, name: str, default: str = "") -> str:
        return self._variables.get(name, "").strip() or self._fallbacks.get(name, default)

    def required(self, name: str, advice: str) -> str:
        value = self.text(name)
        if not value:
            raise _refuse(f"{name} is not set: set it to {advice}.")
        return value

    def boolean(self, name: str, default: bool) -> bool:
        word = self.text(name).lower()
        if not word:
            return default
        if word not in YES | NO:
            raise _refuse(f"{name} is not a yes or a no: set it to 1 or 0.")
        return word in YES

    def whole_number(self, name: str, default: int) -> int:
        """A count or a number of seconds, zero or more."""
        value = self.text(name)
        if not value:
            return default
        if not (value.isascii() and value.isdigit()):
            raise _refuse(f"{name} is not a whole number: set it to digits only.")
        return int(value)

    def listing(self, name: str) -> list[str]:
        return [item.strip() for item in self.text(name).split(",") if item.strip()]

    def words(self, name: str) -> list[str]:
        """A command with its arguments, as a shell would part them."""
        try:
            return shlex.split(self.text(name))
        except ValueError:
            raise _refuse(f"{name} has a quotation mark without its fellow: write it as for a shell.") from None

    def choice(self, name: str, default: str, allowed: frozenset[str]) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise _refuse(f"{name} is unknown: set it to one of {', '.join(sorted(allowed))}.")
        return value

    def extra_apps(self, name: str, offered: tuple[str, ...], *, all_of_them: bool) -> list[str]:
        """Which of the apps that the product can do without are installed; where nothing is said, all or none."""
        wanted = self.listing(name) or (list(offered) if all_of_them else [])
        for app in wanted:
            if app not in offered:
                raise _refuse(f"{name} names an unknown app: set it to some of {', '.join(offered)}, with commas.")
            if importlib.util.find_spec(app) is None:
                raise _refuse(f"{name} names {app}, which is not part of this installation: leave it out.")
        return wanted

    def secret(self, name: str, length: int) -> str:
        """A random text of at least ``length`` characters that is not one character over and over."""
        value = self.required(name, f"a random text of at least {length} characters")
        if len(value) < length or len(set(value)) < 5 or value.startswith("django-insecure-"):
            raise _refuse(f"{name} is too easy to guess: set it to a random text of at least {length} characters.")
        return value

    def fernet_keys(self, name: str) -> list[str]:
        """Keys for encrypting fields, newest first: the first encrypts, every one decrypts."""
        advice = "one or more Fernet keys separated by commas (the first encrypts, all of them decrypt)"
        self.required(name, advice)
        keys = self.listing(name)
        for key in keys:
            try:
                Fernet(key)
            except ValueError:
                raise _refuse(f"{name} holds something that is no Fernet key: set it to {advice}.") from None
        if not keys:
            raise _refuse(f"{name} is empty: set it to {advice}.")
        return keys

    def public_keys(self, name: str) -> list[str]:
        """Public keys of age; a private one in the place of a public one would be in the server's configuration."""
        keys = self.listing(name)
        if any(re.fullmatch("age1[02-9ac-hj-np-z]{58}", key) is None for key in keys):
            raise _refuse(
                f"{name} holds something that is no public key: set it to those that manage.py backup_key writes."
            )
        return keys

    def hosts(self, name: str) -> list[str]:
        """The names this site answers to; a wildcard for every name would let anybody choose one."""
        advice = "the host names of this site separated by commas, such as desk.example.gov.cn"
        self.required(name, advice)
        hosts = self.listing(name)
        if not hosts or any("*" in host or host.startswith(".") or "/" in host for host in hosts):
            raise _refuse(f"{name} must name every host in full: set it to {advice}.")
        return hosts

    def origins(self, name: str, *, allow_http: bool) -> list[str]:
        """Origins with their scheme, such as https://desk.example.gov.cn; plain http only where allowed."""
        origins = self.listing(name)
        schemes = {"https", "http"} if allow_http else {"https"}
        for origin in origins:
            parts = urlsplit(origin)
            if parts.scheme not in schemes or not parts.netloc or parts.path or "*" in origin:
                raise _refuse(f"{name} holds something that is no safe origin: write each as https://host.")
        return origins

    def database(self, name: str) -> dict[str, object]:
        """Django's description of the PostgreSQL database that a URL names."""
        advice = "the database as postgresql://user:password@host:5432/name"
        value = self.required(name, advice)
        if urlsplit(value).scheme not in {"postgres", "postgresql"}:
            raise _refuse(f"{name} is no PostgreSQL address: set it to {advice}.")
        try:
            described: dict[str, object] = dict(environ.Env.db_url_config(value))
        except ValueError:
            raise _refuse(f"{name} cannot be read: set it to {advice}.") from None
        if not described.get("NAME"):
            raise _refuse(f"{name} names no database: set it to {advice}.")
        options = described.setdefault("OPTIONS", {})
        # A database that is gone must fail a request, not hold it.
        cast(dict[str, object], options).setdefault("connect_timeout", _CONNECT_SECONDS)
        described["ENGINE"] = "django.db.backends.postgresql"
        return described

    def redis(self, name: str) -> str:
        advice = "the broker as redis://:password@host:6379/0, rediss:// or unix:///path"
        value = self.required(name, advice)
        parts = urlsplit(value)
        complete = bool(parts.path.strip("/")) if parts.scheme == "unix" else bool(parts.hostname)
        if parts.scheme not in {"redis", "rediss", "unix"} or not complete:
            raise _refuse(f"{name} is no Redis address: set it to {advice}.")
        return value

    def folder(self, name: str, default: Path) -> Path:
        value = self.text(name)
        if value and not Path(value).is_absolute():
            raise _refuse(f"{name} is not an absolute path: set it to a folder's full path.")
        return Path(value) if value else default

    def header(self, name: str) -> str:
        """An HTTP header's name as WSGI spells it: X-Forwarded-Proto is HTTP_X_FORWARDED_PROTO."""
        words = self.text(name).replace("-", "_").upper()
        if not words.replace("_", "").isalnum() or not words.isascii():
            raise _refuse(f"{name} is no header's name: set it to a name such as X-Forwarded-Proto.")
        return words if words.startswith("HTTP_") else f"HTTP_{words}"

    @staticmethod
    def celery_address(redis_url: str) -> str:
        """The same Redis as Celery spells it: it has its own scheme for a Unix socket."""
        parts = urlsplit(redis_url)
        if parts.scheme != "unix":
            return redis_url
        database = parse_qs(parts.query).get("db", ["0"])[0]
        return f"redis+socket://{parts.path}?virtual_host={database}"
