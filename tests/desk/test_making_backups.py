"""Making backups: whole or none, every night, and the newest kept."""

import io
import os
import subprocess
import sys
import tarfile
from datetime import datetime, time, timedelta
from pathlib import Path

import pyrage
import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.utils.timezone import get_current_timezone

from agency.exceptions import DomainError
from desk.management.commands.backup import _last_before
from desk.services.backups.reading import look_through
from desk.services.backups.sealing import sealed
from desk.services.backups.writing import keep_newest, made_backups, make_backup
from tests.builder.backups import NOW, Made
from tests.processes import PROJECT, environment, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_full_disk_is_said_and_leaves_no_file(made: Made) -> None:
    member = tarfile.TarInfo("large")
    member.size = 50_000_000

    def fill() -> None:
        with sealed(full, [pyrage.x25519.Recipient.from_str(made.public)]) as tar:
            tar.addfile(member, io.BytesIO(bytes(member.size)))

    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(OSError, match="No space left"):
        fill()


def test_what_goes_wrong_leaves_no_file(made: Made, tmp_path: Path, settings: LazySettings) -> None:
    settings.POSTGRES_PROGRAMS = tmp_path / "nowhere"
    (tmp_path / "office-20261129T183000Z.tar.age.part").write_bytes(b"of a machine that was switched off")
    with pytest.raises(DomainError, match="pg_dump is not there"):
        make_backup(tmp_path, [made.public], NOW)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("keys", [[], ["age1" + "q" * 58]])
def test_without_a_public_key_none_is_made(tmp_path: Path, keys: list[str]) -> None:
    with pytest.raises(DomainError, match="BACKUP_RECIPIENTS"):
        make_backup(tmp_path / "none", keys, NOW)
    assert not (tmp_path / "none").exists()


def test_the_newest_are_kept(tmp_path: Path) -> None:
    names = [f"office-202611{day:02}T183000Z.tar.age" for day in range(1, 31)]
    for name in [*names, "office-notes.txt"]:
        (tmp_path / name).write_bytes(b"1")
    assert [path.name for path in keep_newest(tmp_path, 28)] == names[1::-1]
    assert [path.name for path in made_backups(tmp_path)] == names[:1:-1]
    assert (tmp_path / "office-notes.txt").exists()
    with pytest.raises(DomainError):
        keep_newest(tmp_path, 0)


def test_the_night_begins_at_its_hour() -> None:
    here = get_current_timezone()
    evening, morning = datetime(2026, 11, 30, 23, 0, tzinfo=here), datetime(2026, 12, 1, 2, 30, tzinfo=here)
    assert _last_before(evening, time(2, 30)) == datetime(2026, 11, 30, 2, 30, tzinfo=here)
    assert _last_before(morning, time(2, 30)) == morning
    assert _last_before(morning - timedelta(minutes=1), time(2, 30)) == datetime(2026, 11, 30, 2, 30, tzinfo=here)


@pytest.mark.concurrency
def test_the_nightly_service_makes_one_and_says_that_it_is_there(made: Made, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no backup"):
        call_command("backup", folder=tmp_path, newest_within=26)
    command = [sys.executable, "manage.py", "backup", f"--folder={tmp_path}", "--keep=30", "--every-night-at=02:30"]
    given = environment() | {"BACKUP_RECIPIENTS": made.public, "DEBUG": "1"}
    with subprocess.Popen(command, cwd=PROJECT, env=given, stdout=subprocess.PIPE) as service:
        try:
            wait_for(lambda: bool(made_backups(tmp_path)), "The service made no backup.")
            call_command("backup", folder=tmp_path, newest_within=26)
            assert look_through(made_backups(tmp_path)[0], made.key_file).manifest.tables["agency_poolingregion"] > 0
        finally:
            service.terminate()
    old = made_backups(tmp_path)[0]
    os.utime(old, (old.stat().st_mtime - 27 * 3600,) * 2)
    with pytest.raises(CommandError, match="last 26 hours"):
        call_command("backup", folder=tmp_path, newest_within=26)
