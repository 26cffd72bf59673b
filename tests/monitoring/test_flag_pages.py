"""Review flags, their limits and the months of providers on screen."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from agency.models import Job
from monitoring.models import FlagState, MonitoringStandard, ReviewFlag
from tests.builder.office import REASON, Office
from tests.builder.screens import press, sentences, text_of, visitor

pytestmark = pytest.mark.django_db

PAGE = "admin:monitoring_reviewflag_provider_months"


def the_flag(office: Office) -> ReviewFlag:
    flag: ReviewFlag = office.objs["review_flag"]
    return flag


EXPLAINED = {
    "en": "Visits on 2 days in a row, March 20, 2024 to March 21, 2024. The office looks from more than 1 on.",
    "zh-hans": "2024年3月20日",
}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_flag_explains_itself_and_leads_to_its_claims(office: Office, language: str) -> None:
    flag = the_flag(office)
    client = visitor(office.staff["auditor"], language)
    for address in (
        reverse("admin:monitoring_reviewflag_changelist"),
        reverse("admin:monitoring_reviewflag_change", args=[flag.pk]),
    ):
        assert EXPLAINED[language] in client.get(address).content.decode()
    page = client.get(reverse("admin:monitoring_reviewflag_change", args=[flag.pk])).content.decode()
    assert flag.claims.count() == 2
    for claim in flag.claims.all():
        assert reverse("admin:claims_claim_change", args=[claim.pk]) in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "open"}, True),
        ({"state": "confirmed"}, False),
        ({"kind": "many_days"}, True),
        ({"kind": "cash_out"}, False),
        ({"q": "nobody"}, False),
    ],
)
def test_flags_are_listed_by_state_kind_and_member(office: Office, query: dict[str, str], found: bool) -> None:
    client = visitor(office.staff["supervisor"])
    flag = the_flag(office)
    address = reverse("admin:monitoring_reviewflag_change", args=[flag.pk])
    assert (address in client.get(reverse("admin:monitoring_reviewflag_changelist"), query).content.decode()) is found
    everybody = client.get(reverse("admin:monitoring_reviewflag_changelist"), {"q": flag.member.member_number})
    assert address in everybody.content.decode()


@pytest.mark.parametrize(
    ("button", "state", "told"),
    [
        ("confirm", FlagState.CONFIRMED, "The flag is confirmed."),
        ("dismiss", FlagState.DISMISSED, "The flag is dismissed."),
    ],
)
def test_a_flag_is_decided_with_a_reason_and_says_by_whom(
    office: Office, button: str, state: FlagState, told: str
) -> None:
    flag, supervisor = the_flag(office), office.staff["supervisor"]
    client = visitor(supervisor)
    assert press(client, button, flag, reason="").status_code == 200
    assert ReviewFlag.objects.get(pk=flag.pk).state == FlagState.OPEN
    assert sentences(press(client, button, flag, reason="谈话记录第3号")) == [told]
    decided = ReviewFlag.objects.get(pk=flag.pk)
    assert (decided.state, decided.decided_by) == (state, supervisor)
    page = text_of(office.staff["clerk"], flag)
    assert "谈话记录第3号" in page
    assert str(supervisor) in page
    assert reverse("admin:monitoring_reviewflag_confirm", args=[flag.pk]) not in page


def test_the_worklist_and_the_claim_show_an_open_flag_until_it_is_decided(office: Office) -> None:
    flag, supervisor = the_flag(office), office.staff["supervisor"]
    address = reverse("admin:monitoring_reviewflag_change", args=[flag.pk])
    claim = office.objs["open_claim"]

    def seen() -> list[bool]:
        home = visitor(supervisor).get(reverse("admin:index")).content.decode()
        clerks_home = visitor(office.staff["clerk"]).get(reverse("admin:index")).content.decode()
        pages = [home, clerks_home, text_of(office.staff["clerk"], claim)]
        return [address in page for page in pages]

    assert seen() == [True, False, True]
    press(visitor(supervisor), "dismiss", flag, reason=REASON)
    assert seen() == [False, False, False]


def test_looking_for_patterns_is_a_job(office: Office) -> None:
    client = visitor(office.staff["supervisor"])
    address = reverse("admin:monitoring_reviewflag_look")
    refused = client.post(address, {"region": office.here.pk, "month": f"{localdate().year + 1}-01"})
    assert "This month has not begun." in refused.content.decode()
    asked = client.post(address, {"region": office.here.pk, "month": "2024-03"})
    job = Job.objects.get(kind="raise_flags")
    assert asked["Location"] == reverse("admin:agency_job_change", args=[job.pk])
    page = client.get(asked["Location"]).content.decode()
    assert "search for unusual patterns" in page
    assert "2024-03" in page


LIMITS = {
    "minutes": "30",
    "kilometres": "20",
    "consecutive_days": "4",
    "visits_a_day": "3",
    "payments": "6",
    "payment_days": "10",
    "payments_yuan": "500.00",
    "reason": REASON,
}


def test_limits_are_changed_with_a_reason_and_set_for_another_region(office: Office) -> None:
    standard: MonitoringStandard = office.objs["monitoring_standard"]
    client = visitor(office.staff["supervisor"])
    form = client.get(reverse("admin:monitoring_monitoringstandard_change_limits", args=[standard.pk]))
    assert form.context["form"].initial["consecutive_days"] == 1
    assert press(client, "change_limits", standard, **LIMITS | {"payments": "1"}).status_code == 200
    assert press(client, "change_limits", standard, **LIMITS | {"reason": ""}).status_code == 200
    assert MonitoringStandard.objects.get(pk=standard.pk).minutes == 60
    assert sentences(press(client, "change_limits", standard, **LIMITS)) == ["The limits are set."]
    assert MonitoringStandard.objects.get(pk=standard.pk).minutes == 30

    root = visitor(office.staff["root"])
    root.post(reverse("admin:monitoring_monitoringstandard_add"), LIMITS | {"region": str(office.away.pk)})
    assert MonitoringStandard.objects.get(region=office.away).kilometres == 20


# --- Providers by month ---------------------------------------------------------------------------


def answer(client: Client, name: str = PAGE, **query: Any) -> Any:
    return client.get(reverse(name), query)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_asks_for_region_and_month_and_then_shows_the_providers(office: Office, language: str) -> None:
    client = visitor(office.staff["auditor"], language)
    assert "table" not in answer(client).context
    page = answer(client, region=office.here.pk, month="2024-03")
    text = page.content.decode()
    clinic = office.objs["provider_zaozhuang"]
    # C0001 stands, and C0009 was approved: 1,000.00 each, of it 100.00 outside the lists.
    row = [str(cell) for cell in page.context["table"].rows[0]]
    assert clinic.name in row[0]
    assert [row[1], row[2], row[3], row[-2]] == [
        '<span class="desk-amount">2</span>',
        '<span class="desk-amount">2</span>',
        '<span class="desk-amount">2,000.00</span>',
        "10.0%",
    ]
    assert f"{reverse(f'{PAGE}_csv')}?region={office.here.pk}&amp;month=2024-03" in text


def test_a_providers_name_leads_to_its_claims_of_the_month(office: Office) -> None:
    client = visitor(office.staff["auditor"])
    page = answer(client, region=office.here.pk, month="2024-03").content.decode()
    clinic = office.objs["provider_zaozhuang"]
    query = f"provider__id__exact={clinic.pk}&served_on__gte=2024-03-01&served_on__lt=2024-04-01"
    address = f"{reverse('admin:claims_claim_changelist')}?{query}"
    assert address.replace("&", "&amp;") in page
    listed = client.get(address)
    assert listed.status_code == 200
    assert {claim.provider for claim in listed.context["cl"].result_list} == {clinic}


def test_a_month_without_claims_says_so_and_one_to_come_is_refused(office: Office) -> None:
    client = visitor(office.staff["auditor"])
    empty = answer(client, region=office.here.pk, month="2020-01").content.decode()
    assert "No settled claim was served in this month." in empty
    for query in ({"month": f"{localdate().year + 1}-01"}, {"month": "soon"}, {}):
        wrong = answer(client, f"{PAGE}_csv", region=office.here.pk, **query)
        assert set(wrong.context["form"].errors) == {"month"}


def test_the_figures_as_a_file(office: Office) -> None:
    response = answer(visitor(office.staff["auditor"]), f"{PAGE}_csv", region=office.here.pk, month="2024-03")
    lines = response.getvalue().decode("utf-8-sig").splitlines()
    clinic = office.objs["provider_zaozhuang"]
    assert lines[0].startswith("Provider code,Provider name,Visits,Patients,")
    assert lines[1].startswith(f"{clinic.code},{clinic.name},2,2,2000.00,,,1000.00,,,")
    assert lines[1].endswith(",0.1000,0.0000")
    assert lines[2].startswith(",The region,2,2,2000.00,")
    assert len(lines) == 3


def test_another_region_cannot_be_asked_for(office: Office) -> None:
    wrong = answer(visitor(office.staff["auditor"]), region=office.away.pk, month="2024-03")
    assert set(wrong.context["form"].errors) == {"region"}
