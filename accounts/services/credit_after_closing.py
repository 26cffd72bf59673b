"""What a credit run owes to accounts that are closed: credited, and paid at once to whoever got the balance.

docs/interpretations/0068
"""

from collections import defaultdict
from decimal import Decimal

from django.db.models import QuerySet

from accounts.models import (
    CheckedCredit,
    CreditChunk,
    CreditDifference,
    CreditRun,
    DifferenceState,
    EntryKind,
    LedgerAccount,
    LedgerEntry,
)
from accounts.models.runs import IN_ADVANCE, WHOLE_MONTH
from accounts.selectors.closings import due_after_closings, due_to_closed_accounts
from accounts.services.after_closing import pay_out_later
from accounts.services.ledger import Posting, post
from agency.models import User

ZERO = Decimal("0.00")


def post_after_closings(chunk: CreditChunk) -> list[LedgerEntry]:
    """Post what the check kept for closed accounts of a chunk's members; returns the credits.

    The caller holds the locks of these accounts.
    """
    run, kept = chunk.run, _kept_for_closed_accounts(chunk)
    approver = run.decided_by
    if not kept or approver is None:
        return []
    amounts = {member: sum((each.amount - each.credited for each in rows), ZERO) for member, rows in kept.items()}
    all_due = due_after_closings(amounts, _only_listed(approver))
    funds = {fund.kind: fund for fund in LedgerAccount.objects.filter(region=run.region, member__isnull=True)}
    credited = [
        _credit(run, each, debit=funds[each.fund or ""], credit=due.closing.account)
        for due in all_due
        for each in kept[due.closing.account.member_id or 0]
    ]
    paid_out = pay_out_later(all_due, decision=run, cause=f"credit_run:{run.pk}", actor=approver)
    return post([*credited, *paid_out], on=run.as_of, actor=approver)[: len(credited)]


def _kept_for_closed_accounts(chunk: CreditChunk) -> dict[int, list[CheckedCredit]]:
    kept = defaultdict(list)
    rows = due_to_closed_accounts(chunk.run).filter(member__gte=chunk.first_member, member__lte=chunk.last_member)
    for each in rows.order_by("member_id", "month", "component"):
        kept[each.member_id].append(each)
    return kept


def _only_listed(approver: User) -> QuerySet[CreditDifference]:
    """What is set off: nobody waits for a decision on it, and the approver wrote no part of it.

    One of these must not hold up the run; it stays as it is and is set off against what is due next.
    """
    rows = CreditDifference.objects.select_for_update(of=("self",))
    return rows.filter(state=DifferenceState.LISTED).exclude(authors__contains=[approver.pk])


def _credit(run: CreditRun, kept: CheckedCredit, *, debit: LedgerAccount, credit: LedgerAccount) -> Posting:
    """As the statement that posts to open accounts writes it."""
    is_first = (kept.month == run.month or kept.cause == IN_ADVANCE) and kept.credited == 0
    cause = f"credit_run:{run.pk}"
    return Posting(
        debit=debit,
        credit=credit,
        amount=kept.amount - kept.credited,
        kind=EntryKind.MONTHLY_CREDIT if is_first else EntryKind.TRUE_UP,
        key=f"credit:{run.pk}:{kept.member_id}:{kept.month:%Y-%m-%d}:{kept.component}",
        cause=cause if kept.cause == WHOLE_MONTH else f"{cause}:{kept.cause}",
        month=kept.month,
        component=kept.component,
        rule_id=kept.rule_id,
        basis=kept.basis,
        entitlement_before=kept.credited,
        entitlement_after=kept.amount,
    )
