"""The monthly credit, set-based: what members are due for a month and what they got for it.

The same rules as `policies.engine.credits`, which explains one person's credit; a test proves both equal.
"""

# The law of each month that the run looks at; whom it looks at: everybody, or those with a mark. Of a month to come,
# those who are credited for it in advance, or were; only what is credited in advance is due for it.
_OF_A_RUN = """
WITH law AS MATERIALIZED (
    SELECT looked_at.month, looked_at.cause, days.last_day, version.id AS version_id,
        bool_or(way.key = 'conversion_from' AND way.value = 'next_month') AS converts_next_month,
        CASE WHEN bool_or(way.key = 'senior_from' AND way.value = 'next_month') THEN 1 ELSE 0 END AS months_later
    FROM (
        SELECT month, cause FROM accounts_creditrunmonth WHERE run_id = %(run)s
        UNION
        SELECT mark.month, NULL FROM accounts_creditmark AS mark
        WHERE mark.run_id = %(run)s AND mark.member_id BETWEEN %(first)s AND %(last)s
          AND NOT EXISTS (
            SELECT FROM accounts_creditrunmonth AS whole WHERE whole.run_id = %(run)s AND whole.month = mark.month)
    ) AS looked_at
    CROSS JOIN LATERAL (
        VALUES ((looked_at.month + interval '1 month - 1 day')::date)
    ) AS days (last_day)
    JOIN policies_policyversion AS version
        ON version.region_id = %(region)s AND version.state = 'published' AND version.period @> days.last_day
    JOIN policies_conduct AS way ON way.version_id = version.id
    GROUP BY looked_at.month, looked_at.cause, days.last_day, version.id
),
due AS (
    SELECT member.id AS member_id, law.month, law.last_day, law.converts_next_month, law.cause,
        member.birth_date, member.died_on, member.old_retiree_credit, member.contribution_months
    FROM law
    CROSS JOIN members_member AS member
    WHERE law.cause IS NOT NULL AND law.cause <> 'advance'
      AND member.region_id = %(region)s AND member.id BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT member.id, law.month, law.last_day, law.converts_next_month, law.cause,
        member.birth_date, member.died_on, member.old_retiree_credit, member.contribution_months
    FROM law
    JOIN members_member AS member
        ON member.region_id = %(region)s AND member.id BETWEEN %(first)s AND %(last)s
    WHERE law.cause = 'advance'
      AND (EXISTS (
        SELECT FROM members_enrollment AS held
        JOIN policies_creditrule AS ahead
            ON ahead.version_id = law.version_id AND ahead.schedule = 'year_in_advance'
            AND ahead.status IN ('all', held.status) AND ahead.employment IN ('all', held.employment)
            AND ahead.scheme IN ('all', held.scheme)
        WHERE held.member_id = member.id AND held.period @> law.last_day)
      OR EXISTS (
        SELECT FROM accounts_ledgeraccount AS opened
        JOIN accounts_ledgerentry AS entry ON entry.credit_id = opened.id AND entry.month = law.month
            AND entry.kind IN ('monthly_credit', 'true_up')
        WHERE opened.member_id = member.id))
    UNION ALL
    SELECT mark.member_id, law.month, law.last_day, law.converts_next_month, mark.cause,
        member.birth_date, member.died_on, member.old_retiree_credit, member.contribution_months
    FROM law
    JOIN (
        SELECT member_id, month, min(cause) AS cause FROM accounts_creditmark
        WHERE run_id = %(run)s AND member_id BETWEEN %(first)s AND %(last)s
        GROUP BY member_id, month
    ) AS mark ON mark.month = law.month
    JOIN members_member AS member ON member.id = mark.member_id
    WHERE law.cause IS NULL
),
"""

# Every rule with its ages as dates of birth and the average pension it rests on; the member's facts on the month's last
# day. A member who died before the month, or is not insured on its last day (or on the day of death), is due nothing.
#
# What may be several rows is looked up by an index, member by member (LATERAL), and the law stands before the members:
# so the planner knows how many rows there will be, also in the first run, on tables that were never analysed.
_FACTS = """
rule AS MATERIALIZED (
    SELECT law.month, rule.*, coalesce(named.monthly, stand_in.monthly) AS pension,
        (law.month + make_interval(months => 1 - law.months_later - 12 * rule.age_until))::date AS born_from,
        (law.month + make_interval(months => 1 - law.months_later - 12 * rule.age_from))::date AS born_before
    FROM law
    JOIN policies_creditrule AS rule ON rule.version_id = law.version_id
    LEFT JOIN policies_averagepension AS named
        ON named.region_id = %(region)s AND named.year = rule.pension_year AND named.is_final
        AND named.state = 'approved'
    LEFT JOIN policies_averagepension AS stand_in
        ON stand_in.region_id = %(region)s AND stand_in.year = rule.stand_in_year
        AND stand_in.state = 'approved'
),
facts AS MATERIALIZED (
    SELECT due.member_id, due.month, due.cause, due.birth_date, due.old_retiree_credit, due.contribution_months,
        CASE WHEN ending.id IS NULL THEN NULL ELSE coalesce(opening.status, ending.status) END AS status,
        coalesce(opening.scheme, ending.scheme) AS scheme,
        coalesce(opening.employment, ending.employment) AS employment,
        CASE WHEN coalesce(opening.had_account_before, ending.had_account_before) THEN 'yes' ELSE 'no' END AS prior,
        contribution.base, basis.amount AS civil_servant_basis,
        basis.since IS NOT NULL AND basis.amount IS NULL AS lacks_civil_servant_basis,
        account.id AS account_id, account.state AS account_state,
        given.personal - taken.personal AS personal, given.civil_servant - taken.civil_servant AS civil_servant,
        waived.personal AS waived_personal, waived.civil_servant AS waived_civil_servant
    FROM due
    LEFT JOIN LATERAL (
        SELECT * FROM members_enrollment AS held
        WHERE held.member_id = due.member_id AND held.period @> least(due.last_day, due.died_on)
          AND (due.died_on IS NULL OR due.died_on >= due.month)
        OFFSET 0
    ) AS ending ON true
    LEFT JOIN LATERAL (
        SELECT * FROM members_enrollment AS held
        WHERE due.converts_next_month AND held.member_id = due.member_id AND held.period @> due.month
        OFFSET 0
    ) AS opening ON true
    LEFT JOIN LATERAL (
        SELECT * FROM members_contribution AS paid
        WHERE paid.member_id = due.member_id AND paid.month = due.month AND paid.received_on <= %(as_of)s
        OFFSET 0
    ) AS contribution ON true
    LEFT JOIN LATERAL (
        SELECT held.since, CASE WHEN kind.fits THEN held.amount END AS amount
        FROM members_civilservantbasis AS held
        CROSS JOIN LATERAL (
            VALUES ((held.kind = ANY (%(pension_kinds)s)) = (coalesce(opening.status, ending.status) = 'retired'))
        ) AS kind (fits)
        WHERE held.member_id = due.member_id AND held.since <= due.month
        ORDER BY kind.fits DESC, held.since DESC LIMIT 1
    ) AS basis ON true
"""

# What was credited for the month so far.
_CREDITED = """
    LEFT JOIN LATERAL (
        SELECT * FROM accounts_ledgeraccount AS opened WHERE opened.member_id = due.member_id OFFSET 0
    ) AS account ON true
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(entry.amount) FILTER (WHERE entry.component = 'personal'), 0.00) AS personal,
            coalesce(sum(entry.amount) FILTER (WHERE entry.component = 'civil_servant'), 0.00) AS civil_servant
        FROM accounts_ledgerentry AS entry
        WHERE entry.credit_id = account.id AND entry.month = due.month
          AND entry.kind IN ('monthly_credit', 'true_up')
    ) AS given
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(entry.amount) FILTER (WHERE entry.component = 'personal'), 0.00) AS personal,
            coalesce(sum(entry.amount) FILTER (WHERE entry.component = 'civil_servant'), 0.00) AS civil_servant
        FROM accounts_ledgerentry AS entry
        WHERE entry.debit_id = account.id AND entry.month = due.month AND entry.kind = 'recovery'
    ) AS taken
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(credited - entitled - waived) FILTER (WHERE component = 'personal'), 0.00) AS personal,
            coalesce(sum(credited - entitled - waived) FILTER (WHERE component = 'civil_servant'), 0.00)
                AS civil_servant
        FROM accounts_creditdifference AS difference
        WHERE difference.member_id = due.member_id AND difference.month = due.month AND difference.state = 'waived'
    ) AS waived
"""

# What is due.
_STANDING = """
),
ruled AS (
    SELECT facts.*, part.component, part.credited, part.waived,
        rule.id AS rule_id, rule.version_id, rule.method, rule.fund, rule.rate, rule.amount AS fixed, rule.full_months,
        rule.needs_contribution, rule.schedule,
        CASE rule.method
            WHEN 'share_of_base' THEN facts.base
            WHEN 'share_of_average_pension' THEN rule.pension
            WHEN 'share_of_civil_servant_basis' THEN facts.civil_servant_basis
        END AS basis
    FROM facts
    CROSS JOIN LATERAL (
        VALUES ('personal', facts.personal, facts.waived_personal),
            ('civil_servant', facts.civil_servant, facts.waived_civil_servant)
    ) AS part (component, credited, waived)
    LEFT JOIN rule
        ON facts.status IS NOT NULL
        AND rule.month = facts.month AND rule.component = part.component
        AND rule.status IN ('all', facts.status) AND rule.employment IN ('all', facts.employment)
        AND rule.scheme IN ('all', facts.scheme) AND rule.prior_account IN ('all', facts.prior)
        AND facts.birth_date >= rule.born_from AND facts.birth_date < rule.born_before
),
standing AS (
    SELECT member_id, month, cause, status, employment, scheme, component, account_id, account_state, rule_id,
        version_id, fund, basis, credited, waived,
        CASE
            WHEN rule_id IS NULL OR method = 'none' OR cause = 'advance' AND schedule = 'monthly' THEN 0.00
            WHEN method = 'share_of_civil_servant_basis' AND civil_servant_basis IS NULL THEN 0.00
            WHEN needs_contribution AND base IS NULL THEN 0.00
            WHEN method = 'fixed_amount' THEN fixed
            WHEN method = 'proportional_amount'
                -- Not least(), which passes over months that nobody entered.
                THEN round(fixed * CASE WHEN contribution_months > full_months THEN full_months
                    ELSE contribution_months END / full_months, 2)
            WHEN method = 'old_standard' THEN old_retiree_credit
            ELSE round(basis * rate, 2)
        END AS amount,
        CASE
            WHEN rule_id IS NULL OR method = 'none' OR cause = 'advance' AND schedule = 'monthly' THEN NULL
            WHEN method = 'share_of_civil_servant_basis' AND civil_servant_basis IS NULL
                THEN CASE WHEN lacks_civil_servant_basis THEN 'no_civil_servant_basis' END
            WHEN needs_contribution AND base IS NULL THEN 'no_contribution'
            WHEN method = 'old_standard' AND old_retiree_credit IS NULL THEN 'no_old_standard'
            WHEN method = 'share_of_average_pension' AND basis IS NULL THEN 'no_average_pension'
            WHEN method = 'proportional_amount' AND contribution_months IS NULL THEN 'no_contribution_months'
            WHEN method IN ('fixed_amount', 'proportional_amount') AND fixed IS NULL THEN 'unset_figure'
            WHEN method LIKE 'share_of_%%' AND rate IS NULL THEN 'unset_figure'
        END AS missing
    FROM ruled
)
"""

# What a check looks at several times (see `credit_check_sql`), read once.
CHECK = (
    "CREATE TEMPORARY TABLE checked_standing ON COMMIT DROP AS"
    + _OF_A_RUN
    + _FACTS
    + _CREDITED
    + _STANDING
    + "SELECT * FROM standing"
)
