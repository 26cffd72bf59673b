"""Family use and closings on screen, and how a credit came about."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import AccountClosing, AccountState, DecisionState, FamilyUseAuthorization, LedgerEntry
from policies.models import Article
from tests.builder.office import REASON, Office
from tests.builder.screens import button, visitor

pytestmark = pytest.mark.django_db


def test_a_relative_is_authorized_by_two_people_paid_for_and_revoked(office: Office) -> None:
    root, supervisor = visitor(office.staff["root"]), visitor(office.staff["supervisor"])
    sent = {
        "relative": office.members[2].pk,
        "relationship": "child",
        "evidence_kind": "household_register",
        "evidence": "户口簿",
        "scopes": ["medical_cost", "pharmacy_drug"],
        "since": "2024-02-01",
        "until": "",
        "reason": REASON,
    }
    response = root.post(button("authorize_relative", office.members[0]), sent)
    asked = FamilyUseAuthorization.objects.latest("pk")
    assert response["Location"] == button("change", asked)
    same = root.post(button("approve", asked), {"reason": ""})
    assert "Another person" in same.context["form"].non_field_errors()[0]

    place = office.objs["provider_zaozhuang"]
    paid = {
        "purpose": "medical_cost",
        "amount": "20.00",
        "relative": office.members[2].pk,
        "provider": place.pk,
        "key": "one",
    }
    refused = supervisor.post(button("pay_from_account", office.members[0]), paid)
    assert "not authorized" in refused.context["form"].non_field_errors()[0]
    assert supervisor.post(button("approve", asked), {"reason": ""}).status_code == 302
    assert supervisor.post(button("pay_from_account", office.members[0]), paid).status_code == 302

    assert root.post(button("revoke", asked), {"last_day": "2024-06-30", "reason": REASON}).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, str(asked.period.upper)) == (DecisionState.APPROVED, "2024-07-01")
    page = supervisor.get(reverse("admin:members_member_change", args=[office.members[0].pk])).content.decode()
    assert button("change", asked) in page


def test_nobody_of_another_region_is_authorized(office: Office) -> None:
    assert office.stranger is not None
    sent = {
        "relative": office.stranger.pk,
        "relationship": "child",
        "evidence_kind": "other",
        "evidence": "x",
        "scopes": ["medical_cost"],
        "since": "2024-02-01",
        "reason": REASON,
    }
    response = visitor(office.staff["clerk"]).post(button("authorize_relative", office.members[0]), sent)
    assert list(response.context["form"].errors) == ["relative"]


def test_an_authorization_is_refused_with_a_reason(office: Office) -> None:
    asked = office.objs["authorization"]
    client = visitor(office.staff["supervisor"])
    assert list(client.post(button("refuse", asked), {"reason": ""}).context["form"].errors) == ["reason"]
    client.post(button("refuse", asked), {"reason": "no papers"})
    asked.refresh_from_db()
    assert asked.state == DecisionState.REFUSED


def test_an_account_is_closed_by_two_people(office: Office) -> None:
    account = office.members[0].account
    root, supervisor = visitor(office.staff["root"]), visitor(office.staff["supervisor"])
    sent = {"closing_reason": "emigration", "on": "2024-04-10", "payee": "", "reason": REASON}
    twice = root.post(button("close_account", office.members[0]), sent)
    assert "asked for already" in twice.context["form"].non_field_errors()[0]
    supervisor.post(button("refuse", office.objs["closing"]), {"reason": "another day"})
    died = root.post(button("close_account", office.members[0]), {**sent, "closing_reason": "death"})
    assert "death first" in died.context["form"].non_field_errors()[0]
    response = root.post(button("close_account", office.members[0]), sent)
    asked = AccountClosing.objects.latest("pk")
    assert response["Location"] == button("change", asked)
    # February's 120.00 are 20.00 too much: both people see it before they press.
    form = root.get(button("close_account", office.members[0])).content.decode()
    page = supervisor.get(button("change", asked)).content.decode()
    decision = supervisor.get(button("approve", asked)).content.decode()
    for shown in (form, page, decision):
        assert "20.00 are recovered first, and 100.00 are paid out" in shown
    same = root.post(button("approve", asked), {"reason": ""})
    assert "Another person" in same.context["form"].non_field_errors()[0]
    assert supervisor.post(button("approve", asked), {"reason": ""}).status_code == 302
    asked.refresh_from_db()
    account.refresh_from_db()
    assert (asked.state, account.state) == (DecisionState.APPROVED, AccountState.CLOSED)
    assert account.balance == 0
    assert asked.set_off.get().taken == Decimal("20.00")
    assert "20.00 yuan were recovered first" in supervisor.get(button("change", asked)).content.decode()


def test_a_closing_is_refused_with_a_reason(office: Office) -> None:
    asked = office.objs["closing"]
    client = visitor(office.staff["supervisor"])
    client.post(button("refuse", asked), {"reason": "came back"})
    asked.refresh_from_db()
    assert asked.state == DecisionState.REFUSED


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_credit_shows_its_steps_with_article_phrase_and_clause(office: Office, language: str) -> None:
    entry = LedgerEntry.objects.get(credit=office.members[0].account, month="2024-02-01")
    rule = entry.rule
    assert rule is not None
    Article.objects.filter(instrument=rule.version.instrument, number=rule.article).update(text="第一款整条原文")
    client = visitor(office.staff["clerk"], language)
    member_page = client.get(reverse("admin:members_member_change", args=[office.members[0].pk])).content.decode()
    address = reverse("admin:accounts_ledgerentry_change", args=[entry.pk])
    assert address in member_page
    for page in (address, reverse("admin:accounts_ledgerentry_explanation", args=[entry.pk])):
        text = client.get(page).content.decode()
        for words in (rule.article, rule.phrase, "第一款整条原文", "6,000.00", "120.00", "2 %"):
            assert words in text, (page, words)
    assert not re.search(r"\d{17}[\dXx]", text)


def test_an_entry_that_is_no_credit_has_no_explanation(office: Office) -> None:
    entry = LedgerEntry.objects.filter(cause__startswith="settlement:").latest("pk")
    client = visitor(office.staff["clerk"])
    assert client.get(reverse("admin:accounts_ledgerentry_explanation", args=[entry.pk])).status_code == 404
    assert client.get(reverse("admin:accounts_ledgerentry_change", args=[entry.pk])).status_code == 200


def test_a_credit_of_another_region_is_not_explained(office: Office) -> None:
    entry = LedgerEntry.objects.get(credit=office.members[0].account, month="2024-02-01")
    away = visitor(office.staff["clerk_away"])
    assert away.get(reverse("admin:accounts_ledgerentry_explanation", args=[entry.pk])).status_code == 404
