"""What becomes due to an account after it was closed goes to whoever got its balance."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from accounts.models import AccountClosing, CreditDifference, LedgerAccount
from accounts.selectors.closings import Due, check_no_waiver_waits, due_after_closings
from accounts.services.closing import pay_out
from accounts.services.ledger import Posting
from agency.models import FourEyes, User
from agency.services.approval import decide_with


def locked_due(amounts: Mapping[int, Decimal]) -> list[Due]:
    """As `due_after_closings`, under the locks of the accounts and of what is set off; the caller holds the members'.

    DomainError where a waiver waits.
    """
    # Accounts before differences, as a credit run locks them.
    accounts = LedgerAccount.objects.select_for_update(no_key=True).filter(member__in=list(amounts))
    list(accounts.order_by("pk").values_list("pk"))
    all_due = due_after_closings(amounts, CreditDifference.objects.select_for_update(of=("self",)))
    for due in all_due:
        check_no_waiver_waits(due.set_off)
    return all_due


def pay_out_later(all_due: Sequence[Due], *, decision: FourEyes, cause: str, actor: User) -> list[Posting]:
    """Write for each a row that follows its closing, paid out the same way; what the caller posts with what comes back.

    decision: approved by the actor, who saw these amounts. The account lets them pass through: what comes back to it
    has to be in the same posting.
    """
    postings = []
    for due in all_due:
        first = due.closing
        row = AccountClosing(
            account=first.account,
            reason=first.reason,
            closed_on=first.closed_on,
            payee=first.payee,
            follows=first,
            cause=cause,
        )
        decide_with(row, decision)
        postings += pay_out(row, due.amount, due.set_off, actor)
    return postings
