"""What is in a backup: its manifest, the keys, the private files, and how many rows there are."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from agency.declarations import declared
from agency.exceptions import DomainError
from desk.services.backups.postgres import LEFT_OUT
from desk.services.backups.sealing import BackupUnreadable

FORMAT = 1
FILES, KEYS, DATABASE, MANIFEST = "files/", "keys.env", "database/", "manifest.json"
# Without these the rows and files of a backup cannot be read or found.
KEY_NAMES = ("SECRET_KEY", "SEARCH_HASH_KEY", "FIELD_ENCRYPTION_KEYS")


@dataclass(slots=True)
class Tally:
    """Bytes that passed by: how many pieces of how many bytes, and the SHA-256 over all of it in hexadecimal."""

    count: int = 0
    size: int = 0
    digest: str = ""
    _sum: Any = field(default_factory=hashlib.sha256, repr=False, compare=False)

    def add(self, piece: bytes) -> None:
        self._sum.update(piece)
        self.count += 1
        self.size += len(piece)
        self.digest = self._sum.hexdigest()

    def add_file(self, name: str, size: int, digest: str) -> None:
        self._sum.update(f"{name}\t{digest}\n".encode())
        self.count += 1
        self.size += size
        self.digest = self._sum.hexdigest()

    def told(self) -> dict[str, Any]:
        return {"count": self.count, "bytes": self.size, "sha256": self.digest}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup has to come to.

    `tables` counts rows by table, `database` and `files` are tallies, `migrations` names those that were applied,
    `versions` the programs that made it, `facts` is what the rooms say of the office (`agency.backup_facts`).
    """

    format: int
    made_at: str
    versions: dict[str, str]
    migrations: list[list[str]]
    tables: dict[str, int]
    database: dict[str, Any]
    files: dict[str, Any]
    facts: dict[str, Any]

    def written(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()

    @classmethod
    def read(cls, written: bytes) -> "Manifest":
        """BackupUnreadable for a format that this program does not know."""
        try:
            told = json.loads(written)
            if told["format"] != FORMAT:
                raise BackupUnreadable(f"The backup has format {told['format']}; this program reads {FORMAT}.")
            return cls(**{each.name: told[each.name] for each in fields(cls)})
        except (ValueError, KeyError, TypeError) as error:
            raise BackupUnreadable("The backup's manifest cannot be read.") from error


def count_rows() -> dict[str, int]:
    """By table, of every table whose rows a backup has."""
    quote = connection.ops.quote_name
    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - set(LEFT_OUT)):
            cursor.execute(f"SELECT count(*) FROM {quote(table)}")  # noqa: S608  A table's own name, quoted.
            counts[table] = cursor.fetchone()[0]
    return counts


def applied_migrations() -> list[list[str]]:
    """The applied migrations as pairs of app and name."""
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


def facts() -> dict[str, Any]:
    """What the rooms say of the office now."""
    return {fact.name: fact.read() for fact in declared("backup_facts")}


def private_files() -> Iterator[tuple[str, Path]]:
    """Everything below PRIVATE_MEDIA_ROOT, by its name there, in order."""
    root = Path(settings.PRIVATE_MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(root).as_posix(), path


def place_of(name: str) -> Path:
    """Where a private file of this name belongs. BackupUnreadable for one that would lie elsewhere."""
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts or not relative.parts:
        raise BackupUnreadable("The backup names a file outside the folder of private files.")
    return Path(settings.PRIVATE_MEDIA_ROOT) / relative


def keys_in_use() -> dict[str, str]:
    """The keys of this installation, by their variables."""
    values = {name: getattr(settings, name) for name in KEY_NAMES}
    return {name: ",".join(value) if isinstance(value, list) else value for name, value in values.items()}


def keys_written(keys: Mapping[str, str]) -> bytes:
    """As lines for an .env file."""
    return "".join(f"{name}={value}\n" for name, value in keys.items()).encode()


def check_keys(written: bytes) -> None:
    """DomainError where this installation could not read what the backup's keys have encrypted."""
    then = dict(line.split("=", 1) for line in written.decode().splitlines() if "=" in line)
    now = keys_in_use()
    missing = set(then.get("FIELD_ENCRYPTION_KEYS", "").split(",")) - set(now["FIELD_ENCRYPTION_KEYS"].split(","))
    if missing or then.get("SEARCH_HASH_KEY") != now["SEARCH_HASH_KEY"]:
        raise DomainError(
            "FIELD_ENCRYPTION_KEYS or SEARCH_HASH_KEY differ from the backup's: "
            "write its keys to a file with --keys-to, put them into .env, and restore then."
        )
