"""What is wrong between providers' statements and the ledger is found by the checks made for it, and no others."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from pytest_django import DjangoDbBlocker

from accounts.models import AccountKind, EntryKind, LedgerAccount, LedgerEntry
from accounts.selectors.books import find_differences
from clearing.models import AuditDeduction, ProviderStatement, StatementState, YearClearing
from clearing.selectors.books import STATEMENT_CHECKS
from clearing.services.deductions import give_back_deduction
from clearing.services.statements import note_repayment, redraft_statement
from tests import builder
from tests.builder import somebody
from tests.builder.clearing import (
    APRIL,
    LATER,
    MAY,
    a_provider,
    an_approved,
    approved,
    billed,
    drafted,
    noted,
    pay,
    pay_clearing,
)
from tests.builder.damage import behind_our_backs, change, differing, erase, repeat

pytestmark = pytest.mark.django_db
ADDS_UP = (ProviderStatement, "a_statement_adds_up")


@dataclass
class Settled:
    """Pingliang's books: March was paid, 20.00 deducted; April's deduction of 70.00 left 3.50 less than nothing, which
    the clearing of 2023 set off. A third provider paid a deduction back, and was given it back in April.
    """

    march: ProviderStatement
    april: ProviderStatement
    draft: ProviderStatement
    deduction: AuditDeduction
    clearing: YearClearing
    repaid: ProviderStatement
    back: AuditDeduction

    def entry(self, key: str) -> LedgerEntry:
        return LedgerEntry.objects.get(key=key)

    @property
    def payment(self) -> LedgerEntry:
        return self.entry(f"statement:{self.march.pk}")


@pytest.fixture(name="books", scope="module")
def settled_books(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Settled]:
    """One set of books for all tests of the module; what a test damages is taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _settle()
        transaction.set_rollback(True)


def _settle() -> Settled:
    provider = a_provider()
    billed(provider)
    deduction = noted(provider)
    march = pay(approved(provider))
    billed(provider, "300.00", date(2023, 4, 3))
    noted(provider, "70.00", found_on=date(2023, 4, 4))
    april = approved(provider, APRIL)
    clearing = pay_clearing(an_approved(provider))
    other = a_provider()
    billed(other, "300.00", date(2023, 5, 3))
    noted(other, "1.00", found_on=date(2023, 5, 4))
    draft = redraft_statement(drafted(other, MAY), actor=somebody("clerk"))
    third = a_provider()
    wrong = noted(third, "5.00")
    transfer: dict[str, Any] = {
        "paid_on": LATER,
        "today": LATER,
        "bank_reference": "ICBC9",
        "actor": somebody("cashier"),
    }
    repaid = note_repayment(approved(third), **transfer)
    back = give_back_deduction(wrong, today=date(2023, 4, 20), actor=somebody("auditor"), reason="the bill was right")
    approved(third, APRIL)
    return Settled(march, april, draft, deduction, clearing, repaid, back)


Damage = Callable[[Settled], dict[str, list[int]]]


def a_statement_pays_more_than_was_posted(books: Settled) -> dict[str, list[int]]:
    change(books.april, pooled=F("pooled") + 1, payable=F("payable") + 1)
    return {"provider_statements": [books.april.pk], "clearings": [books.clearing.pk]}


def a_statement_counts_another_claim(books: Settled) -> dict[str, list[int]]:
    change(books.march, claims=2)
    return {"provider_statements": [books.march.pk]}


def a_statement_carries_what_no_other_left(books: Settled) -> dict[str, list[int]]:
    change(books.april, carried=Decimal("-1.00"), payable=F("payable") - 1)
    return {"provider_statements": [books.april.pk]}


def a_statement_does_not_add_up(books: Settled) -> dict[str, list[int]]:
    with behind_our_backs(ADDS_UP):
        change(books.april, payable=F("payable") - 1)
    return {"provider_statements": [books.april.pk]}


def an_entry_stands_in_another_providers_statement(books: Settled) -> dict[str, list[int]]:
    line = books.draft.entries.get()
    change(line, statement=books.march)
    return {"provider_statements": [books.march.pk], "statement_entries": [line.pk]}


def an_entry_stands_in_an_earlier_month(books: Settled) -> dict[str, list[int]]:
    line = books.draft.entries.get()
    change(line.entry, posted_on=date(2023, 6, 1))
    return {"statement_entries": [line.pk]}


def a_paid_statement_has_no_payment(books: Settled) -> dict[str, list[int]]:
    erase(books.payment)
    return {"provider_payments": [books.march.pk]}


def a_payment_has_another_amount(books: Settled) -> dict[str, list[int]]:
    change(books.payment, amount=F("amount") + 1)
    return {"provider_payments": [books.march.pk]}


def a_payment_goes_to_another_book(books: Settled) -> dict[str, list[int]]:
    fund = LedgerAccount.objects.get(region=books.march.provider.region, kind=AccountKind.POOLED_FUND)
    change(books.payment, credit=fund)
    return {"provider_payments": [books.march.pk]}


def a_statement_was_paid_before_it_was_approved(books: Settled) -> dict[str, list[int]]:
    planted = repeat(books.payment, f"statement:{books.draft.pk}")
    return {"provider_payments": [books.draft.pk], "provider_entries": [planted.pk]}


def a_payment_is_made_twice(books: Settled) -> dict[str, list[int]]:
    return {"provider_entries": [repeat(books.payment, "statement:again").pk]}


def a_deduction_did_not_return_to_the_fund(books: Settled) -> dict[str, list[int]]:
    erase(books.entry(f"deduction:{books.deduction.pk}"))
    return {"deductions": [books.deduction.pk]}


def a_deduction_has_another_amount_than_the_statement_took(books: Settled) -> dict[str, list[int]]:
    change(books.deduction, amount=F("amount") + 1)
    return {"provider_statements": [books.march.pk], "deductions": [books.deduction.pk]}


def a_deduction_returned_before_anybody_approved(books: Settled) -> dict[str, list[int]]:
    waiting = books.draft.deductions.get()
    repeat(books.entry(f"deduction:{books.deduction.pk}"), f"deduction:{waiting.pk}", provider=waiting.provider)
    return {"deductions": [waiting.pk]}


def a_year_is_cleared_with_another_retention(books: Settled) -> dict[str, list[int]]:
    change(books.clearing, retained=F("retained") + 1, released=F("released") + 1)
    return {"clearings": [books.clearing.pk]}


def what_the_fund_keeps_did_not_return_to_it(books: Settled) -> dict[str, list[int]]:
    erase(books.entry(f"clearing:{books.clearing.pk}:kept"))
    return {"clearings": [books.clearing.pk]}


def more_is_set_off_than_the_provider_owed(books: Settled) -> dict[str, list[int]]:
    change(books.clearing, set_off=F("set_off") + 1, released=F("released") - 1)
    return {"clearings": [books.clearing.pk]}


def what_a_provider_paid_back_is_not_in_the_ledger(books: Settled) -> dict[str, list[int]]:
    erase(books.entry(f"statement:{books.repaid.pk}"))
    return {"provider_payments": [books.repaid.pk]}


def what_is_given_back_was_deducted_again(books: Settled) -> dict[str, list[int]]:
    entry = books.entry(f"deduction:{books.back.pk}")
    change(entry, debit=entry.credit, credit=entry.debit)
    return {"deductions": [books.back.pk]}


def a_clearing_that_was_paid_is_not_marked_so(books: Settled) -> dict[str, list[int]]:
    unpaid: dict[str, Any] = {"paid_on": None, "paid_by": None, "bank_reference": ""}
    change(books.clearing, state=StatementState.APPROVED, **unpaid)
    entry = books.entry(f"clearing:{books.clearing.pk}")
    return {"clearings": [books.clearing.pk], "provider_entries": [entry.pk]}


DAMAGES: tuple[Damage, ...] = (
    a_statement_pays_more_than_was_posted,
    a_statement_counts_another_claim,
    a_statement_carries_what_no_other_left,
    a_statement_does_not_add_up,
    an_entry_stands_in_another_providers_statement,
    an_entry_stands_in_an_earlier_month,
    a_paid_statement_has_no_payment,
    a_payment_has_another_amount,
    a_payment_goes_to_another_book,
    a_statement_was_paid_before_it_was_approved,
    a_payment_is_made_twice,
    a_deduction_did_not_return_to_the_fund,
    a_deduction_has_another_amount_than_the_statement_took,
    a_deduction_returned_before_anybody_approved,
    a_year_is_cleared_with_another_retention,
    what_the_fund_keeps_did_not_return_to_it,
    more_is_set_off_than_the_provider_owed,
    what_a_provider_paid_back_is_not_in_the_ledger,
    what_is_given_back_was_deducted_again,
    a_clearing_that_was_paid_is_not_marked_so,
)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_is_named_by_the_checks_for_it_alone(books: Settled, damage: Damage) -> None:
    region = books.march.provider.region
    assert differing(region) == {}
    expected = damage(books)
    assert differing(region) == expected


def test_every_check_is_tried(books: Settled) -> None:
    tried: set[str] = set()
    for damage in DAMAGES:
        with transaction.atomic():
            tried |= set(damage(books))
            transaction.set_rollback(True)
    assert tried == {check.name for check in STATEMENT_CHECKS}


def test_each_check_says_how_many_rows_it_looked_at(books: Settled) -> None:
    found = find_differences(books.march.provider.region, STATEMENT_CHECKS)
    assert {each.check.name: each.looked_at for each in found} == {
        # March and April of two providers; the draft is nobody's word yet.
        "provider_statements": 4,
        "statement_entries": 3,
        "provider_payments": 5,
        "deductions": 5,
        "clearings": 1,
        # A payment and one back, three deductions and what gives one back; what the clearing kept and released.
        "provider_entries": 8,
    }
    assert {each.looked_at for each in find_differences(builder.region("dazhou"), STATEMENT_CHECKS)} == {0}
    assert LedgerEntry.objects.filter(kind=EntryKind.DEDUCTION).count() == 5
