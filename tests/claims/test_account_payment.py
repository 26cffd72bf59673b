"""The patient's share of a claim from an account: whose, for what, and not while it is frozen."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import AccountState, EntryKind, LedgerEntry
from agency.exceptions import DomainError
from claims.models import Settlement
from claims.services.reversal import approve_reversal, request_reversal
from members.models import Member
from policies.engine.vocabulary import Purpose, Tier
from tests import builder
from tests.builder import retiree
from tests.builder.accounts import authorized, balances, give, put
from tests.builder.claims import DAY
from tests.builder.settlements import settled

pytestmark = pytest.mark.django_db


def family(scopes: list[Purpose] | None = None) -> tuple[Member, Member]:
    """A holder with 100 yuan and a patient whom the holder has authorized."""
    owner, patient = retiree(), retiree()
    give(owner, "100.00")
    maker, checker = builder.staff("maker"), builder.staff("checker")
    authorized(owner, patient, maker, checker, scopes=scopes, since=DAY, until=None)
    return owner, patient


def parts(settlement: Settlement) -> tuple[Decimal, Decimal, Decimal]:
    """From the own account, from a relative's, in cash."""
    return settlement.account, settlement.family_account, settlement.cash


@pytest.mark.parametrize("state", [AccountState.FROZEN, AccountState.CLOSED])
def test_a_frozen_or_closed_account_leaves_the_whole_share_to_be_paid_in_cash(state: AccountState) -> None:
    """Pingliang, retired: 300 less 200, of which 70 %, is 70 from the fund; 230 remain."""
    member = retiree()
    account = give(member, "100.00")
    put(member, state)
    settlement = settled(member, pay_from_account=True)
    assert (settlement.pooled, *parts(settlement)) == (
        Decimal("70.00"),
        Decimal("0.00"),
        Decimal("0.00"),
        Decimal("230.00"),
    )
    account.refresh_from_db()
    assert account.balance == Decimal("100.00")
    assert not LedgerEntry.objects.filter(kind=EntryKind.ACCOUNT_PAYMENT).exists()


def test_a_relatives_frozen_account_pays_nothing() -> None:
    owner, patient = family()
    put(owner, AccountState.FROZEN)
    settlement = settled(patient, account_holder=owner)
    assert parts(settlement) == (Decimal("0.00"), Decimal("0.00"), Decimal("230.00"))


def test_a_relatives_account_pays_and_the_entry_says_for_whom_and_where() -> None:
    owner, patient = family()
    settlement = settled(patient, account_holder=owner)
    assert parts(settlement) == (Decimal("0.00"), Decimal("100.00"), Decimal("130.00"))
    entry = LedgerEntry.objects.get(kind=EntryKind.ACCOUNT_PAYMENT)
    assert (entry.debit.member, entry.beneficiary, entry.purpose) == (owner, patient, "medical_cost")
    assert entry.provider == settlement.claim.provider
    assert balances(owner.region) == 0


def test_the_own_account_pays_for_nobody_else() -> None:
    member = retiree()
    give(member, "100.00")
    settled(member, pay_from_account=True)
    entry = LedgerEntry.objects.get(kind=EntryKind.ACCOUNT_PAYMENT)
    assert (entry.beneficiary, entry.purpose) == (None, "medical_cost")


@pytest.mark.parametrize(
    ("tier", "scope", "pays"),
    [
        (Tier.PRIMARY, Purpose.MEDICAL_COST, True),
        (Tier.PRIMARY, Purpose.PHARMACY_DRUG, False),
        (Tier.PHARMACY, Purpose.PHARMACY_DRUG, True),
        (Tier.PHARMACY, Purpose.MEDICAL_COST, False),
    ],
)
def test_a_relatives_account_pays_within_what_the_authorization_covers(tier: Tier, scope: Purpose, pays: bool) -> None:
    owner, patient = family([scope])
    more: dict[str, Any] = {"provider": builder.a_provider(patient.region, tier), "account_holder": owner}
    if tier == Tier.PHARMACY:
        more["prescribing_tier"] = Tier.PRIMARY
    if pays:
        assert settled(patient, **more).family_account == Decimal("100.00")
        return
    with pytest.raises(DomainError):
        settled(patient, **more)
    assert not Settlement.objects.exists()


def test_a_reversal_returns_a_payment_to_an_account_that_was_frozen_since() -> None:
    member = retiree()
    account = give(member, "100.00")
    settlement = settled(member, pay_from_account=True)
    put(member, AccountState.FROZEN)
    reversal = request_reversal(settlement, actor=builder.staff("asks"), reason="wrong bill")
    approve_reversal(reversal, actor=builder.staff("decides"), today=date(2023, 3, 2))
    account.refresh_from_db()
    assert (account.balance, account.state) == (Decimal("100.00"), AccountState.FROZEN)
