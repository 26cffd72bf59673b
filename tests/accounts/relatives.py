"""Holders of accounts and the relatives whom they authorize, for tests."""

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import AccountKind, AccountState, EntryKind, FamilyUseAuthorization, LedgerAccount
from accounts.services.family import approve_authorization, submit_authorization
from accounts.services.ledger import Posting, book, post
from accounts.services.spending import Spending, spend
from agency.models import User
from members.models import Member
from policies.engine.vocabulary import Purpose
from tests import house

SINCE, UNTIL = date(2023, 3, 10), date(2023, 9, 20)


def holder(balance: str = "100.00", slug: str = "pingliang") -> Member:
    """A member whose account holds the amount."""
    member = house.insured(house.region(slug))
    account = LedgerAccount.objects.create(
        region=member.region, kind=AccountKind.PERSONAL, member=member, balance=Decimal("0.00")
    )
    fund = book(member.region, AccountKind.POOLED_FUND)
    gift = Posting(fund, account, Decimal(balance), EntryKind.POOLED_PAYMENT, f"give:{member.pk}", "test")
    post([gift], on=date(2023, 1, 1), actor=None)
    return member


def balance_of(member: Member) -> Decimal | None:
    return LedgerAccount.objects.get(member=member).balance


def state_of(member: Member) -> str:
    return LedgerAccount.objects.get(member=member).state


def put(member: Member, state: AccountState) -> None:
    """Into a state, past the request that leads there."""
    LedgerAccount.objects.filter(member=member).update(state=state)


def submitted(owner: Member, relative: Member, maker: User, **overrides: Any) -> FamilyUseAuthorization:
    facts: dict[str, Any] = {
        "relationship": "spouse",
        "since": SINCE,
        "until": UNTIL,
        "evidence_kind": "marriage_certificate",
        "evidence": "结婚证",
        "actor": maker,
        "reason": house.REASON,
    } | overrides
    return submit_authorization(owner, relative, **facts)


def authorized(owner: Member, relative: Member, maker: User, checker: User, **overrides: Any) -> FamilyUseAuthorization:
    return approve_authorization(submitted(owner, relative, maker, **overrides), actor=checker)


def bought(owner: Member, amount: str, on: date, key: str = "k", relative: Member | None = None) -> Spending:
    """Drugs at the region's pharmacy."""
    place = house.pharmacy(owner.region)
    facts: dict[str, Any] = {"purpose": Purpose.PHARMACY_DRUG, "on": on, "key": key, "provider": place}
    return spend(owner, amount=Decimal(amount), relative=relative, **facts)


def paid(owner: Member, relative: Member | None, on: date, amount: str = "10.00", key: str = "k") -> Decimal:
    """What is left after a purchase at a pharmacy."""
    return bought(owner, amount, on, key, relative).balance
