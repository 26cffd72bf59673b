"""Yearly interest of Pingliang."""

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import AccountKind, YearlyInterest
from accounts.services.interest import approve_interest, post_interest, submit_interest
from accounts.services.ledger import book
from agency.models import PoolingRegion, User
from agency.services.regions import switch_account_interest
from tests.builder.accounts import an_account, move_in
from tests.builder.people import region as region_of
from tests.builder.staff import somebody

NEW_YEAR = date(2023, 1, 1)


def region_with_interest() -> PoolingRegion:
    """Pingliang with its switch on."""
    officer = somebody("officer")
    return switch_account_interest(region_of("pingliang"), pays=True, actor=officer, reason="agency document")


def region_with_accounts(*balances: str) -> PoolingRegion:
    """The same with an account for each balance, there since the year began.

    The books are opened first, so that the accounts' numbers follow one another.
    """
    region = region_with_interest()
    for kind in (AccountKind.TRANSFERS, AccountKind.INTEREST):
        book(region, kind)
    for balance in balances:
        move_in(an_account(region), balance, NEW_YEAR)
    return region


def submitted(
    region: PoolingRegion, actor: User, rate: str = "0.0035", year: int = 2023, **more: Any
) -> YearlyInterest:
    """As asked for by an officer."""
    facts: dict[str, Any] = {
        "source": "平医保发〔2024〕1号",
        "today": date(2025, 1, 10),
        "reason": "year closed",
    } | more
    return submit_interest(region, year=year, rate=Decimal(rate), actor=actor, **facts)


def approved(region: PoolingRegion, rate: str = "0.01") -> YearlyInterest:
    """Approved by another person, with its job as it stands."""
    interest = approve_interest(submitted(region, somebody("maker"), rate), actor=somebody("checker"))
    assert interest.job is not None
    interest.job.refresh_from_db()
    return interest


def drain(interest: YearlyInterest) -> None:
    """What the workers do, range after range."""
    while post_interest(interest.pk):
        pass


def posted(region: PoolingRegion, maker: User, checker: User, rate: str = "0.0035", year: int = 2023) -> YearlyInterest:
    """From its submission to its last entry."""
    interest = approve_interest(submitted(region, maker, rate, year), actor=checker)
    drain(interest)
    interest.refresh_from_db()
    return interest
