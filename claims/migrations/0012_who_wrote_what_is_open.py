"""Who wrote what is open keeps away from its decision: everybody in its history who did not decide."""

from django.db import migrations

TABLES = (
    "policies_policyversion",
    "policies_localfigure",
    "members_diseaseregistration",
    "accounts_accountclosing",
    "accounts_accountrequest",
    "accounts_creditdifference",
    "accounts_creditrun",
    "accounts_familyuseauthorization",
    "accounts_yearlyinterest",
    "claims_paymentbatch",
    "claims_providerstatement",
    "claims_reimbursement",
    "claims_reversal",
    "claims_yearclearing",
)

NOTE = """
UPDATE {table} AS thing SET authors = written.people
FROM (
    SELECT past.id, array_agg(DISTINCT past.history_user_id) AS people
    FROM {history} AS past
    WHERE past.history_user_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM {history} AS other WHERE other.id = past.id AND other.decided_by_id = past.history_user_id)
    GROUP BY past.id
) AS written
WHERE written.id = thing.id AND thing.state IN ('draft', 'checked', 'listed', 'registered', 'complete', 'returned',
    'refused', 'submitted') AND NOT (thing.decided_by_id = ANY (written.people)) IS TRUE
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_authors_decide_nothing_of_theirs"),
        ("claims", "0011_authors_decide_nothing_of_theirs"),
        ("members", "0003_authors_decide_nothing_of_theirs"),
        ("policies", "0003_authors_decide_nothing_of_theirs"),
    ]

    operations = [
        migrations.RunSQL(
            NOTE.format(table=table, history=table.replace("_", "_historical", 1)), migrations.RunSQL.noop
        )
        for table in TABLES
    ]
