"""Yearly interest, set-based: what each account of a range earned, its entries and its balance."""

# In the order of their ids, as every posting takes them: nobody waits in a circle, and nobody closes an account or
# moves money on it while the range is being posted.
LOCK_ACCOUNTS = """
SELECT id FROM accounts_ledgeraccount
WHERE region_id = %(region)s AND kind = 'personal' AND state <> 'closed' AND id >= %(first)s AND id < %(beyond)s
ORDER BY id FOR NO KEY UPDATE
"""

# A yuan that was there at the end of a day counts for that day; so an amount counts for the days from its posting to
# the end of the year, and what was posted before the year for all of it. `div` is exact where a quotient is not:
# twice the interest in fen and one more, halved and cut off, is the interest rounded half up
# (docs/interpretations/0056). The balance grows by what was really written, so that a range posted again adds nothing.
# The accounts are named one by one, because a range of ids may hold a book with millions of entries, and a join would
# be planned as if every account had as many.
POST_RANGE = """
WITH moves AS (
    SELECT credit_id AS account_id, posted_on, amount FROM accounts_ledgerentry
    WHERE credit_id = ANY(%(accounts)s) AND posted_on <= %(last_day)s
    UNION ALL
    SELECT debit_id, posted_on, -amount FROM accounts_ledgerentry
    WHERE debit_id = ANY(%(accounts)s) AND posted_on <= %(last_day)s
),
held AS (
    SELECT account_id, sum(amount * (%(last_day)s - greatest(posted_on, %(first_day)s) + 1)) AS yuan_days
    FROM moves GROUP BY account_id
),
earned AS (
    SELECT account_id, round(yuan_days / %(days)s, 2) AS average,
        round(div(200 * yuan_days * %(rate)s + %(days)s, 2 * %(days)s) / 100, 2) AS amount
    FROM held WHERE yuan_days > 0
),
written AS (
    INSERT INTO accounts_ledgerentry (
        region_id, debit_id, credit_id, amount, kind, component, posted_on, posted_at, posted_by_id, cause, basis, key)
    SELECT %(region)s, %(book)s, account_id, amount, 'interest', '', %(last_day)s, now(), %(actor)s,
        'interest:' || %(interest)s, average, 'interest:' || %(region)s || ':' || %(year)s || ':' || account_id
    FROM earned WHERE amount > 0
    ON CONFLICT (key) DO NOTHING
    RETURNING credit_id, amount
)
UPDATE accounts_ledgeraccount AS account SET balance = account.balance + written.amount
FROM written WHERE account.id = written.credit_id
"""
