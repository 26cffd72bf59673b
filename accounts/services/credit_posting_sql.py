"""Posting what the check of an approved credit run kept: the digest of it, the chunks, the entries."""

# How many rows are kept, and a digest of them that does not depend on their order.
DIGEST = """
SELECT count(*), coalesce(sum(hashtextextended(concat_ws(
        '|', member_id, month, component, amount, credited, waived, fund, rule_id, basis, cause), 0)::numeric), 0)
FROM accounts_checkedcredit WHERE run_id = %(run)s
"""

# Ranges of member ids, each of at most so many members, made where the run has something to post or to list.
CUT_CHUNKS = """
INSERT INTO accounts_creditchunk (run_id, first_member, last_member, state, entry_count, amount)
SELECT %(run)s, min(member_id), max(member_id), 'waiting', 0, 0
FROM (
    SELECT member_id, (row_number() OVER (ORDER BY member_id) - 1) / %(size)s AS chunk
    FROM (SELECT DISTINCT member_id FROM accounts_checkedcredit WHERE run_id = %(run)s) AS people
) AS numbered
GROUP BY chunk
ORDER BY chunk
"""

# The accounts of those whom a chunk concerns, in the order of their ids, as every posting takes them: nobody waits in a
# circle, and nobody closes an account or takes from it while the chunk reads it.
LOCK_ACCOUNTS = """
SELECT FROM accounts_ledgeraccount
WHERE member_id BETWEEN %(first)s AND %(last)s AND region_id = %(region)s
  AND member_id IN (
    SELECT member_id FROM accounts_checkedcredit WHERE run_id = %(run)s AND member_id BETWEEN %(first)s AND %(last)s)
ORDER BY id FOR NO KEY UPDATE
"""

# A chunk's references are checked before it locks the rows that all chunks of the run share.
CHECK_REFERENCES = "SET CONSTRAINTS ALL IMMEDIATE"

# One statement, so that entries, new accounts and balances are written together. What is posted is what the check kept,
# whatever became known since: that is the next run's. An account opened here starts with the sum of its entries; an
# existing one is raised by it. What was credited above the entitlement is listed, not taken, less what decisions took
# or left with the member, also since the check; what is no longer above it lapses. What is due to closed accounts is
# posted elsewhere (`accounts.services.credit_after_closing`).
POST_CHUNK = """
WITH kept AS MATERIALIZED (
    SELECT checked.*, account.id AS account_id, account.state AS account_state
    FROM accounts_checkedcredit AS checked
    LEFT JOIN accounts_ledgeraccount AS account ON account.member_id = checked.member_id
    WHERE checked.run_id = %(run)s AND checked.member_id BETWEEN %(first)s AND %(last)s
),
fund AS MATERIALIZED (
    SELECT id, kind FROM accounts_ledgeraccount
    WHERE region_id = %(region)s AND kind IN ('contribution_income', 'pooled_fund', 'civil_servant_fund')
),
positive AS (
    SELECT * FROM kept WHERE amount > credited AND account_state IS DISTINCT FROM 'closed'
),
standing AS (
    SELECT kept.member_id, kept.month, kept.component, kept.cause, kept.amount,
        given.sum - taken.sum AS credited, left_with.sum AS waived
    FROM kept
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(entry.amount), 0.00) AS sum FROM accounts_ledgerentry AS entry
        WHERE entry.credit_id = kept.account_id AND entry.month = kept.month AND entry.component = kept.component
          AND entry.kind IN ('monthly_credit', 'true_up')
    ) AS given
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(entry.amount), 0.00) AS sum FROM accounts_ledgerentry AS entry
        WHERE entry.debit_id = kept.account_id AND entry.month = kept.month AND entry.component = kept.component
          AND entry.kind = 'recovery'
    ) AS taken
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(difference.credited - difference.entitled - difference.waived), 0.00) AS sum
        FROM accounts_creditdifference AS difference
        WHERE difference.member_id = kept.member_id AND difference.month = kept.month
          AND difference.component = kept.component AND difference.state = 'waived'
    ) AS left_with
    WHERE kept.amount <= kept.credited
),
sums AS (
    SELECT member_id, account_id, sum(amount - credited) AS amount FROM positive GROUP BY member_id, account_id
),
opened AS (
    INSERT INTO accounts_ledgeraccount (region_id, kind, member_id, balance, state)
    SELECT %(region)s, 'personal', member_id, amount, 'open' FROM sums WHERE account_id IS NULL
    RETURNING id, member_id
),
account AS (
    SELECT account_id AS id, member_id FROM sums WHERE account_id IS NOT NULL
    UNION ALL
    SELECT id, member_id FROM opened
),
raised AS (
    UPDATE accounts_ledgeraccount AS account SET balance = account.balance + sums.amount
    FROM sums WHERE account.id = sums.account_id AND account.member_id BETWEEN %(first)s AND %(last)s
),
listed AS (
    INSERT INTO accounts_creditdifference (run_id, member_id, month, component, credited, entitled, waived, cause)
    SELECT %(run)s, member_id, month, component, credited, amount, waived, cause
    FROM standing WHERE amount + waived < credited
    ON CONFLICT (member_id, month, component) WHERE state IN ('listed', 'submitted') DO UPDATE
        SET credited = excluded.credited, entitled = excluded.entitled, waived = excluded.waived,
            cause = excluded.cause
),
lapsed AS (
    UPDATE accounts_creditdifference AS difference SET state = 'lapsed'
    FROM (
        SELECT member_id, month, component FROM kept WHERE amount > credited
        UNION ALL
        SELECT member_id, month, component FROM standing WHERE amount + waived >= credited
    ) AS settled
    WHERE difference.state IN ('listed', 'submitted') AND difference.member_id = settled.member_id
      AND difference.month = settled.month AND difference.component = settled.component
),
written AS (
    INSERT INTO accounts_ledgerentry (
        region_id, debit_id, credit_id, amount, kind, month, component, posted_on, posted_at, posted_by_id, cause,
        rule_id, basis, entitlement_before, entitlement_after, key)
    SELECT %(region)s, fund.id, account.id, positive.amount - positive.credited,
        CASE WHEN (positive.month = %(month)s OR positive.cause = 'advance') AND positive.credited = 0
            THEN 'monthly_credit' ELSE 'true_up' END,
        positive.month, positive.component, %(as_of)s, now(), %(actor)s,
        CASE WHEN positive.cause = 'month' THEN 'credit_run:' || %(run)s
             ELSE 'credit_run:' || %(run)s || ':' || positive.cause END,
        positive.rule_id, positive.basis, positive.credited, positive.amount,
        'credit:' || %(run)s || ':' || positive.member_id || ':' || positive.month || ':' || positive.component
    FROM positive
    JOIN account ON account.member_id = positive.member_id
    JOIN fund ON fund.kind = positive.fund
    RETURNING amount
)
SELECT count(*), coalesce(sum(amount), 0.00) FROM written
"""
