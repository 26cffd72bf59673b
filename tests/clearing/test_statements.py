"""A provider's month: what enters its statement and how often, what it comes to, and what is carried."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AccountClosing, LedgerEntry
from accounts.services.account_requests import approve_account_request, submit_refund
from accounts.services.closing import approve_closing, submit_closing
from accounts.services.spending import spend
from agency.exceptions import DomainError
from claims.models import Settlement
from claims.services.reversal import approve_reversal, request_reversal
from clearing.models import ProviderStatement, StatementEntry, StatementState
from clearing.services import statements as service
from members.services.people import record_death
from policies.engine.vocabulary import ClosingReason, Purpose, Tier
from providers.models import Agreement
from providers.services import change_agreement, end_agreement
from tests import builder
from tests.builder import pair, retiree, somebody
from tests.builder.accounts import give
from tests.builder.claims import a_claim
from tests.builder.clearing import APRIL, JUNE, LATER, MARCH, MAY, a_provider, approved, billed, drafted, figures, pay
from tests.builder.settlements import outcome_of

pytestmark = pytest.mark.django_db


def reverse(settlement: Settlement, on: date) -> None:
    """Taken back by clerk and supervisor on a day."""
    clerk, supervisor = pair(builder.region("pingliang"))
    asked = request_reversal(settlement, actor=clerk, reason="wrong member")
    approve_reversal(asked, actor=supervisor, today=on)


# --- Figures ---


def test_a_month_is_what_was_posted_in_it_less_the_retention() -> None:
    """70 % of 800.00, and of 133.35: 560.00 and 93.35 (93.345), of which 5 % are 32.67 (32.6675)."""
    provider, member = a_provider(), retiree()
    give(member, "100.00")
    billed(provider)
    billed(provider, "333.35", member=member, pay_from_account=True)
    found = drafted(provider)
    # The member's share is 240.00, the account held 100.00: 560.00 + 93.35 + 100.00 - 32.67.
    assert figures(found) == {
        "total": "1333.35",
        "pooled": "653.35",
        "account": "100.00",
        "retained": "32.67",
        "payable": "720.68",
    }
    assert (found.claims, found.entries.count(), found.state) == (2, 3, StatementState.DRAFT)


def test_what_an_account_pays_beside_claims_is_the_providers_too() -> None:
    provider, member = a_provider(), retiree()
    give(member, "100.00")
    for key, place in (("here", provider), ("elsewhere", a_provider())):
        spent: dict[str, Any] = {"purpose": Purpose.MEDICAL_COST, "on": date(2023, 3, 20), "key": key}
        spend(member, amount=Decimal("12.50"), provider=place, **spent)
    assert figures(drafted(provider)) == {"spent": "12.50", "payable": "12.50"}


def test_a_refund_is_taken_off_the_month_it_is_posted_in() -> None:
    """12.50 in March, back in April, when 70.00 less 3.50 of retention are due."""
    provider, member = a_provider(), retiree()
    give(member, "100.00")
    spent: dict[str, Any] = {"purpose": Purpose.MEDICAL_COST, "on": date(2023, 3, 20), "key": "drugs"}
    entry = spend(member, amount=Decimal("12.50"), provider=provider, **spent).entry
    approved(provider)
    facts: dict[str, Any] = {"on": date(2023, 4, 5), "document": "业务单1号", "actor": somebody("clerk")}
    asked = submit_refund(entry, reason=builder.REASON, **facts)
    approve_account_request(asked, today=date(2023, 4, 6), actor=somebody("supervisor"))
    billed(provider, "300.00", date(2023, 4, 7))
    found = drafted(provider, APRIL)
    assert figures(found) == {
        "total": "300.00",
        "pooled": "70.00",
        "spent": "-12.50",
        "retained": "3.50",
        "payable": "54.00",
    }


def test_a_claim_paid_to_the_member_is_not_the_providers() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    facts: dict[str, Any] = {"provider": provider, "served_on": date(2023, 3, 2), "filed_on": date(2023, 3, 20)}
    assert isinstance(outcome_of(a_claim(retiree(), "1000.00", **facts), today=date(2023, 3, 21)), Settlement)
    assert figures(drafted(provider))["pooled"] == "70.00"


@pytest.mark.parametrize(("rate", "retained"), [("0.0095", "0.67"), ("0.0094", "0.66"), ("0", None)])
def test_the_retention_is_rounded_half_up(rate: str, retained: str | None) -> None:
    """Of 70.00: 0.665 and 0.658."""
    provider = a_provider(rate)
    billed(provider, "300.00")
    assert figures(drafted(provider)).get("retained") == retained


def test_an_agreement_that_ended_within_the_month_still_has_its_retention() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    end_agreement(provider, last_day=date(2023, 3, 20), reason=builder.REASON)
    assert figures(drafted(provider))["retained"] == "3.50"


def test_without_an_agreement_in_the_month_nothing_is_retained() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    Agreement.objects.filter(provider=provider).delete()
    assert figures(drafted(provider))["payable"] == "70.00"


def test_a_reversal_of_a_later_month_is_negative_and_carried_until_it_is_made_up_for() -> None:
    """560.00 less 28.00 retained are paid for March and come back in April with the retention: -532.00. In May 490.00
    less 24.50 are earned, which leaves -66.50; in June 140.00 less 7.00, so that 66.50 are paid.
    """
    provider = a_provider()
    settlement = billed(provider)
    pay(approved(provider))
    reverse(settlement, date(2023, 4, 10))
    april = approved(provider, APRIL)
    assert figures(april) == {"total": "-1000.00", "pooled": "-560.00", "retained": "-28.00", "payable": "-532.00"}
    assert april.claims == 1
    with pytest.raises(DomainError):
        pay(april)
    billed(provider, "900.00", date(2023, 5, 3))
    may = approved(provider, MAY)
    assert (may.carried, may.payable) == (Decimal("-532.00"), Decimal("-66.50"))
    billed(provider, "400.00", date(2023, 6, 3))
    june = pay(approved(provider, JUNE))
    assert (june.carried, june.payable, june.state) == (Decimal("-66.50"), Decimal("66.50"), StatementState.PAID)


def test_what_a_closed_account_paid_is_taken_off_the_provider_like_any_other_payment() -> None:
    """Of 300.00 the fund pays 70.00, of which 3.50 are retained, and the account 100.00: 166.50 for March, and as much
    less in April. The heirs' part comes out of no provider's statement.
    """
    provider, member = a_provider(), retiree()
    give(member, "100.00")
    settlement = billed(provider, "300.00", member=member, pay_from_account=True)
    assert figures(approved(provider))["payable"] == "166.50"
    record_death(member, died_on=date(2023, 3, 20), known_on=APRIL, reason=builder.REASON)
    clerk, supervisor = pair(builder.region("pingliang"))
    asked: dict[str, Any] = {"closing_reason": ClosingReason.DEATH, "on": date(2023, 3, 20), "reason": builder.REASON}
    approve_closing(submit_closing(member, actor=clerk, **asked), today=APRIL, actor=supervisor)
    reverse(settlement, date(2023, 4, 10))
    assert figures(approved(provider, APRIL))["payable"] == "-166.50"
    assert AccountClosing.objects.get(follows__isnull=False).amount == Decimal("100.00")


def test_a_retention_is_given_back_up_to_what_the_year_has_retained() -> None:
    """28.00 of March's 560.00 at 5 %; in April, at 10 %, 56.00 of -560.00 would be 28.00 more than that. What was
    retained in the year before is its own clearing's.
    """
    provider = a_provider()
    settlement = billed(provider)
    approved(provider)
    terms: dict[str, Any] = {"first_day": APRIL, "is_designated": True, "retention_rate": Decimal("0.10")}
    change_agreement(provider, tier=Tier.PRIMARY, reason=builder.REASON, **terms)
    reverse(settlement, date(2023, 4, 10))
    assert drafted(provider, APRIL).retained == Decimal("-28.00")
    other = a_provider()
    december = billed(other, on=date(2023, 12, 4))
    facts: dict[str, Any] = {"actor": somebody("clerk"), "today": date(2024, 2, 5)}
    found = service.submit_statement(
        service.draft_statement(other, month=date(2023, 12, 1), **facts), actor=somebody("clerk")
    )
    service.approve_statement(found, today=date(2024, 1, 5), actor=somebody("supervisor"))
    reverse(december, date(2024, 1, 10))
    assert service.draft_statement(other, month=date(2024, 1, 1), **facts).retained == 0


@pytest.mark.parametrize("retained", ["-0.01", "70.01"])
def test_the_database_keeps_a_retention_within_the_pooled_payment(retained: str) -> None:
    provider = a_provider()
    billed(provider, "300.00")
    found = drafted(provider)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProviderStatement.objects.filter(pk=found.pk).update(
            retained=Decimal(retained), payable=Decimal("70.00") - Decimal(retained)
        )


def test_what_is_reversed_within_the_month_comes_to_nothing() -> None:
    provider = a_provider()
    reverse(billed(provider), date(2023, 3, 20))
    found = drafted(provider)
    assert (figures(found), found.claims, found.entries.count()) == ({}, 1, 2)


# --- What enters, and when ---


def test_every_entry_stands_in_one_statement() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    first = approved(provider)
    # Posted for March after March was drafted.
    late = billed(provider, "300.00")
    billed(provider, on=date(2023, 4, 3))
    second = drafted(provider, APRIL)
    assert (first.pooled, second.pooled) == (Decimal("70.00"), Decimal("630.00"))
    assert second.entries.filter(entry__cause=f"settlement:{late.pk}").exists()
    named = LedgerEntry.objects.filter(provider=provider)
    assert StatementEntry.objects.count() == named.count() == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        StatementEntry.objects.create(statement=second, entry=first.entries.get().entry)


def test_drafting_anew_takes_what_came_late() -> None:
    provider = a_provider()
    billed(provider, "300.00")
    found = drafted(provider)
    billed(provider, "300.00")
    again = service.redraft_statement(found, actor=somebody("clerk"))
    assert figures(again) == {"total": "600.00", "pooled": "140.00", "retained": "7.00", "payable": "133.00"}
    assert (again.claims, again.entries.count()) == (2, 2)
    again.refresh_from_db()
    assert again.payable == Decimal("133.00")


@pytest.mark.parametrize("today", [date(2023, 3, 31), date(2023, 4, 1)])
def test_a_month_is_drafted_once_it_is_over(today: date) -> None:
    provider = a_provider()
    billed(provider)
    facts: dict[str, Any] = {"month": MARCH, "today": today, "actor": somebody("clerk")}
    if today.month == 4:
        assert service.draft_statement(provider, **facts).month == MARCH
        return
    drafts: list[tuple[Any, Any]] = [
        (service.draft_statement, provider),
        (service.draft_statements, provider.region),
    ]
    for draft, whose in drafts:
        with pytest.raises(DomainError) as refused:
            draft(whose, **facts)
        assert refused.value.details["field"] == "month"


def test_months_are_drafted_one_after_the_other() -> None:
    provider = a_provider()
    billed(provider)
    billed(provider, on=date(2023, 4, 3))
    with pytest.raises(DomainError):
        drafted(provider, date(2023, 3, 2))
    with pytest.raises(DomainError):
        drafted(provider, date(2023, 2, 1))
    first = drafted(provider)
    for month in (MARCH, APRIL):
        with pytest.raises(DomainError) as refused:
            drafted(provider, month)
        assert refused.value.details["field"] == "month"
    service.approve_statement(
        service.submit_statement(first, actor=somebody("clerk")), today=LATER, actor=somebody("supervisor")
    )
    drafted(provider, APRIL)
    with pytest.raises(DomainError) as refused:
        drafted(provider, date(2023, 2, 1))
    assert refused.value.details["field"] == "month"
    assert ProviderStatement.objects.count() == 2


def test_a_regions_month_is_drafted_for_whoever_has_something_to_settle() -> None:
    first, second, idle, blocked = (a_provider() for _number in range(4))
    for provider in (first, second, blocked):
        billed(provider, "300.00")
    drafted(blocked)
    billed(blocked, on=date(2023, 4, 3))
    billed(first, on=date(2023, 4, 3))
    found = service.draft_statements(first.region, month=APRIL, today=LATER, actor=somebody("clerk"))
    # The first one's two bills, the second one's of March.
    assert {each.provider: str(each.pooled) for each in found.statements} == {first: "630.00", second: "70.00"}
    assert [provider for provider, _error in found.refused] == [blocked]
    assert not idle.statements.exists()
    with pytest.raises(DomainError):
        service.draft_statements(builder.region("dazhou"), month=APRIL, today=LATER, actor=somebody("clerk"))
