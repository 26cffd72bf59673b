"""Accounts that are closed."""

from datetime import date
from decimal import Decimal

from accounts.models import AccountClosing, LedgerAccount
from accounts.services.account_requests import approve_account_request, submit_transfer_in
from accounts.services.closing import approve_closing, submit_closing
from agency.models import User
from members.models import Member
from members.services.people import record_death
from policies.engine.vocabulary import ClosingReason
from tests.builder.accounts import account_of
from tests.builder.claims import DAY
from tests.builder.staff import REASON

DIED = date(2023, 3, 10)


def asked_to_close(
    member: Member, maker: User, on: date, reason: ClosingReason = ClosingReason.DEATH
) -> AccountClosing:
    """A closing that waits for another person."""
    return submit_closing(member, closing_reason=reason, on=on, payee="继承人", actor=maker, reason=REASON)


def closed(
    member: Member,
    maker: User,
    checker: User,
    on: date,
    *,
    reason: ClosingReason = ClosingReason.DEATH,
    today: date | None = None,
) -> AccountClosing:
    """A closing approved on its day unless said otherwise. For a death, the member died that day."""
    if reason == ClosingReason.DEATH and member.died_on is None:
        member = record_death(member, died_on=on, known_on=today or on, reason=REASON)
    return approve_closing(asked_to_close(member, maker, on, reason), today=today or on, actor=checker)


def brought(member: Member, amount: str, maker: User, checker: User) -> LedgerAccount:
    """An account with what another agency has sent along."""
    asked = submit_transfer_in(
        member,
        amount=Decimal(amount),
        other_agency="大理州医保中心",
        on=DAY,
        document=f"转移{member.pk}",
        actor=maker,
        reason=REASON,
    )
    approve_account_request(asked, today=DAY, actor=checker)
    return account_of(member)


def later(closing: AccountClosing) -> list[tuple[str, str, str]]:
    """What was paid out after it: the amount, to whom, and because of what."""
    return [(str(each.amount), each.payee, each.cause) for each in closing.later.order_by("pk")]
