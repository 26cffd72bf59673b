"""Whether what is settled with a region's providers agrees with the ledger: statements, deductions, clearings."""

from django.utils.translation import gettext_lazy as _

from accounts.selectors.books import BooksCheck
from clearing.selectors.statements import STATEMENT_SUMS

_HERE = "SELECT id FROM providers_provider WHERE region_id = %(region)s"

# What clearings have set off against a statement below zero; a provider pays back the rest, or the next one carries it.
_SET_OFF = """coalesce((
        SELECT sum(set_off) FROM clearing_yearclearing AS clearing
        WHERE clearing.against_id = {statement}.id AND clearing.state IN ('approved', 'paid')
    ), 0.00)"""

_FIGURES = f"""
WITH found AS ({STATEMENT_SUMS.format(chosen=f"statement.provider_id IN ({_HERE})")}),
taken AS (
    SELECT statement_id, sum(CASE WHEN gives_back_id IS NULL THEN amount ELSE -amount END) AS amount
    FROM clearing_auditdeduction
    WHERE statement_id IS NOT NULL GROUP BY statement_id
)
SELECT statement.id,
    (statement.claims, statement.total, statement.pooled, statement.account, statement.spent, statement.deducted,
        statement.carried)
    IS DISTINCT FROM (
        coalesce(found.claims, 0), coalesce(found.total, 0.00), coalesce(found.pooled, 0.00),
        coalesce(found.account, 0.00), coalesce(found.spent, 0.00), coalesce(taken.amount, 0.00),
        least(coalesce(previous.payable, 0.00), 0.00)
    )
    OR statement.payable <> statement.pooled + statement.account + statement.spent - statement.deducted
        - statement.retained + statement.carried
    OR statement.retained NOT BETWEEN least(statement.pooled, 0.00) AND greatest(statement.pooled, 0.00) AS differs
FROM clearing_providerstatement AS statement
LEFT JOIN found ON found.statement_id = statement.id
LEFT JOIN taken ON taken.statement_id = statement.id
LEFT JOIN LATERAL (
    SELECT CASE earlier.state WHEN 'paid' THEN 0.00
        ELSE earlier.payable + {_SET_OFF.format(statement="earlier")} END AS payable
    FROM clearing_providerstatement AS earlier
    WHERE earlier.provider_id = statement.provider_id AND earlier.month < statement.month
    ORDER BY earlier.month DESC LIMIT 1
) AS previous ON true
WHERE statement.provider_id IN ({_HERE}) AND statement.state IN ('approved', 'paid')
"""  # noqa: S608  # Joined from the project's own constants.

_ENTRIES = f"""
SELECT part.id,
    entry.provider_id IS DISTINCT FROM statement.provider_id
    OR entry.posted_on >= statement.month + interval '1 month'
    OR entry.kind IN ('deduction', 'provider_payment', 'provider_repayment')
    OR 'provider_payable' NOT IN (payer.kind, payee.kind) AS differs
FROM clearing_statemententry AS part
JOIN clearing_providerstatement AS statement ON statement.id = part.statement_id
LEFT JOIN accounts_ledgerentry AS entry ON entry.id = part.entry_id
LEFT JOIN accounts_ledgeraccount AS payer ON payer.id = entry.debit_id
LEFT JOIN accounts_ledgeraccount AS payee ON payee.id = entry.credit_id
WHERE statement.provider_id IN ({_HERE})
"""  # noqa: S608  # Joined from the project's own constants.

_PAYMENTS = f"""
SELECT statement.id,
    CASE statement.state WHEN 'paid' THEN
        (entry.kind, entry.amount, entry.provider_id, entry.posted_on, payer.kind, payee.kind) IS DISTINCT FROM
        CASE WHEN statement.payable > 0
        THEN ('provider_payment'::varchar, statement.payable, statement.provider_id, statement.paid_on,
            'provider_payable'::varchar, 'bank'::varchar)
        ELSE ('provider_repayment'::varchar, -statement.payable - {_SET_OFF.format(statement="statement")},
            statement.provider_id, statement.paid_on, 'bank'::varchar, 'provider_payable'::varchar) END
    ELSE entry.id IS NOT NULL END AS differs
FROM clearing_providerstatement AS statement
LEFT JOIN accounts_ledgerentry AS entry ON entry.key = 'statement:' || statement.id
LEFT JOIN accounts_ledgeraccount AS payer ON payer.id = entry.debit_id
LEFT JOIN accounts_ledgeraccount AS payee ON payee.id = entry.credit_id
WHERE statement.provider_id IN ({_HERE})
"""  # noqa: S608  # Joined from the project's own constants.

_DEDUCTIONS = f"""
SELECT deduction.id,
    CASE WHEN statement.state IN ('approved', 'paid') THEN
        (entry.kind, entry.amount, entry.provider_id, entry.cause,
            CASE WHEN deduction.gives_back_id IS NULL THEN (payer.kind, payee.kind) ELSE (payee.kind, payer.kind) END)
        IS DISTINCT FROM
        ('deduction'::varchar, deduction.amount, statement.provider_id, 'statement:' || statement.id,
            ('provider_payable'::varchar, 'pooled_fund'::varchar))
        OR deduction.provider_id <> statement.provider_id OR deduction.withdrawn_reason <> ''
    ELSE entry.id IS NOT NULL END AS differs
FROM clearing_auditdeduction AS deduction
LEFT JOIN clearing_providerstatement AS statement ON statement.id = deduction.statement_id
LEFT JOIN accounts_ledgerentry AS entry ON entry.key = 'deduction:' || deduction.id
LEFT JOIN accounts_ledgeraccount AS payer ON payer.id = entry.debit_id
LEFT JOIN accounts_ledgeraccount AS payee ON payee.id = entry.credit_id
WHERE deduction.provider_id IN ({_HERE})
"""  # noqa: S608  # Joined from the project's own constants.

# A statement may be paid after the year was cleared, so that what was paid is not looked at.
_CLEARINGS = f"""
SELECT clearing.id,
    clearing.state IN ('approved', 'paid') AND (
        (clearing.pooled, clearing.account, clearing.spent, clearing.deducted, clearing.retained, clearing.carried)
            IS DISTINCT FROM (year.pooled, year.account, year.spent, year.deducted, year.retained, year.carried)
        OR clearing.retained <> clearing.released + clearing.kept + clearing.set_off
        OR clearing.set_off > 0 AND against.provider_id IS DISTINCT FROM clearing.provider_id
        OR clearing.set_off > greatest(-against.payable, 0.00)
    )
    OR (kept.kind, kept.amount, kept.provider_id) IS DISTINCT FROM
        CASE WHEN clearing.state IN ('approved', 'paid') AND clearing.kept > 0
        THEN ('deduction'::varchar, clearing.kept, clearing.provider_id)
        ELSE (NULL::varchar, NULL::numeric, NULL::bigint) END
    OR (paid.kind, paid.amount, paid.provider_id, paid.posted_on) IS DISTINCT FROM
        CASE WHEN clearing.state = 'paid'
        THEN ('provider_payment'::varchar, clearing.released, clearing.provider_id, clearing.paid_on)
        ELSE (NULL::varchar, NULL::numeric, NULL::bigint, NULL::date) END AS differs
FROM clearing_yearclearing AS clearing
LEFT JOIN LATERAL (
    SELECT sum(pooled) AS pooled, sum(account) AS account, sum(spent) AS spent, sum(deducted) AS deducted,
        sum(retained) AS retained, (array_agg(carried ORDER BY month))[1] AS carried
    FROM clearing_providerstatement AS statement
    WHERE statement.provider_id = clearing.provider_id AND extract(year FROM statement.month) = clearing.year
) AS year ON true
LEFT JOIN clearing_providerstatement AS against ON against.id = clearing.against_id
LEFT JOIN accounts_ledgerentry AS kept ON kept.key = 'clearing:' || clearing.id || ':kept'
LEFT JOIN accounts_ledgerentry AS paid ON paid.key = 'clearing:' || clearing.id
WHERE clearing.provider_id IN ({_HERE})
"""  # noqa: S608  # Joined from the project's own constants.

# The other way round. The key is unique, so that none of these can be there twice.
_DECIDED = """
SELECT entry.id,
    coalesce(statement.id, deduction.id, paid.id, kept.id) IS NULL AS differs
FROM accounts_ledgerentry AS entry
LEFT JOIN clearing_providerstatement AS statement
    ON entry.kind IN ('provider_payment', 'provider_repayment') AND statement.state = 'paid'
        AND entry.key = 'statement:' || statement.id
LEFT JOIN clearing_auditdeduction AS deduction
    ON entry.kind = 'deduction' AND deduction.statement_id IS NOT NULL AND entry.key = 'deduction:' || deduction.id
LEFT JOIN clearing_yearclearing AS paid
    ON entry.kind = 'provider_payment' AND paid.state = 'paid' AND entry.key = 'clearing:' || paid.id
LEFT JOIN clearing_yearclearing AS kept
    ON entry.kind = 'deduction' AND kept.state IN ('approved', 'paid') AND entry.key = 'clearing:' || kept.id || ':kept'
WHERE entry.region_id = %(region)s
  AND (entry.kind IN ('provider_payment', 'provider_repayment', 'deduction') OR entry.cause LIKE 'statement:%%'
    OR entry.cause LIKE 'clearing:%%')
"""

STATEMENT_CHECKS = (
    BooksCheck(
        "provider_statements",
        _("every approved statement of a provider equals its entries and deductions"),
        "clearing_providerstatement",
        _FIGURES,
    ),
    BooksCheck(
        "statement_entries",
        _("every entry of a statement is its provider's and of its time"),
        "clearing_statemententry",
        _ENTRIES,
    ),
    BooksCheck(
        "provider_payments",
        _("every paid statement of a provider equals its payment"),
        "clearing_providerstatement",
        _PAYMENTS,
    ),
    BooksCheck(
        "deductions",
        _("every deduction that a statement took equals its entry"),
        "clearing_auditdeduction",
        _DEDUCTIONS,
    ),
    BooksCheck(
        "clearings",
        _("every year's clearing equals its statements and its entries"),
        "clearing_yearclearing",
        _CLEARINGS,
    ),
    BooksCheck(
        "provider_entries",
        _("nothing is paid to or deducted from a provider without a statement or a clearing"),
        "accounts_ledgerentry",
        _DECIDED,
    ),
)
