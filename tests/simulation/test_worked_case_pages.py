"""Worked cases on the screen: kept from a trial, written, corrected, brought as a file, answered on a draft's page."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agency.models import Role, User
from policies.engine.vocabulary import InsuredStatus
from policies.models import PolicyVersion, VersionState
from policies.selectors.checks import warnings_about
from policies.selectors.versions import version_in_force
from simulation.models import ExpectedChange, WorkedCase
from simulation.selectors.worked_cases import spec_of
from simulation.services.simulations import content_digest
from tests import builder
from tests.builder import REASON
from tests.builder.screens import button, press, sentences, text_of, visitor, words_of
from tests.builder.simulations import draft_of, raised
from tests.builder.worked_cases import a_case, a_spec
from tests.simulation.test_worked_cases import FILE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

MARCH = date(2024, 3, 1)
KEEP, ADD = reverse("admin:simulation_workedcase_keep"), reverse("admin:simulation_workedcase_add")
TAKE = reverse("admin:simulation_workedcase_take_file")


@pytest.fixture
def officer() -> User:
    return builder.staff("officer", Role.POLICY_OFFICER, region=builder.region("zaozhuang"))


@pytest.fixture
def client(officer: User) -> Client:
    return visitor(officer)


@pytest.fixture
def draft(officer: User) -> PolicyVersion:
    """Retirees are paid five points more."""
    region = builder.region("zaozhuang")
    return raised(draft_of(version_in_force(region, MARCH), officer), officer, "0.05")


def tried(**more: str) -> dict[str, str]:
    """A retiree of 64 with 500.00 yuan at a primary institution, as the trial's page sends it."""
    form = {
        "region": str(builder.region("zaozhuang").pk),
        "age": "64",
        "status": "retired",
        "scheme": "combined",
        "employment": "employee",
        "contribution": "on_time",
        "served_on": "2024-03-01",
        "benefit": "general_outpatient",
        "tier": "primary",
        "is_designated": "on",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-kind": "drug",
        "lines-0-category": "A",
        "lines-0-amount": "500.00",
    }
    return form | more


def entered(**more: str) -> dict[str, str]:
    """The same as a case."""
    case = {"name": "a retiree", "article": "第五条", "note": "(500 − 200) × 75 %", "reason": REASON}
    return tried(**case) | {"expect_pooled": "225.00", "expect_cash": "275.00"} | more


def test_the_cases_that_come_with_the_law_are_brought_by_a_button(client: Client) -> None:
    region = builder.region("zaozhuang")
    take = reverse("admin:simulation_workedcase_take_own")
    assert str(take) in client.get(reverse("admin:simulation_workedcase_changelist")).content.decode()
    answer = client.post(take, {"region": region.pk, "reason": REASON}, follow=True).content.decode()
    count = WorkedCase.objects.filter(region=region).count()
    assert f"New cases: {count}, corrected: 0, as they were: 0." in answer
    case = WorkedCase.objects.get(name="zaozhuang-art5-topup-after-primary b")
    # 400 − 200 borne at the primary institution; 300 × 60 %.
    assert case.expected == {"deductible": "200.00", "pooled": "180.00"}
    assert case.facts["used"]["deductible"] == "200.00"


def test_a_trial_is_kept_as_a_case_once_its_amounts_are_confirmed(client: Client, officer: User) -> None:
    page = client.get(reverse("admin:claims_claim_trial")).content.decode()
    assert KEEP in page
    form = client.post(KEEP, tried()).context["form"]
    begun = {name: form[name].value() for name in ("age", "status", "tier", "expect_pooled", "expect_cash")}
    assert begun == {
        "age": 64,
        "status": "retired",
        "tier": "primary",
        "expect_pooled": "225.00",
        "expect_cash": "275.00",
    }
    assert form.lines.initial[0]["amount"] == spec_of_line("500.00")
    client.post(ADD, entered())
    case = WorkedCase.objects.get()
    assert (case.name, case.written_by, case.expected) == (
        "a retiree",
        officer,
        {"pooled": "225.00", "cash": "275.00"},
    )


def spec_of_line(amount: str) -> Any:
    return a_spec(lines=[{"amount": amount}]).lines[0].amount


def test_what_is_kept_of_a_member_does_not_name_them(client: Client) -> None:
    region = builder.region("zaozhuang")
    member = builder.insured(region, status=InsuredStatus.RETIRED, birth_date=date(1950, 7, 9), name="王小明")
    answer = client.post(KEEP, tried(member=str(member.pk), region="", age="", status=""))
    assert answer.context["form"]["age"].value() == 73
    assert "王小明" not in answer.content.decode()
    assert member.member_number not in answer.content.decode()


def test_a_trial_that_is_not_complete_is_shown_again(client: Client) -> None:
    page = client.post(KEEP, tried(age="")).content.decode()
    assert "Enter the date of birth, or the age." in page
    assert client.get(KEEP).status_code == 302


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"served_on": ""}, "Enter a day, or how many days after the draft&#x27;s first day; one of the two."),
        ({"days_after_start": "0"}, "Enter a day, or how many days after the draft&#x27;s first day; one of the two."),
        ({"expect_pooled": "", "expect_cash": ""}, "Enter the amounts, or why it is refused; one of the two."),
        ({"expect_refused": "arrears"}, "Enter the amounts, or why it is refused; one of the two."),
        ({"age": ""}, "Enter the date of birth, or the age."),
        ({"lines-0-over_limit": "501.00"}, "The part above the price limit is larger than the line."),
        ({"reason": ""}, "This field is required."),
    ],
)
def test_what_a_case_lacks_is_said(client: Client, more: dict[str, str], problem: str) -> None:
    assert problem in client.post(ADD, entered(**more)).content.decode()
    assert not WorkedCase.objects.exists()


def test_a_case_of_a_draft_s_own_day_is_written_and_corrected(client: Client) -> None:
    client.post(ADD, entered(served_on="", days_after_start="30"))
    case = WorkedCase.objects.get()
    assert (case.served_on, case.days_after_start) == (None, 30)
    form = client.get(button("correct", case)).context["form"]
    again = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False, [])}
    sent = tried() | {name: str(value) for name, value in again.items()} | {"served_on": "", "reason": REASON}
    before = spec_of(case)
    client.post(button("correct", case), sent)
    case.refresh_from_db()
    assert spec_of(case) == before
    client.post(button("correct", case), sent | {"expect_pooled": "226.00"})
    case.refresh_from_db()
    assert case.expected["pooled"] == "226.00"
    assert case.history.count() == 3


def test_a_file_is_brought_and_taken_along(client: Client, officer: User) -> None:
    sent = {"region": str(builder.region("zaozhuang").pk), "reason": REASON}
    answer = client.post(TAKE, sent | {"file": SimpleUploadedFile("cases.toml", FILE.encode())})
    assert sentences(answer) == ["New cases: 2, corrected: 0, as they were: 0."]
    case = WorkedCase.objects.first()
    assert case is not None
    file = client.get(reverse("admin:simulation_workedcase_cases", args=[case.pk]))
    assert 'filename="cases-zaozhuang.toml"' in file.headers["Content-Disposition"]
    answer = client.post(TAKE, sent | {"file": SimpleUploadedFile("cases.toml", file.content)})
    assert sentences(answer)[-1] == "New cases: 0, corrected: 0, as they were: 2."


def test_a_wrong_file_is_said_to_be_wrong_where_it_is(client: Client) -> None:
    sent = {"region": str(builder.region("zaozhuang").pk), "reason": REASON}
    wrong = SimpleUploadedFile("cases.toml", FILE.replace("80.00", "80").encode())
    page = client.post(TAKE, sent | {"file": wrong}).content.decode()
    assert "case 1 “half way through the ceiling”, expect.pooled: is no amount." in page


def test_a_draft_s_page_says_what_changes_and_takes_the_reason(
    client: Client, officer: User, draft: PolicyVersion
) -> None:
    region = builder.region("zaozhuang")
    a_case(region, officer, "holds", patient={"age": 45, "status": "active"}, expect={"pooled": "210.00"})
    case = a_case(region, officer)
    words = words_of(officer, draft)
    assert "pooled payment 225.00 pooled payment 225.00 pooled payment 240.00 surprise" in words
    assert "pooled payment 210.00 pooled payment 210.00 pooled payment 210.00 unchanged" in words
    assert button("expect", draft) in text_of(officer, draft)
    answer = press(client, "expect", draft, **{f"why-{case.pk}": "raised by the draft", "seen": content_digest(draft)})
    assert sentences(answer) == ["Expected changes: 1."]
    supervisor = builder.staff("supervisor", Role.SUPERVISOR, region=region)
    assert "expected change raised by the draft (officer)" in words_of(supervisor, draft)
    assert button("expect", draft) not in text_of(supervisor, draft)


def test_an_edit_meanwhile_is_told_on_the_form(client: Client, officer: User, draft: PolicyVersion) -> None:
    case = a_case(builder.region("zaozhuang"), officer)
    seen = content_digest(draft)
    raised(draft, officer, "0.01")
    page = press(client, "expect", draft, **{f"why-{case.pk}": "x", "seen": seen}).content.decode()
    assert "The draft was edited after you opened its page." in page
    assert not ExpectedChange.objects.exists()


def test_a_surprise_asks_for_its_reason_when_the_draft_is_submitted(
    client: Client, officer: User, draft: PolicyVersion
) -> None:
    a_case(builder.region("zaozhuang"), officer)
    form = client.get(button("submit", draft)).context["form"]
    (name,) = [name for name, doubt in form.doubts.items() if doubt.key.startswith("case:")]
    press(client, "submit", draft)
    draft.refresh_from_db()
    assert draft.state == VersionState.DRAFT
    press(client, "submit", draft, **dict.fromkeys(form.doubts, "looked at"))
    draft.refresh_from_db()
    assert draft.state == VersionState.SUBMITTED
    assert draft.explained[form.doubts[name].key] == "looked at"
    assert len(warnings_about(draft)) == len(form.doubts)


def test_the_page_of_a_case_says_whether_it_holds(officer: User) -> None:
    case = a_case(builder.region("zaozhuang"), officer, expect={"pooled": "225.00", "cash": "1.00"})
    words = words_of(officer, case)
    assert "pooled payment 225.00 225.00 as expected" in words
    assert "cash 1.00 275.00 otherwise" in words
    assert "64 years, retired" in words
