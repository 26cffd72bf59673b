"""What the check of a credit run asks of `checked_standing`, the table that `credit_sql.CHECK` makes; and whom a run of
a month that was posted before has to look at again.
"""

# Combinations that the law leaves undecided; more than none is an error, never a zero.
UNDECIDED = """
SELECT
    (SELECT count(*) FROM checked_standing WHERE status IS NOT NULL AND rule_id IS NULL),
    (SELECT count(*) FROM (
        SELECT FROM checked_standing GROUP BY member_id, month, component HAVING count(*) > 1
    ) AS doubled),
    (SELECT count(*) FROM (
        SELECT month FROM accounts_creditrunmonth WHERE run_id = %(run)s
        UNION SELECT month FROM accounts_creditmark WHERE run_id = %(run)s
    ) AS months
    WHERE NOT EXISTS (
        SELECT FROM policies_policyversion AS version
        WHERE version.region_id = %(region)s AND version.state = 'published'
          AND version.period @> (months.month + interval '1 month - 1 day')::date
    ))
"""

PREVIEW = """
SELECT coalesce(employment, '') AS employment, coalesce(status, '') AS status, component, coalesce(fund, '') AS fund,
    (month <> %(month)s AND cause <> 'advance') AS earlier, (cause = 'advance') AS ahead, count(*),
    sum(amount - credited)
FROM checked_standing
WHERE status IS NOT NULL AND amount > credited AND account_state IS DISTINCT FROM 'closed'
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY 5, 6, 3, 2, 1
"""

ABOVE_ENTITLEMENT = """
SELECT count(*), coalesce(sum(credited - amount - waived), 0.00) FROM checked_standing WHERE amount + waived < credited
"""

# What would go to whoever got the balance of a closed account: people, credits, yuan.
AFTER_CLOSINGS = """
SELECT count(DISTINCT member_id), count(*), coalesce(sum(amount - credited), 0.00)
FROM checked_standing WHERE amount > credited AND account_state = 'closed'
"""

# Who lacks something for the run's own month; and whose account is closed, for whatever month something is due.
LIST_EXCEPTIONS = """
INSERT INTO accounts_creditexception (run_id, member_id, component, reason)
SELECT %(run)s, member_id, component, min(coalesce(missing, 'account_closed'))
FROM checked_standing
WHERE month = %(month)s AND missing IS NOT NULL OR account_state = 'closed' AND amount > credited
GROUP BY member_id, component
"""

# What the run's approval decides on, of what the check found: what would be posted, what is above the entitlement, and
# what was listed before as above it and may no longer be.
KEEP = """
INSERT INTO accounts_checkedcredit (
    run_id, member_id, month, component, amount, credited, waived, fund, rule_id, basis, cause)
SELECT %(run)s, member_id, month, component, amount, credited, waived, fund, rule_id, basis, cause
FROM checked_standing AS standing
WHERE amount > credited OR amount + waived < credited
    OR EXISTS (
        SELECT FROM accounts_creditdifference AS difference
        WHERE difference.state IN ('listed', 'submitted') AND difference.member_id = standing.member_id
          AND difference.month = standing.month AND difference.component = standing.component)
ORDER BY member_id, month, component
"""

# The changes that were taken off the queue (see `members.services.changes.take_changes`).
MARK_TAKEN = """
INSERT INTO accounts_creditmark (run_id, member_id, month, cause)
SELECT %(run)s, member_id, month, cause FROM taken_changes
ON CONFLICT DO NOTHING
"""

# Whom the last posted run of the month could not credit; nobody where none was posted.
MARK_THOSE_LEFT_OUT = """
INSERT INTO accounts_creditmark (run_id, member_id, month, cause)
SELECT DISTINCT %(run)s::bigint, exception.member_id, %(month)s::date, 'month'
FROM accounts_creditexception AS exception
WHERE exception.run_id = (
    SELECT id FROM accounts_creditrun
    WHERE region_id = %(region)s AND month = %(month)s AND state = 'posted'
    ORDER BY sequence DESC LIMIT 1)
ON CONFLICT DO NOTHING
"""
