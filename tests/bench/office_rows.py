"""A full office out of a small one: the demonstration's rows of one region, again and again, for a million members.

Everything is written by INSERT … SELECT, past triggers and references. Whatever is copied keeps what it says, so that
bills add up and every state occurs as often as in the demonstration; it gets other members, claims and numbers. A copy
of a claim, its settlement and its record have the same id, from BASE on.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Values = dict[str, int | str]
BASE = 10_000_000
ENTRIES_EACH, CLAIMS_EACH = 12, 2
_PROVIDERS, _RECORDS_OF_A_FILE, _MANUAL_OF_A_HUNDRED = 1_000, 10_000, 1
_REGION = "(SELECT id FROM agency_poolingregion WHERE slug = %(region)s)"
# Prime, so that copies pass by nobody.
_SOMEBODY = "%(first)s + {}::bigint * 7919 %% %(members)s"
_PROVIDER = f"{BASE} + {{}} %% {_PROVIDERS}"

_LARGE = (
    "accounts_checkedcredit",
    "accounts_ledgeraccount",
    "accounts_ledgerentry",
    "claims_benefitusage",
    "claims_claim",
    "claims_claimline",
    "claims_historicalclaim",
    "claims_settlement",
    "claims_settlementusage",
    "clearing_settledrecord",
    "clearing_statemententry",
    "members_historicalmember",
)

_TEMPLATES = f"""
    DROP TABLE IF EXISTS bench_template, bench_claim;
    CREATE TABLE bench_template AS
    SELECT claim.id, channel, row_number() OVER (PARTITION BY channel ORDER BY claim.id) - 1 AS nth
    FROM claims_claim AS claim
    WHERE (channel = 'manual' OR region_id = {_REGION})
        AND (channel = 'direct' OR EXISTS (SELECT FROM reimbursements_reimbursement WHERE claim_id = claim.id))
        -- What was taken back, or settled anew, is more than one settlement.
        AND (SELECT count(*) FROM claims_settlement WHERE claim_id = claim.id) < 2 AND state <> 'reversed';
    CREATE TABLE bench_claim AS
    SELECT {BASE} + number AS id, number, template.id AS template, {_SOMEBODY.format("number")} AS member
    FROM generate_series(1, %(claims)s) AS number JOIN bench_template AS template
        ON template.channel = CASE WHEN number %% 100 < {_MANUAL_OF_A_HUNDRED} THEN 'manual' ELSE 'direct' END
        AND template.nth = number / 7 %% CASE WHEN number %% 100 < {_MANUAL_OF_A_HUNDRED}
            THEN (SELECT count(*) FROM bench_template WHERE channel = 'manual')
            ELSE (SELECT count(*) FROM bench_template WHERE channel = 'direct') END;
    CREATE INDEX ON bench_claim (template);
    ANALYZE bench_claim
"""
_ACCOUNTS = f"""
    INSERT INTO accounts_ledgeraccount (id, region_id, kind, member_id, balance, state)
    SELECT {BASE} + id, region_id, 'personal', id, 0, 'open' FROM members_member WHERE id >= %(first)s
"""
_USAGE = """
    INSERT INTO claims_benefitusage (member_id, year, month, scope, key, deductible, covered, paid, counted)
    SELECT member_id, year, month, scope, key, sum(usage.deductible), sum(usage.covered), sum(paid), sum(counted)
    FROM claims_settlementusage AS usage JOIN claims_settlement AS settlement ON settlement.id = settlement_id
    WHERE settlement.member_id >= %(first)s GROUP BY 1, 2, 3, 4, 5
"""
_BALANCES = """
    UPDATE accounts_ledgeraccount AS account SET balance = greatest(moved.balance, 0)
    FROM (
        SELECT account, sum(amount) AS balance FROM (
            SELECT credit_id AS account, amount FROM accounts_ledgerentry
            UNION ALL SELECT debit_id, -amount FROM accounts_ledgerentry
        ) AS both_ways GROUP BY account
    ) AS moved
    WHERE moved.account = account.id AND account.id >= 10000000
"""
_HISTORY_OF_MEMBERS = """
    INSERT INTO members_historicalmember (id, member_number, name, document_kind, identity_number, identity_hash, sex,
        birth_date, died_on, phone, employer, old_retiree_credit, contribution_months, region_id, history_date,
        history_change_reason, history_type)
    SELECT id, member_number, name, document_kind, identity_number, identity_hash, sex, birth_date, died_on, phone,
        employer, old_retiree_credit, contribution_months, region_id, now() - interval '1 year', 'bench', '+'
    FROM members_member WHERE id >= %(first)s
"""


def _copies(of: str, number: str) -> str:
    """The rows of a table, so many times; each copy is a number from 1 on."""
    return (
        f"(SELECT *, row_number() OVER (ORDER BY id) - 1 AS nth FROM {of}) AS old "
        f"JOIN generate_series(1, {number}) AS number ON number %% (SELECT count(*) FROM {of}) = old.nth"
    )


def _of_region(table: str, path: str) -> str:
    return f"(SELECT t.* FROM {table} AS t {path} = {_REGION}) AS ours"


_OF_CLAIM = "JOIN bench_claim AS new ON new.template = old.claim_id"
_HERE = "WHERE t.region_id"
_BOOKS = f"(SELECT id, kind FROM accounts_ledgeraccount WHERE member_id IS NULL AND region_id = {_REGION})"
# Without their number, which is a copy's own.
_ROWS_OF_FILES = (
    "(SELECT id, key, cells, outcome, problems, doubts, before, made, is_in FROM files_importedrow) AS ours"
)
# Of each table: whose copies they are, and what is otherwise in them. A quarter of the office's work waits.
_COPIED: tuple[tuple[str, str, dict[str, str]], ...] = (
    (
        "providers_provider",
        _copies(_of_region("providers_provider", _HERE), str(_PROVIDERS)),
        {"id": _PROVIDER.format("number"), "code": "old.code || '-' || number", "name": "old.name || number"},
    ),
    (
        "providers_agreement",
        f"providers_provider AS new JOIN providers_provider AS first ON new.id >= {BASE} AND first.id < {BASE}"
        " AND first.code = split_part(new.code, '-', 1) AND first.region_id = new.region_id"
        " JOIN providers_agreement AS old ON old.provider_id = first.id",
        {"provider_id": "new.id", "hospital_id": "NULL"},
    ),
    (
        "providers_catalogitem",
        _copies(_of_region("providers_catalogitem", _HERE), "30000"),
        {"code": "old.code || '-' || number", "name": "old.name || number"},
    ),
    (
        "claims_claim",
        "claims_claim AS old JOIN bench_claim AS new ON new.template = old.id",
        {
            "id": "new.id",
            "claim_number": "'B' || new.number",
            "invoice_number": "CASE old.invoice_number WHEN '' THEN '' ELSE 'B' || new.number END",
            "region_id": _REGION,
            "member_id": "new.member",
            "provider_id": _PROVIDER.format("new.number"),
            "account_holder_id": "NULL",
        },
    ),
    ("claims_claimline", f"claims_claimline AS old {_OF_CLAIM}", {"claim_id": "new.id"}),
    (
        "claims_historicalclaim",
        "claims_historicalclaim AS old JOIN bench_claim AS new ON new.template = old.id AND old.history_type = '+'",
        {"id": "new.id", "claim_number": "'B' || new.number", "member_id": "new.member", "region_id": _REGION},
    ),
    (
        "claims_settlement",
        f"claims_settlement AS old {_OF_CLAIM}",
        {"id": "new.id", "claim_id": "new.id", "member_id": "new.member"},
    ),
    (
        "claims_settlementusage",
        "claims_settlementusage AS old JOIN claims_settlement AS s ON s.id = old.settlement_id"
        " JOIN bench_claim AS new ON new.template = s.claim_id",
        {"settlement_id": "new.id"},
    ),
    (
        "accounts_ledgerentry",
        "accounts_ledgerentry AS old JOIN claims_settlement AS s ON old.cause = 'settlement:' || s.id"
        " JOIN bench_claim AS new ON new.template = s.claim_id"
        " JOIN accounts_ledgeraccount AS source ON source.id = old.debit_id"
        " JOIN accounts_ledgeraccount AS goal ON goal.id = old.credit_id"
        f" LEFT JOIN {_BOOKS} AS d ON d.kind = source.kind LEFT JOIN {_BOOKS} AS c ON c.kind = goal.kind",
        {
            "region_id": _REGION,
            "debit_id": f"coalesce(d.id, {BASE} + new.member)",
            "credit_id": f"coalesce(c.id, {BASE} + new.member)",
            "cause": "'settlement:' || new.id",
            "key": "'settlement:' || new.id || ':' || old.kind",
            "provider_id": _PROVIDER.format("new.number"),
            "beneficiary_id": "NULL",
        },
    ),
    (
        "clearing_settledrecord",
        f"clearing_settledrecord AS old {_OF_CLAIM}",
        {
            "claim_id": "new.id",
            "file_id": f"{BASE} + new.number / {_RECORDS_OF_A_FILE}",
            "chunk_id": "NULL",
            "line": f"2 + new.number %% {_RECORDS_OF_A_FILE}",
            "claim_number": "'B' || new.number",
        },
    ),
    ("agency_job", _copies("agency_job", "20000"), {"id": f"{BASE} + number"}),
    (
        "clearing_settledfile",
        _copies(_of_region("clearing_settledfile", _HERE), f"%(claims)s / {_RECORDS_OF_A_FILE} + 1"),
        {"id": f"{BASE} - 1 + number", "job_id": f"{BASE} - 1 + number", "digest": "md5(number::text)"},
    ),
    (
        "reimbursements_reimbursement",
        f"reimbursements_reimbursement AS old {_OF_CLAIM}",
        {"id": "new.id", "claim_id": "new.id"},
    ),
    (
        "reimbursements_paymentitem",
        "reimbursements_reimbursement AS r JOIN (SELECT * FROM reimbursements_paymentitem WHERE state = 'paid'"
        f" ORDER BY id LIMIT 1) AS old ON r.state = 'paid' AND r.id > {BASE}",
        {"reimbursement_id": "r.id"},
    ),
    (
        "clearing_providerstatement",
        _copies("clearing_providerstatement", f"{_PROVIDERS * 12}"),
        {
            "id": f"{BASE} + number",
            "provider_id": _PROVIDER.format("number"),
            "month": f"date '2025-11-01' + (number - 1) / {_PROVIDERS} * interval '1 month'",
        },
    ),
    (
        "monitoring_reviewflag",
        _copies(_of_region("monitoring_reviewflag", _HERE), "20000"),
        {
            "id": f"{BASE} + number",
            "key": "old.key || number",
            "member_id": _SOMEBODY.format("number"),
            "provider_id": _PROVIDER.format("number"),
        },
    ),
    (
        "monitoring_reviewflag_claims",
        f"monitoring_reviewflag AS flag JOIN claims_claim AS claim ON claim.id = flag.id AND flag.id > {BASE}"
        " JOIN (SELECT 1 AS one) AS old ON true",
        {"reviewflag_id": "flag.id", "claim_id": "claim.id"},
    ),
    (
        "notes_note",
        _copies(_of_region("notes_note", "WHERE t.member_id IS NOT NULL AND t.region_id"), "50000"),
        {"id": f"{BASE} + number", "member_id": _SOMEBODY.format("number"), "key": "gen_random_uuid()"},
    ),
    (
        "notes_task",
        _copies("(SELECT * FROM notes_task WHERE state <> 'handed_on') AS ours", "20000"),
        {"note_id": f"{BASE} + number"},
    ),
    (
        "members_diseaseregistration",
        _copies("members_diseaseregistration", "100000"),
        {"member_id": _SOMEBODY.format("number")},
    ),
    (
        "members_outofarearegistration",
        _copies("members_outofarearegistration", "50000"),
        {"member_id": _SOMEBODY.format("number")},
    ),
    ("members_hospitalstay", _copies("members_hospitalstay", "50000"), {"member_id": _SOMEBODY.format("number")}),
    (
        "accounts_familyuseauthorization",
        _copies("accounts_familyuseauthorization", "50000"),
        {"holder_id": _SOMEBODY.format("number"), "relative_id": _SOMEBODY.format("(number + 1)")},
    ),
    (
        "accounts_accountrequest",
        _copies("accounts_accountrequest", "20000"),
        {"member_id": _SOMEBODY.format("number"), "entry_id": "old.entry_id"},
    ),
    (
        "accounts_accountclosing",
        _copies("(SELECT * FROM accounts_accountclosing WHERE follows_id IS NULL) AS ours", "20000"),
        {"account_id": f"{BASE} + {_SOMEBODY.format('number')}"},
    ),
    (
        "accounts_creditdifference",
        _copies("accounts_creditdifference", "20000"),
        {
            "member_id": _SOMEBODY.format("number"),
            "run_id": f"(SELECT min(id) FROM accounts_creditrun WHERE region_id = {_REGION})",
        },
    ),
    (
        "claims_reversal",
        _copies("claims_reversal", "10000"),
        {"settlement_id": f"(SELECT id FROM claims_settlement WHERE id >= {BASE} + number * 100 ORDER BY id LIMIT 1)"},
    ),
    ("claims_batchyear", _copies("claims_batchyear", "100000"), {"member_id": _SOMEBODY.format("number")}),
    ("agency_export", _copies("agency_export", "10000"), {"asked_at": "now() - number * interval '1 hour'"}),
    (
        "files_fileimport",
        _copies("files_fileimport", "5000"),
        {"id": f"{BASE} + number", "region_id": _REGION, "job_id": f"{BASE} + number"},
    ),
    (
        "files_importedrow",
        _copies(_ROWS_OF_FILES, "500000"),
        {"file_import_id": f"{BASE} + 1 + number / 100000", "number": "number", "line": "number"},
    ),
)
# The credits of the last months, so many that there are twelve entries for each member.
_CREDITED = f"accounts_ledgerentry WHERE kind = 'monthly_credit' AND region_id = {_REGION}"
_CREDITS: tuple[str, str, dict[str, str]] = (
    "accounts_ledgerentry",
    "members_member AS new JOIN"
    f" (SELECT *, row_number() OVER (PARTITION BY month ORDER BY id) - 1 AS nth FROM {_CREDITED}) AS old"
    f" ON new.id %% (SELECT count(*) / count(DISTINCT month) FROM {_CREDITED}) = old.nth AND new.id >= %(first)s"
    f" AND old.month IN (SELECT DISTINCT month FROM {_CREDITED} ORDER BY month DESC LIMIT %(credits)s)"
    " ORDER BY old.month, new.id",
    {"credit_id": f"{BASE} + new.id", "key": "'bench:' || old.month || ':' || new.id"},
)
_STATEMENT_ENTRIES = f"""
    INSERT INTO clearing_statemententry (statement_id, entry_id)
    SELECT {BASE} + 1 + id %% ({_PROVIDERS} * 12), id FROM accounts_ledgerentry
    WHERE provider_id >= {BASE} AND region_id = {_REGION}
"""
# What the open credit run has found.
_OPEN_RUN = f"run_id = (SELECT id FROM accounts_creditrun WHERE region_id = {_REGION} AND state = 'checked')"
_CHECKED: tuple[tuple[str, str, dict[str, str]], ...] = tuple(
    (
        table,
        "members_member AS new JOIN"
        f" (SELECT *, row_number() OVER (ORDER BY member_id) - 1 AS nth FROM {table} WHERE {_OPEN_RUN}) AS old"
        f" ON new.id %% {step} = 0 AND new.id >= %(first)s"
        f" AND new.id / {step} %% (SELECT count(*) FROM {table} WHERE {_OPEN_RUN}) = old.nth",
        {"member_id": "new.id"},
    )
    for table, step in (("accounts_checkedcredit", 1), ("accounts_creditexception", 50))
)


def fill(slug: str, first: int, members: int) -> None:
    """Write the rows of so many members of a region, whose ids follow one another from the first on."""
    from django.db import connection

    values: Values = {"region": slug, "first": first, "members": members, "claims": members * CLAIMS_EACH}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        cursor.execute("SET work_mem = '256MB'; SET maintenance_work_mem = '1GB'")
        indexes = _drop_indexes(cursor)
        # What a credit run has taken up long ago.
        cursor.execute("TRUNCATE members_entitlementchange")
        cursor.execute(_TEMPLATES, values)
        cursor.execute(_ACCOUNTS, values)
        _copy_all(cursor, _COPIED, values)
        cursor.execute("SELECT count(*) FROM accounts_ledgerentry WHERE key LIKE 'settlement:%%'", values)
        values["credits"] = ENTRIES_EACH - round(cursor.fetchone()[0] / members)
        _copy_all(cursor, (_CREDITS, *_CHECKED), values)
        for statement in (_USAGE, _BALANCES, _HISTORY_OF_MEMBERS, _STATEMENT_ENTRIES, *indexes):
            cursor.execute(statement, values)
        _set_sequences(cursor)
        cursor.execute("DROP TABLE bench_template, bench_claim; SET session_replication_role = origin")
        cursor.execute("VACUUM (ANALYZE)")


def _drop_indexes(cursor: Any) -> list[str]:
    """Drop those of the largest tables that no constraint needs; returns what makes them. Made at once they are made in
    a tenth of the time.
    """
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
        [list(_LARGE)],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in found]


def _copy_all(cursor: Any, copied: Sequence[tuple[str, str, dict[str, str]]], values: Values) -> None:
    from tests.bench.credits import say

    for table, source, changed in copied:
        say(f"{_copy(cursor, table, source, changed, values):>12,} {table}")


def _copy(cursor: Any, table: str, source: str, changed: Mapping[str, str], values: Values) -> int:
    """Write a table's rows anew; returns how many."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        " AND is_generated = 'NEVER' AND (column_name = ANY(%s) OR column_name NOT IN ('id', 'history_id'))",
        [table, list(changed)],
    )
    names = [name for (name,) in cursor.fetchall()]
    chosen = ", ".join(changed.get(name, f'old."{name}"') for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    cursor.execute(f"INSERT INTO {table} ({quoted}) SELECT {chosen} FROM {source}", values)
    return int(cursor.rowcount)


def _set_sequences(cursor: Any) -> None:
    """So that the office's own next rows come after the copies."""
    cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND is_identity = 'YES'"
    )
    for table, column in cursor.fetchall():
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), coalesce(max({column}), 1)) FROM {table}"
        )
