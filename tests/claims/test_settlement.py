"""Settling a claim: what is stored, what the books say, what is refused, and how it is taken back."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from accounts.models import AccountKind, EntryKind, LedgerAccount, LedgerEntry
from accounts.services.ledger import Posting, book, post
from agency.exceptions import DomainError, MoveNotAllowed, SamePersonDecides
from agency.models import PoolingRegion
from claims.models import BenefitUsage, Claim, ClaimState, Reversal, ReversalState, Settlement
from claims.selectors.explanations import explain, percent
from claims.services.registration import NewLine, register_claim
from claims.services.reversal import approve_reversal, refuse_reversal, request_reversal
from claims.services.settlement import settle_claim
from members.models import Member
from members.services.registrations import record_hospital_stay
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import Benefit, CatalogCategory, InsuredStatus, ItemKind, RefusalReason, Tier
from tests import house

pytestmark = pytest.mark.django_db

DAY = date(2023, 3, 1)
_numbers = iter(range(1, 100_000))


def retiree(slug: str = "pingliang") -> Member:
    return house.insured(house.region(slug), status=InsuredStatus.RETIRED, birth_date=date(1955, 5, 1))


def a_claim(member: Member, amount: str = "300.00", **overrides: Any) -> Claim:
    facts: dict[str, Any] = {
        "provider": overrides.pop("provider", None) or house.a_provider(member.region),
        "claim_number": f"C{next(_numbers)}",
        "served_on": DAY,
        "today": date(2024, 1, 1),
        "lines": [NewLine(ItemKind.DRUG, CatalogCategory.A, Decimal(amount))],
        "reason": "test",
    } | overrides
    return register_claim(member, **facts)


def settled(member: Member, amount: str = "300.00", **overrides: Any) -> Settlement:
    outcome = settle_claim(a_claim(member, amount, **overrides), today=DAY)
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


def test_a_settlement_pays_the_provider_from_the_pooled_fund_and_the_rest_from_the_account() -> None:
    member = retiree()
    account = give(member, "100.00")
    settlement = settled(member, pay_from_account=True)
    assert (settlement.pooled, settlement.patient_share) == (Decimal("70.00"), Decimal("230.00"))
    assert (settlement.account, settlement.cash) == (Decimal("100.00"), Decimal("130.00"))
    account.refresh_from_db()
    assert account.balance == Decimal("0.00")
    payable = book(member.region, AccountKind.PROVIDER_PAYABLE)
    moved = {entry.kind: entry.amount for entry in payable.credits.all()}
    assert moved == {EntryKind.POOLED_PAYMENT: Decimal("70.00"), EntryKind.ACCOUNT_PAYMENT: Decimal("100.00")}
    assert balances(member.region) == 0


def test_a_claim_filed_by_hand_is_paid_to_the_member() -> None:
    member = retiree()
    settled(member, filed_on=date(2023, 5, 2), invoice_number="7")
    assert book(member.region, AccountKind.MEMBER_PAYABLE).credits.get().amount == Decimal("70.00")


def test_the_steps_read_in_both_languages_with_article_and_phrase() -> None:
    settlement = settled(retiree())
    with override("en"):
        rows = {row.label: row for row in explain(settlement)}
    rate = rows["Reimbursement above the deductible"]
    assert (rate.amount_in, rate.parameter, rate.amount_out) == (Decimal("100.00"), "70 %", Decimal("70.00"))
    assert (rate.instrument, rate.article) == ("平政办发〔2022〕112号", "第七条")
    assert "70%" in rate.phrase
    assert rows["Deductible due now"].parameter == "200.00"
    with override("zh-hans"):
        chinese = [row.label for row in explain(settlement)]
    assert len(chinese) == len(rows)
    assert percent(Decimal("0.0225")) == "2.25 %"
    assert percent(Decimal("0")) == "0 %"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE claims_settlement SET pooled = pooled",
        "DELETE FROM claims_settlement",
        "TRUNCATE claims_settlement CASCADE",
        "UPDATE claims_settlementusage SET paid = 0",
        "DELETE FROM claims_settlementusage",
    ],
)
def test_the_database_refuses_to_change_settlements(statement: str) -> None:
    settled(retiree())
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Settlement.objects.count() == 1


def test_parts_that_do_not_add_up_are_refused_by_the_database() -> None:
    settlement = settled(retiree())
    settlement.pk = None
    settlement._state.adding = True
    settlement.pooled += 1
    with pytest.raises(IntegrityError), transaction.atomic():
        settlement.save()


def test_a_refusal_stays_on_the_claim_with_its_article_and_nothing_else_is_stored() -> None:
    member = retiree("kaifeng")
    record_hospital_stay(member, since=DAY, until=DAY, reason="admitted")
    claim = a_claim(member)
    outcome = settle_claim(claim, today=DAY)
    assert isinstance(outcome, Refusal)
    claim.refresh_from_db()
    assert (claim.state, claim.refusal_reason, claim.refusal_article) == ("refused", "hospital_stay", "第十条")
    assert not Settlement.objects.exists()
    assert not BenefitUsage.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_a_refused_claim_can_be_settled_once_the_reason_is_gone() -> None:
    member = house.insured(house.region("dazhou"))
    claim = a_claim(member)
    outcome = settle_claim(claim, today=DAY)
    assert isinstance(outcome, Refusal)
    assert outcome.reason == RefusalReason.NOT_ENTITLED
    house.contributions(member, DAY, DAY, received_on=date(2023, 4, 20))
    assert isinstance(settle_claim(claim, today=DAY), Settlement)
    claim.refresh_from_db()
    assert (claim.state, claim.refusal_reason) == (ClaimState.SETTLED, "")


def test_a_claim_is_settled_once() -> None:
    claim = a_claim(retiree())
    settle_claim(claim, today=DAY)
    with pytest.raises(MoveNotAllowed):
        settle_claim(claim, today=DAY)
    assert Settlement.objects.count() == 1


def test_an_invoice_of_a_provider_is_paid_once_also_to_another_member() -> None:
    first, second = retiree(), retiree()
    provider = house.a_provider(first.region)
    settled(first, provider=provider, invoice_number="0042")
    claim = a_claim(second, provider=provider, invoice_number="0042")
    outcome = settle_claim(claim, today=DAY)
    assert isinstance(outcome, Refusal)
    assert outcome.reason == RefusalReason.DUPLICATE_INVOICE
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(state=ClaimState.SETTLED, refusal_reason="")
    settled(second, provider=house.a_provider(first.region), invoice_number="0042")


def test_a_provider_without_an_agreement_on_the_day_is_not_designated() -> None:
    member = retiree()
    outcome = settle_claim(
        a_claim(member, provider=house.a_provider(member.region, first_day=date(2023, 3, 2))), today=DAY
    )
    assert isinstance(outcome, Refusal)
    assert outcome.reason == RefusalReason.NOT_DESIGNATED


def test_a_benefit_that_the_region_has_not_set_is_refused() -> None:
    outcome = settle_claim(a_claim(retiree(), benefit=Benefit.DAY_SURGERY), today=DAY)
    assert isinstance(outcome, Refusal)
    assert outcome.reason == RefusalReason.TERMS_UNSET


def test_a_pharmacy_claim_needs_the_prescribers_tier_and_stays_registered_without() -> None:
    member = retiree()
    claim = a_claim(member, provider=house.a_provider(member.region, Tier.PHARMACY))
    with pytest.raises(DomainError):
        settle_claim(claim, today=DAY)
    claim.refresh_from_db()
    assert claim.state == ClaimState.REGISTERED


LINE = NewLine(ItemKind.DRUG, CatalogCategory.A, Decimal("10.00"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"served_on": date(2024, 1, 2)},
        {"lines": []},
        {"filed_on": date(2023, 2, 28)},
        {"lines": [NewLine(ItemKind.DRUG, CatalogCategory.A, Decimal("0.00"))]},
        {"lines": [NewLine(ItemKind.DRUG, CatalogCategory.A, Decimal("-1.00"))]},
        {"lines": [NewLine(ItemKind.DRUG, CatalogCategory.A, Decimal("1.001"))]},
        {"lines": [LINE, NewLine(ItemKind.DRUG, CatalogCategory.A, Decimal("1.00"), over_limit=Decimal("1.01"))]},
        {"lines": [NewLine(ItemKind.DRUG, CatalogCategory.B, Decimal("1.00"), upfront_rate=Decimal("1.01"))]},
    ],
    ids=["future", "no lines", "filed before", "zero", "negative", "three decimals", "above limit", "share"],
)
def test_what_is_no_claim_is_refused_and_nothing_is_stored_half(wrong: dict[str, Any]) -> None:
    with pytest.raises(DomainError):
        a_claim(retiree(), **wrong)
    assert not Claim.objects.exists()


def test_a_provider_of_another_region_and_a_taken_number_are_refused() -> None:
    member = retiree()
    with pytest.raises(DomainError):
        a_claim(member, provider=house.a_provider(house.region("kaifeng")))
    a_claim(member, claim_number="X1")
    with pytest.raises(DomainError):
        a_claim(member, claim_number="X1")


def test_settling_one_claim_takes_at_most_fifteen_queries() -> None:
    """An active member, an invoice and the account besides: nothing adds a query to these."""
    member = house.insured(house.region("pingliang"))
    house.contributions(member, DAY, DAY)
    provider = house.a_provider(member.region)
    give(member, "100.00")
    settled(member, provider=provider, filed_on=date(2023, 4, 1))
    claim = Claim.objects.select_related("member", "provider").get(
        pk=a_claim(member, provider=provider, pay_from_account=True, invoice_number="1").pk
    )
    with CaptureQueriesContext(connection) as queries:
        settle_claim(claim, today=DAY)
    statements = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= 15, "\n".join(statement[:100] for statement in statements)


# --- Reversal ---


def test_a_reversal_gives_back_deductible_ceiling_and_money() -> None:
    member = retiree()
    account = give(member, "100.00")
    settlement = settled(member, pay_from_account=True)
    maker, checker = house.staff("maker"), house.staff("checker")
    counter = approve_reversal(
        request_reversal(settlement, actor=maker, reason="wrong member"), actor=checker, today=DAY
    )
    account.refresh_from_db()
    assert account.balance == Decimal("100.00")
    usage = BenefitUsage.objects.get()
    assert (usage.deductible, usage.covered, usage.paid, usage.counted) == (0, 0, 0, 0)
    assert (counter.reverses, counter.pooled, counter.settled_by) == (settlement, settlement.pooled, checker)
    assert balances(member.region) == 0
    settlement.claim.refresh_from_db()
    assert settlement.claim.state == ClaimState.REVERSED
    again = settled(member)
    assert again.deductible == Decimal("200.00")


Decide = Callable[[Reversal, Any], object]
DECISIONS: dict[str, Decide] = {
    "approve": lambda reversal, actor: approve_reversal(reversal, actor=actor, today=DAY),
    "refuse": lambda reversal, actor: refuse_reversal(reversal, actor=actor, reason="it was right"),
}


@pytest.mark.parametrize("move", DECISIONS)
@pytest.mark.parametrize("state", ReversalState.values)
@pytest.mark.parametrize("same", [True, False], ids=["maker", "other"])
def test_who_may_decide_a_reversal_in_which_state(state: str, move: str, same: bool) -> None:
    maker, checker = house.staff("maker"), house.staff("checker")
    reversal = request_reversal(settled(retiree()), actor=maker, reason="wrong member")
    if state != ReversalState.SUBMITTED:
        DECISIONS["approve" if state == ReversalState.APPROVED else "refuse"](reversal, checker)
    actor = maker if same else checker
    if state != ReversalState.SUBMITTED:
        with pytest.raises(MoveNotAllowed):
            DECISIONS[move](reversal, actor)
    elif same:
        with pytest.raises(SamePersonDecides):
            DECISIONS[move](reversal, actor)
    else:
        DECISIONS[move](reversal, actor)
        reversal.refresh_from_db()
        assert reversal.decided_by == checker


def test_a_settlement_that_later_ones_rest_on_is_reversed_after_them() -> None:
    member = retiree()
    first, second = settled(member), settled(member)
    maker, checker = house.staff("maker"), house.staff("checker")
    reversal = request_reversal(first, actor=maker, reason="wrong member")
    with pytest.raises(DomainError):
        approve_reversal(reversal, actor=checker, today=DAY)
    approve_reversal(request_reversal(second, actor=maker, reason="wrong member"), actor=checker, today=DAY)
    approve_reversal(reversal, actor=checker, today=DAY)
    assert {usage.paid for usage in BenefitUsage.objects.all()} == {Decimal("0.00")}


def test_a_reversal_is_asked_for_once_needs_a_reason_and_is_not_reversed_itself() -> None:
    maker, checker = house.staff("maker"), house.staff("checker")
    settlement = settled(retiree())
    with pytest.raises(DomainError):
        request_reversal(settlement, actor=maker, reason=" ")
    reversal = request_reversal(settlement, actor=maker, reason="wrong member")
    with pytest.raises(DomainError):
        request_reversal(settlement, actor=checker, reason="wrong member")
    counter = approve_reversal(reversal, actor=checker, today=DAY)
    with pytest.raises(DomainError):
        request_reversal(counter, actor=maker, reason="wrong member")
