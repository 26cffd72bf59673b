"""One search finds what the office knows, for whoever may see it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agency.models import Role
from claims.models import Claim
from desk.search import found
from policies.models import Instrument
from tests.builder import a_member, region, staff
from tests.builder.office import Office
from tests.builder.providers import a_provider
from tests.builder.screens import visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def titles(user: Any, words: str) -> dict[str, list[str]]:
    """What is found, by kind."""
    return {group.title: [hit.title for hit in group.hits] for group in found(user, words)}


def test_two_of_one_name_are_told_apart() -> None:
    here = region("pingliang")
    a_member(here, name="王伟", employer="崆峒机械厂", member_number="A1")
    a_member(here, name="王伟", member_number="A2")
    (group,) = found(staff("zhang", Role.CLERK), "王伟")
    assert {hit.detail for hit in group.hits} == {
        f"A1 · born 1980 · 崆峒机械厂 · {here}",
        f"A2 · born 1980 · {here}",
    }


def test_the_whole_name_comes_before_longer_ones_and_pinyin_finds_all() -> None:
    for name in ("王伟强", "王伟民", "王伟"):
        a_member(region("pingliang"), name=name)
    user = staff("zhang", Role.CLERK)
    assert titles(user, "王伟")["Members"][0] == "王伟"
    assert set(titles(user, "wangw")["Members"]) == {"王伟强", "王伟民", "王伟"}
    assert titles(user, "wwq")["Members"] == ["王伟强"]


@pytest.mark.parametrize("words", ["A17", " A17 ", "{0.identity_number}", "王"])
def test_a_member_is_found_by_number_document_and_name(words: str) -> None:
    member = a_member(region("pingliang"), name="王伟", member_number="A17")
    assert titles(staff("zhang", Role.CLERK), words.format(member))["Members"] == ["王伟"]


def test_more_than_are_shown_lead_to_the_list() -> None:
    for _each in range(7):
        a_member(region("pingliang"), name="王伟")
    (group,) = found(staff("zhang", Role.CLERK), "王伟")
    assert len(group.hits) == 6
    listed = visitor(staff("li", Role.CLERK)).get(group.more)
    assert listed.context["cl"].result_count == 7


def test_claims_providers_and_documents_are_found_by_their_numbers(office: Office) -> None:
    clerk, claim = office.staff["clerk"], Claim.objects.order_by("pk")[0]
    assert titles(clerk, claim.claim_number)["Claims"] == [claim.claim_number]
    provider = a_provider(office.here)
    assert titles(clerk, provider.name[2:])["Providers"] == [provider.name]
    document = Instrument.objects.filter(region=office.here)[0]
    assert document.number in titles(clerk, document.number)["Instruments"]


def test_nobody_finds_what_they_may_not_see(office: Office) -> None:
    name = office.members[0].name
    assert "Members" in titles(office.staff["clerk"], name)
    assert "Members" not in titles(office.staff["clerk_away"], name)
    assert "Members" not in titles(office.staff["system_administrator"], name)
    assert titles(office.staff["nobody"], name) == {}


@pytest.mark.parametrize("words", ["Review fl", "flags", "疑点提", "yidian", "ydts"])
def test_a_page_is_found_by_its_name_in_both_languages_and_in_pinyin(words: str) -> None:
    assert "Review flags" in titles(staff("zhang", Role.SUPERVISOR), words)["Pages"]


def test_the_answer_is_a_piece_of_a_page_that_says_when_there_is_nothing() -> None:
    client = visitor(staff("zhang", Role.CLERK))
    address = reverse("admin:search")
    assert "Nothing that you may see is found by “nobody at all”." in _answer(client, address, "nobody at all")
    assert _answer(client, address, "  ").strip() == ""
    assert "&lt;script&gt;" in _answer(client, address, "<script>")
    assert client.get(address, {"words": "x"}).status_code == 405
    assert Client().post(address, {"words": "x"}).status_code == 302


def test_the_number_of_questions_does_not_grow_with_what_is_found() -> None:
    user = staff("zhang", Role.CLERK)

    def counted() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found(user, "王伟")
        return len(queries)

    a_member(region("pingliang"), name="王伟")
    counted()
    before = counted()
    for _each in range(5):
        a_member(region("pingliang"), name="王伟", employer="崆峒机械厂")
    assert counted() <= before <= 12


def _answer(client: Client, address: str, words: str) -> str:
    response = client.post(address, {"words": words}, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()
