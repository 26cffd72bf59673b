"""Wrong things in the books, past whatever protects them, and what then differs."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Model

from accounts.models import LedgerAccount, LedgerEntry
from accounts.selectors.books import find_differences
from agency.models import PoolingRegion
from desk.sealed_books import SEALED
from desk.services.books import checks
from tests.builder.books import KeptBooks
from tests.database import OWNER, as_application

Damage = Callable[[KeptBooks], dict[str, list[int]]]
"""Plants one wrong thing and says which checks then name which ids."""


@contextmanager
def behind_our_backs(*constraints: tuple[type[Model], str]) -> Iterator[None]:
    """Whoever writes inside gets past triggers and foreign keys, and past the constraints of these tables."""
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('session_replication_role')")
        is_behind_already = cursor.fetchone() == ("replica",)
        cursor.execute(OWNER)
        for model, name in constraints:
            # A table with checks still to be made cannot be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(name)}")
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        if not is_behind_already:
            cursor.execute("SET LOCAL session_replication_role = origin")
            cursor.execute(as_application())


def rewrite(rows: Any, **values: Any) -> None:
    """Write other values into the rows of a queryset, past whatever protects them."""
    with behind_our_backs():
        assert rows.update(**values) > 0


def change(row: Model, **values: Any) -> None:
    """Write other values into one row, past whatever protects it."""
    with behind_our_backs():
        assert type(row)._default_manager.filter(pk=row.pk).update(**values) == 1


def erase(row: Model) -> None:
    """Take one row away, past whatever protects it."""
    with behind_our_backs():
        assert type(row)._default_manager.filter(pk=row.pk)._raw_delete("default") == 1


def repeat(entry: LedgerEntry, key: str, **values: Any) -> LedgerEntry:
    """Write an entry once more under another key, with other values, past whatever protects the ledger."""
    again = LedgerEntry.objects.get(pk=entry.pk)
    again.pk, again.key = None, key
    for name, value in values.items():
        setattr(again, name, value)
    with behind_our_backs():
        again.save(force_insert=True)
    return again


def raise_balance(account: LedgerAccount, amount: str) -> None:
    """Change what an account holds by so many yuan, so that it still equals its entries after these were damaged."""
    change(account, balance=F("balance") + Decimal(amount))


def differing(region: PoolingRegion) -> dict[str, list[int]]:
    """The checks that find something, with the ids they name.

    What a row's history says of it is left out: it differs with every row that is damaged (tests/desk/test_seals.py).
    """
    found = find_differences(region, [check for check in checks() if check not in SEALED])
    return {each.check.name: list(each.examples) for each in found if each.differing}


def checks_tried(kept: KeptBooks, damages: Iterable[Damage]) -> set[str]:
    """The checks that some damage is expected to be found by."""
    tried: set[str] = set()
    for damage in damages:
        with transaction.atomic():
            tried |= set(damage(kept))
            transaction.set_rollback(True)
    return tried
