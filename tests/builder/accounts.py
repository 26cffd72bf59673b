"""Personal accounts: what they hold, movements on chosen days, and relatives who may use them."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.db.models import Sum

from accounts.models import AccountKind, AccountState, EntryKind, FamilyUseAuthorization, LedgerAccount, LedgerEntry
from accounts.services.family import approve_authorization, submit_authorization
from accounts.services.ledger import Posting, book, post
from accounts.services.spending import Spending, spend
from agency.models import PoolingRegion, User
from members.models import Member
from policies.engine.vocabulary import Purpose
from tests.builder.people import insured, region
from tests.builder.providers import pharmacy
from tests.builder.staff import REASON

SINCE, UNTIL = date(2023, 3, 10), date(2023, 9, 20)
_keys = count(1)


def an_account(region: PoolingRegion, member: Member | None = None) -> LedgerAccount:
    """An empty account of a new member, or of the one given."""
    member = member or insured(region)
    return LedgerAccount.objects.create(
        region=region, kind=AccountKind.PERSONAL, member=member, balance=Decimal("0.00")
    )


def give(member: Member, amount: str, on: date = date(2023, 1, 1)) -> LedgerAccount:
    """Yuan of the pooled fund for the member's account, which is opened where there is none."""
    account = LedgerAccount.objects.filter(member=member).first() or an_account(member.region, member)
    fund = book(member.region, AccountKind.POOLED_FUND)
    key = f"test:{next(_keys)}"
    post([Posting(fund, account, Decimal(amount), EntryKind.POOLED_PAYMENT, key, "test")], on=on, actor=None)
    account.refresh_from_db()
    return account


def move_in(account: LedgerAccount, amount: str, on: date, **more: Any) -> LedgerEntry:
    """Yuan arrive from elsewhere on a day."""
    source = book(account.region, AccountKind.TRANSFERS)
    posting = Posting(source, account, Decimal(amount), EntryKind.TRANSFER_IN, f"test:{next(_keys)}", "test", **more)
    return post([posting], on=on, actor=None)[0]


def pay(account: LedgerAccount, amount: str, on: date, **more: Any) -> LedgerEntry:
    """Yuan are spent on a day, without a question whether they may be."""
    target = book(account.region, AccountKind.PROVIDER_PAYABLE)
    more.setdefault("provider", pharmacy(account.region))
    posting = Posting(account, target, Decimal(amount), EntryKind.SPENDING, f"test:{next(_keys)}", "test", **more)
    return post([posting], on=on, actor=None)[0]


def holder(balance: str = "100.00", slug: str = "pingliang") -> Member:
    """A member whose account holds the amount."""
    member = insured(region(slug))
    give(member, balance)
    return member


def account_of(member: Member) -> LedgerAccount:
    """As it stands now."""
    return LedgerAccount.objects.get(member=member)


def balance_of(member: Member) -> Decimal:
    """What the account holds now, yuan."""
    balance = account_of(member).balance
    assert balance is not None
    return balance


def state_of(member: Member) -> str:
    return account_of(member).state


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
        "reason": REASON,
    } | overrides
    return submit_authorization(owner, relative, **facts)


def authorized(owner: Member, relative: Member, maker: User, checker: User, **overrides: Any) -> FamilyUseAuthorization:
    return approve_authorization(submitted(owner, relative, maker, **overrides), actor=checker)


def bought(owner: Member, amount: str, on: date, key: str = "k", relative: Member | None = None) -> Spending:
    """Drugs at the region's pharmacy."""
    place = pharmacy(owner.region)
    facts: dict[str, Any] = {"purpose": Purpose.PHARMACY_DRUG, "on": on, "key": key, "provider": place}
    return spend(owner, amount=Decimal(amount), relative=relative, **facts)


def paid(owner: Member, relative: Member | None, on: date, amount: str = "10.00", key: str = "k") -> Decimal:
    """What is left after a purchase at a pharmacy."""
    return bought(owner, amount, on, key, relative).balance


def moved(region: PoolingRegion) -> dict[int, Decimal]:
    """What every account of the region has, as its entries say."""
    entries = LedgerEntry.objects.filter(region=region)
    sums = [dict(entries.values_list(side).annotate(Sum("amount"))) for side in ("credit", "debit")]
    accounts = LedgerAccount.objects.filter(region=region).values_list("pk", flat=True)
    came, gone = ({pk: found.get(pk, Decimal(0)) for pk in accounts} for found in sums)
    return {pk: came[pk] - gone[pk] for pk in came}


def balances(region: PoolingRegion) -> Decimal:
    """What all accounts of the region have together: nothing appears or vanishes."""
    return sum(moved(region).values(), Decimal(0))
