"""A backup, its keys, and how the office was when it was made."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from agency.models import Session
from demo.schema import note_migrations_as_done
from desk.services.backups.sealing import new_identity
from desk.services.backups.writing import Backup, make_backup
from members.models import Member
from tests.config.test_migrations import schema

NOW = datetime(2026, 11, 30, 18, 30, tzinfo=UTC)
FILES = {"uploads/ab/paper": os.urandom(3_000_000), "uploads/空": b"", "imports/members.csv": "姓名\n".encode()}


@dataclass(frozen=True)
class Made:
    """`schema` is what `named` answered; `numbers` are the members' identity numbers."""

    backup: Backup
    private: str
    public: str
    key_file: Path
    schema: dict[str, set[tuple[object, ...]]]
    numbers: list[str]


def named() -> dict[str, set[tuple[object, ...]]]:
    """Every column, constraint, index and trigger; PostgreSQL writes conditions otherwise once they were restored."""
    return {kind: {row[:2] for row in rows} for kind, rows in schema().items()}


def make(folder: Path, root: Path) -> Made:
    """Back up Django's database, in which somebody is signed in, and FILES, which are written below `root`."""
    for name, content in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    private, public = new_identity()
    key_file = folder / "key.txt"
    key_file.write_text(f"# the office's\n{private}\n")
    note_migrations_as_done()
    Session.objects.create(session_key="signed-in", session_data="x", expire_date=NOW)
    before, settings.PRIVATE_MEDIA_ROOT = settings.PRIVATE_MEDIA_ROOT, root
    try:
        backup = make_backup(folder, [public], NOW)
    finally:
        settings.PRIVATE_MEDIA_ROOT = before
    numbers = sorted(Member.objects.values_list("identity_number", flat=True))
    return Made(backup, private, public, key_file, named(), numbers)
