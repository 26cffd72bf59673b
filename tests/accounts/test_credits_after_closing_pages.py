"""What a run owes to closed accounts, as whoever submits it and whoever approves it read it.

Pingliang: 2 % of the base.
"""

import re
from html import unescape

import pytest
from django.urls import reverse

from accounts.models import AccountClosing, CreditRun
from accounts.selectors.closings import paid_after_closings
from accounts.services.credit_posting import post_chunk, waiting_chunks
from accounts.services.credit_runs import approve_run
from agency.models import PoolingRegion, Role, User
from members.models import Member
from tests import house
from tests.accounts.runs import APRIL, APRIL_END, MARCH, MARCH_END, posted
from tests.accounts.test_account_request_pages import button, offered
from tests.accounts.test_closing_set_off import correct
from tests.accounts.test_credits_after_closing import MAY, checked, closed, paid_in
from tests.office import visitor

pytestmark = pytest.mark.django_db

IN_ALL = "In all Goes to Number of credits Yuan open accounts 1 90.00 whoever got a closed account's balance 2 160.00"


@pytest.fixture
def finance(region: PoolingRegion) -> User:
    return house.staff("finance", Role.FINANCE, region=region)


@pytest.fixture
def supervisor(region: PoolingRegion) -> User:
    return house.staff("supervisor", Role.SUPERVISOR, region=region)


@pytest.fixture
def heirs_of(region: PoolingRegion, finance: User, supervisor: User) -> Member:
    """Died in April with March's 120.00; 60.00 more for March and 100.00 for April came afterwards."""
    member = house.insured(region)
    house.contributions(member, MARCH, MARCH)
    posted(region, MARCH, MARCH_END, finance, supervisor)
    posted(region, APRIL, APRIL_END, finance, supervisor)
    closed(member, finance, supervisor)
    paid_in(member, MARCH, "9000.00")
    paid_in(member, APRIL, "5000.00")
    return member


@pytest.fixture
def run(region: PoolingRegion, heirs_of: Member, finance: User) -> CreditRun:
    """May's, checked: it also credits a retiree, 90.00."""
    house.insured(region, since=MAY, status=house.InsuredStatus.RETIRED, known_on=APRIL_END)
    return checked(region, finance)


def post(run: CreditRun, approver: User) -> None:
    approve_run(run, actor=approver)
    for chunk in waiting_chunks(run):
        post_chunk(chunk)


def read(user: User, address: str, language: str = "en") -> str:
    """The words of a page, with one space between them."""
    page = visitor(user, language).get(address).content.decode()
    return " ".join(unescape(re.sub("<[^>]+>", " ", page)).split())


def test_both_people_see_what_is_due_to_closed_accounts_and_the_sum_with_it(
    run: CreditRun, heirs_of: Member, finance: User, supervisor: User
) -> None:
    page, submit, approve = (button(name, run) for name in ("change", "submit", "approve"))
    for address in (page, submit):
        assert f"{IN_ALL} Together 3 250.00" in read(finance, address), address
    assert visitor(finance).post(submit).status_code == 302
    for address in (page, approve):
        assert f"{IN_ALL} Together 3 250.00" in read(supervisor, address), address
    for user in (finance, supervisor):
        assert f"{heirs_of} March 2023 personal account 120.00 180.00 60.00" in read(user, page)
        assert f"{heirs_of} April 2023 personal account 0.00 100.00 100.00" in read(user, page)


def test_what_is_posted_is_the_sum_and_leads_to_what_was_paid_out(
    run: CreditRun, heirs_of: Member, finance: User, supervisor: User
) -> None:
    visitor(finance).post(button("submit", run))
    run.refresh_from_db()
    post(run, supervisor)
    later, page = paid_after_closings(run).get(), button("change", run)
    for user in (finance, supervisor):
        shown = visitor(user).get(page).content.decode()
        assert re.search(rf'href="{button("change", later)}"[^>]*>{heirs_of}', shown)
        assert "Outcome Entries posted Yuan posted in all 3 250.00" in read(user, page)
        assert f"{heirs_of} death 继承人 160.00" in read(user, page)
        assert "Due to closed accounts" not in read(user, page)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "credited by the run Pingliang 2023-05 #1"), ("zh-hans", "按月计入批次 平凉市 2023-05 #1 计入")],
)
def test_what_follows_a_closing_names_the_run_as_its_page_does(
    language: str, said: str, run: CreditRun, finance: User, supervisor: User
) -> None:
    visitor(finance).post(button("submit", run))
    run.refresh_from_db()
    post(run, supervisor)
    later = paid_after_closings(run).get()
    first = later.follows
    assert first is not None
    for address in (button("change", later), button("change", first), button("slip", later)):
        assert said in read(supervisor, address, language), address
    listed = visitor(supervisor).get(reverse("admin:accounts_accountclosing_changelist")).content.decode()
    assert re.search(rf'href="{button("change", first)}">#{first.pk}<', listed)


def test_a_run_without_closed_accounts_says_nothing_of_them(
    region: PoolingRegion, finance: User, supervisor: User
) -> None:
    house.contributions(house.insured(region), MARCH, MARCH)
    page = read(finance, button("change", posted(region, MARCH, MARCH_END, finance, supervisor)))
    assert "In all Goes to Number of credits Yuan open accounts 1 120.00 Together 1 120.00" in page
    assert "closed account" not in page


def test_the_downloads_of_a_run_are_in_a_menu(run: CreditRun, finance: User) -> None:
    assert {"download_credits", "download_exceptions"} <= offered(visitor(finance), run)


def test_a_slip_says_what_was_recovered_first(region: PoolingRegion, finance: User, supervisor: User) -> None:
    """120.00 credited, 60.00 due: whoever signs for 60.00 reads where the other 60.00 are."""
    member = house.insured(region)
    house.contributions(member, MARCH, MARCH)
    posted(region, MARCH, MARCH_END, finance, supervisor)
    correct(member, "3000.00", APRIL_END)
    posted(region, APRIL, APRIL_END, finance, supervisor)
    closing = closed(member, finance, supervisor)
    assert "Recovered first, yuan 60.00" in read(supervisor, button("slip", closing))
    assert "60.00 yuan were recovered first" in read(supervisor, button("change", closing))


def test_a_closing_that_set_nothing_off_does_not_speak_of_it(heirs_of: Member, supervisor: User) -> None:
    closing = AccountClosing.objects.get(follows=None)
    for name in ("change", "slip"):
        page = read(supervisor, button(name, closing))
        assert "ecovered first" not in page, name
        assert "Credited above entitlement" not in page, name
