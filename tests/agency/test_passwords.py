"""A password that somebody else knows opens nothing but its own change, and people learn what others changed."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agency.exceptions import DomainError
from agency.models import Role, User
from agency.services.logins import choose_password, open_login, set_password
from agency.services.roles import withdraw_role
from agency.services.staff import assign_role
from tests.builder import PASSWORD, REASON, region, staff

pytestmark = pytest.mark.django_db

SET, OWN = "set by a colleague 1", "known to nobody else 2"


@pytest.fixture
def administrator() -> User:
    user = staff("shen", Role.SYSTEM_ADMINISTRATOR)
    user.display_name = "Shen An"
    user.save()
    return user


@pytest.fixture
def clerk() -> User:
    return staff("clerk", Role.CLERK, region=region("pingliang"))


def logged_in(username: str, password: str) -> Client:
    """A browser in English, through the page of the login."""
    client = Client()
    client.cookies["django_language"] = "en"
    response = client.post(reverse("admin:login"), {"username": username, "password": password})
    assert response.status_code == 302
    return client


def told(client: Client) -> list[str]:
    """What the page of the own password, or the home page, says on top, but for when the person last signed in."""
    response = client.get(reverse("admin:index"), follow=True)
    said = [str(each) for each in response.context["messages"]]
    return [sentence for sentence in said if not sentence.startswith("You last signed in on ")]


def change(client: Client, old: str, new: str) -> list[str]:
    """The own password's form, sent; the fields at fault."""
    sent = {"old_password": old, "new_password1": new, "new_password2": new}
    response = client.post(reverse("admin:password_change"), sent)
    return [] if response.status_code == 302 else list(response.context["form"].errors)


@pytest.mark.parametrize("how", ["opened", "set"])
def test_a_password_that_somebody_else_set_opens_nothing_but_its_change(
    how: str, administrator: User, clerk: User
) -> None:
    if how == "set":
        set_password(clerk, SET, actor=administrator, reason=REASON)
    else:
        newcomer = User(username="newcomer")
        newcomer.set_password(SET)
        clerk = open_login(newcomer, actor=administrator, reason=REASON)
        assign_role(clerk, Role.CLERK, region("pingliang"), reason=REASON)
    client, own = logged_in(clerk.username, SET), reverse("own_password")

    for address in (
        reverse("admin:index"),
        reverse("admin:members_member_changelist"),
        reverse("admin:members_member_add"),
        reverse("admin:autocomplete"),
        reverse("admin:password_change_done"),
        "/admin/no/such/page/",
    ):
        for send in (client.get, client.post):
            response = send(address)
            assert (response.status_code, response["Location"]) == (302, own), address
    assert client.get(own).status_code == 200
    assert client.post(reverse("set_language"), {"language": "en", "next": own}).status_code == 302

    assert change(client, SET, SET) == ["new_password1"]
    assert change(client, "a wrong one 3", OWN) == ["old_password"]
    assert client.get(reverse("admin:index")).status_code == 302
    assert change(client, SET, OWN) == []
    assert client.get(reverse("admin:members_member_changelist")).status_code == 200
    clerk.refresh_from_db()
    assert clerk.check_password(OWN)
    assert (clerk.password_set_by, clerk.password_set_at) == (None, None)
    assert clerk.history.first().history_user == clerk
    assert logged_in(clerk.username, OWN).get(reverse("admin:index")).status_code == 200


def test_whoever_must_change_their_password_may_log_out(administrator: User, clerk: User) -> None:
    set_password(clerk, SET, actor=administrator, reason=REASON)
    client = logged_in("clerk", SET)
    assert client.post(reverse("admin:logout")).status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_password_set_by_somebody_else_ends_what_is_open(administrator: User, clerk: User) -> None:
    client = logged_in("clerk", PASSWORD)
    assert client.get(reverse("admin:index")).status_code == 200
    set_password(clerk, SET, actor=administrator, reason=REASON)
    assert client.get(reverse("admin:index"))["Location"].startswith(reverse("admin:login"))


def test_ones_own_password_is_not_set_by_the_button_for_others(administrator: User) -> None:
    with pytest.raises(DomainError):
        set_password(administrator, SET, actor=administrator, reason=REASON)
    client = logged_in("shen", PASSWORD)
    page = client.get(reverse("admin:agency_user_change", args=[administrator.pk])).content.decode()
    assert "/set_password" not in page
    assert change(client, PASSWORD, OWN) == []


def test_the_service_takes_no_password_twice(clerk: User) -> None:
    with pytest.raises(DomainError):
        choose_password(clerk, PASSWORD)


def test_the_database_knows_who_set_a_password_and_when(administrator: User, clerk: User) -> None:
    for wrong in (
        {"password_set_by": administrator},
        {"password_set_at": timezone.now()},
        {"password_set_by": clerk, "password_set_at": timezone.now()},
    ):
        with pytest.raises(IntegrityError, match="a_password_that_somebody_else_set"), transaction.atomic():
            User.objects.filter(pk=clerk.pk).update(**wrong)


def test_history_says_who_set_whose_password_and_why(administrator: User, clerk: User) -> None:
    set_password(clerk, SET, actor=administrator, reason="forgotten")
    written = clerk.history.first()
    assert (written.history_user, written.password_set_by) == (administrator, administrator)
    assert (written.username, written.history_change_reason) == ("clerk", "forgotten")
    client = logged_in("shen", PASSWORD)
    page = client.get(reverse("admin:agency_user_history", args=[clerk.pk])).content.decode()
    assert "forgotten" in page
    assert "password set by" in page.lower()


def test_a_person_is_told_once_what_others_changed(administrator: User, clerk: User) -> None:
    assert told(logged_in("clerk", PASSWORD)) == []
    set_password(clerk, SET, actor=administrator, reason="forgotten")
    assign_role(clerk, Role.AUDITOR, region("dazhou"), actor=administrator, reason="looks at Dazhou")
    withdraw_role(clerk.role_assignments.get(role=Role.CLERK), actor=administrator, reason="moved")
    # What the command line does has no author.
    assign_role(clerk, Role.CLERK, region("kaifeng"), reason=REASON)

    client = logged_in("clerk", SET)
    *news, last = told(client)
    assert [text.split(" on ")[0] for text in news] == [
        "Shen An set your password",
        "Shen An gave you the role auditor · Dazhou",
        "Shen An withdrew your role clerk · Pingliang",
    ]
    assert [text.rsplit(": ", 1)[1] for text in news] == ["forgotten", "looks at Dazhou", "moved"]
    assert last == "Somebody else set your password. Choose your own before you go on."
    assert change(client, SET, OWN) == []
    assert told(logged_in("clerk", OWN)) == []


def test_a_changed_login_is_told_too(administrator: User, clerk: User) -> None:
    client = logged_in("shen", PASSWORD)
    sent = {"username": "clerk", "display_name": "Chen Xiao", "email": "", "is_active": "on", "reason": "married"}
    assert client.post(reverse("admin:agency_user_change", args=[clerk.pk]), sent).status_code == 302
    (news,) = told(logged_in("clerk", PASSWORD))
    assert news.startswith("Shen An changed your login on ")
    assert news.endswith(": married")
