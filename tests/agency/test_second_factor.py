"""The second factor: who needs it, what it opens, codes that are used once, and what happens when it is lost."""

import re
import time
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.checks import run_checks
from django.db import connection
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken

from agency.exceptions import DomainError, NotPermitted
from agency.models import Authenticator, Role, Session, User
from agency.services.second_factor import (
    check_second_factor,
    codes_left,
    confirm_authenticator,
    has_second_factor,
    needs_second_factor,
    prepare_authenticator,
    renew_recovery_codes,
    reset_second_factor,
    roles_that_need_it,
)
from tests.builder import PASSWORD, REASON, region, staff

pytestmark = pytest.mark.django_db

ASKED, SET_UP = reverse("admin:second_factor"), reverse("admin:set_up_second_factor")


@pytest.fixture(autouse=True)
def required(settings: LazySettings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def telephone(user: User, *, steps: int = 0) -> str:
    """The six digits that the person's authenticator shows, or will in so many half minutes."""
    from base64 import b32decode

    device = Authenticator.objects.get(user=user)
    clock = TOTP(b32decode(device.key))
    clock.time = time.time() + 30 * steps
    return f"{clock.token():06}"


def waited(user: User) -> None:
    """What was typed wrongly was typed long ago."""
    for kind in (Authenticator, apps.get_model("otp_static", "StaticDevice")):
        kind.objects.filter(user=user).update(throttling_failure_timestamp="2020-01-01T00:00Z")


def equipped(user: User) -> list[str]:
    prepare_authenticator(user)
    return confirm_authenticator(user, telephone(user))


def signed_in(user: User, next_page: str = "") -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    address = reverse("admin:login") + (f"?next={next_page}" if next_page else "")
    assert client.post(address, {"username": user.username, "password": PASSWORD}).status_code == 302
    return client


def leads_to(client: Client, page: str) -> bool:
    answer = client.get(reverse("admin:index"))
    return answer.status_code == 302 and answer["Location"].split("?")[0] == page


# --- Who needs one --------------------------------------------------------------------------------


def test_every_role_that_decides_pays_or_administers_needs_one() -> None:
    """By what it may do, so that no new permission is forgotten."""
    deciding = re.compile(r"\.(approve|publish|decide|pay)_|^agency\.(add|change|delete)_(user|roleassignment)$")
    for role in Role:
        held = set(staff(f"a {role.value}", role).get_all_permissions())
        decides = any(deciding.search(permission) for permission in held)
        assert (role.value in roles_that_need_it()) is decides, role


@pytest.mark.parametrize(("role", "needs"), [(Role.CLERK, False), (Role.AUDITOR, False), (Role.FINANCE, True)])
def test_it_is_asked_by_role_and_by_the_installation(role: Role, needs: bool, settings: LazySettings) -> None:
    user = staff("somebody", role, region=region("dazhou"))
    assert needs_second_factor(user) is needs
    assert leads_to(signed_in(user), ASKED) is needs
    settings.SECOND_FACTOR_REQUIRED = False
    assert not needs_second_factor(user)
    assert not leads_to(signed_in(user), ASKED)


def test_a_superuser_needs_one() -> None:
    assert needs_second_factor(User.objects.create_superuser("root", password=PASSWORD))


def test_an_installation_without_is_refused(settings: LazySettings) -> None:
    def found() -> set[str | None]:
        return {each.id for each in run_checks(include_deployment_checks=True)}

    assert "agency.E010" not in found()
    settings.SECOND_FACTOR_REQUIRED = False
    assert "agency.E010" in found()


# --- What it opens --------------------------------------------------------------------------------


def test_without_it_no_page_opens_and_with_it_the_page_that_was_asked_for() -> None:
    user = staff("finance", Role.FINANCE)
    equipped(user)
    payments = reverse("admin:reimbursements_paymentbatch_changelist")
    client = signed_in(user, payments)
    for address in (reverse("admin:index"), payments, reverse("admin:autocomplete"), reverse("own_password"), SET_UP):
        for send in (client.get, client.post):
            answer = send(address)
            assert (answer.status_code, answer["Location"].split("?")[0]) == (302, ASKED), address
    asked = client.get(payments)["Location"]
    assert client.post(asked, {"code": "000000"}).context["form"].errors
    waited(user)
    before = client.session.session_key
    answer = client.post(asked, {"code": telephone(user, steps=1)})
    assert answer["Location"] == payments
    assert client.get(payments).status_code == 200
    assert client.session.session_key != before


def test_nobody_is_sent_elsewhere_behind_it() -> None:
    user = staff("finance", Role.FINANCE)
    equipped(user)
    client = signed_in(user)
    answer = client.post(f"{ASKED}?next=https://elsewhere.example/", {"code": telephone(user, steps=1)})
    assert answer["Location"] == reverse("admin:index")


def test_whoever_has_none_sets_it_up_first() -> None:
    user = staff("supervisor", Role.SUPERVISOR)
    client = signed_in(user)
    assert client.get(ASKED)["Location"] == SET_UP
    page = client.get(SET_UP).content.decode()
    key = Authenticator.objects.get(user=user).key
    assert " ".join(re.findall("....", key)) in page
    assert "<svg" in page
    # Asked for again it is the same: what the telephone has photographed stays right.
    client.get(SET_UP)
    assert Authenticator.objects.get(user=user).key == key
    assert not has_second_factor(user)
    assert client.post(SET_UP, {"code": "12345"}).context["form"].errors
    assert leads_to(client, ASKED)
    waited(user)
    codes = client.post(SET_UP, {"code": telephone(user)}).context["codes"]
    assert len(set(codes)) == 10
    assert client.get(reverse("admin:index")).status_code == 200
    assert user.history.first().history_change_reason == "second factor set up"


def test_a_clerk_may_have_one_and_is_then_asked() -> None:
    user = staff("clerk", Role.CLERK)
    assert not leads_to(signed_in(user), ASKED)
    equipped(user)
    assert leads_to(signed_in(user), ASKED)


def test_a_role_given_meanwhile_asks_for_it_at_once() -> None:
    from agency.services.staff import assign_role

    user = staff("clerk", Role.CLERK)
    client = signed_in(user)
    assert client.get(reverse("admin:index")).status_code == 200
    assign_role(user, Role.FINANCE, None, reason=REASON)
    assert leads_to(client, ASKED)


def test_signing_in_again_asks_again() -> None:
    user = staff("finance", Role.FINANCE)
    equipped(user)
    client = signed_in(user)
    client.post(ASKED, {"code": telephone(user, steps=1)})
    assert client.get(reverse("admin:index")).status_code == 200
    client.post(reverse("admin:login"), {"username": user.username, "password": PASSWORD})
    assert leads_to(client, ASKED)


# --- Codes ----------------------------------------------------------------------------------------


def test_digits_are_right_once_and_for_a_minute() -> None:
    user = staff("finance", Role.FINANCE)
    equipped(user)
    used = telephone(user)
    with pytest.raises(DomainError):
        check_second_factor(user, used)
    waited(user)
    with pytest.raises(DomainError):
        check_second_factor(user, telephone(user, steps=3))
    waited(user)
    check_second_factor(user, telephone(user, steps=1))
    with pytest.raises(DomainError):
        check_second_factor(user, telephone(user))


def test_wrong_digits_wait_and_right_ones_with_them() -> None:
    user = staff("finance", Role.FINANCE)
    equipped(user)
    for _attempt in range(4):
        waited(user)
        with pytest.raises(DomainError):
            check_second_factor(user, "000000")
    with pytest.raises(DomainError, match=r"[5-8] "):
        check_second_factor(user, telephone(user, steps=1))
    waited(user)
    check_second_factor(user, telephone(user, steps=1))


@pytest.mark.parametrize("written", ["{}", " {} ", "{0[0]}", "upper"])
def test_a_recovery_code_signs_in_once_however_it_is_typed(written: str) -> None:
    user = staff("finance", Role.FINANCE)
    code, *others = equipped(user)
    typed = code.upper() if written == "upper" else code.replace("-", "") if "[" in written else written.format(code)
    client = signed_in(user)
    assert client.post(ASKED, {"code": typed}).status_code == 302
    assert client.get(reverse("admin:index")).status_code == 200
    assert codes_left(user) == len(others)
    with pytest.raises(DomainError):
        check_second_factor(user, code)


def test_new_codes_take_the_place_of_the_old() -> None:
    user = staff("finance", Role.FINANCE)
    old = equipped(user)
    new = renew_recovery_codes(user)
    with pytest.raises(DomainError):
        check_second_factor(user, old[0])
    waited(user)
    check_second_factor(user, new[0])


def test_a_session_from_before_makes_no_codes_and_shows_no_key() -> None:
    """It may be somebody else's: what was open before the second factor was set up elsewhere."""
    user = staff("clerk", Role.CLERK)
    client = signed_in(user)
    assert client.get(reverse("admin:index")).status_code == 200
    codes = equipped(user)
    assert client.post(reverse("admin:new_recovery_codes"))["Location"] == ASKED
    assert client.get(SET_UP)["Location"] == ASKED
    client.post(ASKED, {"code": codes[0]})
    assert len(client.post(reverse("admin:new_recovery_codes")).context["codes"]) == 10


def test_ones_own_code_opens_nobody_elses_session() -> None:
    user, other = staff("finance", Role.FINANCE), staff("other", Role.FINANCE)
    codes = equipped(other)
    equipped(user)
    for code in (codes[0], telephone(other, steps=1)):
        waited(user)
        with pytest.raises(DomainError):
            check_second_factor(user, code)


def test_the_database_shows_neither_key_nor_codes() -> None:
    user = staff("finance", Role.FINANCE)
    codes = equipped(user)
    key = Authenticator.objects.get(user=user).key
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM agency_authenticator")
        assert key not in cursor.fetchone()[0]
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert kept.isdisjoint({code.replace("-", "") for code in codes} | set(codes))


# --- Lost -----------------------------------------------------------------------------------------


def reset(actor: User, user: User) -> Any:
    return reset_second_factor(user, actor=actor, reason="the telephone was stolen")


def test_an_administrator_resets_it_and_ends_the_sessions() -> None:
    administrator, user = staff("shen", Role.SYSTEM_ADMINISTRATOR), staff("finance", Role.FINANCE)
    codes = equipped(user)
    client = signed_in(user)
    client.post(ASKED, {"code": codes[0]})
    reset(administrator, user)
    assert user.history.first().history_change_reason == "the telephone was stolen"
    assert not Session.objects.filter(user=user).exists()
    assert client.get(reverse("admin:index"))["Location"].startswith(reverse("admin:login"))
    assert signed_in(user).get(ASKED)["Location"] == SET_UP
    assert not has_second_factor(user)
    assert codes_left(user) == 0


def test_nobody_resets_their_own_nor_beyond_their_regions() -> None:
    here, there = region("dazhou"), region("kaifeng")
    administrator = staff("shen", Role.SYSTEM_ADMINISTRATOR, region=here)
    equipped(administrator)
    with pytest.raises(DomainError):
        reset(administrator, administrator)
    stranger = staff("finance", Role.FINANCE, region=there)
    equipped(stranger)
    with pytest.raises(NotPermitted):
        reset(administrator, stranger)
    with pytest.raises(DomainError):
        reset(administrator, staff("clerk", Role.CLERK, region=here))
