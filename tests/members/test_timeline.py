"""Everything that happened to a member in one line, for whoever may see it."""

from datetime import date

import pytest
from django.urls import reverse

from agency.models import Role
from members.models import Member
from members.services.enrollments import terminate
from tests import builder as house
from tests.builder.claims import a_claim
from tests.builder.office import Office
from tests.builder.screens import visitor
from tests.builder.settlements import outcome_of

pytestmark = pytest.mark.django_db


def address(member: Member, query: str = "") -> str:
    return reverse("admin:members_member_panel", args=[member.pk, "timeline"]) + query


@pytest.fixture
def member() -> Member:
    """Insured, paid for March 2023, with a claim of that month that was settled."""
    region = house.region("zaozhuang")
    member = house.insured(region)
    house.contributions(member, date(2023, 3, 1), date(2023, 3, 1))
    claim = a_claim(
        member, provider=house.a_provider(region), served_on=date(2023, 3, 1), lines=[house.a_line("500.00")]
    )
    outcome_of(claim, today=date(2023, 3, 2))
    return member


def test_what_rooms_know_stands_in_one_line_the_newest_first(member: Member) -> None:
    terminate(member, last_day=date(2023, 6, 30), known_on=date(2023, 6, 30), reason="left for Dazhou")
    response = visitor(house.staff("zhang", Role.CLERK)).get(address(member))
    events = response.context["events"]
    assert [event.at for event in events] == sorted((event.at for event in events), reverse=True)
    assert events[0].why == "left for Dazhou"
    kinds = [event.kind for event in events]
    assert {"Record", "Insurance", "Contributions", "Claims"} <= set(kinds)
    # Zaozhuang 5: 70 % of what is above 200 yuan.
    assert "the fund 210.00, the patient 290.00 yuan" in response.content.decode()


def test_one_kind_alone(member: Member) -> None:
    client = visitor(house.staff("zhang", Role.CLERK))
    events = client.get(address(member, "?kind=Claims")).context["events"]
    assert {event.kind for event in events} == {"Claims"}
    assert len(events) == 2


def test_older_events_are_a_step_away(member: Member) -> None:
    for month in range(1, 13):
        for year in (2020, 2021, 2022):
            house.contributions(member, date(year, month, 1), date(year, month, 1))
    client = visitor(house.staff("zhang", Role.CLERK))
    first = client.get(address(member))
    assert len(first.context["events"]) == 30
    older = client.get(address(member, first.context["older"])).context["events"]
    assert older[0].at < first.context["events"][-1].at
    assert "Newest" in client.get(address(member, first.context["older"])).content.decode()


@pytest.mark.parametrize(
    "query", ["?before=soon", "?before=2023-13-45T00:00:00Z", "?before=2023-01-01T00:00:00", "?kind=x"]
)
def test_what_is_no_moment_is_not_asked_for(member: Member, query: str) -> None:
    assert visitor(house.staff("zhang", Role.CLERK)).get(address(member, f"?{query}")).status_code == 200


def test_the_page_reads_it_only_when_its_tab_is_opened(office: Office) -> None:
    page = visitor(office.staff["clerk"]).get(reverse("admin:members_member_change", args=[office.members[0].pk]))
    assert address(office.members[0]) in page.content.decode()
    assert "desk-timeline" not in page.content.decode()


def test_nobody_reads_it_without_the_right(office: Office) -> None:
    where = address(office.members[0])
    assert visitor(office.staff["clerk"]).get(where).status_code == 200
    for role in ("clerk_away", "system_administrator", "nobody"):
        assert visitor(office.staff[role]).get(where).status_code != 200, role
