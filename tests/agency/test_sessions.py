"""Sessions: where somebody is signed in, ended by them, by an administrator, and by nobody being at it."""

from datetime import timedelta

import pytest
from axes.models import AccessFailureLog, AccessLog
from django.conf import LazySettings
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agency.exceptions import NotPermitted
from agency.models import LetInAgain, Role, Session, User
from agency.services.sessions import end_sessions
from agency.services.unlocking import waiting_names
from agency.sessions import SEEN, SIGNED_IN
from tests.builder import PASSWORD, REASON, region, staff
from tests.builder.screens import button, press, sentences, visitor

pytestmark = pytest.mark.django_db

OWN, END, LOGIN = reverse("admin:own_sign_in"), reverse("admin:end_session"), reverse("admin:login")
HOME = reverse("admin:index")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def clerk() -> User:
    return staff("clerk", Role.CLERK, region=region("dazhou"))


def signed_in(user: User, address: str = "198.51.100.7", password: str = PASSWORD) -> Client:
    client = Client(REMOTE_ADDR=address, headers={"user-agent": FIREFOX})
    client.cookies["django_language"] = "en"
    client.post(LOGIN, {"username": user.username, "password": password})
    return client


def is_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def set_back(client: Client, what: str, **how_long: float) -> None:
    session = client.session
    session[what] -= timedelta(**how_long).total_seconds()
    session.save()


# --- Idle -----------------------------------------------------------------------------------------


def test_a_session_ends_when_nobody_is_at_it(clerk: User, settings: LazySettings) -> None:
    settings.SESSION_IDLE_MINUTES = 30
    client = signed_in(clerk)
    set_back(client, SEEN, minutes=29)
    assert is_in(client)
    # The page was a use.
    set_back(client, SEEN, minutes=29)
    assert is_in(client)
    set_back(client, SEEN, minutes=31)
    members = reverse("admin:members_member_changelist")
    answer = client.get(members, follow=True)
    assert answer.redirect_chain == [(f"{LOGIN}?next={members.replace('/', '%2F')}", 302)]
    assert next(str(each) for each in answer.context["messages"]).startswith("You were signed out")
    assert not Session.objects.filter(user=clerk).exists()


def test_what_a_page_asks_for_by_itself_is_no_use(clerk: User, settings: LazySettings) -> None:
    settings.SESSION_IDLE_MINUTES = 30
    client = signed_in(clerk)
    set_back(client, SEEN, minutes=20)
    assert client.get(HOME, headers={"hx-request": "true"}).status_code == 200
    set_back(client, SEEN, minutes=11)
    answer = client.get(HOME, headers={"hx-request": "true"})
    assert answer["HX-Redirect"] == LOGIN
    assert not is_in(client)


def test_a_days_work_is_the_longest(clerk: User, settings: LazySettings) -> None:
    settings.SESSION_IDLE_MINUTES = 0
    client = signed_in(clerk)
    set_back(client, SIGNED_IN, hours=9)
    assert is_in(client)
    set_back(client, SIGNED_IN, hours=2)
    assert not is_in(client)


# --- Listed and ended -----------------------------------------------------------------------------


def test_somebody_sees_and_ends_their_own(clerk: User) -> None:
    here, elsewhere = signed_in(clerk), signed_in(clerk, "203.0.113.9")
    stranger = signed_in(staff("other", Role.CLERK), "192.0.2.55")
    page = here.get(OWN).content.decode()
    assert "203.0.113.9" in page
    assert "Firefox" in page
    assert "192.0.2.55" not in page
    key = elsewhere.session.session_key
    assert sentences(here.post(END, {"session": key})) == ["The session has ended."]
    assert not is_in(elsewhere)
    assert is_in(here)
    for not_ours in (key, stranger.session.session_key, "nonsense"):
        assert sentences(here.post(END, {"session": not_ours}))[-1] == "This session has ended already."
    assert is_in(stranger)


def test_all_others_end_at_once(clerk: User) -> None:
    here, others = signed_in(clerk), [signed_in(clerk) for _each in range(3)]
    assert sentences(here.post(END)) == ["3 sessions have ended."]
    assert [is_in(each) for each in (here, *others)] == [True, False, False, False]


def test_an_administrator_ends_a_colleagues(clerk: User) -> None:
    administrator = staff("shen", Role.SYSTEM_ADMINISTRATOR)
    client = signed_in(clerk)
    answer = press(visitor(administrator), "end_sessions", clerk, reason="the computer was stolen")
    assert sentences(answer) == ["1 session has ended."]
    assert not is_in(client)
    assert clerk.history.first().history_change_reason == "the computer was stolen"


def test_only_who_may_change_the_login_ends_them(clerk: User) -> None:
    for actor in (staff("other", Role.CLERK), staff("shen", Role.SYSTEM_ADMINISTRATOR, region=region("kaifeng"))):
        with pytest.raises(NotPermitted):
            end_sessions(clerk, actor=actor, reason=REASON)
        assert visitor(actor).get(button("end_sessions", clerk)).status_code in {302, 403}


def test_the_address_is_the_true_one(clerk: User, settings: LazySettings) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    client = Client(REMOTE_ADDR="10.0.0.2", headers={"x-forwarded-for": "203.0.113.1, 198.51.100.9"})
    client.post(LOGIN, {"username": clerk.username, "password": PASSWORD})
    assert Session.objects.get(user=clerk).address == "198.51.100.9"


# --- Told, and let in again -----------------------------------------------------------------------


def told(client: Client) -> list[str]:
    return [str(each) for each in client.get(HOME).context["messages"]]


def test_the_last_sign_in_is_told(clerk: User) -> None:
    assert told(signed_in(clerk)) == []
    AccessLog.objects.update(attempt_time=F("attempt_time") - timedelta(days=1))
    for _each in range(2):
        signed_in(clerk, "192.0.2.55", password="a wrong one")
    (last, wrong) = told(signed_in(clerk, "203.0.113.9"))
    assert "from 198.51.100.7." in last
    assert wrong == "Since then 2 wrong passwords were typed for your name."
    (last,) = told(signed_in(clerk))
    assert "from 203.0.113.9." in last


def test_a_colleague_who_waits_is_let_in_again(clerk: User, settings: LazySettings) -> None:
    settings.LOGIN_WAIT_SECONDS = 600
    page, administrator = reverse("admin:locked_logins"), staff("shen", Role.SYSTEM_ADMINISTRATOR)
    client = visitor(administrator)
    assert "Nobody waits." in client.get(page).content.decode()
    for _each in range(6):
        signed_in(clerk, password="a wrong one")
        signed_in(User(username="nobody"), "192.0.2.55", password="a wrong one")
    assert not is_in(signed_in(clerk))
    assert not is_in(signed_in(clerk, "203.0.113.9"))
    assert {each.username: each.user for each in waiting_names(timezone.now())} == {"clerk": clerk, "nobody": None}
    shown = client.get(page).content.decode()
    assert "198.51.100.7" in shown
    assert shown.count('name="user"') == 1
    assert sentences(client.post(page, {"user": clerk.pk, "reason": " "})) == ["Give the reason for the change."]
    assert sentences(client.post(page, {"user": clerk.pk, "reason": "caps lock"}))[-1] == "clerk can sign in again."
    assert is_in(signed_in(clerk))
    assert is_in(signed_in(clerk, "203.0.113.9"))
    # It stays on record who tried, and who let them in.
    assert AccessFailureLog.objects.filter(username="clerk").count() >= 5
    assert LetInAgain.objects.get(user=clerk).let_in_by == administrator
    assert [each.username for each in waiting_names(timezone.now())] == ["nobody"]


def test_only_administrators_of_the_colleague_let_them_in(clerk: User) -> None:
    page = reverse("admin:locked_logins")
    for _each in range(5):
        signed_in(clerk, password="a wrong one")
    assert visitor(staff("other", Role.AUDITOR)).get(page).status_code == 403
    stranger = visitor(staff("shen", Role.SYSTEM_ADMINISTRATOR, region=region("kaifeng")))
    assert 'name="user"' not in stranger.get(page).content.decode()
    stranger.post(page, {"user": clerk.pk, "reason": REASON})
    assert not LetInAgain.objects.exists()
