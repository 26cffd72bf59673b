"""Two at the same instant, on the real database: the last yuan is paid once."""

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import AccountKind, CreditDifference, EntryKind, LedgerEntry, Remedy
from accounts.services.differences import approve_remedy, submit_remedy
from accounts.services.ledger import book
from accounts.services.spending import SpendingRefused, spend
from agency.exceptions import DomainError, MoveNotAllowed
from claims.models import BenefitUsage, Claim, Settlement
from claims.services.reversal import approve_reversal, request_reversal
from claims.services.settlement import settle_claim
from members.models import Member
from members.services.contributions import record_contribution
from members.services.people import locked_member
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import Purpose
from providers.models import Provider
from tests import builder
from tests.builder import retiree
from tests.builder.accounts import give
from tests.builder.claims import a_claim
from tests.builder.credit_runs import posted
from tests.builder.threads import together
from tests.processes import wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

DAY = date(2023, 3, 1)


def a_bill(member: Member, provider: Provider, number: str, amount: str, month: int = 3, invoice: str = "") -> Claim:
    facts: dict[str, Any] = {"claim_number": number, "served_on": date(2023, month, 1), "invoice_number": invoice}
    return a_claim(member, amount, provider=provider, **facts)


@pytest.mark.parametrize("months", [(3, 3), (3, 4)], ids=["one month", "two months"])
def test_the_last_yuan_of_a_ceiling_is_paid_once(months: tuple[int, int]) -> None:
    """2450 of 2500 are used; of two claims of 70 at once the first gets 50 and the second nothing."""
    member = retiree()
    provider = builder.a_provider(member.region)
    settle_claim(a_bill(member, provider, "A", "3700.00", month=1), today=DAY)
    claims = [a_bill(member, provider, f"B{place}", "100.00", month) for place, month in enumerate(months)]
    found = together(*[lambda claim=claim: settle_claim(claim, today=DAY) for claim in claims])
    paid = sorted(outcome.pooled for outcome in found if isinstance(outcome, Settlement))
    assert paid == [Decimal("0.00"), Decimal("50.00")]
    assert sum(usage.paid for usage in BenefitUsage.objects.filter(member=member)) == Decimal("2500.00")


def test_the_deductible_is_borne_once() -> None:
    member = retiree()
    provider = builder.a_provider(member.region)
    claims = [a_bill(member, provider, f"B{place}", "150.00") for place in range(4)]
    found = together(*[lambda claim=claim: settle_claim(claim, today=DAY) for claim in claims])
    borne = sorted(outcome.deductible for outcome in found if isinstance(outcome, Settlement))
    assert borne == [Decimal("0.00"), Decimal("0.00"), Decimal("50.00"), Decimal("150.00")]


def test_one_claim_settled_by_two_is_settled_once() -> None:
    member = retiree()
    number = a_bill(member, builder.a_provider(member.region), "A", "300.00").pk

    def settle() -> object:
        return settle_claim(Claim.objects.select_related("member", "provider").get(pk=number), today=DAY)

    found = together(settle, settle, settle)
    assert sum(isinstance(outcome, Settlement) for outcome in found) == 1
    assert sum(isinstance(outcome, MoveNotAllowed) for outcome in found) == 2
    assert Settlement.objects.count() == 1


def test_one_invoice_claimed_for_two_members_at_once_is_paid_once() -> None:
    first, second = retiree(), retiree()
    provider = builder.a_provider(first.region)
    claims = [a_bill(member, provider, f"B{member.pk}", "300.00", invoice="0042") for member in (first, second)]
    found = together(*[lambda claim=claim: settle_claim(claim, today=DAY) for claim in claims])
    assert sum(isinstance(outcome, Settlement) for outcome in found) == 1
    refusals = [outcome.reason for outcome in found if isinstance(outcome, Refusal)]
    assert refusals == ["duplicate_invoice"]
    assert LedgerEntry.objects.filter(kind=EntryKind.POOLED_PAYMENT).count() == 1


def test_a_balance_is_spent_once() -> None:
    member = retiree()
    account = give(member, "90.00")
    book(member.region, AccountKind.PROVIDER_PAYABLE)

    place = builder.pharmacy(member.region)

    def pay(key: str) -> Callable[[], object]:
        facts: dict[str, Any] = {"purpose": Purpose.PHARMACY_DRUG, "on": DAY, "key": key, "provider": place}
        return lambda: spend(member, amount=Decimal("60.00"), **facts)

    found = together(pay("a"), pay("b"))
    refusals = [error.reason for error in found if isinstance(error, SpendingRefused)]
    assert refusals == ["insufficient_balance"]
    account.refresh_from_db()
    assert account.balance == Decimal("30.00")


def test_a_reversal_waits_for_a_settlement_and_does_not_overlook_it() -> None:
    """The second claim is settled while the approval of the reversal waits for the member; it bears no deductible."""
    member, maker, checker = retiree(), builder.staff("maker"), builder.staff("checker")
    provider = builder.a_provider(member.region)
    first = settle_claim(a_bill(member, provider, "A", "300.00"), today=DAY)
    assert isinstance(first, Settlement)
    late = a_bill(member, provider, "B", "300.00")
    reversal = request_reversal(first, actor=maker, reason="wrong member")
    settled = threading.Event()

    def settle() -> object:
        with transaction.atomic():
            found = settle_claim(late, today=DAY)
            settled.set()
            wait_for(somebody_waits_for_us, "The reversal does not wait for the member.")
        return found

    def approve() -> object:
        assert settled.wait(30)
        return approve_reversal(reversal, actor=checker, today=DAY)

    second, refusal = together(settle, approve)
    assert isinstance(second, Settlement)
    assert isinstance(refusal, DomainError)
    assert not Settlement.objects.filter(reverses__isnull=False).exists()


def somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])


def test_a_recovery_waits_for_whoever_settles_for_the_member() -> None:
    """A settlement pays what the balance was when it began; a recovery in between would leave less."""
    member, maker, checker = (
        builder.insured(builder.region("pingliang")),
        builder.staff("maker"),
        builder.staff("checker"),
    )
    region = member.region
    builder.contributions(member, DAY, DAY)
    posted(region, DAY, date(2023, 3, 31), maker, checker)
    record_contribution(member, month=DAY, base=Decimal("5000.00"), known_on=date(2023, 4, 30), reason="corrected")
    posted(region, date(2023, 4, 1), date(2023, 4, 30), maker, checker)
    difference = submit_remedy(CreditDifference.objects.get(), remedy=Remedy.RECOVER, actor=maker, reason="corrected")
    held = threading.Event()

    def settle() -> None:
        with transaction.atomic():
            locked_member(member)
            held.set()
            wait_for(somebody_waits_for_us, "The recovery does not wait for the member.")

    def approve() -> object:
        assert held.wait(30)
        return approve_remedy(difference, on=date(2023, 5, 2), actor=checker)

    _nothing, recovered = together(settle, approve)
    assert isinstance(recovered, CreditDifference)
    assert recovered.taken == Decimal("20.00")
