"""Whether a region's settlements agree with what was used, paid and taken back."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.selectors.books import BooksCheck, LookedAt
from agency.kept_files import is_unchanged
from agency.models import PoolingRegion
from claims.models import ClaimDocument
from claims.selectors.books_closings import AFTER_CLOSINGS
from policies.models import Instrument

# A reversal's row carries the negative amounts, so that the sum is that of the settlements that stand.
_USAGE = """
SELECT usage.id,
    (usage.deductible, usage.covered, usage.paid, usage.counted) IS DISTINCT FROM (
        coalesce(used.deductible, 0.00), coalesce(used.covered, 0.00),
        coalesce(used.paid, 0.00), coalesce(used.counted, 0.00)
    ) AS differs
FROM claims_benefitusage AS usage
JOIN members_member AS member ON member.id = usage.member_id
LEFT JOIN (
    SELECT settlement.member_id, part.year, part.month, part.scope, part.key, sum(part.deductible) AS deductible,
        sum(part.covered) AS covered, sum(part.paid) AS paid, sum(part.counted) AS counted
    FROM claims_settlementusage AS part
    JOIN claims_settlement AS settlement ON settlement.id = part.settlement_id
    WHERE settlement.member_id IN (SELECT id FROM members_member WHERE region_id = %(region)s)
    GROUP BY settlement.member_id, part.year, part.month, part.scope, part.key
) AS used
    ON used.member_id = usage.member_id AND used.year = usage.year AND used.month = usage.month
    AND used.scope = usage.scope AND used.key = usage.key
WHERE member.region_id = %(region)s
"""

# The other way round: what a settlement used, in its own month, is in an accumulator.
_USAGE_PARTS = """
SELECT part.id,
    usage.id IS NULL OR part.year <> extract(year FROM settlement.served_on)
    OR part.month <> extract(month FROM settlement.served_on) AS differs
FROM claims_settlementusage AS part
JOIN claims_settlement AS settlement ON settlement.id = part.settlement_id
JOIN members_member AS member ON member.id = settlement.member_id
LEFT JOIN claims_benefitusage AS usage
    ON usage.member_id = settlement.member_id AND usage.year = part.year AND usage.month = part.month
    AND usage.scope = part.scope AND usage.key = part.key
WHERE member.region_id = %(region)s
"""

_SETTLEMENTS = """
SELECT settlement.id,
    settlement.total <> bill.amount
    OR settlement.total <> self_paid + over_limit + upfront_share + covered
    OR settlement.total <> pooled + pooled_inpatient + patient_share
    OR patient_share <> account + family_account + cash
    OR covered < out_of_area_share + deductible
    OR least(self_paid, over_limit, upfront_share, out_of_area_share, deductible, pooled, pooled_inpatient, account,
        family_account, cash) < 0
    OR settlement.member_id <> claim.member_id AS differs
FROM claims_settlement AS settlement
JOIN members_member AS member ON member.id = settlement.member_id
LEFT JOIN claims_claim AS claim ON claim.id = settlement.claim_id
LEFT JOIN (
    SELECT claim_id, sum(amount) AS amount FROM claims_claimline GROUP BY claim_id
) AS bill ON bill.claim_id = settlement.claim_id
WHERE member.region_id = %(region)s
"""

# Every settlement moves the accumulator of its own benefit: by the deductible it took, and by what the deductible was
# taken of.
_OWN_USAGE = """
SELECT settlement.id,
    (part.deductible, part.covered) IS DISTINCT FROM (
        way.sign * settlement.deductible, way.sign * (settlement.covered - settlement.out_of_area_share)
    ) AS differs
FROM claims_settlement AS settlement
CROSS JOIN LATERAL (SELECT CASE WHEN settlement.reverses_id IS NULL THEN 1 ELSE -1 END AS sign) AS way
JOIN members_member AS member ON member.id = settlement.member_id
LEFT JOIN claims_claim AS claim ON claim.id = settlement.claim_id
LEFT JOIN claims_settlementusage AS part
    ON part.settlement_id = settlement.id AND part.scope = claim.benefit AND part.key = ''
WHERE member.region_id = %(region)s
"""

# A settlement pays each of its parts; a counter-row returns them all.
_PAYMENTS = """
WITH moved AS (
    SELECT cause,
        sum(amount) FILTER (WHERE kind = 'pooled_payment') AS pooled,
        sum(amount) FILTER (WHERE kind = 'inpatient_payment') AS pooled_inpatient,
        sum(amount) FILTER (WHERE kind = 'account_payment' AND beneficiary_id IS NULL) AS account,
        sum(amount) FILTER (WHERE kind = 'account_payment' AND beneficiary_id IS NOT NULL) AS family_account,
        sum(amount) FILTER (WHERE kind = 'reversal') AS returned
    FROM accounts_ledgerentry
    WHERE region_id = %(region)s AND cause LIKE 'settlement:%%'
    GROUP BY cause
)
SELECT settlement.id,
    (
        coalesce(moved.pooled, 0.00), coalesce(moved.pooled_inpatient, 0.00), coalesce(moved.account, 0.00),
        coalesce(moved.family_account, 0.00), coalesce(moved.returned, 0.00)
    ) IS DISTINCT FROM (
        way.pays * settlement.pooled, way.pays * settlement.pooled_inpatient, way.pays * settlement.account,
        way.pays * settlement.family_account,
        (1 - way.pays) * (
            settlement.pooled + settlement.pooled_inpatient + settlement.account + settlement.family_account
        )
    ) AS differs
FROM claims_settlement AS settlement
CROSS JOIN LATERAL (SELECT (settlement.reverses_id IS NULL)::int AS pays) AS way
JOIN members_member AS member ON member.id = settlement.member_id
LEFT JOIN moved ON moved.cause = 'settlement:' || settlement.id
WHERE member.region_id = %(region)s
"""

# The other way round: no such entry without its settlement, and each from and to whom the claim says.
_PAYMENT_ENTRIES = """
SELECT entry.id,
    claim.region_id <> entry.region_id
    OR CASE
        WHEN entry.kind = 'reversal' THEN taken_back.cause <> 'settlement:' || settlement.reverses_id
        ELSE settlement.reverses_id IS NOT NULL
            OR entry.key <> entry.cause || ':' || entry.kind
            OR payee.kind <> CASE claim.channel WHEN 'manual' THEN 'member_payable' ELSE 'provider_payable' END
            OR CASE entry.kind
                WHEN 'account_payment' THEN
                    payer.member_id <> coalesce(claim.account_holder_id, claim.member_id)
                    OR entry.beneficiary_id IS DISTINCT FROM
                        CASE WHEN claim.account_holder_id IS NOT NULL THEN claim.member_id END
                ELSE payer.kind <> 'pooled_fund'
            END
    END AS differs
FROM accounts_ledgerentry AS entry
LEFT JOIN accounts_ledgeraccount AS payer ON payer.id = entry.debit_id
LEFT JOIN accounts_ledgeraccount AS payee ON payee.id = entry.credit_id
LEFT JOIN accounts_ledgerentry AS taken_back ON taken_back.id = entry.reverses_id
LEFT JOIN claims_settlement AS settlement ON entry.cause = 'settlement:' || settlement.id
LEFT JOIN claims_claim AS claim ON claim.id = settlement.claim_id
WHERE entry.region_id = %(region)s
  AND (entry.kind IN ('pooled_payment', 'inpatient_payment', 'account_payment') OR entry.cause LIKE 'settlement:%%')
"""

# What a provider took back by itself may have been put back since, in its old place.
_REVERSALS = """
SELECT reversal.id,
    (
        counter.claim_id, counter.member_id, counter.version_id, counter.served_on, counter.total, counter.self_paid,
        counter.over_limit, counter.upfront_share, counter.covered, counter.out_of_area_share, counter.deductible,
        counter.pooled, counter.pooled_inpatient, counter.patient_share, counter.account, counter.family_account,
        counter.cash
    ) IS DISTINCT FROM (
        settlement.claim_id, settlement.member_id, settlement.version_id, settlement.served_on, settlement.total,
        settlement.self_paid, settlement.over_limit, settlement.upfront_share, settlement.covered,
        settlement.out_of_area_share, settlement.deductible, settlement.pooled, settlement.pooled_inpatient,
        settlement.patient_share, settlement.account, settlement.family_account, settlement.cash
    )
    OR claim.state <> 'reversed' AND NOT (
        reversal.provider_id IS NOT NULL AND EXISTS (
            SELECT FROM claims_settlement AS again
            WHERE again.claim_id = settlement.claim_id AND again.reverses_id IS NULL AND again.id > counter.id
              AND again.in_place_of_id = coalesce(settlement.in_place_of_id, settlement.id)
        )
    )
    OR EXISTS (
        SELECT FROM claims_settlementusage AS part
        WHERE part.settlement_id IN (settlement.id, counter.id)
        GROUP BY part.year, part.month, part.scope, part.key
        HAVING sum(part.deductible) <> 0 OR sum(part.covered) <> 0 OR sum(part.paid) <> 0 OR sum(part.counted) <> 0
    )
    OR EXISTS (
        SELECT FROM accounts_ledgerentry AS entry
        LEFT JOIN accounts_ledgerentry AS back
            ON back.reverses_id = entry.id AND back.cause = 'settlement:' || counter.id
        WHERE entry.cause = 'settlement:' || settlement.id AND back.id IS NULL
    ) AS differs
FROM claims_reversal AS reversal
JOIN claims_settlement AS settlement ON settlement.id = reversal.settlement_id
JOIN claims_claim AS claim ON claim.id = settlement.claim_id
JOIN members_member AS member ON member.id = settlement.member_id
LEFT JOIN claims_settlement AS counter ON counter.reverses_id = settlement.id
WHERE member.region_id = %(region)s AND reversal.state = 'approved'
"""

_COUNTER_ROWS = """
SELECT counter.id,
    resettlement.id IS NULL
    OR coalesce(reversal.state, '') <> 'approved'
    AND (year.state IS DISTINCT FROM 'settled' OR coalesce(batch.state, '') NOT IN ('settling', 'settled')) AS differs
FROM claims_settlement AS counter
JOIN members_member AS member ON member.id = counter.member_id
LEFT JOIN claims_resettlement AS resettlement ON resettlement.before_id = counter.reverses_id
LEFT JOIN claims_reversal AS reversal ON reversal.id = resettlement.reversal_id
LEFT JOIN claims_batchyear AS year ON year.id = resettlement.batch_year_id AND year.member_id = counter.member_id
LEFT JOIN claims_resettlementbatch AS batch ON batch.id = year.batch_id
WHERE member.region_id = %(region)s AND counter.reverses_id IS NOT NULL
"""

# What stands in the place of a settlement that was taken back, and what the payee gets more or less for it.
_RESETTLEMENTS = """
SELECT resettlement.id,
    counter.id IS NULL
    OR before.claim_id <> resettlement.claim_id
    OR after.claim_id IS DISTINCT FROM CASE WHEN resettlement.after_id IS NOT NULL THEN resettlement.claim_id END
    OR before.id IS NOT DISTINCT FROM reversal.settlement_id AND after.id IS NOT NULL
    OR after.in_place_of_id IS DISTINCT FROM CASE
        WHEN after.id IS NOT NULL THEN coalesce(before.in_place_of_id, before.id)
    END
    OR resettlement.payee <> claim.channel
    OR resettlement.difference <>
        coalesce(after.pooled + after.pooled_inpatient + after.account + after.family_account, 0)
        - (before.pooled + before.pooled_inpatient + before.account + before.family_account)
    OR (repayment.amount, repayment.kind, payer.kind, payee.kind) IS DISTINCT FROM CASE
        WHEN resettlement.recovered_on IS NULL THEN (NULL::numeric, NULL::varchar, NULL::varchar, NULL::varchar)
        ELSE (-resettlement.difference, 'repayment'::varchar, 'bank'::varchar, 'member_payable'::varchar)
    END AS differs
FROM claims_resettlement AS resettlement
LEFT JOIN claims_reversal AS reversal ON reversal.id = resettlement.reversal_id
JOIN claims_claim AS claim ON claim.id = resettlement.claim_id
JOIN claims_settlement AS before ON before.id = resettlement.before_id
LEFT JOIN claims_settlement AS counter ON counter.reverses_id = before.id
LEFT JOIN claims_settlement AS after ON after.id = resettlement.after_id
LEFT JOIN accounts_ledgerentry AS repayment ON repayment.key = 'resettlement:' || resettlement.id
LEFT JOIN accounts_ledgeraccount AS payer ON payer.id = repayment.debit_id
LEFT JOIN accounts_ledgeraccount AS payee ON payee.id = repayment.credit_id
WHERE claim.region_id = %(region)s
"""


def _exchanged_papers(region: PoolingRegion) -> tuple[int, list[Any]]:
    papers = ClaimDocument.objects.filter(claim__region=region).only("file", "digest")
    return papers.count(), [each for each in papers.iterator() if not is_unchanged(each.file, each.digest)]


def _exchanged_documents(region: PoolingRegion) -> tuple[int, list[Any]]:
    documents = Instrument.objects.filter(region=region).exclude(file="").only("file", "digest")
    return documents.count(), [each for each in documents if not is_unchanged(each.file, each.digest)]


CLAIM_CHECKS = (
    BooksCheck("usage", _("usage equals settlements"), "claims_benefitusage", _USAGE),
    BooksCheck("usage_parts", _("what a settlement used counts in its month"), "claims_settlementusage", _USAGE_PARTS),
    BooksCheck("settlements", _("every settlement's parts add up to its bill"), "claims_settlement", _SETTLEMENTS),
    BooksCheck("own_usage", _("every settlement is in its benefit's usage"), "claims_settlement", _OWN_USAGE),
    BooksCheck("payments", _("what a settlement pays equals its entries"), "claims_settlement", _PAYMENTS),
    BooksCheck(
        "payment_entries",
        _("every payment belongs to a settlement and goes from and to whom the claim says"),
        "accounts_ledgerentry",
        _PAYMENT_ENTRIES,
    ),
    BooksCheck("reversals", _("a reversal takes back the whole settlement"), "claims_reversal", _REVERSALS),
    BooksCheck("counter_rows", _("no settlement is taken back without approval"), "claims_settlement", _COUNTER_ROWS),
    BooksCheck(
        "resettlements",
        _("what is settled anew differs by what the payee gets more or less"),
        "claims_resettlement",
        _RESETTLEMENTS,
    ),
    AFTER_CLOSINGS,
    LookedAt("papers", _("every paper is the file that was taken in"), "claims_claimdocument", _exchanged_papers),
    LookedAt(
        "documents",
        _("every document of law is the file that was entered"),
        "policies_instrument",
        _exchanged_documents,
    ),
)
