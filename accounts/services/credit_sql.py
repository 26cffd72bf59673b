"""The monthly credit, set-based: what members are due, what they got, and the entries that make up the difference.

The same rules as `policies.engine.credits`, which explains one person's credit; a test proves both equal.
"""

# Who is looked at, with the version of the law and the member's facts on the last day of each month. A member who died
# before the month, or is not insured on its last day (or on the day of death), is due nothing for it.
_FACTS = """
WITH due AS (
    SELECT member.id AS member_id, months.month, months.cause
    FROM members_member AS member
    JOIN accounts_creditrunmonth AS months ON months.run_id = %(run)s
    WHERE member.region_id = %(region)s AND member.id BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT mark.member_id, mark.month, min(mark.cause)
    FROM accounts_creditmark AS mark
    WHERE mark.run_id = %(run)s AND mark.member_id BETWEEN %(first)s AND %(last)s
      AND NOT EXISTS (
        SELECT FROM accounts_creditrunmonth AS months WHERE months.run_id = %(run)s AND months.month = mark.month)
    GROUP BY mark.member_id, mark.month
),
law AS (
    SELECT days.month, days.last_day, version.id AS version_id,
        coalesce(max(way.value) FILTER (WHERE way.key = 'conversion_from'), '') AS conversion_from,
        coalesce(max(way.value) FILTER (WHERE way.key = 'senior_from'), '') AS senior_from
    FROM (
        SELECT DISTINCT month, (month + interval '1 month - 1 day')::date AS last_day FROM due
    ) AS days
    JOIN policies_policyversion AS version
        ON version.region_id = %(region)s AND version.state = 'published' AND version.period @> days.last_day
    JOIN policies_conduct AS way ON way.version_id = version.id
    GROUP BY days.month, days.last_day, version.id
),
facts AS (
    SELECT due.member_id, due.month, due.cause, law.version_id, member.old_retiree_credit,
        CASE WHEN ending.id IS NULL THEN NULL ELSE coalesce(opening.status, ending.status) END AS status,
        coalesce(opening.scheme, ending.scheme) AS scheme,
        coalesce(opening.employment, ending.employment) AS employment,
        CASE WHEN coalesce(opening.had_account_before, ending.had_account_before) THEN 'yes' ELSE 'no' END AS prior,
        floor((
            (extract(year FROM due.month) - extract(year FROM member.birth_date)) * 12
            + extract(month FROM due.month) - extract(month FROM member.birth_date)
            - CASE WHEN law.senior_from = 'next_month' THEN 1 ELSE 0 END
        ) / 12) AS age,
        contribution.base, basis.amount AS civil_servant_basis
    FROM due
    JOIN law ON law.month = due.month
    JOIN members_member AS member ON member.id = due.member_id
    LEFT JOIN members_enrollment AS ending
        ON ending.member_id = due.member_id
        AND ending.period @> least(law.last_day, member.died_on)
        AND (member.died_on IS NULL OR member.died_on >= due.month)
    LEFT JOIN members_enrollment AS opening
        ON law.conversion_from = 'next_month' AND opening.member_id = due.member_id AND opening.period @> due.month
    LEFT JOIN members_contribution AS contribution
        ON contribution.member_id = due.member_id AND contribution.month = due.month
        AND contribution.received_on <= %(as_of)s
    LEFT JOIN LATERAL (
        SELECT amount FROM members_civilservantbasis AS held
        WHERE held.member_id = due.member_id AND held.since <= due.month
        ORDER BY held.since DESC LIMIT 1
    ) AS basis ON true
),
pension AS (
    SELECT rule.id AS rule_id, coalesce(named.monthly, stand_in.monthly) AS monthly
    FROM policies_creditrule AS rule
    LEFT JOIN policies_averagepension AS named
        ON named.region_id = %(region)s AND named.year = rule.pension_year AND named.is_final
    LEFT JOIN policies_averagepension AS stand_in
        ON stand_in.region_id = %(region)s AND stand_in.year = rule.stand_in_year
    WHERE rule.version_id IN (SELECT version_id FROM law) AND rule.method = 'share_of_average_pension'
),
ruled AS (
    SELECT facts.*, component.name AS component, rule.id AS rule_id, rule.method, rule.fund, rule.rate,
        rule.amount AS fixed, rule.needs_contribution,
        CASE rule.method
            WHEN 'share_of_base' THEN facts.base
            WHEN 'share_of_average_pension' THEN pension.monthly
            WHEN 'share_of_civil_servant_basis' THEN facts.civil_servant_basis
        END AS basis
    FROM facts
    CROSS JOIN (VALUES ('personal'), ('civil_servant')) AS component (name)
    LEFT JOIN policies_creditrule AS rule
        ON facts.status IS NOT NULL
        AND rule.version_id = facts.version_id AND rule.component = component.name
        AND rule.status IN ('all', facts.status) AND rule.employment IN ('all', facts.employment)
        AND rule.scheme IN ('all', facts.scheme) AND rule.prior_account IN ('all', facts.prior)
        AND facts.age >= rule.age_from AND facts.age < rule.age_until
    LEFT JOIN pension ON pension.rule_id = rule.id
),
entitled AS (
    SELECT ruled.*,
        CASE
            WHEN rule_id IS NULL OR method = 'none' THEN 0.00
            WHEN method = 'share_of_civil_servant_basis' AND civil_servant_basis IS NULL THEN 0.00
            WHEN needs_contribution AND base IS NULL THEN 0.00
            WHEN method = 'fixed_amount' THEN fixed
            WHEN method = 'old_standard' THEN old_retiree_credit
            ELSE round(basis * rate, 2)
        END AS amount,
        CASE
            WHEN rule_id IS NULL OR method = 'none' THEN NULL
            WHEN method = 'share_of_civil_servant_basis' AND civil_servant_basis IS NULL THEN NULL
            WHEN needs_contribution AND base IS NULL THEN 'no_contribution'
            WHEN method = 'old_standard' AND old_retiree_credit IS NULL THEN 'no_old_standard'
            WHEN method = 'share_of_average_pension' AND basis IS NULL THEN 'no_average_pension'
            WHEN method = 'fixed_amount' AND fixed IS NULL THEN 'unset_figure'
            WHEN method LIKE 'share_of_%%' AND rate IS NULL THEN 'unset_figure'
        END AS missing
    FROM ruled
),
standing AS (
    SELECT entitled.*, account.id AS account_id, account.state AS account_state,
        coalesce(given.amount, 0.00) AS credited
    FROM entitled
    LEFT JOIN accounts_ledgeraccount AS account ON account.member_id = entitled.member_id
    LEFT JOIN LATERAL (
        SELECT sum(entry.amount) AS amount FROM accounts_ledgerentry AS entry
        WHERE entry.credit_id = account.id AND entry.month = entitled.month
          AND entry.component = entitled.component AND entry.kind IN ('monthly_credit', 'true_up')
    ) AS given ON true
)
"""

# Combinations that the law leaves undecided; more than none is an error, never a zero.
UNDECIDED = (
    _FACTS
    + """
SELECT
    count(*) FILTER (WHERE status IS NOT NULL AND rule_id IS NULL),
    count(*) - count(DISTINCT (member_id, month, component)),
    (SELECT count(DISTINCT month) FROM due) - (SELECT count(*) FROM law)
FROM ruled
"""
)

PREVIEW = (
    _FACTS
    + """
SELECT coalesce(employment, '') AS employment, coalesce(status, '') AS status, component, coalesce(fund, '') AS fund,
    (month <> %(month)s) AS earlier,
    count(*) FILTER (WHERE amount > credited AND account_state IS DISTINCT FROM 'closed'),
    coalesce(sum(amount - credited) FILTER (WHERE amount > credited AND account_state IS DISTINCT FROM 'closed'), 0.00)
FROM standing
WHERE status IS NOT NULL
GROUP BY 1, 2, 3, 4, 5
HAVING count(*) FILTER (WHERE amount > credited AND account_state IS DISTINCT FROM 'closed') > 0
ORDER BY 5, 3, 2, 1
"""
)

LIST_EXCEPTIONS = (
    _FACTS
    + """
INSERT INTO accounts_creditexception (run_id, member_id, component, reason)
SELECT %(run)s, member_id, component,
    CASE WHEN missing IS NOT NULL THEN missing ELSE 'account_closed' END
FROM standing
WHERE month = %(month)s AND (missing IS NOT NULL OR (account_state = 'closed' AND amount > credited))
"""
)

# One statement, so that entries, new accounts and balances are written together. An account opened here starts with
# the sum of its entries; an existing one is raised by it. What was credited above the entitlement is listed, not
# taken.
POST_CHUNK = (
    _FACTS
    + """,
positive AS (
    SELECT * FROM standing
    WHERE amount > credited AND account_state IS DISTINCT FROM 'closed'
),
sums AS (
    SELECT member_id, account_id, sum(amount - credited) AS amount FROM positive GROUP BY member_id, account_id
),
opened AS (
    INSERT INTO accounts_ledgeraccount (region_id, kind, member_id, balance, state)
    SELECT %(region)s, 'personal', member_id, amount, 'open' FROM sums WHERE account_id IS NULL
    RETURNING id, member_id
),
raised AS (
    UPDATE accounts_ledgeraccount AS account SET balance = account.balance + sums.amount
    FROM sums WHERE account.id = sums.account_id
),
listed AS (
    INSERT INTO accounts_creditdifference (run_id, member_id, month, component, credited, entitled, cause)
    SELECT %(run)s, member_id, month, component, credited, amount, cause
    FROM standing WHERE amount < credited
    ON CONFLICT (member_id, month, component) DO UPDATE
        SET credited = excluded.credited, entitled = excluded.entitled, cause = excluded.cause
),
written AS (
    INSERT INTO accounts_ledgerentry (
        region_id, debit_id, credit_id, amount, kind, month, component, posted_on, posted_at, posted_by_id, cause,
        rule_id, basis, entitlement_before, entitlement_after, key)
    SELECT %(region)s, fund.id, coalesce(positive.account_id, opened.id), positive.amount - positive.credited,
        CASE WHEN positive.month = %(month)s AND positive.credited = 0 THEN 'monthly_credit' ELSE 'true_up' END,
        positive.month, positive.component, %(as_of)s, now(), %(actor)s,
        CASE WHEN positive.cause = 'month' THEN 'credit_run:' || %(run)s
             ELSE 'credit_run:' || %(run)s || ':' || positive.cause END,
        positive.rule_id, positive.basis, positive.credited, positive.amount,
        'credit:' || %(run)s || ':' || positive.member_id || ':' || positive.month || ':' || positive.component
    FROM positive
    LEFT JOIN opened ON opened.member_id = positive.member_id
    JOIN accounts_ledgeraccount AS fund
        ON fund.region_id = %(region)s AND fund.kind = positive.fund
    RETURNING amount
)
SELECT count(*), coalesce(sum(amount), 0.00) FROM written
"""
)
