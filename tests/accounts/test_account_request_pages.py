"""Freezing, transfers, refunds and their slips on screen."""

import re

import pytest
from django.urls import reverse

from accounts.models import AccountRequest, AccountState, DecisionState, LedgerAccount, LedgerEntry
from tests.builder.office import REASON, Office
from tests.builder.screens import button, offered, text_of, visitor

pytestmark = pytest.mark.django_db

PAPER = {"on": "2024-04-10", "document": "法执〔2024〕3号", "reason": REASON}


def newest() -> AccountRequest:
    return AccountRequest.objects.latest("pk")


def test_an_account_is_frozen_and_unfrozen_by_two_people(office: Office) -> None:
    member, account = office.members[0], office.members[0].account
    clerk, supervisor = visitor(office.staff["clerk"]), visitor(office.staff["supervisor"])
    assert {"freeze_account", "pay_from_account", "transfer_in", "close_account"} <= offered(clerk, member)
    assert "unfreeze_account" not in offered(clerk, member)

    response = clerk.post(button("freeze_account", member), PAPER)
    asked = newest()
    assert response["Location"] == button("change", asked)
    assert not {"approve", "refuse"} & offered(clerk, asked)
    assert {"approve", "refuse", "print_slip"} == offered(supervisor, asked)
    assert supervisor.post(button("approve", asked), {"reason": ""}).status_code == 302
    account.refresh_from_db()
    assert account.state == AccountState.FROZEN

    assert {"unfreeze_account", "transfer_in", "close_account"} <= offered(clerk, member)
    assert not {"freeze_account", "pay_from_account"} & offered(clerk, member)
    paying = {"purpose": "pharmacy_drug", "amount": "1.00", "key": "one"}
    refused = clerk.post(button("pay_from_account", member), paying)
    assert "frozen" in refused.context["form"].non_field_errors()[0]

    clerk.post(button("unfreeze_account", member), PAPER)
    supervisor.post(button("approve", newest()), {"reason": ""})
    account.refresh_from_db()
    assert account.state == AccountState.OPEN


def test_whoever_asked_does_not_decide_even_by_address(office: Office) -> None:
    root = visitor(office.staff["root"])
    root.post(button("freeze_account", office.members[0]), PAPER)
    same = root.post(button("approve", newest()), {"reason": ""})
    assert "Another person" in same.context["form"].non_field_errors()[0]
    assert newest().state == DecisionState.SUBMITTED


def test_a_balance_is_transferred_in_and_a_refused_one_is_not(office: Office) -> None:
    member = office.members[1]
    account_of = office.members[0].account
    clerk, supervisor = visitor(office.staff["clerk"]), visitor(office.staff["supervisor"])
    sent = {**PAPER, "amount": "321.00", "other_agency": "济宁市医保局"}
    assert list(clerk.post(button("transfer_in", member), {**sent, "amount": ""}).context["form"].errors) == ["amount"]
    clerk.post(button("transfer_in", member), sent)
    assert supervisor.post(button("approve", newest()), {"reason": ""}).status_code == 302
    member.refresh_from_db()
    assert member.account.balance == 321

    waiting = office.objs["account_request"]
    before = account_of.balance
    assert list(supervisor.post(button("refuse", waiting), {"reason": ""}).context["form"].errors) == ["reason"]
    supervisor.post(button("refuse", waiting), {"reason": "the money has not arrived"})
    waiting.refresh_from_db()
    account_of.refresh_from_db()
    assert (waiting.state, account_of.balance) == (DecisionState.REFUSED, before)


def spent(office: Office) -> LedgerEntry:
    """Twelve yuan at the institution, paid on the member's page."""
    member = office.members[0]
    sent = {
        "purpose": "medical_cost",
        "amount": "12.00",
        "provider": office.objs["provider_zaozhuang"].pk,
        "key": "paid here",
    }
    assert visitor(office.staff["clerk"]).post(button("pay_from_account", member), sent).status_code == 302
    return LedgerEntry.objects.get(key__endswith="paid here")


def test_a_payment_is_refunded_from_its_own_page(office: Office) -> None:
    account = LedgerAccount.objects.get(member=office.members[0])
    before = account.balance
    entry = spent(office)
    clerk, supervisor = visitor(office.staff["clerk"]), visitor(office.staff["supervisor"])
    page = clerk.get(button("change", entry)).content.decode()
    for words in ("patient&#x27;s share at an institution", "枣庄市立医院", "张伟 P0001"):
        assert words in page, words
    assert "ask_for_refund" in offered(clerk, entry)
    assert "ask_for_refund" not in offered(supervisor, entry)

    today = {**PAPER, "on": f"{entry.posted_on:%Y-%m-%d}"}
    response = clerk.post(button("ask_for_refund", entry), today)
    asked = newest()
    assert response["Location"] == button("change", asked)
    assert "12.00" in text_of(office.staff["supervisor"], asked)
    supervisor.post(button("approve", asked), {"reason": ""})
    account.refresh_from_db()
    assert account.balance == before
    assert "ask_for_refund" not in offered(clerk, entry)
    again = clerk.post(button("ask_for_refund", entry), today)
    assert "taken back already" in again.context["form"].non_field_errors()[0]


def test_what_a_settlement_paid_has_no_refund(office: Office) -> None:
    clerk = visitor(office.staff["clerk"])
    for entry in LedgerEntry.objects.exclude(kind="spending")[:4]:
        assert "ask_for_refund" not in offered(clerk, entry)


def test_a_provider_that_is_not_designated_is_refused_in_words(office: Office) -> None:
    sent = {
        "purpose": "pharmacy_drug",
        "amount": "12.00",
        "provider": office.objs["provider_zaozhuang"].pk,
        "key": "no",
    }
    response = visitor(office.staff["clerk"]).post(button("pay_from_account", office.members[0]), sent)
    assert "not paid at such a provider" in response.context["form"].non_field_errors()[0]
    foreign = {**sent, "provider": office.objs["provider_dazhou"].pk}
    response = visitor(office.staff["clerk"]).post(button("pay_from_account", office.members[0]), foreign)
    assert list(response.context["form"].errors) == ["provider"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "张"}, ["张伟 P0001"]),
        ({"q": "P0001"}, ["张伟 P0001"]),
        ({"q": "P0002"}, []),
        ({"kind__exact": "transfer_in"}, ["张伟 P0001"]),
        ({"kind__exact": "freeze"}, []),
        ({"state__exact": "approved"}, []),
    ],
)
def test_requests_are_found_by_member_kind_and_state(
    office: Office, query: dict[str, str], expected: list[str]
) -> None:
    response = visitor(office.staff["clerk"]).get(reverse("admin:accounts_accountrequest_changelist"), query)
    assert [str(row.member) for row in response.context["cl"].queryset] == expected


def test_the_home_page_shows_what_waits_to_whoever_may_decide(office: Office) -> None:
    address = button("change", office.objs["account_request"])
    for role, shown in (("supervisor", True), ("clerk", False), ("finance", False)):
        page = visitor(office.staff[role]).get(reverse("admin:index")).content.decode()
        assert (address in page) == shown, role


# --- Slips ---


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_slip_says_who_what_how_much_and_who_decided(office: Office, language: str) -> None:
    asked = office.objs["account_request"]
    supervisor = visitor(office.staff["supervisor"], language)
    before = supervisor.get(button("slip", asked)).content.decode()
    supervisor.post(button("approve", asked), {"reason": "checked with the bank"})
    after = supervisor.get(button("slip", asked)).content.decode()
    entry = LedgerEntry.objects.get(cause=f"account_request:{asked.pk}")
    facts = ["张伟", "P0001", "321.00", "人民币叁佰贰拾壹元整", "济宁市医保局", "转〔2024〕15号", "clerk"]
    for words in facts:
        assert words in before, words
        assert words in after, words
    for words in (f"#{entry.pk}", "checked with the bank", "supervisor"):
        assert words not in before, words
        assert words in after, words
    assert ("paper-notice" in before, "paper-notice" in after) == (True, False)
    assert not re.search(r"\d{17}[\dXx]", before + after)


def test_the_slip_of_a_closing_says_who_is_paid(office: Office) -> None:
    closing = office.objs["closing"]
    supervisor = visitor(office.staff["supervisor"])
    assert "人民币" not in supervisor.get(button("slip", closing)).content.decode()
    response = supervisor.post(button("approve", closing), {"reason": ""})
    assert response.status_code == 302
    text = supervisor.get(button("slip", closing)).content.decode()
    closing.refresh_from_db()
    # Of the 120.00 that were credited, 20.00 were above entitlement.
    assert closing.amount == 100
    for words in ("人民币壹佰元整", "100.00", "emigration", "Received by"):
        assert words in text, words


def test_a_slip_where_no_money_moves_has_no_amount(office: Office) -> None:
    visitor(office.staff["clerk"]).post(button("freeze_account", office.members[0]), PAPER)
    text = visitor(office.staff["auditor"]).get(button("slip", newest())).content.decode()
    assert "法执〔2024〕3号" in text
    assert "人民币" not in text


def test_a_refused_request_has_a_slip_that_says_so(office: Office) -> None:
    asked, supervisor = office.objs["account_request"], visitor(office.staff["supervisor"])
    supervisor.post(button("refuse", asked), {"reason": "the money has not arrived"})
    text = supervisor.get(button("slip", asked)).content.decode()
    assert "Refused: nothing has been done." in text
    assert "the money has not arrived" in text


@pytest.mark.parametrize("name", ["closing", "account_request"])
def test_slips_of_another_region_are_not_shown(office: Office, name: str) -> None:
    row = office.objs[name]
    assert visitor(office.staff["clerk_away"]).get(button("slip", row)).status_code == 404
    led = visitor(office.staff["auditor"]).get(button("print_slip", row))
    assert led["Location"] == button("slip", row)


def test_a_provider_is_found_by_typing(office: Office) -> None:
    field = {"app_label": "accounts", "model_name": "ledgerentry", "field_name": "provider"}
    found = visitor(office.staff["clerk"]).get(reverse("admin:autocomplete"), {**field, "term": "枣庄"})
    assert [each["text"] for each in found.json()["results"]] == ["枣庄市立医院"]
