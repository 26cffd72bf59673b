"""Yearly interest on screen: two people, a switch, and a page that follows the workers."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import InterestState, YearlyInterest
from accounts.services.interest import post_interest
from agency.models import Role
from agency.services.regions import switch_account_interest
from desk.worklist import waiting_for
from tests.builder.accounts import move_in
from tests.builder.office import REASON, Office
from tests.builder.screens import button, text_of, visitor

pytestmark = pytest.mark.django_db

YEAR = 2023


@pytest.fixture(autouse=True)
def switched_on(office: Office) -> None:
    switch_account_interest(office.here, pays=True, actor=office.staff["policy_officer"], reason=REASON)


def form(office: Office, **more: Any) -> dict[str, Any]:
    """What a finance officer sends: 0.35 percent."""
    sent = {"region": office.here.pk, "year": YEAR, "rate": "0.35", "source": "枣医保发〔2024〕3号", "reason": REASON}
    return sent | more


def submitted(office: Office) -> YearlyInterest:
    response = visitor(office.staff["finance"]).post(reverse("admin:accounts_yearlyinterest_add"), form(office))
    interest = YearlyInterest.objects.latest("pk")
    assert response["Location"] == button("change", interest)
    return interest


def test_interest_goes_from_its_rate_to_the_accounts_by_two_people(office: Office) -> None:
    account = office.members[0].account
    move_in(account, "1000.00", date(YEAR, 1, 1))
    interest = submitted(office)
    assert (interest.rate, interest.state) == (Decimal("0.0035"), InterestState.SUBMITTED)
    finance, supervisor = visitor(office.staff["finance"]), visitor(office.staff["supervisor"])
    own = finance.post(button("approve", interest), {"reason": ""})
    assert "Another person" in own.context["form"].non_field_errors()[0]
    assert [each.obj for each in waiting_for(office.staff["supervisor"])].count(interest) == 1
    assert interest not in [each.obj for each in waiting_for(office.staff["finance"])]

    assert supervisor.post(button("approve", interest), {"reason": ""}).status_code == 302
    panel = reverse("admin:accounts_yearlyinterest_panel", args=[interest.pk, "posting"])
    running = supervisor.get(panel)
    assert f'hx-get="{panel}"' in running.content.decode()
    while post_interest(interest.pk):
        pass
    assert supervisor.get(panel).headers["HX-Refresh"] == "true"
    text = text_of(office.staff["auditor"], interest)
    for words in ("0.35%", "枣医保发〔2024〕3号", "3.50", "posted"):
        assert words in text, words
    entry = account.credits.latest("pk")
    assert "yearly interest" in text_of(office.staff["auditor"], entry)


def test_a_refusal_says_why_and_frees_the_year(office: Office) -> None:
    interest, supervisor = submitted(office), visitor(office.staff["supervisor"])
    assert list(supervisor.post(button("refuse", interest), {"reason": ""}).context["form"].errors) == ["reason"]
    supervisor.post(button("refuse", interest), {"reason": "the rate is 0.40"})
    assert "the rate is 0.40" in text_of(office.staff["auditor"], interest)
    assert submitted(office).state == InterestState.SUBMITTED


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"year": localdate().year}, "is not a year that is over"),
        ({"year": "1999"}, "greater than or equal to 2000"),
        ({"rate": "0"}, "The yearly rate lies between 0 and 100 percent"),
        ({"rate": "100"}, "The yearly rate lies between 0 and 100 percent"),
        ({"rate": "0.12345"}, "no more than"),
        ({"rate": "-1"}, "greater than or equal to 0"),
        ({"source": ""}, "required"),
        ({"reason": ""}, "required"),
    ],
)
def test_what_cannot_be_submitted_is_refused_in_words(office: Office, wrong: dict[str, Any], sentence: str) -> None:
    before = YearlyInterest.objects.count()
    response = visitor(office.staff["finance"]).post(
        reverse("admin:accounts_yearlyinterest_add"), form(office, **wrong)
    )
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert YearlyInterest.objects.count() == before


def test_a_region_whose_switch_is_off_is_refused_by_the_switchs_name(office: Office) -> None:
    switch_account_interest(office.here, pays=False, actor=office.staff["policy_officer"], reason=REASON)
    response = visitor(office.staff["finance"]).post(reverse("admin:accounts_yearlyinterest_add"), form(office))
    assert "pays interest on personal accounts" in response.content.decode()
    assert not YearlyInterest.objects.filter(year=YEAR).exists()


def test_the_form_begins_with_the_year_that_is_over(office: Office) -> None:
    page = visitor(office.staff["finance"]).get(reverse("admin:accounts_yearlyinterest_add")).content.decode()
    assert f'value="{localdate().year - 1}"' in page


@pytest.mark.parametrize("role", [*Role.values, "clerk_away", "nobody"])
def test_who_may_submit_decide_and_read(office: Office, role: str) -> None:
    interest, client = submitted(office), visitor(office.staff[role])
    readers = {"clerk", "supervisor", "policy_officer", "finance", "auditor"}
    assert (client.get(button("change", interest)).status_code == 200) == (role in readers)
    assert (client.get(button("history", interest)).status_code == 200) == (role in readers)
    for name in ("approve", "refuse"):
        assert (client.get(button(name, interest)).status_code == 200) == (role in {"supervisor", "finance"})
    adds = client.get(reverse("admin:accounts_yearlyinterest_add")).status_code == 200
    assert adds == (role == "finance")
    listed = client.get(reverse("admin:accounts_yearlyinterest_changelist"))
    if listed.status_code == 200:
        assert (interest in listed.context["cl"].queryset) == (role in readers)
