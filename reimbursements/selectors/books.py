"""Whether what the bank paid to a region's members agrees with the ledger and with their settlements."""

from django.utils.translation import gettext_lazy as _

from accounts.selectors.books import BooksCheck

# A payment that the bank made pays what a settlement of its claim left to the member; no other payment has an entry.
_PAYOUTS = """
SELECT item.id,
    CASE WHEN item.state = 'paid' THEN
        (entry.kind, entry.amount, entry.cause, payer.kind, payee.kind)
            IS DISTINCT FROM ('payout', item.amount, 'payment:' || item.id, 'member_payable', 'bank')
        OR batch.state NOT IN ('approved', 'closed')
        OR reimbursement.state NOT IN ('paid', 'reversed') AND NOT EXISTS (
            SELECT FROM claims_resettlement AS resettlement
            WHERE resettlement.claim_id = reimbursement.claim_id AND resettlement.difference > 0
        )
        OR CASE WHEN item.resettlement_id IS NULL THEN NOT EXISTS (
            SELECT FROM claims_settlement AS settlement
            WHERE settlement.claim_id = reimbursement.claim_id AND settlement.reverses_id IS NULL
              AND settlement.pooled + settlement.pooled_inpatient + settlement.account + settlement.family_account
                  = item.amount
        ) ELSE NOT EXISTS (
            SELECT FROM claims_resettlement AS resettlement
            WHERE resettlement.id = item.resettlement_id AND resettlement.claim_id = reimbursement.claim_id
              AND resettlement.difference = item.amount
        ) END
    ELSE entry.id IS NOT NULL END AS differs
FROM reimbursements_paymentitem AS item
JOIN reimbursements_paymentbatch AS batch ON batch.id = item.batch_id
JOIN reimbursements_reimbursement AS reimbursement ON reimbursement.id = item.reimbursement_id
LEFT JOIN accounts_ledgerentry AS entry ON entry.key = 'payment:' || item.id
LEFT JOIN accounts_ledgeraccount AS payer ON payer.id = entry.debit_id
LEFT JOIN accounts_ledgeraccount AS payee ON payee.id = entry.credit_id
WHERE batch.region_id = %(region)s
"""

# The other way round. The key is unique, so that a payment's entry cannot be there twice.
_PAYOUT_ENTRIES = """
SELECT entry.id, CASE entry.kind
    WHEN 'repayment' THEN resettlement.recovered_on IS NULL
    ELSE item.state <> 'paid' OR batch.region_id <> entry.region_id
END AS differs
FROM accounts_ledgerentry AS entry
LEFT JOIN claims_resettlement AS resettlement ON entry.key = 'resettlement:' || resettlement.id
LEFT JOIN reimbursements_paymentitem AS item ON entry.key = 'payment:' || item.id
LEFT JOIN reimbursements_paymentbatch AS batch ON batch.id = item.batch_id
WHERE entry.region_id = %(region)s AND (entry.kind IN ('payout', 'repayment') OR entry.cause LIKE 'payment:%%')
"""

PAYOUT_CHECKS = (
    BooksCheck(
        "payouts",
        _("every payment that the bank made equals its entry and its settlement"),
        "reimbursements_paymentitem",
        _PAYOUTS,
    ),
    BooksCheck(
        "payout_entries",
        _("nothing is paid out to a member but by a payment that the bank made"),
        "accounts_ledgerentry",
        _PAYOUT_ENTRIES,
    ),
)
