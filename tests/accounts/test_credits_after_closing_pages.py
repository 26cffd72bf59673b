"""What a run owes to closed accounts, as whoever submits it and whoever approves it read it.

Pingliang: 2 % of the base.
"""

import re

import pytest
from django.urls import reverse

from accounts.models import AccountClosing, CreditRun
from accounts.selectors.closings import paid_after_closings
from accounts.services.credit_runs import approve_run
from agency.models import PoolingRegion, Role, User
from members.models import Member
from policies.engine.vocabulary import InsuredStatus
from tests import builder
from tests.builder.closings import closed
from tests.builder.credit_runs import (
    APRIL,
    APRIL_END,
    MARCH,
    MARCH_END,
    MAY,
    MAY_END,
    checked,
    correct,
    post_all,
    posted,
)
from tests.builder.screens import button, offered, press, text_of, visitor, words_of

pytestmark = pytest.mark.django_db

IN_ALL = "In all Goes to Number of credits Yuan open accounts 1 90.00 whoever got a closed account's balance 2 160.00"


@pytest.fixture
def finance(region: PoolingRegion) -> User:
    return builder.staff("finance", Role.FINANCE, region=region)


@pytest.fixture
def supervisor(region: PoolingRegion) -> User:
    return builder.staff("supervisor", Role.SUPERVISOR, region=region)


@pytest.fixture
def heirs_of(region: PoolingRegion, finance: User, supervisor: User) -> Member:
    """Died in April with March's 120.00; 60.00 more for March and 100.00 for April came afterwards."""
    member = builder.insured(region)
    builder.contributions(member, MARCH, MARCH)
    posted(region, MARCH, MARCH_END, finance, supervisor)
    posted(region, APRIL, APRIL_END, finance, supervisor)
    closed(member, finance, supervisor, APRIL_END)
    correct(member, "9000.00", MAY_END, MARCH)
    correct(member, "5000.00", MAY_END, APRIL)
    return member


@pytest.fixture
def run(region: PoolingRegion, heirs_of: Member, finance: User) -> CreditRun:
    """May's, checked: it also credits a retiree, 90.00."""
    builder.insured(region, since=MAY, status=InsuredStatus.RETIRED, known_on=APRIL_END)
    return checked(region, MAY, MAY_END, finance)


def test_both_people_see_what_is_due_to_closed_accounts_and_the_sum_with_it(
    run: CreditRun, heirs_of: Member, finance: User, supervisor: User
) -> None:
    for page in ("change", "submit"):
        assert f"{IN_ALL} Together 3 250.00" in words_of(finance, run, page), page
    assert press(visitor(finance), "submit", run).status_code == 302
    for page in ("change", "approve"):
        assert f"{IN_ALL} Together 3 250.00" in words_of(supervisor, run, page), page
    for user in (finance, supervisor):
        assert f"{heirs_of} March 2023 personal account 120.00 180.00 60.00" in words_of(user, run)
        assert f"{heirs_of} April 2023 personal account 0.00 100.00 100.00" in words_of(user, run)


def test_what_is_posted_is_the_sum_and_leads_to_what_was_paid_out(
    run: CreditRun, heirs_of: Member, finance: User, supervisor: User
) -> None:
    press(visitor(finance), "submit", run)
    run.refresh_from_db()
    post_all(approve_run(run, actor=supervisor))
    later = paid_after_closings(run).get()
    for user in (finance, supervisor):
        shown = text_of(user, run)
        assert re.search(rf'href="{button("change", later)}"[^>]*>{heirs_of}', shown)
        assert "Outcome Entries posted Yuan posted in all 3 250.00" in words_of(user, run)
        assert f"{heirs_of} death 继承人 160.00" in words_of(user, run)
        assert "Due to closed accounts" not in words_of(user, run)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "credited by the run Pingliang 2023-05 #1"), ("zh-hans", "按月计入批次 平凉市 2023-05 #1 计入")],
)
def test_what_follows_a_closing_names_the_run_as_its_page_does(
    language: str, said: str, run: CreditRun, finance: User, supervisor: User
) -> None:
    press(visitor(finance), "submit", run)
    run.refresh_from_db()
    post_all(approve_run(run, actor=supervisor))
    later = paid_after_closings(run).get()
    first = later.follows
    assert first is not None
    for row, page in ((later, "change"), (first, "change"), (later, "slip")):
        assert said in words_of(supervisor, row, page, language), (row, page)
    listed = visitor(supervisor).get(reverse("admin:accounts_accountclosing_changelist")).content.decode()
    assert re.search(rf'href="{button("change", first)}">#{first.pk}<', listed)


def test_a_run_without_closed_accounts_says_nothing_of_them(
    region: PoolingRegion, finance: User, supervisor: User
) -> None:
    builder.contributions(builder.insured(region), MARCH, MARCH)
    page = words_of(finance, posted(region, MARCH, MARCH_END, finance, supervisor))
    assert "In all Goes to Number of credits Yuan open accounts 1 120.00 Together 1 120.00" in page
    assert "closed account" not in page


def test_the_downloads_of_a_run_are_in_a_menu(run: CreditRun, finance: User) -> None:
    assert {"download_credits", "download_exceptions"} <= offered(visitor(finance), run)


def test_a_slip_says_what_was_recovered_first(region: PoolingRegion, finance: User, supervisor: User) -> None:
    """120.00 credited, 60.00 due: whoever signs for 60.00 reads where the other 60.00 are."""
    member = builder.insured(region)
    builder.contributions(member, MARCH, MARCH)
    posted(region, MARCH, MARCH_END, finance, supervisor)
    correct(member, "3000.00", APRIL_END)
    posted(region, APRIL, APRIL_END, finance, supervisor)
    closing = closed(member, finance, supervisor, APRIL_END)
    assert "Recovered first, yuan 60.00" in words_of(supervisor, closing, "slip")
    assert "60.00 yuan were recovered first" in words_of(supervisor, closing)


def test_a_closing_that_set_nothing_off_does_not_speak_of_it(heirs_of: Member, supervisor: User) -> None:
    closing = AccountClosing.objects.get(follows=None)
    for name in ("change", "slip"):
        page = words_of(supervisor, closing, name)
        assert "ecovered first" not in page, name
        assert "Credited above entitlement" not in page, name
