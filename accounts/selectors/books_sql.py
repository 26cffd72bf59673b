"""What has to hold in a region's accounts and runs, set-based: a statement for each check.

Each selects a row for every thing looked at: its `id`, and whether it `differs` from what it should be. Where that is
unknown, because something is missing, it differs.
"""

# Two sums of the region's entries, by what they put into an account and what they took from it.
BALANCES = """
SELECT account.id, account.balance <> coalesce(came.amount, 0.00) - coalesce(went.amount, 0.00) AS differs
FROM accounts_ledgeraccount AS account
LEFT JOIN (
    SELECT credit_id AS account_id, sum(amount) AS amount
    FROM accounts_ledgerentry WHERE region_id = %(region)s GROUP BY credit_id
) AS came ON came.account_id = account.id
LEFT JOIN (
    SELECT debit_id AS account_id, sum(amount) AS amount
    FROM accounts_ledgerentry WHERE region_id = %(region)s GROUP BY debit_id
) AS went ON went.account_id = account.id
WHERE account.region_id = %(region)s AND account.kind = 'personal'
"""

# Personal accounts by their balances, the region's books by their entries: what one has, another has not. The one thing
# looked at is the region.
ZERO_SUM = """
WITH books AS (
    SELECT id FROM accounts_ledgeraccount WHERE region_id = %(region)s AND kind <> 'personal'
),
held AS (
    SELECT coalesce(sum(balance), 0.00) AS amount
    FROM accounts_ledgeraccount WHERE region_id = %(region)s AND kind = 'personal'
),
booked AS (
    SELECT coalesce(sum(amount * (
        (credit_id IN (SELECT id FROM books))::int - (debit_id IN (SELECT id FROM books))::int
    )), 0.00) AS amount
    FROM accounts_ledgerentry WHERE region_id = %(region)s
)
SELECT %(region)s::bigint AS id, held.amount + booked.amount <> 0.00 AS differs FROM held CROSS JOIN booked
"""

ENTRIES = """
SELECT entry.id,
    NOT (entry.amount > 0 AND payer.id <> payee.id
        AND payer.region_id = entry.region_id AND payee.region_id = entry.region_id) AS differs
FROM accounts_ledgerentry AS entry
LEFT JOIN accounts_ledgeraccount AS payer ON payer.id = entry.debit_id
LEFT JOIN accounts_ledgeraccount AS payee ON payee.id = entry.credit_id
WHERE entry.region_id = %(region)s
"""

BELOW_ZERO = """
SELECT id, balance < 0 AS differs FROM accounts_ledgeraccount WHERE region_id = %(region)s AND kind = 'personal'
"""

CLOSED_ACCOUNTS = """
SELECT id, balance <> 0 AS differs
FROM accounts_ledgeraccount WHERE region_id = %(region)s AND kind = 'personal' AND state = 'closed'
"""

# What was paid with a settlement is taken back with it: claims look at that.
COUNTER_ENTRIES = """
SELECT counter.id,
    (counter.debit_id, counter.credit_id, counter.amount, counter.region_id, counter.key)
        IS DISTINCT FROM (entry.credit_id, entry.debit_id, entry.amount, entry.region_id, 'reversal:' || entry.id)
    OR entry.kind = 'reversal'
    OR (request.id IS NULL AND counter.cause NOT LIKE 'settlement:%%') AS differs
FROM accounts_ledgerentry AS counter
LEFT JOIN accounts_ledgerentry AS entry ON entry.id = counter.reverses_id
LEFT JOIN accounts_accountrequest AS request
    ON counter.cause = 'account_request:' || request.id
    AND request.kind = 'refund' AND request.state = 'approved' AND request.entry_id = entry.id
WHERE counter.region_id = %(region)s AND (counter.kind = 'reversal' OR counter.reverses_id IS NOT NULL)
"""

# A run that is being posted agrees as well: a chunk's figures are written with its entries.
CREDIT_RUNS = """
WITH posted AS (
    SELECT split_part(cause, ':', 2) AS run, count(*) AS entries, sum(amount) AS amount
    FROM accounts_ledgerentry
    WHERE region_id = %(region)s AND kind IN ('monthly_credit', 'true_up')
    GROUP BY 1
),
cut AS (
    SELECT chunk.run_id, sum(chunk.entry_count) AS entries, sum(chunk.amount) AS amount,
        bool_or(chunk.state <> 'posted') AS waits
    FROM accounts_creditchunk AS chunk
    JOIN accounts_creditrun AS run ON run.id = chunk.run_id
    WHERE run.region_id = %(region)s
    GROUP BY chunk.run_id
)
SELECT run.id,
    (coalesce(cut.entries, 0), coalesce(cut.amount, 0.00))
        IS DISTINCT FROM (coalesce(posted.entries, 0), coalesce(posted.amount, 0.00))
    OR run.state = 'posted' AND (
        (run.entry_count, run.amount) IS DISTINCT FROM (coalesce(posted.entries, 0), coalesce(posted.amount, 0.00))
        OR coalesce(cut.waits, false)
    ) AS differs
FROM accounts_creditrun AS run
LEFT JOIN posted ON posted.run = run.id::text
LEFT JOIN cut ON cut.run_id = run.id
WHERE run.region_id = %(region)s AND run.state IN ('posting', 'posted')
"""

# The key is unique, so that an entry whose key says what it is cannot be there twice.
CREDIT_ENTRIES = """
SELECT entry.id,
    entry.key <> 'credit:' || run.id || ':' || account.member_id || ':' || to_char(entry.month, 'YYYY-MM-DD')
        || ':' || entry.component
    OR entry.kind NOT IN ('monthly_credit', 'true_up')
    OR entry.amount <> entry.entitlement_after - entry.entitlement_before AS differs
FROM accounts_ledgerentry AS entry
LEFT JOIN accounts_creditrun AS run
    ON split_part(entry.cause, ':', 1) = 'credit_run' AND split_part(entry.cause, ':', 2) = run.id::text
    AND run.region_id = entry.region_id AND run.state IN ('posting', 'posted')
LEFT JOIN accounts_ledgeraccount AS account ON account.id = entry.credit_id
WHERE entry.region_id = %(region)s
  AND (entry.kind IN ('monthly_credit', 'true_up') OR entry.cause LIKE 'credit_run:%%')
"""

INTEREST = """
SELECT interest.id,
    (interest.entry_count, interest.amount)
        IS DISTINCT FROM (coalesce(posted.entries, 0), coalesce(posted.amount, 0.00)) AS differs
FROM accounts_yearlyinterest AS interest
LEFT JOIN (
    SELECT cause, count(*) AS entries, sum(amount) AS amount
    FROM accounts_ledgerentry WHERE region_id = %(region)s AND kind = 'interest'
    GROUP BY cause
) AS posted ON posted.cause = 'interest:' || interest.id
WHERE interest.region_id = %(region)s AND interest.state = 'posted'
"""

RECOVERIES = """
SELECT difference.id,
    (entry.kind, entry.amount, entry.debit_id, entry.month, entry.component)
        IS DISTINCT FROM ('recovery', difference.taken, account.id, difference.month, difference.component) AS differs
FROM accounts_creditdifference AS difference
JOIN accounts_creditrun AS run ON run.id = difference.run_id
LEFT JOIN accounts_ledgeraccount AS account ON account.member_id = difference.member_id
LEFT JOIN accounts_ledgerentry AS entry ON entry.key = 'difference:' || difference.id
WHERE run.region_id = %(region)s AND difference.state = 'recovered'
"""

# An account that held nothing is closed without an entry. What was due to it later follows its closing.
CLOSINGS = """
SELECT closing.id,
    account.state <> 'closed' OR closing.amount <> coalesce(entry.amount, 0.00)
    OR coalesce(entry.debit_id, account.id) <> account.id
    OR closing.follows_id IS NOT NULL AND (first.account_id, first.state, first.follows_id)
        IS DISTINCT FROM (closing.account_id, 'approved'::varchar, NULL::bigint) AS differs
FROM accounts_accountclosing AS closing
JOIN accounts_ledgeraccount AS account ON account.id = closing.account_id
LEFT JOIN accounts_ledgerentry AS entry ON entry.key = 'closing:' || closing.id
LEFT JOIN accounts_accountclosing AS first ON first.id = closing.follows_id
WHERE account.region_id = %(region)s AND closing.state = 'approved'
"""

# What a run credited to a closed account was set off or paid out.
AFTER_CLOSINGS = """
SELECT later.id, run.id IS NULL OR later.amount + coalesce(taken.amount, 0.00) IS DISTINCT FROM come.amount AS differs
FROM accounts_accountclosing AS later
JOIN accounts_ledgeraccount AS account ON account.id = later.account_id
LEFT JOIN accounts_creditrun AS run
    ON later.cause = 'credit_run:' || run.id AND run.region_id = account.region_id
    AND run.state IN ('posting', 'posted')
LEFT JOIN (
    SELECT closing_id, sum(taken) AS amount FROM accounts_creditdifference GROUP BY closing_id
) AS taken ON taken.closing_id = later.id
LEFT JOIN LATERAL (
    SELECT sum(entry.amount) AS amount FROM accounts_ledgerentry AS entry
    WHERE entry.credit_id = account.id AND entry.kind IN ('monthly_credit', 'true_up')
      AND split_part(entry.cause, ':', 2) = run.id::text
) AS come ON true
WHERE account.region_id = %(region)s AND later.cause LIKE 'credit_run:%%'
"""

# Freezing moves no money.
ACCOUNT_REQUESTS = """
SELECT request.id,
    CASE request.kind
        WHEN 'transfer_in' THEN
            (sent.kind, sent.amount, sent.credit_id) IS DISTINCT FROM ('transfer_in', request.amount, account.id)
        ELSE
            (returned.cause, returned.credit_id) IS DISTINCT FROM ('account_request:' || request.id, account.id)
    END AS differs
FROM accounts_accountrequest AS request
JOIN members_member AS member ON member.id = request.member_id
LEFT JOIN accounts_ledgeraccount AS account ON account.member_id = request.member_id
LEFT JOIN accounts_ledgerentry AS sent ON sent.key = 'account_request:' || request.id
LEFT JOIN accounts_ledgerentry AS returned ON returned.reverses_id = request.entry_id
WHERE member.region_id = %(region)s AND request.state = 'approved' AND request.kind IN ('transfer_in', 'refund')
"""

# The other way round: no entry of these kinds without what two people decided.
DECIDED_ENTRIES = """
SELECT entry.id,
    coalesce(difference.id, closing.id, request.id, interest.id) IS NULL AS differs
FROM accounts_ledgerentry AS entry
LEFT JOIN accounts_creditdifference AS difference
    ON entry.kind = 'recovery' AND difference.state = 'recovered'
    AND entry.key = 'difference:' || difference.id AND entry.cause = entry.key
LEFT JOIN accounts_accountclosing AS closing
    ON entry.kind IN ('inheritance', 'withdrawal', 'transfer_out') AND closing.state = 'approved'
    AND entry.key = 'closing:' || closing.id AND entry.cause = entry.key
LEFT JOIN accounts_accountrequest AS request
    ON entry.kind = 'transfer_in' AND request.kind = 'transfer_in' AND request.state = 'approved'
    AND entry.key = 'account_request:' || request.id AND entry.cause = entry.key
LEFT JOIN accounts_yearlyinterest AS interest
    ON entry.kind = 'interest' AND interest.state IN ('posting', 'posted')
    AND entry.cause = 'interest:' || interest.id
    AND entry.key = 'interest:' || interest.region_id || ':' || interest.year || ':' || entry.credit_id
WHERE entry.region_id = %(region)s
  AND entry.kind IN ('recovery', 'inheritance', 'withdrawal', 'transfer_out', 'transfer_in', 'interest')
"""
