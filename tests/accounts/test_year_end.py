"""The year-end carry-over: what was there, what came in and went out, what is left, for a region and each account."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import AccountKind, EntryKind, LedgerAccount
from accounts.selectors import year_end as selectors
from accounts.selectors.year_end import accounts_at_year_end, year_end
from accounts.services.ledger import reverse_entries
from agency.models import PoolingRegion
from members.models import Member
from tests import builder
from tests.builder.accounts import an_account, move_in, pay
from tests.builder.office import Office
from tests.builder.screens import visitor

pytestmark = pytest.mark.django_db


def two_years(region: PoolingRegion) -> list[LedgerAccount]:
    """Three accounts over 2022 and 2023.

    The first carries 100 into 2023, gets 50 and spends 30, of which 10 come back; the second begins in 2023 with 80 and
    is emptied; the third begins in 2024.
    """
    first, second, third = (
        an_account(region, builder.insured(region, member_number=f"Y{number}", name=f"年终{number}"))
        for number in (1, 2, 3)
    )
    move_in(first, "100.00", date(2022, 12, 31))
    move_in(first, "50.00", date(2023, 1, 1))
    pay(first, "20.00", date(2023, 5, 1))
    back = pay(first, "10.00", date(2023, 5, 2))
    reverse_entries([back], on=date(2023, 6, 1), actor=None, cause="test")
    move_in(second, "80.00", date(2023, 12, 31))
    pay(second, "80.00", date(2023, 12, 31))
    move_in(third, "5.00", date(2024, 1, 1))
    return [first, second, third]


def by_kind(totals: tuple[selectors.KindTotal, ...]) -> dict[EntryKind, tuple[int, str]]:
    return {each.kind: (each.entries, str(each.amount)) for each in totals}


def test_the_carry_over_of_a_region() -> None:
    region = builder.region("pingliang")
    two_years(region)
    found = year_end(region, 2023)
    assert (found.accounts, found.accounts_holding) == (2, 1)
    assert (found.opening, found.closing) == (Decimal("100.00"), Decimal("130.00"))
    assert by_kind(found.arrived) == {
        EntryKind.TRANSFER_IN: (2, "130.00"),
        EntryKind.REVERSAL: (1, "10.00"),
    }
    assert by_kind(found.gone) == {EntryKind.SPENDING: (3, "110.00")}
    assert found.opening + found.total_arrived - found.total_gone == found.closing


def test_what_a_year_carries_over_the_next_begins_with() -> None:
    region = builder.region("pingliang")
    two_years(region)
    years = [year_end(region, year) for year in (2021, 2022, 2023, 2024)]
    assert [(str(each.opening), str(each.closing)) for each in years] == [
        ("0.00", "0.00"),
        ("0.00", "100.00"),
        ("100.00", "130.00"),
        ("130.00", "135.00"),
    ]
    held = LedgerAccount.objects.filter(region=region, kind=AccountKind.PERSONAL).aggregate(sum=Sum("balance"))["sum"]
    assert years[-1].closing == held
    assert [each.accounts for each in years] == [0, 1, 2, 3]


def test_every_account_has_its_line_and_the_lines_are_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    # More journeys to the database than one.
    monkeypatch.setattr(selectors, "FETCHED", 1)
    region = builder.region("pingliang")
    two_years(region)
    lines = list(accounts_at_year_end(region, 2023))
    assert [(each.member_number, each.name, *map(str, each[2:]), str(each.closing)) for each in lines] == [
        ("Y1", "年终1", "100.00", "60.00", "30.00", "130.00"),
        ("Y2", "年终2", "0.00", "80.00", "80.00", "0.00"),
    ]
    found = year_end(region, 2023)
    assert sum(each.opening for each in lines) == found.opening
    assert sum(each.arrived for each in lines) == found.total_arrived
    assert sum(each.gone for each in lines) == found.total_gone
    assert sum(each.closing for each in lines) == found.closing


def test_accounts_of_other_regions_are_not_in_it() -> None:
    region = builder.region("pingliang")
    two_years(builder.region("kaifeng"))
    found = year_end(region, 2023)
    assert (found.accounts, found.opening, found.arrived, found.gone) == (0, Decimal("0.00"), (), ())
    assert list(accounts_at_year_end(region, 2023)) == []


# On the screen

PAGE = "admin:accounts_ledgeraccount_year_end"


def answer(client: Client, name: str = PAGE, **query: Any) -> Any:
    return client.get(reverse(name), query)


def rows_of(response: Any) -> list[str]:
    """The lines of a file that is written while it is read."""
    assert response.streaming
    content = response.getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    return str(content.decode("utf-8-sig")).splitlines()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_asks_for_region_and_year_and_then_shows_them(office: Office, language: str) -> None:
    two_years(office.here)
    client = visitor(office.staff["auditor"], language)
    asked = answer(client)
    assert asked.status_code == 200
    assert asked.context["totals"] is None
    assert f'value="{localdate().year - 1}"' in asked.content.decode()
    text = answer(client, region=office.here.pk, year=2023).content.decode()
    for figure in ("100.00", "140.00", "110.00", "130.00"):
        assert figure in text
    assert f"{reverse(f'{PAGE}_accounts')}?region={office.here.pk}&amp;year=2023" in text


def test_the_totals_as_a_file(office: Office) -> None:
    two_years(office.here)
    client = visitor(office.staff["auditor"])
    response = answer(client, f"{PAGE}_totals", region=office.here.pk, year=2023)
    assert 'filename="year-end-zaozhuang-2023-totals.csv"' in response["Content-Disposition"]
    assert rows_of(response) == [
        "What,Kind,Entries,Yuan",
        "Accounts,,2,",
        "With a balance at the end,,1,",
        "Opening balance,,,100.00",
        "In,reversal,1,10.00",
        "In,transfer in,2,130.00",
        "Out,spending,3,110.00",
        "Closing balance,,,130.00",
    ]


def test_every_account_as_a_file(office: Office) -> None:
    first, _second, _third = two_years(office.here)
    Member.objects.filter(account=first).update(name="=1+1")
    client = visitor(office.staff["auditor"])
    response = answer(client, f"{PAGE}_accounts", region=office.here.pk, year=2023)
    assert 'filename="year-end-zaozhuang-2023-accounts.csv"' in response["Content-Disposition"]
    assert rows_of(response) == [
        "Member number,Name,Opening balance,In,Out,Closing balance",
        "Y1,'=1+1,100.00,60.00,30.00,130.00",
        "Y2,年终2,0.00,80.00,80.00,0.00",
    ]


def test_a_year_without_accounts_says_so_and_a_running_one_that_it_is_not_over(office: Office) -> None:
    client = visitor(office.staff["auditor"])
    assert "No account existed yet." in answer(client, region=office.here.pk, year=2001).content.decode()
    running = answer(client, region=office.here.pk, year=localdate().year).content.decode()
    assert "The year is not over" in running


@pytest.mark.parametrize("name", [PAGE, f"{PAGE}_totals", f"{PAGE}_accounts"])
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"region": "", "year": "2023"}, "region"),
        ({"region": "99999", "year": "2023"}, "region"),
        ({"region": "x'--", "year": "2023"}, "region"),
        ({"year": "1999"}, "year"),
        ({"year": "2199"}, "year"),
        ({"year": "0x7e7"}, "year"),
        ({"year": ""}, "year"),
    ],
)
def test_what_is_no_region_or_year_gets_the_form(office: Office, name: str, query: dict[str, str], field: str) -> None:
    response = answer(visitor(office.staff["auditor"]), name, **{"region": office.here.pk, **query})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert response.context["totals"] is None


@pytest.mark.parametrize("name", [PAGE, f"{PAGE}_totals", f"{PAGE}_accounts"])
def test_another_region_is_no_choice_and_without_the_permission_there_is_no_page(office: Office, name: str) -> None:
    away = answer(visitor(office.staff["clerk_away"]), name, region=office.here.pk, year=2023)
    assert list(away.context["form"].errors) == ["region"]
    assert answer(visitor(office.staff["system_administrator"]), name).status_code == 403
    assert answer(Client(), name).status_code == 302


def test_the_sidebar_leads_to_it_and_marks_it_alone(office: Office) -> None:
    groups = answer(visitor(office.staff["finance"])).context["sidebar_navigation"]
    active = [item["link"] for group in groups for item in group["items"] if item.get("active")]
    assert active == [reverse(PAGE)]
