"""Statements of account: every line with the balance after it, on the screen and as a file."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AccountKind, AccountState, EntryKind, LedgerAccount
from accounts.selectors.statements import Statement, balances, statement_of
from accounts.services.ledger import InsufficientBalance, book, reverse_entries
from agency.models import Role
from policies.engine.vocabulary import Purpose
from tests import builder
from tests.builder.accounts import an_account, move_in, pay
from tests.builder.office import Office
from tests.builder.screens import visitor

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2023, 1, 1), date(2023, 12, 31)


@pytest.fixture
def account() -> LedgerAccount:
    return an_account(builder.region("pingliang"))


def shown(statement: Statement) -> list[tuple[str, str, str]]:
    """In, out and balance of each line."""
    return [(str(line.arrived), str(line.gone), str(line.balance)) for line in statement.lines]


def test_each_line_has_the_balance_after_it_and_the_ends_fit(account: LedgerAccount) -> None:
    move_in(account, "100.00", date(2022, 12, 31))
    move_in(account, "50.00", FIRST)
    pay(account, "30.00", date(2023, 2, 10))
    move_in(account, "0.01", LAST)
    pay(account, "120.01", date(2024, 1, 1))
    statement = statement_of(account, FIRST, LAST)
    assert (statement.opening, statement.closing) == (Decimal("100.00"), Decimal("120.01"))
    assert (statement.arrived, statement.gone) == (Decimal("50.01"), Decimal("30.00"))
    assert shown(statement) == [
        ("50.00", "0.00", "150.00"),
        ("0.00", "30.00", "120.00"),
        ("0.01", "0.00", "120.01"),
    ]


def test_lines_stand_in_the_order_of_their_days_and_on_one_day_of_posting(account: LedgerAccount) -> None:
    """What is posted later for an earlier day stands at its day, and the balances follow."""
    day = date(2023, 3, 1)
    move_in(account, "10.00", day)
    pay(account, "4.00", day)
    move_in(account, "1.00", date(2023, 2, 1))
    assert shown(statement_of(account, FIRST, LAST)) == [
        ("1.00", "0.00", "1.00"),
        ("10.00", "0.00", "11.00"),
        ("0.00", "4.00", "7.00"),
    ]


def test_months_without_a_line_carry_the_balance(account: LedgerAccount) -> None:
    move_in(account, "10.00", date(2022, 5, 1))
    statement = statement_of(account, FIRST, LAST)
    assert (statement.opening, statement.closing, statement.lines) == (Decimal("10.00"), Decimal("10.00"), ())
    before = statement_of(account, date(2021, 1, 1), date(2021, 12, 31))
    assert (before.opening, before.closing) == (Decimal("0.00"), Decimal("0.00"))


def test_the_balance_at_the_end_of_each_of_the_last_months(account: LedgerAccount) -> None:
    move_in(account, "10.00", date(2022, 5, 1))
    move_in(account, "5.00", date(2022, 12, 31))
    pay(account, "2.00", date(2023, 2, 10))
    pay(account, "1.00", date(2023, 2, 11))
    course = ["10.00", "15.00", "15.00", "13.00"]
    assert balances(account, date(2023, 2, 10), 4) == [Decimal(balance) for balance in course]


def test_the_summary_adds_up_each_kind_in_each_month(account: LedgerAccount) -> None:
    move_in(account, "10.00", date(2023, 1, 31))
    pay(account, "2.00", date(2023, 1, 31))
    move_in(account, "5.50", date(2023, 1, 1))
    spent = pay(account, "3.00", date(2023, 2, 1))
    reverse_entries([spent], on=date(2023, 2, 28), actor=None, cause="test")
    totals = statement_of(account, FIRST, LAST).totals
    january, february = date(2023, 1, 1), date(2023, 2, 1)
    assert [(each.month, each.kind, str(each.arrived), str(each.gone)) for each in totals] == [
        (january, EntryKind.TRANSFER_IN, "15.50", "0.00"),
        (january, EntryKind.SPENDING, "0.00", "2.00"),
        (february, EntryKind.SPENDING, "0.00", "3.00"),
        (february, EntryKind.REVERSAL, "3.00", "0.00"),
    ]


MOVES = st.lists(st.tuples(st.booleans(), st.decimals("0.01", "999.99", places=2), st.integers(0, 900)), max_size=25)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(moves=MOVES, first=st.integers(0, 30), months=st.integers(0, 12))
def test_opening_and_in_less_out_is_closing_and_today_the_balance(
    account: LedgerAccount, moves: list[tuple[bool, Decimal, int]], first: int, months: int
) -> None:
    """Whatever moved on which days; and a period that reaches to today ends at the balance."""
    with transaction.atomic():
        account.refresh_from_db()
        began = date(2022, 1, 1)
        for arrives, amount, day in moves:
            try:
                (move_in if arrives else pay)(account, str(amount), began + timedelta(days=day))
            except InsufficientBalance:
                continue
        account.refresh_from_db()
        first_day = date(2022 + first // 12, first % 12 + 1, 1)
        for last_day in (first_day + timedelta(days=31 * months), localdate()):
            statement = statement_of(account, first_day, last_day)
            assert statement.closing == statement.opening + statement.arrived - statement.gone
            assert statement.arrived == sum(each.arrived for each in statement.totals)
            assert statement.gone == sum(each.gone for each in statement.totals)
            following = statement_of(account, last_day + timedelta(days=1), date(2199, 12, 31))
            assert following.opening == statement.closing
        assert statement.closing == account.balance
        transaction.set_rollback(True)


# On the screen


def page_of(account: LedgerAccount, client: Client, **query: str) -> Any:
    return client.get(reverse("admin:accounts_ledgeraccount_statement", args=[account.pk]), query)


def file_of(account: LedgerAccount, client: Client, **query: str) -> list[list[str]]:
    """The file's cells, row by row."""
    response = client.get(reverse("admin:accounts_ledgeraccount_statement_csv", args=[account.pk]), query)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    content = response.getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    return [line.split(",") for line in content.decode("utf-8-sig").splitlines()]


YEAR = {"from": "2024-01", "to": "2024-12"}


@pytest.mark.parametrize(("language", "heading"), [("en", "Statement of account"), ("zh-hans", "枣庄市")])
def test_the_page_shows_lines_balances_and_a_masked_identity(office: Office, language: str, heading: str) -> None:
    member = office.members[0]
    text = page_of(member.account, visitor(office.staff["clerk"], language), **YEAR).content.decode()
    for words in (heading, member.name, member.member_number, member.masked_identity_number, "120.00"):
        assert words in text, words
    assert not re.search(r"\d{17}[\dXx]", text)


def test_without_months_it_is_this_calendar_year(office: Office) -> None:
    account = office.members[0].account
    move_in(account, "7.77", localdate())
    text = page_of(account, visitor(office.staff["auditor"])).content.decode()
    this_year = localdate().year
    assert f'value="{this_year}-01"' in text
    assert f'value="{this_year}-12"' in text
    assert "7.77" in text


def test_a_line_names_what_was_paid_where_and_for_whom(office: Office) -> None:
    account = office.members[0].account
    more = {
        "purpose": Purpose.PHARMACY_DRUG,
        "provider": office.objs["provider_zaozhuang"],
        "beneficiary": office.members[1],
    }
    entry = pay(account, "20.00", date(2024, 4, 1), **more)
    client = visitor(office.staff["clerk"])
    text = page_of(account, client, **YEAR).content.decode()
    assert "枣庄市立医院" in text
    assert "for 王秀英 P0002" in text
    (line,) = [row for row in file_of(account, client, **YEAR) if row[0] == str(entry.pk)]
    assert line[6:10] == ["枣庄市立医院", "王秀英 P0002", "", "20.00"]


def test_the_file_has_opening_lines_and_closing(office: Office) -> None:
    account = an_account(office.here, office.members[1])
    move_in(account, "100.00", date(2023, 12, 31))
    entry = pay(account, "40.00", date(2024, 2, 3))
    rows = file_of(account, visitor(office.staff["clerk"]), **{"from": "2024-02", "to": "2024-02"})
    assert rows[0][:4] == ["Entry", "Posted on", "Kind", "For month"]
    assert rows[1] == ["", "2024-02-01", "Opening balance", *[""] * 7, "100.00"]
    assert rows[2] == [str(entry.pk), "2024-02-03", "spending", *[""] * 3, "测试药店", "", "", "40.00", "60.00"]
    assert rows[3] == ["", "2024-02-29", "Closing balance", *[""] * 5, "0.00", "40.00", "60.00"]
    assert len(rows) == 4


def test_a_file_runs_no_formula(office: Office) -> None:
    account = office.members[0].account
    provider = builder.a_provider(office.here)
    type(provider).objects.filter(pk=provider.pk).update(name="=HYPERLINK(1)")
    pay(account, "1.00", date(2024, 4, 2), provider=provider)
    rows = file_of(account, visitor(office.staff["clerk"]), **YEAR)
    assert [row[6] for row in rows if "HYPERLINK" in row[6]] == ["'=HYPERLINK(1)"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"from": "2024-13", "to": "2024-12"}, "Enter a month as year-month"),
        ({"from": "2024-02", "to": "2024-01"}, "The last month lies before the first."),
        ({"from": "2024-02"}, "This field is required."),
        ({"from": "", "to": "<script>"}, "Enter a month as year-month"),
    ],
)
def test_months_that_are_none_get_the_form_with_a_sentence(
    office: Office, query: dict[str, str], sentence: str
) -> None:
    account, client = office.members[0].account, visitor(office.staff["clerk"])
    for name in ("statement", "statement_csv"):
        response = client.get(reverse(f"admin:accounts_ledgeraccount_{name}", args=[account.pk]), query)
        text = response.content.decode()
        assert response.status_code == 200
        assert sentence in text
        assert 'name="from"' in text
        assert "<script>" not in text.replace("<script>", "", text.count("<script src"))
        assert "Closing balance" not in text


def test_an_empty_period_says_so(office: Office) -> None:
    query = {"from": "2020-01", "to": "2020-12"}
    text = page_of(office.members[0].account, visitor(office.staff["clerk"]), **query).content.decode()
    assert "Nothing came in or went out in these months." in text


def test_a_closed_account_has_its_statement(office: Office) -> None:
    account = office.members[0].account
    LedgerAccount.objects.filter(pk=account.pk).update(state=AccountState.CLOSED)
    text = page_of(account, visitor(office.staff["clerk"]), **YEAR).content.decode()
    assert "closed" in text
    assert "120.00" in text


def test_a_book_and_an_account_of_another_region_have_none(office: Office) -> None:
    account, here = office.members[0].account, visitor(office.staff["clerk"])
    assert page_of(book(office.here, AccountKind.POOLED_FUND), here).status_code == 404
    for name in ("statement", "statement_csv"):
        address = reverse(f"admin:accounts_ledgeraccount_{name}", args=[account.pk])
        assert visitor(office.staff["clerk_away"]).get(address).status_code == 404
        assert visitor(office.staff["system_administrator"]).get(address).status_code in {403, 404}
        assert Client().get(address).status_code == 302


def test_the_accounts_and_the_members_page_lead_to_it(office: Office) -> None:
    member, client = office.members[0], visitor(office.staff["auditor"])
    address = reverse("admin:accounts_ledgeraccount_statement", args=[member.account.pk])
    for button in (
        reverse("admin:accounts_ledgeraccount_take_statement", args=[member.account.pk]),
        reverse("admin:members_member_account_statement", args=[member.pk]),
    ):
        assert client.get(button)["Location"] == address
    page = client.get(reverse("admin:members_member_change", args=[member.pk])).content.decode()
    assert reverse("admin:members_member_account_statement", args=[member.pk]) in page
    without = client.get(reverse("admin:members_member_change", args=[office.members[1].pk])).content.decode()
    assert "account_statement" not in without
    assert client.get(address).status_code == 200


def test_it_is_for_whoever_may_see_entries_in_the_accounts_region(office: Office) -> None:
    both = builder.staff("both", Role.CLERK, region=office.away)
    assert page_of(office.members[0].account, visitor(both)).status_code == 404
