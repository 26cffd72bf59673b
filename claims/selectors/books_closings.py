"""Whether what was paid out after the closing of an account agrees with what reversals and batches took back."""

from django.utils.translation import gettext_lazy as _

from accounts.selectors.books import BooksCheck

# What the account paid of the claims of the reversal, or of the member's year of a batch, less what it pays of those
# settled anew, is set off or paid out.
_AFTER_CLOSINGS = """
SELECT later.id,
    coalesce(reversal.state = 'approved', year.state = 'settled', false) IS NOT true
    OR later.amount + coalesce(taken.amount, 0.00) IS DISTINCT FROM returned.amount AS differs
FROM accounts_accountclosing AS later
JOIN accounts_ledgeraccount AS account ON account.id = later.account_id
LEFT JOIN claims_reversal AS reversal ON later.cause = 'reversal:' || reversal.id
LEFT JOIN claims_batchyear AS year ON later.cause = 'resettled_year:' || year.id
LEFT JOIN (
    SELECT closing_id, sum(taken) AS amount FROM accounts_creditdifference GROUP BY closing_id
) AS taken ON taken.closing_id = later.id
LEFT JOIN LATERAL (
    SELECT sum(
        before.account + before.family_account - coalesce(after.account + after.family_account, 0.00)
    ) AS amount
    FROM claims_resettlement AS resettlement
    JOIN claims_claim AS claim ON claim.id = resettlement.claim_id
    JOIN claims_settlement AS before ON before.id = resettlement.before_id
    LEFT JOIN claims_settlement AS after ON after.id = resettlement.after_id
    WHERE (resettlement.reversal_id = reversal.id OR resettlement.batch_year_id = year.id)
      AND coalesce(claim.account_holder_id, claim.member_id) = account.member_id
) AS returned ON true
WHERE account.region_id = %(region)s
  AND (later.cause LIKE 'reversal:%%' OR later.cause LIKE 'resettled_year:%%')
"""

AFTER_CLOSINGS = BooksCheck(
    "after_closings",
    _("what came back to a closed account went to whoever got its balance"),
    "accounts_accountclosing",
    _AFTER_CLOSINGS,
)
