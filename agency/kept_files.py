"""Kept files are what was taken in: compared with the digest that stands in their row, whenever they are read."""

import hashlib
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError


class NotAsKept(DomainError):
    """A kept file is gone, or is another than was taken in."""


def opened_unchanged(file: Any, digest: str) -> IO[bytes]:
    """A kept file, opened at its beginning, once it is known to be the one that was taken in.

    digest: its SHA-256 then. NotAsKept where the file is another by now, or is gone. What is read is what was
    looked at, whatever is put in its place meanwhile.
    """
    try:
        content: IO[bytes] = file.storage.open(file.name, "rb")
    except FileNotFoundError:
        raise NotAsKept(_("The file is no longer where it was kept. Tell the administrator at once.")) from None
    if hashlib.file_digest(content, "sha256").hexdigest() != digest:  # type: ignore[arg-type]
        content.close()
        raise NotAsKept(
            _("This is not the file that was taken in: it was exchanged or damaged. Tell the administrator at once.")
        )
    content.seek(0)
    return content


def is_unchanged(file: Any, digest: str) -> bool:
    """Whether a kept file is there, and the one that was taken in."""
    try:
        opened_unchanged(file, digest).close()
    except NotAsKept:
        return False
    return True
