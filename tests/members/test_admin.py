"""The member's page: every button is one form and one service, and what a service refuses is a sentence on the form."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from agency.exceptions import DomainError
from agency.services.history import tracked_save
from members.models import Contribution, Enrollment, Member, Sex
from members.services.enrollments import enroll
from policies.engine.vocabulary import AccountScheme, Employment, InsuredStatus
from scenarios.people import invented_identity_number
from tests import builder
from tests.builder.office import REASON, Office
from tests.builder.screens import button, text_of, visitor

pytestmark = pytest.mark.django_db


ENROLLMENT = {"since": "2026-01-01", "scheme": "combined", "employment": "employee", "status": "active"}
# Button → what is sent, and how many rows of which relation there are more of afterwards.
DONE: list[tuple[str, dict[str, Any], str]] = [
    ("enroll", ENROLLMENT, "enrollments"),
    ("change_scheme", {"scheme": "pooled_only", "since": "2026-01-01"}, "enrollments"),
    ("convert_to_retired", {"retired_from": "2026-01-01"}, "enrollments"),
    ("record_contribution", {"month": "2024-04", "base": "6100.00"}, "contributions"),
    (
        "register_out_of_area",
        {"kind": "referral", "place": "310000", "since": "2024-05-01"},
        "out_of_area_registrations",
    ),
    ("record_hospital_stay", {"since": "2024-05-01", "until": "2024-05-03"}, "hospitalstay_set"),
    ("record_special_nursing", {"since": "2024-06-01", "until": ""}, "specialnursing_set"),
    (
        "set_civil_servant_basis",
        {"since": "2024-01", "kind": "december_2022_base", "amount": "5000.00"},
        "civil_servant_bases",
    ),
]
# What they enter is there for the first time and asks for no reason; a contribution only where it corrects another.
FIRST = ("register_out_of_area", "record_hospital_stay", "record_special_nursing")


@pytest.mark.parametrize(("name", "sent", "relation"), DONE)
def test_a_button_calls_its_service_and_keeps_the_reason(
    office: Office, name: str, sent: dict[str, Any], relation: str
) -> None:
    member = office.members[0]
    before = getattr(member, relation).count()
    response = visitor(office.staff["clerk"]).post(button(name, member), {**sent, "reason": "form 12"})
    assert response.status_code == 302, response.context["form"].errors
    assert response["Location"] == reverse("admin:members_member_change", args=[member.pk])
    assert getattr(member, relation).count() == before + 1
    newest = getattr(member, relation).order_by("pk").last()
    history = newest.history.first()
    kept = "registered" if name in FIRST else "form 12"
    assert (history.history_change_reason, history.history_user) == (kept, office.staff["clerk"])


@pytest.mark.parametrize(
    "name", [name for name, _sent, _relation in DONE if name not in (*FIRST, "record_contribution")]
)
def test_a_change_without_a_reason_is_not_made(office: Office, name: str) -> None:
    sent = next(sent for each, sent, _relation in DONE if each == name)
    response = visitor(office.staff["clerk"]).post(button(name, office.members[0]), {**sent, "reason": " "})
    assert list(response.context["form"].errors) == ["reason"]


def test_a_contribution_asks_for_a_reason_only_where_it_corrects_one(office: Office) -> None:
    member, clerk = office.members[0], visitor(office.staff["clerk"])
    first = {"month": "2024-04", "base": "6100.00"}
    assert clerk.post(button("record_contribution", member), first).status_code == 302
    recorded = member.contributions.get(month=date(2024, 4, 1))
    assert recorded.history.latest().history_change_reason == "registered"
    corrected = clerk.post(button("record_contribution", member), {**first, "base": "6200.00"})
    assert corrected.context["form"].non_field_errors() == ["Give the reason for the change."]
    told = {**first, "base": "6200.00", "reason": "form 12"}
    assert clerk.post(button("record_contribution", member), told).status_code == 302
    assert recorded.history.latest().history_change_reason == "form 12"


@pytest.mark.usefixtures("in_english")
def test_the_first_enrollment_asks_for_no_reason_and_the_next_one_does(office: Office) -> None:
    member = builder.a_member(office.here)
    clerk = visitor(office.staff["clerk"])
    assert "reason" not in clerk.get(button("enroll", member)).context["form"].fields
    assert clerk.post(button("enroll", member), ENROLLMENT).status_code == 302
    assert member.enrollments.get().history.latest().history_change_reason == "registered"
    assert "reason" in clerk.get(button("enroll", member)).context["form"].fields
    with pytest.raises(DomainError, match="Give the reason"):
        enroll(
            member,
            since=date(2026, 2, 1),
            scheme=AccountScheme.COMBINED,
            employment=Employment.EMPLOYEE,
            status=InsuredStatus.RETIRED,
            known_on=date(2026, 2, 1),
        )


@pytest.mark.parametrize("place", ["", "31000", "3100000", "上海"])
def test_a_registration_names_its_place_by_a_division_code(office: Office, place: str) -> None:
    sent = {"kind": "referral", "place": place, "since": "2024-05-01", "reason": REASON}
    response = visitor(office.staff["clerk"]).post(button("register_out_of_area", office.members[0]), sent)
    assert list(response.context["form"].errors) == ["place"]
    assert not office.members[0].out_of_area_registrations.exists()


def test_terminating_and_dying_end_the_insurance(office: Office) -> None:
    active, retired, _lacking = office.members
    client = visitor(office.staff["supervisor"])
    assert client.post(button("terminate", active), {"last_day": "2024-06-30", "reason": REASON}).status_code == 302
    assert client.post(button("record_death", retired), {"died_on": "2024-06-15", "reason": REASON}).status_code == 302
    assert [Enrollment.objects.get(member=member).period.upper for member in (active, retired)] == [
        date(2024, 7, 1),
        date(2024, 6, 16),
    ]
    page = client.get(reverse("admin:members_member_change", args=[retired.pk]))
    offered = [item["path"] for group in page.context["actions_detail"] for item in group.get("items", [])]
    assert not [path for path in offered if path.endswith(("/enroll/", "/record_death/"))]
    assert [path for path in offered if path.endswith("/record_contribution/")]


@pytest.mark.parametrize(
    ("name", "sent", "sentence"),
    [
        ("change_scheme", {"scheme": "combined", "since": "2024-05-01"}, "has this scheme already"),
        ("terminate", {"last_day": "2020-01-01"}, "not insured on"),
        ("record_contribution", {"month": "2024-03", "base": "6000.00"}, "is recorded already"),
        ("record_contribution", {"month": "2024-05", "base": "-1"}, "positive amount"),
        ("record_death", {"died_on": "2999-01-01"}, "lies in the future"),
        ("record_hospital_stay", {"since": "2024-05-03", "until": "2024-05-01"}, "before the first"),
    ],
)
def test_what_the_service_refuses_is_said_on_the_form(
    office: Office, name: str, sent: dict[str, Any], sentence: str
) -> None:
    response = visitor(office.staff["clerk"]).post(button(name, office.members[0]), {**sent, "reason": REASON})
    assert response.status_code == 200
    assert sentence in " ".join(response.context["form"].non_field_errors())


def registration(region: Any, **more: Any) -> dict[str, Any]:
    """A new member as the form is sent."""
    birth = date(1991, 4, 5)
    return {
        "region": region.pk,
        "member_number": "P0100",
        "name": "赵敏",
        "identity_number": invented_identity_number(region, birth, Sex.FEMALE, 8),
        "sex": "F",
        "birth_date": birth.isoformat(),
        "reason": REASON,
        **more,
    }


def test_a_new_member_is_registered_and_shown(office: Office) -> None:
    client = visitor(office.staff["clerk"])
    response = client.post(reverse("admin:members_member_add"), registration(office.here))
    member = Member.objects.get(member_number="P0100")
    assert response["Location"] == reverse("admin:members_member_change", args=[member.pk])
    assert [str(each) for each in get_messages(response.wsgi_request)] == [
        "The member is registered. Enroll them next."
    ]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"identity_number": "370402199104050080"}, "not valid"),
        ({"sex": "M"}, "another sex"),
        ({"member_number": "P0001"}, "is taken"),
    ],
)
def test_a_wrong_registration_is_refused(office: Office, more: dict[str, Any], sentence: str) -> None:
    response = visitor(office.staff["clerk"]).post(
        reverse("admin:members_member_add"), registration(office.here, **more)
    )
    assert sentence in " ".join(response.context["form"].non_field_errors())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Kind of document", "foreigner&#x27;s permanent residence card", "Needed where the identity number"]),
        ("zh-hans", ["证件类型", "外国人永久居留身份证", "港澳台居民居住证", "外国护照", "证件号码中不含此项时必填"]),
    ],
)
def test_the_form_asks_for_the_kind_of_document_first(office: Office, language: str, words: list[str]) -> None:
    response = visitor(office.staff["clerk"], language).get(reverse("admin:members_member_add"))
    fields = list(response.context["form"].fields)
    assert fields[2:7] == ["document_kind", "identity_number", "name", "sex", "birth_date"]
    text = response.content.decode()
    assert "members/register.js" in text
    for word in words:
        assert word in text


@pytest.mark.parametrize(
    ("language", "kind", "shown"),
    [("en", "foreign passport", "E*******8"), ("zh-hans", "外国护照", "E*******8")],
)
def test_somebody_with_a_passport_is_registered_found_and_shown_masked(
    office: Office, language: str, kind: str, shown: str
) -> None:
    client = visitor(office.staff["clerk"], language)
    sent = {"document_kind": "foreign_passport", "identity_number": "e1234 5678", "name": "JOHN  O’DOE"}
    client.post(reverse("admin:members_member_add"), registration(office.here, **sent))
    member = Member.objects.get(member_number="P0100")
    assert (member.name, member.identity_number) == ("JOHN O’DOE", "E12345678")
    text = client.get(reverse("admin:members_member_change", args=[member.pk])).content.decode()
    assert kind in text
    assert shown in text
    assert "E12345678" not in text
    found = client.get(reverse("admin:members_member_changelist"), {"q": "E12345678"})
    assert [each.pk for each in found.context["cl"].queryset] == [member.pk]


def test_a_card_needs_neither_sex_nor_date_of_birth(office: Office) -> None:
    sent = registration(office.here, document_kind="foreigner_card", identity_number="931840198504121245")
    del sent["sex"], sent["birth_date"]
    visitor(office.staff["clerk"]).post(reverse("admin:members_member_add"), sent)
    member = Member.objects.get(member_number="P0100")
    assert (member.sex, member.birth_date) == ("F", date(1985, 4, 12))


@pytest.mark.parametrize(
    ("more", "language", "sentence"),
    [
        ({"birth_date": ""}, "en", "does not say the date of birth. Enter it."),
        ({"birth_date": ""}, "zh-hans", "该证件号码中不含出生日期，请填写出生日期。"),
        ({"sex": ""}, "zh-hans", "该证件号码中不含性别，请填写性别。"),
        ({"document_kind": "resident_card"}, "zh-hans", "持其他证件的人员，请注明证件类型"),
        ({"identity_number": "931840198504121245"}, "zh-hans", "该号码是另一种证件的号码：外国人永久居留身份证"),
    ],
)
def test_what_the_form_lacks_is_said(office: Office, more: dict[str, Any], language: str, sentence: str) -> None:
    passport = {"document_kind": "foreign_passport", "identity_number": "E12345678"}
    response = visitor(office.staff["clerk"], language).post(
        reverse("admin:members_member_add"), registration(office.here, **passport | more)
    )
    assert sentence in " ".join(response.context["form"].non_field_errors())


def test_the_account_pays_once_however_often_the_form_is_sent(office: Office) -> None:
    member = office.members[0]
    client = visitor(office.staff["clerk"])
    key = client.get(button("pay_from_account", member)).context["form"]["key"].value()
    sent = {"purpose": "pharmacy_drug", "amount": "20.00", "key": key, "provider": builder.pharmacy(member.region).pk}
    assert client.post(button("pay_from_account", member), sent).status_code == 302
    assert client.post(button("pay_from_account", member), sent).status_code == 302
    member.account.refresh_from_db()
    assert member.account.balance == Decimal("100.00")


def test_a_longer_history_of_contributions_is_paged(office: Office) -> None:
    member = office.members[1]
    Contribution.objects.bulk_create(
        Contribution(
            member=member, month=date(year, month, 1), base=Decimal("5000.00"), received_on=date(year, month, 20)
        )
        for year in (2019, 2020, 2021)
        for month in range(1, 13)
    )
    client = visitor(office.staff["clerk"])
    address = reverse("admin:members_member_change", args=[member.pk])
    first = client.get(address).content.decode()
    second = client.get(address, {"contributions-p": "2"}).content.decode()
    assert "December 2021" in first
    assert "January 2019" not in first
    assert "January 2019" in second
    assert "?contributions-p=2#dataset-contributions" in first


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"status": "retired"}, ["王秀英"]),
        ({"status": "active"}, ["张伟", "李强"]),
        ({"scheme": "pooled_only"}, []),
        ({"employment": "employee", "status": "retired"}, ["王秀英"]),
    ],
)
def test_members_are_filtered_by_how_they_are_insured_today(
    office: Office, filters: dict[str, str], names: list[str]
) -> None:
    response = visitor(office.staff["clerk"]).get(reverse("admin:members_member_changelist"), filters)
    assert [member.name for member in response.context["cl"].queryset] == names


def test_the_history_shows_changes_in_words_and_numbers_masked(office: Office) -> None:
    member = office.members[0]
    member.phone = "13900139000"
    tracked_save(member, office.staff["clerk"], "new phone")
    text = text_of(office.staff["clerk"], member, "history")
    assert "139******00" in text
    assert "13900139000" not in text
    assert "new phone" in text


def test_the_history_hides_a_passports_number_as_well(office: Office) -> None:
    member = office.members[0]
    member.document_kind, member.identity_number = "foreign_passport", "E12345678"
    tracked_save(member, office.staff["clerk"], "new document")
    text = text_of(office.staff["clerk"], member, "history")
    assert "foreign passport" in text
    assert "E*******8" in text
    assert "E12345678" not in text
