"""A tar inside age's format: encrypted to public keys, and authenticated chunk by chunk to its last one."""

import os
import tarfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pyrage

from agency.exceptions import DomainError

_BUFFER = 1024 * 1024


class BackupUnreadable(DomainError):
    """The file is no backup, was cut off or changed, or was made for other keys."""


def new_private_file(path: Path) -> IO[bytes]:
    """A file that its owner alone reads, open for writing. FileExistsError where there is one of that name."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def new_identity() -> tuple[str, str]:
    """A fresh pair: the private key, which opens backups, and the public one, to which they are made."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipients_of(keys: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    """Public keys as they are written. DomainError for none, or for what is no key."""
    if not keys:
        raise DomainError("BACKUP_RECIPIENTS is not set: set it to public keys that manage.py backup_key writes.")
    try:
        return [pyrage.x25519.Recipient.from_str(key) for key in keys]
    except pyrage.RecipientError:
        raise DomainError("BACKUP_RECIPIENTS holds a public key with a slip of the pen: copy it again.") from None


def identities_of(path: Path) -> list[pyrage.x25519.Identity]:
    """The private keys in a file, one a line; lines with # say what they are for. DomainError where there is none."""
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError):
        found = []
    if not found:
        raise DomainError("The key's file cannot be read, or holds no private key: one begins with AGE-SECRET-KEY-1.")
    return found


@contextmanager
def sealed(out: IO[bytes], recipients: Sequence[pyrage.x25519.Recipient]) -> Iterator[tarfile.TarFile]:
    """A tar to be filled, which arrives encrypted in `out` when the block ends. OSError where `out` takes no more."""
    read_end, write_end = os.pipe()

    def encrypt() -> None:
        with os.fdopen(read_end, "rb") as plain:
            kept = _Honest(out)
            try:
                pyrage.encrypt_io(plain, kept, list(recipients))
            except pyrage.EncryptError as error:
                raise kept.fault or error from None

    with _beside(encrypt), os.fdopen(write_end, "wb", _BUFFER) as writer, suppress(BrokenPipeError):
        # A reader that is gone has a reason of its own, which is raised instead.
        with tarfile.open(fileobj=writer, mode="w|", format=tarfile.PAX_FORMAT, bufsize=_BUFFER) as tar:
            yield tar
        writer.flush()


@contextmanager
def unsealed(path: Path, identities: Sequence[pyrage.x25519.Identity]) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """The members in their order, each with its content, to be read at once.

    BackupUnreadable, at the latest when the block ends: what was read before is then not to be trusted.
    """
    read_end, write_end = os.pipe()

    def decrypt() -> None:
        # Whoever reads may have had enough, which is no fault.
        with suppress(BrokenPipeError), os.fdopen(write_end, "wb", _BUFFER) as plain, path.open("rb") as file:
            source, kept = _Honest(file), _Honest(plain)
            try:
                pyrage.decrypt_io(source, kept, list(identities))
            except (pyrage.DecryptError, OSError) as error:
                raise source.fault or kept.fault or error from None

    try:
        with _beside(decrypt), os.fdopen(read_end, "rb", _BUFFER) as reader:
            with tarfile.open(fileobj=reader, mode="r|", bufsize=_BUFFER) as tar:
                yield _members(tar)
            # To the last chunk, without which a file that was cut off would pass.
            while reader.read(_BUFFER):
                pass
    except pyrage.DecryptError as error:
        raise BackupUnreadable(_why(error)) from error
    except tarfile.TarError as error:
        raise BackupUnreadable("The file is no backup of this program.") from error
    except OSError as error:
        # What age itself finds wrong comes without a number of the operating system.
        if error.errno is not None:
            raise
        raise BackupUnreadable("The file was cut off or changed. Take another backup.") from error


class _Honest:
    """A file for age's library, which keeps of the operating system's faults nothing but their text."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.fault: OSError | None = None

    def read(self, size: int = -1) -> bytes:
        with self._noted():
            return self._file.read(size)

    def write(self, piece: bytes) -> int:
        with self._noted():
            return self._file.write(piece)

    def flush(self) -> None:
        with self._noted():
            self._file.flush()

    @contextmanager
    def _noted(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.fault = error
            raise


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in tar:
        content = tar.extractfile(member) if member.isreg() else None
        if content is None:
            raise BackupUnreadable("The file holds something that is no file.")
        yield member.name, content


def _why(error: pyrage.DecryptError) -> str:
    if "No matching keys" in str(error):
        return "The backup was made for other keys than this one."
    return "The file is no backup, or its beginning was cut off or changed."


@contextmanager
def _beside(work: Callable[[], None]) -> Iterator[None]:
    """Do the work in a thread while the block runs. What fails there is the reason for what then fails here."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  It is raised where the work was asked for.
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    except BaseException:
        thread.join()
        if failed:
            raise failed[0] from None
        raise
    thread.join()
    if failed:
        raise failed[0]
