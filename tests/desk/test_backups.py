"""The office in one file and back: whole, or refused before anything is touched."""

import io
import subprocess
import tarfile
from pathlib import Path

import pyrage
import pytest
from cryptography.fernet import Fernet
from django.conf import LazySettings, settings
from django.core.management import call_command
from django.db import connection

from agency.exceptions import DomainError
from agency.models import Session
from demo.schema import is_empty
from desk.services.backups.contents import Manifest, Tally, facts, private_files
from desk.services.backups.reading import look_through, restore_office
from desk.services.backups.sealing import BackupUnreadable, new_identity, sealed
from members.models import Member
from tests.builder.backups import FILES, Made, named
from tests.database import owners_cursor

pytestmark = pytest.mark.django_db(transaction=True)


def assert_untouched() -> None:
    assert is_empty()
    assert list(private_files()) == []


# --- Whole ----------------------------------------------------------------------------------------


def test_everything_comes_back(made: Made, place: Path) -> None:
    restored = restore_office(made.backup.path, made.key_file)
    assert restored.differing == []
    assert {job.result["differences"] for job in restored.verified} == {0}
    assert len(restored.verified) == restored.manifest.tables["agency_poolingregion"]
    assert restored.manifest.tables["accounts_ledgerentry"] > 0
    assert {name: path.read_bytes() for name, path in private_files()} == FILES
    assert {path.stat().st_mode & 0o777 for _name, path in private_files()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in place.rglob("*") if path.is_dir()} == {0o700}
    assert named() == made.schema
    # Decrypted by the keys of the office.
    assert sorted(Member.objects.values_list("identity_number", flat=True)) == made.numbers
    assert facts() == made.backup.manifest.facts
    # Whoever was signed in signs in again.
    assert not Session.objects.exists()


def test_the_file_is_its_owners_alone_and_shows_nothing(made: Made) -> None:
    assert made.backup.path.stat().st_mode & 0o777 == 0o600
    content = made.backup.path.read_bytes()
    assert content.startswith(b"age-encryption.org/v1\n")
    assert made.backup.size == len(content)
    for shown in (b"CREATE TABLE", b"PGDMP", b"ustar", settings.SECRET_KEY.encode(), FILES["uploads/ab/paper"][:64]):
        assert shown not in content


def test_common_programs_open_it(made: Made, tmp_path: Path) -> None:
    """Where this program is not at hand: age, tar and pg_restore."""
    plain = pyrage.decrypt(made.backup.path.read_bytes(), [pyrage.x25519.Identity.from_str(made.private)])
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        tar.extractall(tmp_path, filter="data")
    assert (tmp_path / "files" / "uploads" / "ab" / "paper").read_bytes() == FILES["uploads/ab/paper"]
    assert f"SECRET_KEY={settings.SECRET_KEY}" in (tmp_path / "keys.env").read_text().splitlines()
    parts = sorted((tmp_path / "database").iterdir())
    (tmp_path / "rows").write_bytes(b"".join(part.read_bytes() for part in parts))
    listed = subprocess.run(
        [settings.POSTGRES_PROGRAMS / "pg_restore", "--list", tmp_path / "rows"], capture_output=True, check=True
    )
    assert b"TABLE DATA public accounts_ledgerentry" in listed.stdout


def test_what_is_read_is_counted_and_compared(made: Made) -> None:
    looked = look_through(made.backup.path, made.key_file)
    assert looked.manifest == made.backup.manifest
    assert looked.manifest.files["count"] == len(FILES)
    assert looked.manifest.files["bytes"] == sum(map(len, FILES.values()))
    assert looked.manifest.facts["ledger"]["baoshan"][0] == str(looked.manifest.tables["accounts_ledgerentry"])


# --- Damaged --------------------------------------------------------------------------------------

_HEADER = 100
_CHUNK = 64 * 1024 + 16


@pytest.mark.parametrize(
    "length", [0, 1, _HEADER, 300, 5 * _CHUNK, -2 * _CHUNK, -_CHUNK, -17, -1], ids=lambda length: f"{length} bytes"
)
def test_a_file_that_was_cut_off_is_refused(made: Made, place: Path, length: int) -> None:
    cut = place.parent / "cut"
    cut.write_bytes(made.backup.path.read_bytes()[:length])
    with pytest.raises(BackupUnreadable):
        restore_office(cut, made.key_file)
    assert_untouched()


def test_a_file_that_was_cut_between_two_chunks_is_refused(made: Made, place: Path) -> None:
    content = made.backup.path.read_bytes()
    body = content.index(b"\n", content.index(b"\n---") + 1) + 1 + 16
    chunks = (len(content) - body) // _CHUNK
    assert chunks > 10
    cut = place.parent / "cut"
    for number in (1, chunks // 2, chunks):
        cut.write_bytes(content[: body + number * _CHUNK])
        with pytest.raises(BackupUnreadable):
            restore_office(cut, made.key_file)
    assert_untouched()


@pytest.mark.parametrize("place_of_byte", [5, 40, 150, 0.3, 0.6, 0.999, -1], ids=str)
def test_a_changed_byte_is_noticed(made: Made, place: Path, place_of_byte: float) -> None:
    content = bytearray(made.backup.path.read_bytes())
    at = int(place_of_byte * len(content)) if isinstance(place_of_byte, float) else place_of_byte
    content[at] ^= 1
    changed = place.parent / "changed"
    changed.write_bytes(content)
    with pytest.raises(BackupUnreadable):
        restore_office(changed, made.key_file)
    assert_untouched()


def test_something_behind_the_end_is_noticed(made: Made, place: Path) -> None:
    longer = place.parent / "longer"
    longer.write_bytes(made.backup.path.read_bytes() + b"more")
    with pytest.raises(BackupUnreadable):
        restore_office(longer, made.key_file)
    assert_untouched()


def test_a_wrong_key_opens_nothing(made: Made, place: Path) -> None:
    other = place.parent / "other.txt"
    other.write_text(new_identity()[0])
    with pytest.raises(BackupUnreadable, match="made for other keys"):
        restore_office(made.backup.path, other)
    assert_untouched()


@pytest.mark.parametrize("text", ["", "# nothing\n", "AGE-SECRET-KEY-1NONSENSE", "age1public"])
def test_a_file_without_a_key_is_none(made: Made, place: Path, text: str) -> None:
    file = place.parent / "empty.txt"
    file.write_text(text)
    with pytest.raises(DomainError, match="no private key"):
        restore_office(made.backup.path, file)


def crafted(made: Made, path: Path, members: dict[str, bytes]) -> Path:
    """What somebody with the public key alone can write: a backup that agrees with its manifest."""
    database, files = Tally(), Tally()
    for name, content in members.items():
        if name.startswith("database/"):
            database.add(content)
        else:
            files.add_file(name.removeprefix("files/"), len(content), digest_of(content))
    told = made.backup.manifest
    manifest = Manifest(1, told.made_at, told.versions, told.migrations, {}, database.told(), files.told(), {})
    keys = f"SEARCH_HASH_KEY={settings.SEARCH_HASH_KEY}\nFIELD_ENCRYPTION_KEYS={settings.FIELD_ENCRYPTION_KEYS[0]}\n"
    with path.open("wb") as out, sealed(out, [pyrage.x25519.Recipient.from_str(made.public)]) as tar:
        for name, content in {**members, "keys.env": keys.encode(), "manifest.json": manifest.written()}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


def digest_of(content: bytes) -> str:
    tally = Tally()
    tally.add(content)
    return tally.digest


def test_rows_that_postgresql_refuses_leave_nothing(made: Made, place: Path) -> None:
    bad = crafted(made, place.parent / "bad", {"files/uploads/one": b"1", "database/000001": b"PGDMP nonsense" * 999})
    with pytest.raises(DomainError, match="pg_restore failed"):
        restore_office(bad, made.key_file)
    assert_untouched()


@pytest.mark.parametrize("name", ["../../escaped", "/tmp/escaped", "uploads/../../escaped"])
def test_no_file_lands_elsewhere(made: Made, place: Path, name: str) -> None:
    bad = crafted(made, place.parent / "bad", {f"files/{name}": b"1", "database/000001": b"PGDMP"})
    with pytest.raises(BackupUnreadable, match="outside"):
        restore_office(bad, made.key_file)
    assert_untouched()
    assert list(place.parent.rglob("escaped")) == []


# --- The wrong place ------------------------------------------------------------------------------


def test_only_an_empty_place_is_filled(made: Made, place: Path) -> None:
    place.mkdir()
    (place / "kept").write_bytes(b"1")
    with pytest.raises(DomainError, match="PRIVATE_MEDIA_ROOT is not empty"):
        restore_office(made.backup.path, made.key_file)
    assert (place / "kept").read_bytes() == b"1"
    with owners_cursor() as cursor:
        cursor.execute("CREATE TABLE kept (word text)")
    with pytest.raises(DomainError, match="The database is not empty"):
        restore_office(made.backup.path, made.key_file)
    assert connection.introspection.table_names() == ["kept"]


def test_other_keys_are_refused_and_the_backups_are_told(made: Made, place: Path, settings: LazySettings) -> None:
    keys, settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS, [Fernet.generate_key().decode()]
    with pytest.raises(DomainError, match="--keys-to"):
        restore_office(made.backup.path, made.key_file)
    assert_untouched()
    written = place.parent / "keys.env"
    call_command("restore", str(made.backup.path), key=made.key_file, keys_to=written, stdout=io.StringIO())
    assert f"FIELD_ENCRYPTION_KEYS={','.join(keys)}" in written.read_text().splitlines()
    assert written.stat().st_mode & 0o777 == 0o600
    assert_untouched()
    # A key that came since is no hindrance.
    settings.FIELD_ENCRYPTION_KEYS = [*settings.FIELD_ENCRYPTION_KEYS, *keys]
    out = io.StringIO()
    call_command("restore", str(made.backup.path), key=made.key_file, stdout=out)
    assert out.getvalue().endswith("Everything came back, and the books agree.\n")


def test_a_later_versions_backup_waits_for_that_version(made: Made, place: Path) -> None:
    made.backup.manifest.migrations.append(["accounts", "9999_of_the_future"])
    try:
        later = crafted(made, place.parent / "later", {"database/000001": b"PGDMP"})
    finally:
        made.backup.manifest.migrations.pop()
    with pytest.raises(DomainError, match="accounts 9999_of_the_future"):
        restore_office(later, made.key_file)
    assert_untouched()
