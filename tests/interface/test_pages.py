"""The pages of keys, messages and reconciliations, as somebody of the office uses them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agency.models import Role
from interface.models import Message, ProviderCredential, Reconciliation, ReconciliationRow
from interface.services.door import signature_of
from tests.builder import REASON, a_provider, region, retiree, staff
from tests.builder.interface import a_hospital, settled
from tests.builder.screens import button, press, sentences, visitor, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    return visitor(staff("administrator", Role.SYSTEM_ADMINISTRATOR))


def issued(client: Client, **data: Any) -> Any:
    here = region("pingliang")
    return client.post(reverse("admin:interface_providercredential_add"), {"region": here.pk, "reason": REASON} | data)


def test_a_secret_is_shown_on_one_page_and_nowhere_else(administrator: Client) -> None:
    provider = a_provider(region("pingliang"))
    answer = issued(administrator, provider_code=provider.code)
    credential = ProviderCredential.objects.get()
    assert credential.secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    # It is the one with which a message is signed.
    assert signature_of(credential.secret, "1", "2", b"3")
    for page in ("change", "history"):
        assert credential.secret not in administrator.get(button(page, credential)).content.decode()
    assert (
        credential.secret
        not in administrator.get(reverse("admin:interface_providercredential_changelist")).content.decode()
    )


def test_a_key_for_a_provider_that_is_not_there_is_refused(administrator: Client) -> None:
    assert "no such provider" in issued(administrator, provider_code="X").content.decode()
    assert not ProviderCredential.objects.exists()


def test_a_key_is_withdrawn_with_a_reason(administrator: Client) -> None:
    hospital = a_hospital()
    credential = ProviderCredential.objects.get()
    press(administrator, "withdraw", credential, reason="")
    credential.refresh_from_db()
    assert credential.withdrawn_at is None
    assert sentences(press(administrator, "withdraw", credential, reason="rollover")) == ["The key is withdrawn."]
    assert hospital.ask("9001", {"signIn": {}})["infcode"] == -1


def test_a_message_is_found_and_shows_no_whole_number_of_a_document() -> None:
    clerk, member, hospital = staff("clerk", Role.CLERK), retiree(), a_hospital()
    hospital.ask("1101", {"data": {"psn_name": member.name, "certno": member.identity_number}})
    settled(hospital, member)
    asked = Message.objects.get(infno="1101")
    page = words_of(clerk, asked)
    assert member.name in page
    assert member.identity_number not in page
    assert f"{member.identity_number[:6]}****" in page
    client = visitor(clerk)
    found = client.get(reverse("admin:interface_message_changelist"), {"q": asked.msgid}).content.decode()
    assert "1101 人员信息获取" in found
    by_kind = client.get(reverse("admin:interface_message_changelist"), {"infno": "2207", "outcome": "0"})
    assert by_kind.content.decode().count("门诊结算</") >= 1
    assert client.get(reverse("admin:interface_providercredential_changelist")).status_code == 403


def test_somebody_of_another_region_sees_no_message() -> None:
    hospital = a_hospital()
    hospital.ask("9001", {"signIn": {}})
    message = Message.objects.get()
    here, away = (visitor(staff(name, Role.CLERK, region=region(name))) for name in ("pingliang", "dazhou"))
    assert here.get(button("change", message)).status_code == 200
    assert away.get(button("change", message)).status_code == 302


def test_a_clerk_decides_a_difference_once() -> None:
    hospital, clerk = a_hospital(), staff("clerk", Role.CLERK)
    info = settled(hospital, retiree())
    days = {"stmt_begndate": "2023-03-15", "stmt_enddate": "2023-03-15"}
    hospital.ask("3202", {"data": days, "detail": []})
    row = ReconciliationRow.objects.get()
    client = visitor(clerk)
    assert info["setl_id"] in words_of(clerk, Reconciliation.objects.get())
    assert "differences to decide: 1" in client.get(reverse("admin:index")).content.decode()
    form = client.get(button("decide", row)).context["form"]
    sent = {"finding": "answer lost", "seen": form["seen"].value()}
    assert sentences(press(client, "decide", row, **sent)) == ["The decision is recorded."]
    row.refresh_from_db()
    assert (row.finding, row.decided_by) == ("answer lost", clerk)
    assert "decided already" in press(client, "decide", row, **sent).content.decode()
    assert press(visitor(staff("auditor", Role.AUDITOR)), "decide", row, **sent).status_code == 403
