"""Policy versions on screen: rates with their articles, drafts edited and submitted, published by another person."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from policies.models import RULE_MODELS, AveragePension, PolicyVersion, RuleRow, VersionState
from tests.builder.office import REASON, Office
from tests.builder.screens import button, visitor

pytestmark = pytest.mark.django_db


def rule_form(row: RuleRow) -> str:
    """The address of a rule's form."""
    kind = str(row._meta.model_name)
    return reverse("admin:policies_policyversion_rule", args=[row.version_id, kind, row.pk])


def page(client: Client, version: PolicyVersion) -> str:
    return client.get(button("change", version)).content.decode()


@pytest.fixture
def officer(office: Office) -> Client:
    return visitor(office.staff["policy_officer"])


@pytest.fixture
def second_officer(office: Office) -> Client:
    return visitor(office.staff["second_officer"])


@pytest.mark.parametrize("slug", ["pingliang", "dazhou", "zaozhuang", "kaifeng", "baoshan"])
def test_every_rule_of_every_region_is_on_the_page_with_its_article_and_phrase(office: Office, slug: str) -> None:
    from django.utils.html import escape

    root = visitor(office.staff["root"])
    version = PolicyVersion.objects.filter(region__slug=slug, state=VersionState.PUBLISHED).order_by("-period")[0]
    text = page(root, version)
    for model in RULE_MODELS:
        for row in model._default_manager.filter(version=version):
            assert f"{escape(row.article)} · “{escape(row.phrase)}”" in text, row


def test_an_unset_figure_says_that_the_local_document_is_missing(office: Office) -> None:
    version = PolicyVersion.objects.get(region__slug="baoshan", state=VersionState.PUBLISHED)
    assert "unset — needs the local document" in page(visitor(office.staff["root"]), version)


def test_a_published_version_offers_no_form(office: Office, officer: Client) -> None:
    version = office.objs["version"]
    assert "/rule/" not in page(officer, version)
    row = version.reimbursementrate_rows.first()
    response = officer.post(
        rule_form(row), {"rate": "71", "article": row.article, "phrase": row.phrase, "reason": REASON}
    )
    assert "does not allow it" in response.context["form"].non_field_errors()[0]


def test_a_rate_is_drafted_edited_submitted_and_published_by_another(
    office: Office, officer: Client, second_officer: Client
) -> None:
    sent = {"label": "2025-07", "first_day": "2025-07-01", "last_day": "", "reason": "new circular"}
    response = officer.post(button("draft", office.objs["version"]), sent)
    draft = PolicyVersion.objects.get(label="2025-07")
    assert response["Location"] == reverse("admin:policies_policyversion_change", args=[draft.pk])

    row = draft.reimbursementrate_rows.get(tier="secondary", status="active")
    assert rule_form(row) in page(officer, draft)
    form = {"rate": "62.5", "article": row.article, "phrase": "支付比例62.5%", "reading": "", "reason": "circular 3"}
    response = officer.post(rule_form(row), form)
    assert response["Location"] == reverse("admin:policies_policyversion_change", args=[draft.pk])
    row.refresh_from_db()
    assert row.rate == Decimal("0.6250")
    text = page(officer, draft)
    assert "62.5%" in text
    assert "Compared with version 2024-01" in text

    officer.post(button("submit", draft))
    assert "/rule/" not in page(officer, draft)
    response = officer.post(button("publish", draft), {"reason": ""})
    assert "Another person" in response.context["form"].non_field_errors()[0]
    # Its first day is over, so that it asks why.
    response = second_officer.post(button("publish", draft), {"reason": ""})
    assert "Days of this version are over" in str(response.context["form"].errors)
    assert second_officer.post(button("publish", draft), {"reason": "received late"}).status_code == 302
    draft.refresh_from_db()
    assert draft.state == VersionState.PUBLISHED
    office.objs["version"].refresh_from_db()
    assert office.objs["version"].period.upper == date(2025, 7, 1)


def test_a_returned_version_is_edited_again(office: Office, officer: Client, second_officer: Client) -> None:
    draft = office.objs["draft"]
    officer.post(button("submit", draft))
    assert list(second_officer.post(button("send_back", draft), {"reason": ""}).context["form"].errors) == ["reason"]
    second_officer.post(button("send_back", draft), {"reason": "wrong phrase"})
    text = page(officer, draft)
    assert "wrong phrase" in text
    assert "/rule/" in text


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({}, None),
        ({"rate": "101"}, "rate"),
        ({"rate": "60.555"}, "rate"),
        ({"rate": "-1"}, "rate"),
        ({"article": ""}, "article"),
        ({"rate": "61", "reason": ""}, "reason"),
    ],
)
def test_a_wrong_or_idle_change_of_a_rule_is_refused(
    office: Office, officer: Client, more: dict[str, str], field: str | None
) -> None:
    row = office.objs["draft"].reimbursementrate_rows.get(tier="secondary", status="active")
    form = {
        "rate": f"{100 * row.rate:.0f}",
        "article": row.article,
        "phrase": row.phrase,
        "reading": row.reading,
        "reason": REASON,
        **more,
    }
    response = officer.post(rule_form(row), form)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field or "__all__"]


def test_a_figure_can_be_unset_and_every_kind_of_rule_has_a_form(office: Office, officer: Client) -> None:
    draft = office.objs["draft"]
    ceiling = draft.ceiling_rows.get(scope="general_outpatient")
    form = {"amount": "", "article": ceiling.article, "phrase": ceiling.phrase, "reading": "", "reason": REASON}
    assert officer.post(rule_form(ceiling), form).status_code == 302
    ceiling.refresh_from_db()
    assert ceiling.amount is None
    for model in RULE_MODELS:
        row: Any = model._default_manager.filter(version=draft).first()
        if row is not None:
            response = officer.get(rule_form(row))
            assert response.status_code == 200
            names = [*row.value_fields, "article", "phrase", "reading", "reason"]
            assert list(response.context["form"].fields) == names


def test_a_rule_of_another_version_is_not_reached_through_this_one(office: Office, officer: Client) -> None:
    row = office.objs["version"].reimbursementrate_rows.first()
    for kind, pk in (("reimbursementrate", row.pk), ("user", 1)):
        address = reverse("admin:policies_policyversion_rule", args=[office.objs["draft"].pk, kind, pk])
        assert officer.get(address).status_code == 404


def test_a_draft_that_decides_too_little_is_refused_in_words(office: Office, officer: Client) -> None:
    draft = office.objs["draft"]
    draft.conduct_rows.first().delete()
    response = officer.post(button("submit", draft))
    assert "leave a case undecided" in response.context["form"].non_field_errors()[0]


def pension_button(name: str, pension: AveragePension) -> str:
    return reverse(f"admin:policies_averagepension_{name}", args=[pension.pk])


def test_an_average_pension_is_recorded_approved_and_made_final(
    office: Office, officer: Client, second_officer: Client
) -> None:
    sent = {"region": office.here.pk, "year": "2024", "monthly": "3300.00", "source": "", "reason": REASON}
    response = officer.post(reverse("admin:policies_averagepension_add"), sent)
    pension = AveragePension.objects.get(region=office.here, year=2024)
    assert response["Location"] == pension_button("change", pension)
    assert pension.state == "submitted"
    assert second_officer.post(pension_button("approve", pension), {"seen": pension.payload_hash}).status_code == 302
    address = pension_button("correct", pension)
    assert officer.get(address).context["form"].initial["monthly"] == Decimal("3300.00")
    final = {"monthly": "3310.00", "is_final": "on", "source": "公报", "reason": REASON}
    assert officer.post(address, final).status_code == 302
    second = AveragePension.objects.get(region=office.here, year=2024, state="submitted")
    supervisor = visitor(office.staff["supervisor"])
    assert supervisor.post(pension_button("approve", second), {"seen": second.payload_hash}).status_code == 302
    pension.refresh_from_db()
    second.refresh_from_db()
    assert (pension.state, second.state, second.is_final) == ("superseded", "approved", True)
    again = officer.post(pension_button("correct", second), {"monthly": "3300.00", "reason": REASON})
    assert "is final" in again.context["form"].non_field_errors()[0]


def test_an_unusual_average_pension_takes_a_yes_with_its_reason(office: Office, officer: Client) -> None:
    sent = {"region": office.here.pk, "year": "2023", "monthly": "38520.00", "is_final": "on", "reason": REASON}
    address = reverse("admin:policies_averagepension_add")
    refused = officer.post(address, sent)
    assert refused.context["form"].non_field_errors() == [
        "12.0 times the 2022 figure: an annual sum entered as a monthly one?"
    ]
    assert officer.post(address, sent | {"confirmed_reason": "as published"}).status_code == 302
    pension = AveragePension.objects.get(region=office.here, year=2023)
    supervisor = visitor(office.staff["supervisor"])
    assert "12.00 times the figure of 2022" in supervisor.get(pension_button("change", pension)).content.decode()
    text = supervisor.get(pension_button("approve", pension)).content.decode()
    assert "Confirmed by whoever submitted it: as published" in text
    without_a_reason = supervisor.post(pension_button("approve", pension), {"seen": pension.payload_hash})
    assert "reason" in without_a_reason.context["form"].errors


def test_whoever_decides_an_average_pension_sees_what_it_moves(office: Office) -> None:
    text = visitor(office.staff["supervisor"]).get(pension_button("change", office.objs["pension"])).content.decode()
    assert "What it moves" in text
    assert "1.03 times the figure of 2021" in text


def test_the_articles_show_what_the_software_makes_of_them(officer: Client) -> None:
    response = officer.get(reverse("admin:policies_article_changelist"), {"classification": "rule"})
    articles = list(response.context["cl"].queryset)
    assert articles
    assert {article.classification for article in articles} == {"rule"}
