from django.db import migrations

# Reversals that were approved before each of them kept what it changed: nothing stands in the place of what they took
# back, and nothing had been paid out by the bank.
_KEEP = """
INSERT INTO claims_resettlement (
    reversal_id, claim_id, before_id, after_id, payee, was_paid_out, difference, recovery_reference
)
SELECT reversal.id, settlement.claim_id, settlement.id, NULL, claim.channel, false,
    -(settlement.pooled + settlement.pooled_inpatient + settlement.account + settlement.family_account), ''
FROM claims_reversal AS reversal
JOIN claims_settlement AS settlement ON settlement.id = reversal.settlement_id
JOIN claims_claim AS claim ON claim.id = settlement.claim_id
WHERE reversal.state = 'approved'
    AND NOT EXISTS (SELECT FROM claims_resettlement AS kept WHERE kept.before_id = settlement.id)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0005_order_of_settlement'),
    ]

    operations = [
        migrations.RunSQL(_KEEP, migrations.RunSQL.noop),
    ]
