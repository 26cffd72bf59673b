"""The chain of seals: whatever is done to a sealed row is named by table, id and day, and nothing else is."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils.timezone import localdate

from agency.models import PoolingRegion, Seal
from agency.selectors.chain import Fault, faults_of
from agency.selectors.mirrors import rows_beside_their_history
from agency.selectors.sealed import sealed_models
from agency.services.sealing import seal
from desk.sealed_books import sentence
from tests.builder.office import Office
from tests.database import owners_cursor

pytestmark = pytest.mark.django_db

# A column of each table, and another value for it.
TABLES = {
    "accounts_ledgerentry": "amount = amount + 1",
    "accounts_historicalcreditrun": "state = 'posted'",
    "agency_historicaluser": "is_superuser = true",
    "claims_historicalclaim": "history_user_id = NULL",
    "members_historicalenrollment": "status = 'another'",
    "claims_settlement": "steps = '[]'",
    "claims_settlementusage": "paid = paid + 1",
    "members_historicalmember": "name = 'another'",
    "members_historicalcontribution": "base = base + 1",
    "policies_historicalpolicyversion": "history_change_reason = 'another'",
    "policies_reimbursementrate": "rate = rate / 2",
    "policies_creditrule": "phrase = 'another'",
    "policies_ceiling": "article = 'another'",
    "policies_deductible": "reading = '9999'",
    "providers_historicalprovider": "name = 'another'",
    "reimbursements_historicalreimbursement": "decision_reason = 'another'",
}
PLANTED = -7


@pytest.fixture(scope="module")
def sealed(office: Office) -> Office:
    """The office, with everything sealed that is in it."""
    assert seal() > 500
    return office


@pytest.fixture
def cursor(sealed: Office) -> Iterator[Any]:
    """Of somebody who owns the tables, and has put aside what guards them; taken back afterwards."""
    with transaction.atomic():
        with owners_cursor() as found:
            found.execute("SET CONSTRAINTS ALL IMMEDIATE")
            found.execute("SET LOCAL session_replication_role = replica")
            yield found
        transaction.set_rollback(True)


def unguarded(cursor: Any, table: str) -> None:
    """Take the table's unique constraints away, all but its key."""
    cursor.execute(
        "SELECT indexrelid::regclass::text, conname FROM pg_index LEFT JOIN pg_constraint ON conindid = indexrelid"
        " AND contype = 'u' WHERE indrelid = %s::regclass AND indisunique AND NOT indisprimary",
        [table],
    )
    for index, constraint in cursor.fetchall():
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}" if constraint else f"DROP INDEX {index}")


def changed(cursor: Any, table: str, key: str, rows: list[int]) -> set[tuple[str, int]]:
    cursor.execute(f"UPDATE {table} SET {TABLES[table]} WHERE {key} = %s", [rows[0]])
    return {("changed", rows[0])}


def deleted(cursor: Any, table: str, key: str, rows: list[int]) -> set[tuple[str, int]]:
    cursor.execute(f"DELETE FROM {table} WHERE {key} = %s", [rows[0]])
    return {("deleted", rows[0])}


def inserted(cursor: Any, table: str, key: str, rows: list[int]) -> set[tuple[str, int]]:
    unguarded(cursor, table)
    cursor.execute(
        f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT planted.* FROM {table} AS row,"
        f" jsonb_populate_record(row, jsonb_build_object('{key}', {PLANTED})) AS planted WHERE row.{key} = %s",
        [rows[0]],
    )
    return {("inserted", PLANTED)}


def reordered(cursor: Any, table: str, key: str, rows: list[int]) -> set[tuple[str, int]]:
    """Two rows change places."""
    first, second = rows
    for old, new in ((first, PLANTED), (second, first), (PLANTED, second)):
        cursor.execute(f"UPDATE {table} SET {key} = %s WHERE {key} = %s", [new, old])
    return {("changed", first), ("changed", second)}


@pytest.mark.parametrize("damage", [changed, deleted, inserted, reordered], ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("table", TABLES)
def test_damage_is_named_by_table_row_and_day(cursor: Any, table: str, damage: Callable[..., Any]) -> None:
    """By somebody who owns the tables and has switched everything off."""
    key = sealed_models()[table]._meta.pk.column
    chain = Seal.objects.filter(table=table, ids__len__gte=2).order_by("pk")[:1].get()
    expected = damage(cursor, table, key, list(chain.ids[-2:]))
    _looked_at, faults = faults_of(chain.region)
    assert {(each.what, each.pk) for each in faults if each.table == table} == expected
    assert {each.table for each in faults} == {table}
    assert {each.on for each in faults} == ({None} if damage is inserted else {localdate()})


def test_clean_books_have_no_fault(sealed: Office) -> None:
    everywhere = [None, *PoolingRegion.objects.all()]
    found = [faults_of(region) for region in everywhere]
    assert sum(looked_at for looked_at, _faults in found) == sum(
        len(ids) for ids in Seal.objects.values_list("ids", flat=True)
    )
    assert [faults for _looked_at, faults in found if faults] == []
    assert [fault for region in everywhere for fault in rows_beside_their_history(region)] == []


def test_every_sealed_table_that_has_rows_is_in_the_chain(sealed: Office) -> None:
    with_rows = {
        table
        for table, model in sealed_models().items()
        if model._base_manager.filter(**getattr(model, "sealed_once", {})).exists()
    }
    assert with_rows == set(Seal.objects.values_list("table", flat=True)) > set(TABLES)


def test_what_was_written_since_is_sealed_next_and_nothing_twice(sealed: Office) -> None:
    assert seal() == 0
    sealed.objs["open_claim"].save()
    assert seal() == 1
    newest = Seal.objects.order_by("-pk")[0]
    assert newest.table == "claims_historicalclaim"
    assert newest.previous == Seal.objects.get(region=newest.region, number=newest.number - 1).seal
    assert faults_of(newest.region)[1] == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE agency_seal SET content = repeat('0', 64) WHERE id = {first}",
        "UPDATE agency_seal SET previous = repeat('0', 64) WHERE id = {second}",
        "UPDATE agency_seal SET sealed_at = sealed_at - interval '1 day' WHERE id = {first}",
        "UPDATE agency_seal SET ids = ids[2:] WHERE id = {first}",
        "DELETE FROM agency_seal WHERE id = {first}",
        "UPDATE agency_seal SET number = number + 100000 WHERE id = {first}",
    ],
)
def test_a_seal_that_is_not_the_one_made_is_named(cursor: Any, sealed: Office, statement: str) -> None:
    first, second = Seal.objects.filter(region=sealed.here, ids__len__gte=2).order_by("number")[:2]
    cursor.execute(statement.format(first=first.pk, second=second.pk))
    assert "seal" in {each.what for each in faults_of(sealed.here)[1]}


def test_a_chain_made_anew_is_not_the_one_kept_outside(cursor: Any, sealed: Office, tmp_path: Path) -> None:
    """Whoever changes a row and makes every seal anew is found by what is kept elsewhere, and by that alone."""
    outside = tmp_path / "seals.json"
    call_command("seal", export=str(outside), verbosity=0)
    assert {each["region"] for each in json.loads(outside.read_text())} >= {"", sealed.here.slug}
    call_command("seal", check=str(outside), verbosity=0)
    cursor.execute("UPDATE accounts_ledgerentry SET amount = amount + 1")
    cursor.execute("DELETE FROM agency_seal")
    seal()
    assert faults_of(sealed.here)[1] == []
    with pytest.raises(CommandError, match=sealed.here.slug):
        call_command("seal", check=str(outside), verbosity=0)


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        ("UPDATE policies_averagepension SET monthly = monthly + 1 WHERE id = {}", "pension"),
        ("UPDATE accounts_creditrun SET authors = ARRAY[1] WHERE id = {}", "run"),
        ("UPDATE reimbursements_reimbursement SET decision_reason = 'another' WHERE id = {}", "reimbursement"),
        ("UPDATE claims_claim SET served_on = served_on - 1 WHERE id = {}", "claim"),
        ("DELETE FROM claims_claim WHERE id = {}", "claim"),
        ("UPDATE policies_policyversion SET article = 'another' WHERE id = {}", "draft"),
    ],
)
def test_a_decided_row_that_is_not_what_its_history_says_is_named(
    cursor: Any, sealed: Office, statement: str, row: str
) -> None:
    damaged = sealed.objs[row]
    cursor.execute(statement.format(damaged.pk))
    (fault,) = rows_beside_their_history(sealed.here)
    assert (fault.table, fault.pk) == (damaged._meta.db_table, damaged.pk)


@pytest.mark.usefixtures("in_english")
def test_a_fault_is_told_in_a_sentence() -> None:
    fault = Fault("changed", "accounts_ledgerentry", 17, localdate())
    assert sentence(fault).startswith("accounts_ledgerentry #17 was changed after it was sealed on ")
    assert "gone" in sentence(Fault("deleted", "claims_claim", 17, None))
