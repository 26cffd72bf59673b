"""Lists as people like to have them: saved under a name, with the columns they chose, added up."""

import pytest
from django.db import connection
from django.db.models.expressions import RawSQL
from django.test import Client
from django.urls import reverse

from agency.admin.list_tools import added_up
from agency.models import Role, SavedList, User
from tests.builder import region, staff
from tests.builder.office import Office
from tests.builder.screens import visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

MEMBERS = "admin:members_member_changelist"
SAVE = "admin:members_member_save_list"


def save(client: Client, query: str = "?status=retired&o=1&p=3", **sent: str) -> str:
    response = client.post(reverse(SAVE) + query, {"name": "Retired", **sent}, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


def offered(client: Client) -> list[str]:
    listed = client.get(reverse(MEMBERS)).context["cl"]
    return [saved.name for saved, _address, _is_own in listed.tools.saved]


def test_a_saved_list_is_offered_again_with_its_filters_and_order_from_its_first_page() -> None:
    client = visitor(staff("zhang", Role.CLERK))
    assert "The list is saved as “Retired”." in save(client)
    ((_saved, address, is_own),) = client.get(reverse(MEMBERS)).context["cl"].tools.saved
    assert (address, is_own) == (reverse(MEMBERS) + "?status=retired&o=1", True)
    assert client.get(address).status_code == 200


def test_saving_under_the_same_name_replaces_it() -> None:
    client = visitor(staff("zhang", Role.CLERK))
    save(client)
    save(client, "?status=active")
    assert SavedList.objects.get().query == "status=active"


def test_a_colleague_is_offered_what_is_shared_where_they_see_the_list() -> None:
    here, away = region("pingliang"), region("dazhou")
    save(visitor(staff("zhang", Role.CLERK, region=here)), region="pingliang")
    save(visitor(staff("wang", Role.CLERK, region=here)), name="My own")
    assert offered(visitor(staff("li", Role.CLERK, region=here))) == ["Retired"]
    assert offered(visitor(staff("zhao", Role.CLERK, region=away))) == []
    assert offered(visitor(staff("qian", Role.CLERK))) == ["Retired"]


def test_a_region_in_which_the_list_is_not_seen_is_no_region_to_share_in() -> None:
    save(visitor(staff("zhang", Role.CLERK, region=region("pingliang"))), region="dazhou")
    assert SavedList.objects.get().region is None


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
def test_a_list_is_saved_under_a_name(name: str) -> None:
    assert "Give the list a name of at most 40 characters." in save(visitor(staff("zhang", Role.CLERK)), name=name)
    assert not SavedList.objects.exists()


def test_only_its_owner_gives_a_list_up() -> None:
    zhang, li = visitor(staff("zhang", Role.CLERK)), visitor(staff("li", Role.CLERK))
    save(zhang, region="pingliang")
    address = reverse("admin:members_member_give_up_list", args=[SavedList.objects.get().pk])
    assert "This list is zhang" in li.post(address, follow=True).content.decode()
    zhang.get(address)
    assert SavedList.objects.count() == 1
    zhang.post(address)
    assert not SavedList.objects.exists()


def test_nobody_saves_a_list_that_they_do_not_see() -> None:
    visitor(staff("zhang", Role.SYSTEM_ADMINISTRATOR)).post(reverse(SAVE), {"name": "Retired"})
    assert not SavedList.objects.exists()


def test_what_was_filtered_by_is_not_readable_in_the_database() -> None:
    save(visitor(staff("zhang", Role.CLERK)), "?q=530502199506254822")
    with connection.cursor() as cursor:
        cursor.execute("SELECT query FROM agency_savedlist")
        assert "530502" not in cursor.fetchone()[0]


def test_the_list_and_its_file_have_the_columns_that_were_chosen(office: Office) -> None:
    client = visitor(office.staff["clerk"])
    listed = client.get(reverse(MEMBERS), {"columns": "employer,birth,no_column"})
    assert listed.context["cl"].list_display == ["name", "birth", "employer"]
    assert [name for name, _heading, is_shown in listed.context["cl"].tools.columns if is_shown] == [
        "birth",
        "employer",
    ]
    file = client.post(reverse("admin:members_member_export") + "?columns=employer", {"form": "csv"})
    heading = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()[0]  # type: ignore[attr-defined]
    assert heading == "Name,Employer"


def test_what_is_filtered_is_added_up(office: Office) -> None:
    client = visitor(office.staff["finance"])
    address = reverse("admin:accounts_ledgeraccount_sums")
    member = office.members[0]
    found = client.get(address, {"q": member.member_number}).content.decode()
    assert f"{member.account.balance:,.2f}" in found
    assert visitor(office.staff["nobody"]).get(address).status_code == 403


def test_a_sum_that_takes_too_long_is_not_waited_for() -> None:
    staff("zhang", Role.CLERK)
    slow = User.objects.annotate(slow=RawSQL("(SELECT 1 FROM pg_sleep(0.2))", []))
    assert added_up(slow, ["slow"], 20) is None
    assert added_up(slow, ["slow"], 5_000) == [User.objects.count()]
