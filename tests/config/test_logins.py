"""Guessing passwords from many addresses, behind proxies and with forged headers; and the owner who wants to work."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.conf import LazySettings
from django.db.models import F
from django.test import Client, RequestFactory
from django.urls import reverse

from config.logins import client_address
from tests import builder

pytestmark = pytest.mark.django_db

DESK, PROXY = "198.51.100.7", "10.0.0.2"


def signing_in(
    name: str = "owner", *, password: str = "a wrong one", address: str = DESK, forwarded: str | None = None
) -> Any:
    """The answer to somebody who signs in from an address, perhaps through proxies that have written a header."""
    client = Client(REMOTE_ADDR=address)
    client.cookies["django_language"] = "en"
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return client.post(reverse("admin:login"), {"username": name, "password": password}, headers=headers)


def succeeds(**how: Any) -> bool:
    answer = signing_in(password=builder.PASSWORD, **how)
    assert answer.status_code in {302, 429}
    return bool(answer.status_code == 302)


def time_passes(**how_long: float) -> None:
    """What was tried was tried so much earlier."""
    for model in (AccessAttempt, AccessFailureLog):
        model.objects.update(attempt_time=F("attempt_time") - timedelta(**how_long))


@pytest.fixture(autouse=True)
def owner(settings: LazySettings) -> None:
    """With a first wait that no slow machine sits out."""
    settings.LOGIN_WAIT_SECONDS = 60
    builder.staff("owner")


# --- Where somebody comes from --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        # Without a proxy whatever stands in the header was written by the client.
        (0, None, PROXY),
        (0, "203.0.113.9", PROXY),
        # One proxy appends whom it answers; what stands before it was forged.
        (1, DESK, DESK),
        (1, f"203.0.113.9, {DESK}", DESK),
        (1, f"203.0.113.9,203.0.113.8 , {DESK}", DESK),
        (1, "2001:db8::7", "2001:db8::7"),
        # Two: the outer one appends the client, the inner one the outer one.
        (2, f"{DESK}, 10.0.0.1", DESK),
        (2, f"203.0.113.9, {DESK}, 10.0.0.1", DESK),
        # Nothing that can be read, or fewer than there have to be.
        (1, None, PROXY),
        (1, "unknown", PROXY),
        (1, "203.0.113.9, unknown", PROXY),
        (2, "203.0.113.9", PROXY),
    ],
)
def test_the_address_is_what_the_outermost_trusted_proxy_saw(
    settings: LazySettings, proxies: int, forwarded: str | None, expected: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    request = RequestFactory().get("/", REMOTE_ADDR=PROXY, headers=headers)
    assert client_address(request) == expected


def test_other_headers_name_no_address(settings: LazySettings) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    headers = {"x-real-ip": "203.0.113.9", "forwarded": "for=203.0.113.9", "client-ip": "203.0.113.9"}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=PROXY, headers=headers)) == PROXY


# --- Behind a proxy -------------------------------------------------------------------------------


def test_behind_a_proxy_five_guesses_elsewhere_do_not_close_the_owners_address(settings: LazySettings) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    for _each in range(5):
        signing_in(address=PROXY, forwarded="203.0.113.9")
    # A minute for everybody who has never been here, the rest of a quarter of an hour for whoever guessed.
    assert not succeeds(address=PROXY, forwarded=DESK)
    time_passes(minutes=1)
    assert succeeds(address=PROXY, forwarded=DESK)
    assert not succeeds(address=PROXY, forwarded="203.0.113.9")
    time_passes(minutes=15)
    assert succeeds(address=PROXY, forwarded="203.0.113.9")


@pytest.mark.parametrize("proxies", [0, 1])
def test_forged_headers_are_one_address(settings: LazySettings, proxies: int) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    for number in range(5):
        signing_in(address=PROXY, forwarded=f"203.0.113.{number}, 198.51.100.66")
    time_passes(minutes=2)
    assert signing_in(address=PROXY, forwarded="203.0.113.99, 198.51.100.66").status_code == 429
    assert {each.ip_address for each in AccessAttempt.objects.all()} == {PROXY if proxies == 0 else "198.51.100.66"}


# --- A name from anywhere -------------------------------------------------------------------------


def guesses(number: int, addresses: int) -> int:
    """So many guesses at once from so many addresses, each in its turn; how many were looked at."""
    answers = [signing_in(address=f"203.0.113.{each % addresses}").status_code for each in range(number)]
    assert set(answers) <= {200, 429}
    return AccessFailureLog.objects.count()


def test_160_guesses_from_forty_addresses_are_slowed() -> None:
    """Five are free; then each one more doubles the wait of a minute, up to a quarter of an hour."""
    assert guesses(160, 40) == 5
    looked_at = 5
    for wait in (60, 120, 240, 480, 900, 900):
        time_passes(seconds=wait - 30)
        assert guesses(40, 40) == looked_at, wait
        time_passes(seconds=30)
        looked_at += 1
        assert guesses(40, 40) == looked_at, wait


def test_the_wait_is_said_in_words_and_in_the_header(settings: LazySettings) -> None:
    settings.LOGIN_WAIT_SECONDS = 50
    for number in range(5):
        signing_in(address=f"203.0.113.{number}")
    refused = signing_in(address=DESK)
    assert refused.status_code == 429
    seconds = int(refused["Retry-After"])
    assert 10 < seconds <= 50
    assert f"Try again in {seconds} seconds." in refused.content.decode()
    assert reverse("admin:index") in refused.content.decode()


def test_a_closed_address_reads_for_how_many_minutes() -> None:
    for _number in range(5):
        refused = signing_in()
    time_passes(minutes=3)
    refused = signing_in()
    assert "Try again in 12 minutes." in refused.content.decode()
    # What is refused unseen lengthens nothing.
    time_passes(minutes=12)
    assert succeeds()


def test_where_the_owner_has_signed_in_before_there_is_no_wait_for_guesses_elsewhere() -> None:
    assert succeeds(address=DESK)
    for number in range(40):
        signing_in(address=f"203.0.113.{number}")
    assert not succeeds(address="192.0.2.1")
    assert succeeds(address=DESK)
    # Guesses at the owner's own desk close it as before.
    for _each in range(5):
        signing_in(address=DESK)
    assert not succeeds(address=DESK)


def test_signing_in_forgets_the_wrong_ones_and_other_names_never_wait() -> None:
    builder.staff("colleague")
    for number in range(5):
        signing_in(address=f"203.0.113.{number}")
    assert signing_in("colleague", password=builder.PASSWORD).status_code == 302
    time_passes(minutes=1)
    assert succeeds(address=DESK)
    assert signing_in(address="192.0.2.1").status_code == 200
    assert signing_in(address="192.0.2.2").status_code == 200


def test_a_name_that_nobody_has_waits_like_any_other() -> None:
    """Otherwise the wait would tell who works here."""
    for number in range(5):
        signing_in("nobody here", address=f"203.0.113.{number}")
    assert signing_in("nobody here", address=DESK).status_code == 429
