"""Making a backup while the office works."""

import hashlib
import io
import os
import platform
import tarfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import django
from django.db import connection, transaction

from agency.exceptions import DomainError
from desk.services.backups import contents
from desk.services.backups.contents import Manifest, Tally
from desk.services.backups.postgres import dumped, pg_dump_version, server_version
from desk.services.backups.sealing import new_private_file, recipients_of, sealed

SUFFIX = ".tar.age"
_UNFINISHED = ".part"
# A part of the rows has to be known whole before the tar can say how long it is.
_PART = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Backup:
    """A file that was made: where it is, its bytes and their SHA-256, and what is in it."""

    path: Path
    size: int
    digest: str
    manifest: Manifest


def make_backup(folder: Path, keys: list[str], now: datetime) -> Backup:
    """Write rows, private files and keys of one moment into a new file of the folder, for the public keys.

    The office goes on working: rows are those of one snapshot, and every file that they name was there before it. The
    file has its name once it is whole and on the disk. DomainError without a key, without PostgreSQL's programs, or
    where rows cannot be read; OSError where the disk is full. Neither leaves a file.
    """
    recipients = recipients_of(keys)
    path = folder / f"office-{now:%Y%m%dT%H%M%SZ}{SUFFIX}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob(f"*{SUFFIX}{_UNFINISHED}"):
        left.unlink()
    unfinished = path.with_name(path.name + _UNFINISHED)
    try:
        with new_private_file(unfinished) as out:
            with sealed(out, recipients) as tar:
                manifest = _fill(tar, now)
            out.flush()
            os.fsync(out.fileno())
        with unfinished.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return Backup(path, path.stat().st_size, digest, manifest)


def made_backups(folder: Path) -> list[Path]:
    """The backups of a folder, the newest first."""
    return sorted(folder.glob(f"office-*{SUFFIX}"), reverse=True)


def keep_newest(folder: Path, number: int) -> list[Path]:
    """Delete all but the newest backups of a folder; returns those deleted. DomainError for fewer than one."""
    if number < 1:
        raise DomainError("At least one backup is kept.")
    old = made_backups(folder)[number:]
    for path in old:
        path.unlink()
    return old


@transaction.atomic
def _fill(tar: tarfile.TarFile, now: datetime) -> Manifest:
    with connection.cursor() as cursor:
        # Everything below sees this moment. Files are written before the rows that name them, so they come after it.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
    versions = {
        "postgresql": server_version(),
        "pg_dump": pg_dump_version(),
        "django": django.get_version(),
        "python": platform.python_version(),
    }
    files = _add_files(tar)
    _add(tar, contents.KEYS, contents.keys_written(contents.keys_in_use()))
    with dumped(snapshot) as stream:
        database = _add_rows(tar, stream)
    manifest = Manifest(
        format=contents.FORMAT,
        made_at=now.isoformat(),
        versions=versions,
        migrations=contents.applied_migrations(),
        tables=contents.count_rows(),
        database=database.told(),
        files=files.told(),
        facts=contents.facts(),
    )
    _add(tar, contents.MANIFEST, manifest.written())
    return manifest


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    member.mode = 0o600
    tar.addfile(member, io.BytesIO(content))


def _add_files(tar: tarfile.TarFile) -> Tally:
    tally = Tally()
    for name, path in contents.private_files():
        try:
            file = path.open("rb")
        except FileNotFoundError:
            # An export that was kept long enough, deleted since the list was made.
            continue
        with file:
            member = tarfile.TarInfo(contents.FILES + name)
            member.size = os.fstat(file.fileno()).st_size
            member.mode = 0o600
            reading = _Digesting(file)
            tar.addfile(member, reading)
            tally.add_file(name, member.size, reading.digest.hexdigest())
    return tally


class _Digesting:
    """Reads a file for the tar, and sums up what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


def _add_rows(tar: tarfile.TarFile, stream: IO[bytes]) -> Tally:
    tally = Tally()
    while piece := stream.read(_PART):
        _add(tar, f"{contents.DATABASE}{tally.count + 1:06}", piece)
        tally.add(piece)
    return tally
