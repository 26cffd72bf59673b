"""Reading a backup: to see that it is whole, for its keys, and to have the office back."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from agency.exceptions import DomainError
from agency.models import Job, PoolingRegion
from agency.ownership import as_owner
from desk.services.backups import contents
from desk.services.backups.contents import Manifest, Tally
from desk.services.backups.postgres import restoring
from desk.services.backups.sealing import BackupUnreadable, identities_of, new_private_file, unsealed
from desk.services.books import verify_books

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Looked:
    """A backup that was read to its end, and holds what its manifest says."""

    manifest: Manifest
    keys: bytes


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: the manifest, what differs from it in words, and a verification of each region's books."""

    manifest: Manifest
    differing: list[str]
    verified: list[Job]


def look_through(path: Path, key_file: Path) -> Looked:
    """Read a backup to its last byte and compare it with its manifest; nothing is written.

    BackupUnreadable for one that was cut off, changed, or made for other keys; DomainError without a private key.
    """
    database, files = Tally(), Tally()
    keys, written = b"", b""
    with unsealed(path, identities_of(key_file)) as members:
        for name, content in members:
            if name.startswith(contents.FILES):
                files.add_file(name.removeprefix(contents.FILES), *_summed(content, None))
            elif name.startswith(contents.DATABASE):
                database.add(content.read())
            elif name == contents.KEYS:
                keys = content.read()
            elif name == contents.MANIFEST:
                written = content.read()
    manifest = Manifest.read(written)
    if (manifest.database, manifest.files) != (database.told(), files.told()):
        raise BackupUnreadable("The backup does not hold what its manifest says.")
    return Looked(manifest, keys)


def restore_office(path: Path, key_file: Path) -> Restored:
    """Bring the office of a backup back into an empty database and an empty folder of private files, and verify it.

    The backup is first read to its end, then again. What was made by an earlier version of the program is brought
    forward by the migrations. Raises what `look_through` raises, and DomainError where the place is not empty, the keys
    are others, or the backup was made by a later version; the place is then as empty as before.
    """
    looked = look_through(path, key_file)
    # An empty place may have no other role yet; `migrate` then says what the application may do.
    with as_owner():
        _check_place()
        contents.check_keys(looked.keys)
        _check_migrations(looked.manifest)
        _bring_back(path, key_file)
        # The counts are the backup's; migrations may add rows.
        differing = list(_differences("rows of", looked.manifest.tables, contents.count_rows()))
        call_command("migrate", verbosity=0)
    differing += _differences("", looked.manifest.facts, contents.facts())
    return Restored(
        looked.manifest, differing, [verify_books(region) for region in PoolingRegion.objects.order_by("pk")]
    )


def _check_place() -> None:
    if connection.introspection.table_names():
        raise DomainError("The database is not empty: restore into a new one, which has no tables yet.")
    if next(contents.private_files(), None):
        raise DomainError("PRIVATE_MEDIA_ROOT is not empty: restore with a new folder.")


def _check_migrations(manifest: Manifest) -> None:
    known = set(MigrationLoader(connection).disk_migrations)
    # Of an app that is no longer installed nothing is run.
    installed = {app for app, _name in known}
    later = [f"{app} {name}" for app, name in manifest.migrations if app in installed and (app, name) not in known]
    if later:
        raise DomainError(
            f"The backup was made by a later version, which has {', '.join(later[:3])}: install that version first."
        )


def _bring_back(path: Path, key_file: Path) -> None:
    written: list[Path] = []
    try:
        with restoring() as rows, unsealed(path, identities_of(key_file)) as members:
            for name, content in members:
                if name.startswith(contents.FILES):
                    place = contents.place_of(name.removeprefix(contents.FILES))
                    _make_folder(place.parent)
                    with new_private_file(place) as out:
                        written.append(place)
                        _summed(content, out)
                elif name.startswith(contents.DATABASE):
                    rows.write(content.read())
    except BaseException:
        for place in written:
            place.unlink()
        raise
    # What the programs did on connections of their own, this one has not seen.
    connection.close()


def _make_folder(folder: Path) -> None:
    # `parents=True` would give the ones above other rights.
    if not folder.exists():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700)


def _summed(content: IO[bytes], out: IO[bytes] | None) -> tuple[int, str]:
    """How many bytes a file has, and their SHA-256; a copy goes to `out`."""
    size, digest = 0, hashlib.sha256()
    while piece := content.read(_PIECE):
        size += len(piece)
        digest.update(piece)
        if out is not None:
            out.write(piece)
    return size, digest.hexdigest()


def _differences(what: str, then: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    for name, value in then.items():
        if now.get(name) != value:
            yield f"{what} {name}: {value} in the backup, {now.get(name)} here".strip()
