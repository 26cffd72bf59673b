"""Claims on screen: registered, settled, explained, taken back."""

from datetime import time

import pytest
from django.urls import reverse

from agency.models import Job
from claims.models import Claim, ClaimState, Reversal, ReversalState
from tests.builder.office import REASON, Office, claim_form
from tests.builder.screens import sentences, visitor

pytestmark = pytest.mark.django_db


def test_a_claim_is_registered_with_its_lines_and_settled(office: Office) -> None:
    client = visitor(office.staff["clerk"])
    form = claim_form(
        office.members[0],
        office.objs["provider_zaozhuang"],
        **{
            "lines-TOTAL_FORMS": "3",
            "lines-1-kind": "item",
            "lines-1-category": "B",
            "lines-1-amount": "80.00",
            "lines-1-upfront_rate": "10",
            "lines-1-is_prenatal": "on",
            # Left alone: the row as the page offers it.
            "lines-2-kind": "drug",
            "lines-2-category": "A",
        },
    )
    response = client.post(reverse("admin:claims_claim_add"), form)
    claim = Claim.objects.get(claim_number="C9001")
    assert response["Location"] == reverse("admin:claims_claim_change", args=[claim.pk])
    assert [(str(line.amount), line.is_prenatal) for line in claim.lines.order_by("pk")] == [
        ("120.00", False),
        ("80.00", True),
    ]
    assert str(claim.lines.get(is_prenatal=True).upfront_rate) == "0.1000"

    settled = client.post(reverse("admin:claims_claim_settle", args=[claim.pk]))
    # The year's deductible is met by the claim before: 60 % of 120.00 and of 80.00 less 10 %.
    assert sentences(settled)[-1] == "Settled: the fund pays 115.20 yuan."


def test_the_time_of_service_and_examinations_are_entered_and_shown(office: Office) -> None:
    client = visitor(office.staff["clerk"])
    form = claim_form(office.members[0], office.objs["provider_zaozhuang"], served_at="14:30")
    client.post(reverse("admin:claims_claim_add"), {**form, "lines-0-is_examination": "on"})
    claim = Claim.objects.get(claim_number="C9001")
    assert (claim.served_at, claim.lines.get().is_examination) == (time(14, 30), True)
    page = client.get(reverse("admin:claims_claim_change", args=[claim.pk])).content.decode()
    assert "14:30" in page
    assert ">examination<" in page


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ({"lines-0-amount": ""}, {"amount"}),
        ({"lines-0-amount": "1.005"}, {"amount"}),
        ({"lines-0-upfront_rate": "101"}, {"upfront_rate"}),
        ({"lines-0-over_limit": "-1"}, {"over_limit"}),
    ],
)
def test_a_wrong_line_is_marked_at_its_field(office: Office, more: dict[str, str], names: set[str]) -> None:
    form = claim_form(office.members[0], office.objs["provider_zaozhuang"], **{"lines-0-name": "药", **more})
    response = visitor(office.staff["clerk"]).post(reverse("admin:claims_claim_add"), form)
    assert set(response.context["form"].lines.errors[0]) == names


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"lines-TOTAL_FORMS": "0"}, "at least one line"),
        ({"claim_number": "C0001"}, "There is a claim C0001 already"),
        ({"served_on": "2999-01-01"}, "lies in the future"),
        ({"lines-0-over_limit": "500.00"}, "larger than the line"),
    ],
)
def test_what_the_service_refuses_is_said_on_the_form(office: Office, more: dict[str, str], sentence: str) -> None:
    form = claim_form(office.members[0], office.objs["provider_zaozhuang"], **more)
    response = visitor(office.staff["clerk"]).post(reverse("admin:claims_claim_add"), form)
    assert sentence in " ".join(response.context["form"].non_field_errors())


def test_the_calculation_stands_step_by_step_with_its_articles(office: Office) -> None:
    claim, settlement = office.objs["claim"], office.objs["settlement"]
    page = visitor(office.staff["auditor"]).get(reverse("admin:claims_claim_change", args=[claim.pk]))
    text = page.content.decode()
    for step in settlement.steps:
        assert f"{step['phrase']}" in text
    for words in ("Deductible due now", "400.00", "60 %", "288.00", "第五条", "起付标准分别为200元、400元、800元"):
        assert words in text


def test_a_refusal_says_why_and_where_it_stands(office: Office) -> None:
    client = visitor(office.staff["clerk"])
    claim = office.objs["refused"]
    response = client.post(reverse("admin:claims_claim_settle", args=[claim.pk]))
    assert sentences(response) == ["Nothing is paid: not in the entitlement period."]
    claim.refresh_from_db()
    text = client.get(reverse("admin:claims_claim_change", args=[claim.pk])).content.decode()
    assert "Refused: not in the entitlement period" in " ".join(text.replace("</strong>", "").split())
    assert claim.refusal_article
    assert claim.refusal_phrase in text


def test_a_settlement_is_taken_back_by_another_person(office: Office) -> None:
    asked, claim = office.objs["reversal"], office.objs["claim"]
    clerk, supervisor = visitor(office.staff["clerk"]), visitor(office.staff["supervisor"])
    assert clerk.post(reverse("admin:claims_reversal_approve", args=[asked.pk])).status_code == 403
    page = clerk.get(reverse("admin:claims_claim_change", args=[claim.pk])).content.decode()
    assert reverse("admin:claims_reversal_change", args=[asked.pk]) in page

    response = supervisor.post(reverse("admin:claims_reversal_approve", args=[asked.pk]), {"reason": ""})
    assert sentences(response) == ["The settlement is taken back."]
    claim.refresh_from_db()
    assert claim.state == ClaimState.REVERSED
    text = supervisor.get(reverse("admin:claims_claim_change", args=[claim.pk])).content.decode()
    assert "taken back on" in text


def test_a_refused_reversal_leaves_the_settlement(office: Office) -> None:
    asked = office.objs["reversal"]
    supervisor = visitor(office.staff["supervisor"])
    address = reverse("admin:claims_reversal_refuse", args=[asked.pk])
    assert list(supervisor.post(address, {"reason": ""}).context["form"].errors) == ["reason"]
    supervisor.post(address, {"reason": "it is right"})
    asked.refresh_from_db()
    assert asked.state == ReversalState.REFUSED
    again = reverse("admin:claims_claim_ask_for_reversal", args=[office.objs["claim"].pk])
    response = visitor(office.staff["clerk"]).post(again, {"reason": REASON})
    assert response["Location"] == reverse("admin:claims_reversal_change", args=[Reversal.objects.latest("pk").pk])


def test_a_reversal_asked_for_twice_is_refused_in_words(office: Office) -> None:
    address = reverse("admin:claims_claim_ask_for_reversal", args=[office.objs["claim"].pk])
    response = visitor(office.staff["clerk"]).post(address, {"reason": REASON})
    assert "asked for or done already" in response.context["form"].non_field_errors()[0]


def test_all_registered_claims_are_handed_to_the_workers(office: Office) -> None:
    address = reverse("admin:claims_claim_settle_all")
    response = visitor(office.staff["supervisor"]).post(address, {"region": office.here.pk})
    job = Job.objects.latest("pk")
    assert (job.kind, job.region) == ("settle_claims", office.here)
    assert response["Location"] == reverse("admin:agency_job_change", args=[job.pk])


def test_a_new_claim_from_the_members_page_knows_the_member(office: Office) -> None:
    member = office.members[0]
    client = visitor(office.staff["clerk"])
    leads = client.get(reverse("admin:members_member_new_claim", args=[member.pk]))
    text = client.get(leads["Location"]).content.decode()
    assert f'<option value="{member.pk}" selected' in text


def test_a_history_says_in_the_readers_language_what_services_wrote(office: Office) -> None:
    """A person's own reason is left as it was written."""
    address = reverse("admin:claims_claim_history", args=[office.objs["claim"].pk])
    reasons = {
        language: [
            each.history_change_reason
            for each in visitor(office.staff["clerk"], language).get(address).context["page_obj"]
        ]
        for language in ("zh-hans", "en")
    }
    assert reasons == {"zh-hans": ["已结算", REASON], "en": ["settled", REASON]}
