"""How fast a long list becomes a file, and how much memory that takes: `make bench-export`.

On a database of its own, filled with invented members: the ledger's list, as a finance officer sees it, is written as
CSV and as XLSX, a tenth and the whole of its rows; and as CSV the list of members, whose insurance of the day has to be
worked out and whose numbers are encrypted, a tenth as many. What is measured is all that a worker does: roles and
filters, the rows out of the database, the file. The floor is the same rows as the database itself copies them out.
Memory is the process's own peak; that it grows no more than a bound from a tenth to the whole shows that it is flat.
`python -m tests.bench.exports [ROWS]`, or BENCH_ROWS; 1,000,000 if not said.
"""

import io
import os
import resource
import sys
import tempfile
import time
from datetime import date
from typing import Any

from tests.bench.credits import own_database, say
from tests.bench.owner import as_the_owner

# Rows a second as CSV; how much more memory ten times the rows may take, MB.
LEAST_PACE, LEAST_PACE_WORKED_OUT, GROWTH_BOUND_MB = 50_000, 20_000, 30
_REGION, _POSTED_ON = "zaozhuang", date(2024, 2, 1)
_MEMBERS = """
    INSERT INTO members_member (region_id, member_number, name, document_kind, identity_number, identity_hash, sex,
        birth_date, phone, employer)
    SELECT region.id, lpad(number::text, 9, '0'), '参保人' || number, 'resident_card', %(card)s, md5(number::text), 'F',
        '1980-01-01', '', ''
    FROM agency_poolingregion AS region, generate_series(1, %(members)s) AS number WHERE region.slug = %(region)s
"""
_ENROLLED = """
    INSERT INTO members_enrollment (member_id, period, scheme, employment, status, had_account_before)
    SELECT id, daterange('2020-01-01', NULL), 'combined', 'employee', 'active', true FROM members_member
"""
ACCOUNTS = """
    INSERT INTO accounts_ledgeraccount (region_id, kind, member_id, balance, state)
    SELECT region_id, 'personal', id, 0, 'open' FROM members_member
"""
BOOK = """
    INSERT INTO accounts_ledgeraccount (region_id, kind, state)
    SELECT id, 'transfers', 'open' FROM agency_poolingregion WHERE slug = %(region)s
"""
ENTRIES = """
    INSERT INTO accounts_ledgerentry (region_id, debit_id, credit_id, amount, kind, component, posted_on, posted_at,
        cause, key)
    SELECT account.region_id, book.id, account.id, 1 + number %% 300 + 0.25, 'transfer_in', '', %(day)s, now(),
        'bench:' || number, 'bench:' || account.id || ':' || number
    FROM accounts_ledgeraccount AS account, generate_series(1, %(each)s) AS number,
        (SELECT id FROM accounts_ledgeraccount WHERE kind = 'transfers') AS book
    WHERE account.kind = 'personal'
"""
_COPIED = """
    COPY (SELECT entry.id, entry.posted_on, entry.kind, entry.amount, entry.month, member.name, member.member_number
        FROM accounts_ledgerentry AS entry JOIN accounts_ledgeraccount AS account ON account.id = entry.credit_id
        JOIN members_member AS member ON member.id = account.member_id ORDER BY entry.id DESC) TO STDOUT (FORMAT csv)
"""
_EACH = 10


def main() -> int:
    """Measure and print; 1 where a bound is broken."""
    rows = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("BENCH_ROWS", "1000000"))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ["PRIVATE_MEDIA_ROOT"] = folder
        with own_database():
            _furnish(rows)
            return _measure(rows)


@as_the_owner
def _furnish(rows: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from agency.fields import encrypted

    call_command("migrate", verbosity=0)
    call_command("load_packs", verbosity=0)
    call_command("sync_roles", verbosity=0)
    values: dict[str, int | str | date] = {
        "members": max(rows // _EACH, 1),
        "region": _REGION,
        "card": encrypted("370402198001010017"),
        "each": _EACH,
        "day": _POSTED_ON,
    }
    with connection.cursor() as cursor:
        for statement in (_MEMBERS, _ENROLLED, ACCOUNTS, BOOK, ENTRIES, "ANALYZE"):
            cursor.execute(statement, values if "%(" in statement else None)


def _measure(rows: int) -> int:
    from agency.models import PoolingRegion, Role, User
    from agency.services.staff import assign_role

    finance = User.objects.create_user("finance", is_staff=True)
    assign_role(finance, Role.FINANCE, PoolingRegion.objects.get(slug=_REGION), reason="bench")
    floor = _copied()
    say(f"COPY out of {rows:,} rows: {floor:.1f} s ({rows / floor:,.0f} rows/s)")
    tenth = "?q=bench:1"
    _written(finance, "csv", tenth)
    small = _peak()
    busy = time.process_time()
    seconds, count, size = _written(finance, "csv", "")
    busy = time.process_time() - busy
    growth, pace = _peak() - small, count / seconds
    say(
        f"CSV of {count:,} rows: {seconds:.1f} s, {pace:,.0f} rows/s, {seconds / floor:.1f} times COPY "
        f"({busy:.1f} s of this process's own work, {count / busy:,.0f} rows/s), "
        f"{size / 2**20:.0f} MB; peak memory {_peak():.0f} MB, {growth:.0f} MB more than for a tenth"
    )
    head = User.objects.create_superuser("head")
    seconds, members, _size = _written(head, "csv", "", "members.member")
    worked_out = members / seconds
    say(f"CSV of {members:,} members: {seconds:.1f} s, {worked_out:,.0f} rows/s")
    before = _peak()
    seconds, count, size = _written(finance, "xlsx", "")
    say(
        f"XLSX of {count:,} rows: {seconds:.1f} s, {count / seconds:,.0f} rows/s, {size / 2**20:.0f} MB; "
        f"peak memory {_peak():.0f} MB, {_peak() - before:.0f} MB more than CSV"
    )
    is_quick = pace >= LEAST_PACE and worked_out >= LEAST_PACE_WORKED_OUT
    return 0 if is_quick and count == rows and growth <= GROWTH_BOUND_MB else 1


def _written(user: Any, form: str, query: str, listed: str = "accounts.ledgerentry") -> tuple[float, int, int]:
    """Seconds, rows and bytes of a list as a file, as a worker writes it."""
    from django.apps import apps
    from django.contrib import admin

    from agency.exporting.files import WRITERS, says_nothing

    page: Any = admin.site.get_model_admin(apps.get_model(listed))
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as file:
        _total, sheet = page.sheet_for(user, query.removeprefix("?"), "")
        rows = WRITERS[form](sheet, file, says_nothing)
        return time.perf_counter() - begun, rows, file.seek(0, io.SEEK_END)


def _copied() -> float:
    from django.db import connection

    begun = time.perf_counter()
    with connection.cursor() as cursor, cursor.copy(_COPIED) as copy:
        for _piece in copy:
            pass
    return time.perf_counter() - begun


def _peak() -> float:
    """Of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
