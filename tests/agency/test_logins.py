"""Whose login an administrator may change: rights cover every region where its owner works."""

from typing import Any

import pytest
from django.urls import reverse

from agency.exceptions import NotPermitted
from agency.models import Role, User
from agency.services.logins import change_login, open_login, set_password
from agency.services.staff import assign_role
from tests.builder import PASSWORD, REASON, region, staff
from tests.builder.screens import visitor

pytestmark = pytest.mark.django_db

ANOTHER = "another long Password 8"


def administrator(*places: str | None, name: str = "administrator") -> User:
    """Who looks after staff in the regions; None for all."""
    user = staff(name)
    for place in places:
        assign_role(user, Role.SYSTEM_ADMINISTRATOR, region(place) if place else None, reason=REASON)
    return user


def somebody(kind: str) -> User:
    """A colleague, by where they work."""
    match kind:
        case "a superuser":
            return User.objects.create_superuser("root", password=PASSWORD)
        case "nowhere yet":
            return staff("colleague")
    user = staff("colleague")
    for role, place in (each.split(" in ") for each in kind.split(" and ")):
        assign_role(user, Role(role), None if place == "all" else region(place), reason=REASON)
    return user


CASES = [
    (("pingliang",), "nowhere yet", True),
    (("pingliang",), "clerk in pingliang", True),
    (("pingliang",), "system_administrator in pingliang", True),
    (("pingliang",), "clerk in dazhou", False),
    (("pingliang",), "clerk in pingliang and clerk in dazhou", False),
    (("pingliang", "dazhou"), "clerk in pingliang and clerk in dazhou", True),
    (("pingliang",), "clerk in all", False),
    (("pingliang",), "system_administrator in all", False),
    (("pingliang", "dazhou", "kaifeng", "zaozhuang", "baoshan"), "clerk in all", False),
    ((None,), "system_administrator in all", True),
    ((None,), "clerk in pingliang and clerk in all", True),
    ((None,), "a superuser", False),
]


@pytest.mark.parametrize(("places", "whose", "allowed"), CASES)
def test_a_login_is_changed_by_whoever_looks_after_all_its_regions(
    places: tuple[str | None, ...], whose: str, allowed: bool
) -> None:
    actor, user = administrator(*places), somebody(whose)

    def closed() -> None:
        facts = {"username": user.username, "display_name": "", "email": ""}
        change_login(user, **facts, is_active=False, actor=actor, reason=REASON)

    for change in (lambda: set_password(user, ANOTHER, actor=actor, reason=REASON), closed):
        if allowed:
            change()
        else:
            with pytest.raises(NotPermitted):
                change()
    user = User.objects.get(pk=user.pk)
    assert user.check_password(ANOTHER) is allowed
    assert user.is_active is not allowed


@pytest.mark.parametrize(("places", "whose", "allowed"), CASES)
def test_the_pages_change_no_other_login_either(places: tuple[str | None, ...], whose: str, allowed: bool) -> None:
    actor, user = administrator(*places), somebody(whose)
    client, page = visitor(actor), reverse("admin:agency_user_change", args=[user.pk])
    passwords = {"password": ANOTHER, "again": ANOTHER, "reason": REASON}
    sent = {"username": user.username, "display_name": "", "email": "", "reason": REASON}

    shown = client.get(page)
    assert shown.status_code == 200
    assert ("/set_password" in shown.content.decode()) is allowed
    for address in ("admin:agency_user_set_password", "admin:auth_user_password_change"):
        response = client.post(reverse(address, args=[user.pk]), passwords)
        assert response.status_code == (302 if allowed else 403)
    assert client.post(page, sent).status_code == (302 if allowed else 403)
    user = User.objects.get(pk=user.pk)
    assert user.check_password(ANOTHER) is allowed
    assert user.is_active is not allowed


def test_a_superuser_is_changed_by_a_superuser() -> None:
    actor, user = User.objects.create_superuser("first"), somebody("a superuser")
    set_password(user, ANOTHER, actor=actor, reason=REASON)
    assert User.objects.get(pk=user.pk).check_password(ANOTHER)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"password": ANOTHER, "again": ANOTHER, "reason": ""}, "reason"),
        ({"password": ANOTHER, "again": "something else 9", "reason": REASON}, "again"),
        ({"password": "short", "again": "short", "reason": REASON}, "password"),
        ({"password": "20240321174502", "again": "20240321174502", "reason": REASON}, "password"),
    ],
)
def test_a_password_is_good_and_has_a_reason(sent: dict[str, Any], field: str) -> None:
    user = somebody("clerk in pingliang")
    client = visitor(administrator("pingliang"))
    response = client.post(reverse("admin:agency_user_set_password", args=[user.pk]), sent)
    assert list(response.context["form"].errors) == [field]
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_a_login_is_opened_by_whoever_looks_after_staff() -> None:
    for actor, allowed in ((administrator("pingliang"), True), (staff("clerk", Role.CLERK), False)):
        user = User(username=f"opened by {actor}")
        if allowed:
            assert open_login(user, actor=actor, reason=REASON).is_staff
        else:
            with pytest.raises(NotPermitted):
                open_login(user, actor=actor, reason=REASON)
