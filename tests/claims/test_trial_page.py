"""The page of trial calculations: who may open it, what it answers, what it asks for."""

import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from agency.models import Role
from claims.admin.trial_form import TrialForm
from policies.engine.vocabulary import InsuredStatus
from tests import builder
from tests.builder.office import Office
from tests.builder.screens import visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

PAGE, ANSWER = "admin:claims_claim_trial", "admin:claims_claim_try_visit"


def sent(office: Office, *amounts: str, **more: str) -> dict[str, str]:
    """Somebody active of 45 at a primary institution on 21 March 2024, as the form sends it."""
    form = {
        "region": str(office.here.pk),
        "age": "45",
        "status": "active",
        "scheme": "combined",
        "employment": "employee",
        "contribution": "on_time",
        "served_on": "2024-03-21",
        "benefit": "general_outpatient",
        "tier": "primary",
        "is_designated": "on",
        "lines-TOTAL_FORMS": str(len(amounts)),
        "lines-INITIAL_FORMS": "0",
    }
    for number, amount in enumerate(amounts):
        form |= {f"lines-{number}-kind": "drug", f"lines-{number}-category": "A", f"lines-{number}-amount": amount}
    return form | more


def answered(office: Office, *amounts: str, who: str = "clerk", url: str = ANSWER, **more: str) -> str:
    """The words of the answer."""
    response = visitor(office.staff[who]).post(reverse(url), sent(office, *amounts, **more))
    assert response.status_code == 200
    return " ".join(unescape(re.sub("<[^>]+>", " ", response.content.decode())).split())


@pytest.mark.parametrize("url", [PAGE, ANSWER])
def test_a_bill_of_somebody_described_is_told_step_by_step(office: Office, url: str) -> None:
    words = answered(office, "400.00", "100.00", url=url)
    # (500 − 200) × 70 % (Zaozhuang 5).
    for shown in ("210.00", "70 %", "第五条", "Step by step", "45 years", "a provider of tier: primary and below"):
        assert shown in words, shown


def test_a_member_is_calculated_as_they_stand(office: Office) -> None:
    member = office.members[0]
    more = {"member": str(member.pk), "provider": str(office.objs["provider_zaozhuang"].pk), "tier": ""}
    words = answered(office, "120.00", **more)
    # The year's deductible is met; 60 % of 120.00 at the secondary institution (Zaozhuang 5).
    assert "72.00" in words
    assert str(member) in words


@pytest.mark.parametrize(
    ("more", "names", "amounts"),
    [
        # (500 − 200) × 70 % and (500 − 400) × 60 %; the first version had the same figures (Zaozhuang 5).
        ({"other_tier": "secondary"}, ("primary and below", "secondary"), ("210.00", "60.00")),
        ({"other_day": "2022-12-05"}, ("March 21, 2024", "Dec. 5, 2022"), ("210.00", "210.00")),
        # (500 − 0) × 60 %, of which a month pays 150 (Kaifeng 9).
        ({"other_region": "kaifeng"}, ("Zaozhuang", "Kaifeng"), ("210.00", "150.00")),
    ],
)
def test_two_are_told_beside_each_other(
    office: Office, more: dict[str, str], names: tuple[str, str], amounts: tuple[str, str]
) -> None:
    if "other_region" in more:
        more = {"other_region": str(builder.region(more["other_region"]).pk)}
    words = answered(office, "500.00", who="root", **more)
    for name, amount in zip(names, amounts, strict=True):
        assert f"{name}: The fund pays {amount} yuan." in words
    assert "Parameter: " in words


def test_a_side_without_rules_says_so_and_the_other_is_told(office: Office) -> None:
    words = answered(office, "500.00", other_day="2022-11-30")
    assert "Nov. 30, 2022 The rules refuse it:" in words
    assert "The rules of Zaozhuang hold from Dec. 1, 2022. Choose a day on which they do." in words
    assert "210.00" in words


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"region": ""}, "Pooling region: Choose the region whose rules are asked."),
        ({"age": ""}, "Date of birth: Enter the date of birth, or the age."),
        ({"birth_date": "1980-01-01"}, "Date of birth: Enter the date of birth, or the age."),
        ({"status": ""}, "Status: Say whether the person is active or retired."),
        ({"tier": ""}, "Provider: Choose a provider, or a tier."),
        ({"other_tier": "primary"}, "Another tier: This is what is compared: choose another."),
        (
            {"other_tier": "secondary", "other_day": "2024-01-01"},
            "Another tier: Compare one thing at a time: leave the others empty.",
        ),
        ({"lines-0-amount": "abc"}, "Line 1, Amount, yuan: Enter a number."),
    ],
)
def test_what_is_missing_is_named_by_its_field(office: Office, more: dict[str, str], problem: str) -> None:
    assert problem in answered(office, "500.00", **more)


def test_without_a_line_it_asks_for_one(office: Office) -> None:
    assert "A claim needs at least one line." in answered(office)


def test_a_refusal_of_a_member_says_where_to_look(office: Office) -> None:
    member = builder.insured(office.here, status=InsuredStatus.ACTIVE)
    words = answered(office, "500.00", member=str(member.pk))
    assert "Look at the enrollments and contributions of this day on the member's page" in words


def test_a_member_of_another_region_is_nobody_here(office: Office) -> None:
    stranger: Any = office.stranger
    assert "Member: Select a valid choice." in answered(office, "500.00", member=str(stranger.pk))


def test_whoever_tries_is_led_there_with_the_member(office: Office) -> None:
    client = visitor(office.staff["supervisor"])
    member = office.members[0]
    led = client.get(reverse("admin:members_member_try_visit", args=[member.pk]))
    assert led.headers["Location"] == f"{reverse(PAGE)}?member={member.pk}"
    page = client.get(led.headers["Location"])
    assert page.context["form"]["member"].value() == str(member.pk)
    # In the sidebar of the counter, among all pages of whoever else may.
    assert reverse(PAGE) in visitor(office.staff["clerk"]).get(reverse("admin:index")).content.decode()
    assert reverse(PAGE) in client.get(reverse("admin:pages")).content.decode()


@pytest.mark.parametrize(("who", "status"), [("finance", 403), ("auditor", 403), ("policy_officer", 200)])
def test_the_answer_is_told_to_whoever_may_try(office: Office, who: str, status: int) -> None:
    assert visitor(office.staff[who]).post(reverse(ANSWER), sent(office, "1.00")).status_code == status


def test_whoever_works_in_one_region_compares_no_others(office: Office) -> None:
    client = visitor(office.staff[Role.CLERK.value])
    assert "other_region" not in client.get(reverse(PAGE)).context["form"].fields
    assert "other_region" in visitor(office.staff["root"]).get(reverse(PAGE)).context["form"].fields


def test_every_field_stands_in_one_part(office: Office) -> None:
    form = visitor(office.staff["root"]).get(reverse(PAGE)).context["form"]
    drawn = [field.name for _part, fields, _is_open in form.parts for field in fields]
    assert sorted(drawn) == sorted(TrialForm.base_fields)
