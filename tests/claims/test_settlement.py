"""Settling a claim: what is stored, what the books say, what is refused."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from accounts.models import AccountKind, EntryKind, LedgerEntry
from accounts.services.ledger import book
from agency.exceptions import DomainError, MoveNotAllowed
from claims.models import BenefitUsage, Claim, ClaimState, Settlement
from claims.selectors.explanations import explain, percent
from claims.services.settlement import settle_claim
from members.services.registrations import record_hospital_stay
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import Benefit, CatalogCategory, ItemKind, RefusalReason, Tier
from tests import builder
from tests.builder import retiree
from tests.builder.accounts import balances, give
from tests.builder.claims import DAY, a_claim
from tests.builder.settlements import settled
from tests.database import owners_cursor

pytestmark = pytest.mark.django_db


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
    with pytest.raises(Error), owners_cursor() as cursor:
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
    member = builder.insured(builder.region("dazhou"))
    claim = a_claim(member)
    outcome = settle_claim(claim, today=DAY)
    assert isinstance(outcome, Refusal)
    assert outcome.reason == RefusalReason.NOT_ENTITLED
    builder.contributions(member, DAY, DAY, received_on=date(2023, 4, 20))
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
    provider = builder.a_provider(first.region)
    settled(first, provider=provider, invoice_number="0042")
    claim = a_claim(second, provider=provider, invoice_number="0042")
    outcome = settle_claim(claim, today=DAY)
    assert isinstance(outcome, Refusal)
    assert outcome.reason == RefusalReason.DUPLICATE_INVOICE
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(state=ClaimState.SETTLED, refusal_reason="")
    settled(second, provider=builder.a_provider(first.region), invoice_number="0042")


def test_a_provider_without_an_agreement_on_the_day_is_not_designated() -> None:
    member = retiree()
    outcome = settle_claim(
        a_claim(member, provider=builder.a_provider(member.region, first_day=date(2023, 3, 2))), today=DAY
    )
    assert isinstance(outcome, Refusal)
    assert outcome.reason == RefusalReason.NOT_DESIGNATED


def test_a_benefit_that_the_region_has_not_set_is_refused() -> None:
    outcome = settle_claim(a_claim(retiree(), benefit=Benefit.DAY_SURGERY), today=DAY)
    assert isinstance(outcome, Refusal)
    assert outcome.reason == RefusalReason.TERMS_UNSET


def test_a_pharmacy_claim_needs_the_prescribers_tier_and_stays_registered_without() -> None:
    member = retiree()
    claim = a_claim(member, provider=builder.a_provider(member.region, Tier.PHARMACY))
    with pytest.raises(DomainError):
        settle_claim(claim, today=DAY)
    claim.refresh_from_db()
    assert claim.state == ClaimState.REGISTERED


LINE = builder.a_line("10.00")


@pytest.mark.parametrize(
    "wrong",
    [
        {"served_on": date(2024, 1, 2), "today": date(2024, 1, 1)},
        {"lines": []},
        {"filed_on": date(2023, 2, 28)},
        {"lines": [builder.a_line("0.00")]},
        {"lines": [builder.a_line("-1.00")]},
        {"lines": [builder.a_line("1.001")]},
        {"lines": [LINE, builder.a_line("1.00", over_limit=Decimal("1.01"))]},
        {"lines": [builder.a_line("1.00", ItemKind.DRUG, CatalogCategory.B, upfront_rate=Decimal("1.01"))]},
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
        a_claim(member, provider=builder.a_provider(builder.region("kaifeng")))
    a_claim(member, claim_number="X1")
    with pytest.raises(DomainError):
        a_claim(member, claim_number="X1")


def test_settling_one_claim_takes_at_most_fifteen_queries() -> None:
    """An active member, an invoice and the account besides: nothing adds a query to these."""
    member = builder.insured(builder.region("pingliang"))
    builder.contributions(member, DAY, DAY)
    provider = builder.a_provider(member.region)
    give(member, "100.00")
    settled(member, provider=provider, filed_on=date(2023, 4, 1))
    claim = Claim.objects.select_related("member", "provider").get(
        pk=a_claim(member, provider=provider, pay_from_account=True, invoice_number="1").pk
    )
    with CaptureQueriesContext(connection) as queries:
        settle_claim(claim, today=DAY)
    statements = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= 15, "\n".join(statement[:100] for statement in statements)
