"""Personal numbers at rest: unreadable in the database, read back by the right key, found by a keyed hash."""

from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.conf import LazySettings
from django.db import IntegrityError, connection, transaction

from agency.fields import masked, search_hash
from members.models import Member
from members.services.people import register_member
from tests.builder import REASON, a_member, region
from tests.builder.damage import erase

PHONE = "13900001234"


def stored(table: str, column: str) -> list[str]:
    """A column as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["members_member", "members_historicalmember"])
def test_no_column_of_a_member_holds_the_numbers_in_the_clear(table: str) -> None:
    member = a_member(region("pingliang"), phone=PHONE)
    member.employer = "changed"
    member.save()

    rows = stored(table, f"to_jsonb({table})::text")

    assert rows
    for row in rows:
        for number in (member.identity_number, PHONE):
            assert number not in row
            # Nor the part that tells a person: month and day of birth with the sequence.
            assert number[-8:] not in row


@pytest.mark.django_db
def test_the_same_number_never_looks_the_same_twice() -> None:
    for _count in range(3):
        a_member(region("pingliang"), phone=PHONE)
    tokens = stored("members_member", "phone")
    assert len(set(tokens)) == 3
    assert set(Member.objects.values_list("phone", flat=True)) == {PHONE}


@pytest.mark.django_db
def test_an_update_without_the_model_is_encrypted_too() -> None:
    a_member(region("pingliang"))
    Member.objects.update(phone=PHONE)
    assert PHONE not in stored("members_member", "phone")[0]
    assert Member.objects.get().phone == PHONE


@pytest.mark.django_db
def test_nothing_stays_nothing() -> None:
    a_member(region("pingliang"), phone="")
    assert stored("members_member", "phone") == [""]
    assert Member.objects.get().phone == ""


@pytest.mark.django_db
def test_after_a_rotation_old_rows_are_read_and_new_rows_need_only_the_new_key(settings: LazySettings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [old]
    before = a_member(region("pingliang"), phone=PHONE)
    settings.FIELD_ENCRYPTION_KEYS = [new, old]
    after = a_member(region("pingliang"), phone=PHONE)

    assert Member.objects.get(pk=before.pk).phone == PHONE
    assert Member.objects.get(pk=after.pk).phone == PHONE

    settings.FIELD_ENCRYPTION_KEYS = [new]
    assert Member.objects.get(pk=after.pk).phone == PHONE
    with pytest.raises(InvalidToken):
        Member.objects.get(pk=before.pk)


@pytest.mark.django_db
def test_saving_an_old_row_after_a_rotation_moves_it_to_the_new_key(settings: LazySettings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [old]
    member = a_member(region("pingliang"), phone=PHONE)
    settings.FIELD_ENCRYPTION_KEYS = [new, old]
    Member.objects.get(pk=member.pk).save()
    settings.FIELD_ENCRYPTION_KEYS = [new]
    assert Member.objects.get(pk=member.pk).phone == PHONE


@pytest.mark.django_db
def test_the_hash_finds_a_person_and_follows_a_corrected_number() -> None:
    member, other = a_member(region("pingliang")), a_member(region("pingliang"))
    assert Member.objects.get(identity_hash=search_hash(member.identity_number)) == member
    former = member.identity_number
    number = other.identity_number
    erase(other)
    member.identity_number = number
    member.save()
    assert Member.objects.get(identity_hash=search_hash(number)) == member
    assert not Member.objects.filter(identity_hash=search_hash(former)).exists()


@pytest.mark.django_db
def test_the_database_refuses_one_person_twice_in_a_region() -> None:
    member = a_member(region("pingliang"))
    facts: dict[str, Any] = {
        "member_number": "another",
        "name": "another",
        "identity_number": member.identity_number.lower(),
        "sex": member.sex,
        "birth_date": member.birth_date,
    }
    with pytest.raises(IntegrityError, match="a_person_is_a_member_once_per_region"), transaction.atomic():
        Member.objects.create(region=member.region, **facts)
    elsewhere = register_member(region("dazhou"), reason=REASON, **facts)
    assert elsewhere.identity_hash == member.identity_hash


def test_the_hash_is_the_same_however_the_number_is_typed_and_needs_the_key(settings: LazySettings) -> None:
    digest = search_hash("62080019800501001X")
    assert search_hash(" 62080019800501001x\n") == digest
    assert search_hash("620800198005010028") != digest
    assert len(digest) == 64
    settings.SEARCH_HASH_KEY = "another key"
    assert search_hash("62080019800501001X") != digest


@pytest.mark.parametrize(
    ("value", "head", "tail", "shown"),
    [
        ("62080019800501001X", 6, 2, "620800**********1X"),
        (PHONE, 3, 2, "139******34"),
        ("123456", 3, 2, "123*56"),
        ("12345", 3, 2, "*****"),
        ("1", 3, 2, "*"),
        ("", 3, 2, ""),
    ],
)
def test_a_masked_number_keeps_its_ends_and_hides_a_short_one_whole(
    value: str, head: int, tail: int, shown: str
) -> None:
    assert masked(value, head=head, tail=tail) == shown


@pytest.mark.django_db
def test_a_member_is_named_without_the_identity_number() -> None:
    member = a_member(region("pingliang"))
    number = member.identity_number
    assert number not in f"{member} {member!r} {member.masked_identity_number}"
    assert member.masked_identity_number == f"{number[:6]}**********{number[-2:]}"
