"""What a closing, and what becomes due after it, sets off and pays out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    OPEN_DIFFERENCES,
    AccountClosing,
    AccountState,
    CheckedCredit,
    CreditDifference,
    CreditRun,
    DecisionState,
    DifferenceState,
    EntryKind,
    LedgerAccount,
    LedgerEntry,
    Remedy,
)
from agency.exceptions import DomainError
from policies.engine.vocabulary import CreditSchedule

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class SetOff:
    """A credit above entitlement that nobody has decided about, and what of it is recovered first, yuan, perhaps 0."""

    difference: CreditDifference
    taken: Decimal


def set_off(account: LedgerAccount, amount: Decimal, rows: QuerySet[CreditDifference] | None = None) -> list[SetOff]:
    """What is recovered of an amount before it is paid out: the oldest month first, as far as the amount reaches.

    rows: to read them under their locks.
    """
    differences = CreditDifference.objects.all() if rows is None else rows
    planned = []
    for each in differences.filter(member=account.member_id, state__in=OPEN_DIFFERENCES).order_by("month", "component"):
        taken = min(amount, each.excess)
        amount -= taken
        planned.append(SetOff(each, taken))
    return planned


def recovered(planned: Sequence[SetOff]) -> Decimal:
    """What is set off in all, yuan."""
    return sum((each.taken for each in planned), ZERO)


def check_advances_are_listed(account: LedgerAccount, last_month: date) -> None:
    """DomainError where the account holds credits in advance for months after the last one that are not listed yet.

    last_month: the first day of the last month that is due. A closing recovers what a run has listed, or what was
    decided about it; it would pay out the rest.
    """
    listed = CreditDifference.objects.filter(
        member=OuterRef("credit__member"), month=OuterRef("month"), component=OuterRef("component")
    ).exclude(state=DifferenceState.LAPSED)
    ahead = LedgerEntry.objects.filter(
        credit=account,
        kind__in=(EntryKind.MONTHLY_CREDIT, EntryKind.TRUE_UP),
        month__gt=last_month,
        rule__schedule=CreditSchedule.YEAR_IN_ADVANCE,
    )
    if ahead.exclude(Exists(listed)).exists():
        raise DomainError(
            _(
                "The account was credited in advance for months after %(month)s. Record that the insurance ended, and"
                " post a credit run: it lists what the closing then recovers."
            )
            % {"month": f"{last_month:%Y-%m}"}
        )


def check_no_waiver_waits(planned: Sequence[SetOff]) -> None:
    """DomainError where somebody was asked to leave one of them with the member: that is decided first."""
    waiting = next((each.difference for each in planned if each.difference.remedy == Remedy.WAIVE), None)
    if waiting is not None:
        raise DomainError(
            _("What was credited too much for %(month)s waits to be waived. Have that decided first.")
            % {"month": f"{waiting.month:%Y-%m}"}
        )


def written(planned: Sequence[SetOff]) -> list[list[Any]]:
    """What a second person decides on, as JSON; amounts as text, so that no reader turns them into floats."""
    return [[each.difference.pk, f"{each.difference.excess:.2f}", f"{each.taken:.2f}"] for each in planned]


@dataclass(frozen=True, slots=True)
class Due:
    """What comes back to an account after its closing, yuan, and what is set off against it first."""

    closing: AccountClosing
    amount: Decimal
    set_off: Sequence[SetOff]

    @property
    def paid_out(self) -> Decimal:
        """What whoever got the balance gets of it, yuan."""
        return self.amount - recovered(self.set_off)

    @property
    def written(self) -> list[Any]:
        return [self.closing.pk, f"{self.amount:.2f}", written(self.set_off)]


def due_after_closings(amounts: Mapping[int, Decimal], rows: QuerySet[CreditDifference] | None = None) -> list[Due]:
    """Of amounts that come back to members' accounts, by member id: those of closed accounts. rows: as of `set_off`."""
    members = [member for member, amount in amounts.items() if amount > 0]
    closings = (
        AccountClosing.objects.filter(
            account__member__in=members,
            account__state=AccountState.CLOSED,
            state=DecisionState.APPROVED,
            follows__isnull=True,
        )
        .select_related("account__member", "account__region")
        .order_by("account")
    )
    due = []
    for closing in closings:
        amount = amounts[closing.account.member_id or 0]
        due.append(Due(closing, amount, set_off(closing.account, amount, rows)))
    return due


def due_to_closed_accounts(run: CreditRun) -> QuerySet[CheckedCredit]:
    """What a run's check found due to accounts that are closed by now."""
    return run.checked_credits.filter(member__account__state=AccountState.CLOSED, amount__gt=F("credited"))


def paid_after_closings(run: CreditRun) -> QuerySet[AccountClosing]:
    """What a run paid to those who got the balances of closed accounts."""
    return AccountClosing.objects.filter(cause=f"credit_run:{run.pk}", account__region=run.region_id)
