"""A new document is entered first; a draft rests on it, and what is copied keeps resting on the old one."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agency.exceptions import DomainError
from agency.models import Role, User
from policies.engine.vocabulary import ItemKind
from policies.models import Instrument, PolicyVersion, UpfrontShare
from policies.selectors.versions import policy_of
from policies.services.instruments import Passage, enter_instrument, keep_text
from policies.services.versions import draft_version
from tests.builder import REASON, region, staff
from tests.builder.papers import pdf, picture
from tests.builder.screens import button, visitor

pytestmark = pytest.mark.django_db

NUMBER = "平医保发〔2024〕9号"
TEXT = "平凉市医疗保障局通知\n第一条 调整支付\n比例。\n第二条 本通知自2025年7月1日起施行。"
JULY = date(2025, 7, 1)


@pytest.fixture
def officer() -> User:
    return staff("officer", Role.POLICY_OFFICER, region=region("pingliang"))


def entered(officer: User, **facts: Any) -> Instrument:
    known: dict[str, Any] = {"number": NUMBER, "title": "调整支付比例的通知", "issued_on": date(2025, 5, 20)}
    return enter_instrument(region("pingliang"), **known | facts, actor=officer)


def drafted(officer: User, rests_on: Passage) -> PolicyVersion:
    law = PolicyVersion.objects.get(region=region("pingliang"))
    days: dict[str, Any] = {"first_day": JULY, "last_day": None}
    return draft_version(law, label="2025-07", **days, actor=officer, reason=REASON, rests_on=rests_on)


def test_articles_are_split_and_of_no_consequence_until_something_rests_on_them(officer: User) -> None:
    document = entered(officer, text=TEXT)
    articles = list(document.articles.values_list("number", "text", "classification"))
    assert articles == [
        ("第一条", "调整支付比例。", "not_implemented"),
        ("第二条", "本通知自2025年7月1日起施行。", "not_implemented"),
    ]
    drafted(officer, Passage(document, "第二条", "自2025年7月1日起施行"))
    assert [each.classification for each in document.articles.all()] == ["not_implemented", "rule"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": " "},
        {"text": "没有条文的文字"},
        {"content": BytesIO(picture())},
        {"content": BytesIO(pdf()[:-20])},
    ],
    ids=["no number", "no article", "a picture", "a file cut short"],
)
def test_a_document_is_refused(wrong: dict[str, Any], officer: User) -> None:
    with pytest.raises(DomainError):
        entered(officer, **wrong)
    assert not Instrument.objects.filter(number=NUMBER).exists()


def test_a_document_is_listed_once_and_its_text_stays(officer: User) -> None:
    document = entered(officer)
    with pytest.raises(DomainError):
        entered(officer)
    assert keep_text(document, TEXT) == 2
    with pytest.raises(DomainError):
        keep_text(document, TEXT)


def test_what_is_copied_keeps_resting_on_the_document_before(officer: User) -> None:
    document = entered(officer, text=TEXT)
    draft = drafted(officer, Passage(document, "第二条", "自2025年7月1日起施行"))
    law, policy = draft.copied_from, policy_of(draft)
    assert law is not None
    assert policy.in_force.instrument == NUMBER
    assert policy.upfront[ItemKind.DRUG].share.citation.instrument == law.instrument.number
    assert set(UpfrontShare.objects.filter(version=draft).values_list("instrument", flat=True)) == {law.instrument_id}


@pytest.mark.parametrize(
    ("article", "phrase", "refusal"),
    [("第二条", "自2026年7月1日起施行", DomainError), ("", "", ValidationError)],
)
def test_the_words_on_entry_into_force_stand_in_the_document(
    article: str, phrase: str, refusal: type[Exception], officer: User
) -> None:
    with pytest.raises(refusal):
        drafted(officer, Passage(entered(officer, text=TEXT), article, phrase))
    assert not PolicyVersion.objects.filter(label="2025-07").exists()


def test_at_the_desk_the_document_comes_first_and_the_draft_after_it(officer: User) -> None:
    desk = visitor(officer)
    sent = {
        "region": region("pingliang").pk,
        "number": NUMBER,
        "title": "通知",
        "issued_on": "2025-05-20",
        "text": TEXT,
        "content": SimpleUploadedFile("通知.pdf", pdf()),
    }
    desk.post(reverse("admin:policies_instrument_add"), sent)
    document = Instrument.objects.get(number=NUMBER)
    assert document.entered_by == officer
    assert b"".join(desk.get(button("file", document))) == pdf()
    outside = visitor(staff("away", Role.POLICY_OFFICER, region=region("kaifeng")))
    assert outside.get(button("file", document)).status_code == 404

    form_page = desk.get(desk.get(button("draft_on_it", document))["Location"])
    assert form_page.context["form"].initial["instrument"] == str(document.pk)
    facts = {"label": "2025-07", "first_day": "2025-07-01", "last_day": "", "reason": REASON}
    facts |= {"instrument": str(document.pk), "article": "第二条", "phrase": "自2025年7月1日起施行"}
    law = PolicyVersion.objects.get(region=region("pingliang"))
    desk.post(button("draft", law), facts)
    draft = PolicyVersion.objects.get(label="2025-07")
    assert draft.instrument == document
    text = desk.get(button("change", draft)).content.decode()
    assert f"{law.instrument.number} 第" in text
