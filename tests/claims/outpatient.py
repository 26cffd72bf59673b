"""General outpatient claims, and what they leave in the books, for tests of claims."""

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import AccountKind, EntryKind, LedgerAccount
from accounts.services.ledger import Posting, book, post
from agency.models import PoolingRegion
from claims.models import Claim, Settlement
from members.models import Member
from policies.engine.vocabulary import InsuredStatus, Tier
from tests import house
from tests.claims import visits
from tests.claims.visits import outcome_of

DAY = date(2023, 3, 1)
_numbers = iter(range(1, 100_000))


def retiree(slug: str = "pingliang") -> Member:
    return house.insured(house.region(slug), status=InsuredStatus.RETIRED, birth_date=date(1955, 5, 1))


def a_claim(member: Member, amount: str = "300.00", **overrides: Any) -> Claim:
    usual = {"claim_number": f"C{next(_numbers)}", "served_on": DAY, "today": date(2024, 1, 1), "tier": Tier.PRIMARY}
    return visits.a_claim(member, amount, **(usual | overrides))


def settled(member: Member, amount: str = "300.00", **overrides: Any) -> Settlement:
    outcome = outcome_of(a_claim(member, amount, **overrides), today=DAY)
    assert isinstance(outcome, Settlement)
    return outcome


def give(member: Member, amount: str) -> LedgerAccount:
    account = LedgerAccount.objects.create(
        region=member.region, kind=AccountKind.PERSONAL, member=member, balance=Decimal("0.00")
    )
    fund = book(member.region, AccountKind.POOLED_FUND)
    post(
        [Posting(fund, account, Decimal(amount), EntryKind.POOLED_PAYMENT, f"give:{member.pk}", "test")],
        on=DAY,
        actor=None,
    )
    account.refresh_from_db()
    return account


def balances(region: PoolingRegion) -> Decimal:
    """Every account's credits less its debits, added up: nothing appears or vanishes."""
    total = Decimal(0)
    for account in LedgerAccount.objects.filter(region=region):
        total += sum(entry.amount for entry in account.credits.all())
        total -= sum(entry.amount for entry in account.debits.all())
    return total
