"""What is owed to members for claims filed by hand, and what the bank is told of a payment batch."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import AccountKind, LedgerEntry
from agency.fields import search_hash
from claims.models import Settlement
from reimbursements.models import PaymentBatch, Reimbursement


def owed_to_members(reimbursements: Sequence[Reimbursement]) -> dict[int, Decimal]:
    """Yuan by claim id: what the claim's settlement put into the book of what is payable to members.

    That is the pooled payment, and what an account paid of a claim filed by hand. A claim without a settlement that
    stands is not named.
    """
    claim_ids = [each.claim_id for each in reimbursements]
    standing = Settlement.objects.filter(claim__in=claim_ids, reverses__isnull=True, reversed_by__isnull=True)
    claims = {f"settlement:{pk}": claim_id for pk, claim_id in standing.values_list("pk", "claim_id")}
    owed = dict.fromkeys(claims.values(), Decimal("0.00"))
    entries = LedgerEntry.objects.filter(cause__in=list(claims), credit__kind=AccountKind.MEMBER_PAYABLE)
    for cause, amount in entries.order_by().values_list("cause").annotate(Sum("amount")):
        owed[claims[cause]] = amount
    return owed


def batch_payload(batch: PaymentBatch) -> dict[str, Any]:
    """What the second person decides on: every amount with its payee. Of the account numbers only a digest leaves."""
    return {
        "region": batch.region_id,
        "number": batch.number,
        "items": [
            {
                "item": item.pk,
                "reimbursement": item.reimbursement_id,
                "amount": item.amount,
                "payee": item.payee_name,
                "bank": item.payee_bank,
                "account": search_hash(item.payee_account),
            }
            for item in batch.items.order_by("pk")
        ],
    }


def bank_file_headers() -> list[str]:
    """The columns of the file for the bank."""
    return [_("serial number"), _("payee"), _("bank"), _("account number"), _("amount"), _("reference"), _("purpose")]


def bank_file_rows(batch: PaymentBatch) -> list[list[Any]]:
    """A row for each payment; its reference comes back in the bank's answer."""
    items = batch.items.select_related("reimbursement__claim").order_by("pk")
    return [
        [
            serial,
            item.payee_name,
            item.payee_bank,
            item.payee_account,
            item.amount,
            item.pk,
            _("medical reimbursement %(claim)s") % {"claim": item.reimbursement},
        ]
        for serial, item in enumerate(items, start=1)
    ]
