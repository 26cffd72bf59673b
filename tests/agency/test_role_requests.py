"""What one administrator may do with roles alone, and what takes a second."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from agency.exceptions import DomainError, MoveNotAllowed, NotPermitted, SamePersonDecides
from agency.models import Role, RoleAssignment, RoleRequest, User
from agency.services.logins import change_login
from agency.services.roles import approve_role_request, changes_things, give_role, refuse_role_request, withdraw_role
from agency.services.staff import assign_role
from desk.worklist import waiting_for
from tests.builder import REASON, region, staff
from tests.builder.screens import visitor

pytestmark = pytest.mark.django_db

ADMINISTRATOR = Role.SYSTEM_ADMINISTRATOR


def administrator(name: str, place: str | None = "pingliang") -> User:
    """Who looks after staff in a region; None for all."""
    return staff(name, ADMINISTRATOR, region=region(place) if place else None)


def asked(user: User, role: Role = Role.CLERK, place: str | None = "pingliang", *, by: User) -> RoleRequest:
    given = give_role(user, role, region(place) if place else None, actor=by, reason="starts today")
    assert isinstance(given, RoleRequest)
    return given


def roles_of(user: User) -> set[str]:
    return set(user.role_assignments.values_list("role", flat=True))


def test_every_role_but_the_one_that_looks_changes_things() -> None:
    assert [role for role in Role if not changes_things(role)] == [Role.AUDITOR]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("whose", ["own", "a colleague's"])
def test_an_administrator_alone_makes_nobody_who_changes_things(role: Role, whose: str) -> None:
    first = administrator("first")
    user = first if whose == "own" else staff("newcomer")
    if whose == "own" and role == ADMINISTRATOR:
        with pytest.raises(DomainError):
            give_role(user, role, region("pingliang"), actor=first, reason=REASON)
        return
    before = roles_of(user)
    given = give_role(user, role, region("pingliang"), actor=first, reason=REASON)
    if whose != "own" and role == Role.AUDITOR:
        assert roles_of(user) == {Role.AUDITOR}
        return
    assert isinstance(given, RoleRequest)
    with pytest.raises(SamePersonDecides):
        approve_role_request(given, actor=first)
    assert roles_of(user) == before


def test_a_second_administrator_gives_the_role() -> None:
    first, second, user = administrator("first"), administrator("second"), staff("newcomer")
    request = asked(user, by=first)
    approve_role_request(request, actor=second, seen=request.payload_hash)
    held = user.role_assignments.get()
    assert (held.role, held.region) == (Role.CLERK, region("pingliang"))
    written = held.history.get()
    assert (written.history_user, written.history_change_reason) == (second, "starts today")
    submitted = request.history.last()
    assert submitted is not None
    assert (submitted.history_user, submitted.user, submitted.history_change_reason) == (first, user, "starts today")
    with pytest.raises(MoveNotAllowed):
        approve_role_request(request, actor=second)


@pytest.mark.parametrize("decide", [approve_role_request, refuse_role_request])
@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("maker", SamePersonDecides),
        ("person concerned", SamePersonDecides),
        ("administrator elsewhere", NotPermitted),
        ("clerk", NotPermitted),
    ],
)
def test_nobody_else_decides(who: str, refusal: type[Exception], decide: Any) -> None:
    first, user = administrator("first"), administrator("second")
    deciders = {
        "maker": first,
        "person concerned": user,
        "administrator elsewhere": administrator("elsewhere", "dazhou"),
        "clerk": staff("clerk", Role.CLERK, region=region("pingliang")),
    }
    request = asked(user, Role.FINANCE, by=first)
    with pytest.raises(refusal):
        decide(request, actor=deciders[who], reason=REASON)
    assert roles_of(user) == {ADMINISTRATOR}
    request.refresh_from_db()
    assert request.state == "submitted"


def test_the_database_lets_nobody_decide_about_their_own_roles() -> None:
    first, user = administrator("first"), administrator("second")
    request = asked(user, Role.FINANCE, by=first)
    for decider, constraint in ((user, "nobody_decides_about_their_own_roles"), (first, "rolerequest_decided_by_")):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            RoleRequest.objects.filter(pk=request.pk).update(decided_by=decider, state="approved")
    with pytest.raises(IntegrityError, match="a_role_request_ends_with_a_decision"), transaction.atomic():
        RoleRequest.objects.filter(pk=request.pk).update(state="approved")


def test_a_role_in_all_regions_is_asked_for_and_approved_by_administrators_of_all() -> None:
    local, second, user = administrator("local"), administrator("second"), staff("newcomer")
    everywhere, elsewhere = administrator("everywhere", None), administrator("other everywhere", None)
    with pytest.raises(NotPermitted):
        asked(user, place=None, by=local)
    with pytest.raises(NotPermitted):
        asked(user, place="dazhou", by=local)
    request = asked(user, place=None, by=everywhere)
    with pytest.raises(NotPermitted):
        approve_role_request(request, actor=second)
    approve_role_request(request, actor=elsewhere)
    assert user.role_assignments.get().region is None


def test_a_role_is_asked_for_once_and_not_where_it_is_held() -> None:
    first, second, user = administrator("first"), administrator("second"), staff("newcomer")
    request = asked(user, by=first)
    with pytest.raises(DomainError):
        asked(user, by=second)
    refuse_role_request(request, actor=second, reason="not yet")
    approve_role_request(asked(user, by=second), actor=first)
    with pytest.raises(DomainError):
        asked(user, by=first)


def test_a_colleagues_role_is_withdrawn_by_one_and_ones_own_by_two() -> None:
    first, second = administrator("first"), administrator("second")
    clerk = staff("clerk", Role.CLERK, region=region("pingliang"))
    assert withdraw_role(clerk.role_assignments.get(), actor=first, reason=REASON) is None
    assert roles_of(clerk) == set()
    request = withdraw_role(first.role_assignments.get(), actor=first, reason=REASON)
    assert request is not None
    assert roles_of(first) == {ADMINISTRATOR}
    approve_role_request(request, actor=second)
    assert roles_of(first) == set()


def test_a_role_that_ended_meanwhile_cannot_be_withdrawn_again() -> None:
    first, second = administrator("first"), administrator("second")
    held = first.role_assignments.get()
    request = withdraw_role(held, actor=first, reason=REASON)
    assert request is not None
    withdraw_role(held, actor=second, reason=REASON)
    with pytest.raises(MoveNotAllowed):
        approve_role_request(request, actor=second)
    refuse_role_request(request, actor=second, reason="it has ended")


@pytest.mark.parametrize("place", ["dazhou", None])
def test_a_role_is_withdrawn_by_whoever_looks_after_its_region(place: str | None) -> None:
    user = staff("clerk", Role.CLERK, region=region(place) if place else None)
    with pytest.raises(NotPermitted):
        withdraw_role(user.role_assignments.get(), actor=administrator("first"), reason=REASON)
    assert roles_of(user) == {Role.CLERK}


def test_a_superuser_gives_the_first_roles_alone() -> None:
    root = User.objects.create_superuser("root")
    for name in ("first", "second"):
        give_role(staff(name), ADMINISTRATOR, None, actor=root, reason="the office opens")
    first, second = User.objects.filter(username__in=["first", "second"]).order_by("username")
    approve_role_request(asked(staff("newcomer"), by=first), actor=second)


def test_a_superuser_closes_their_own_login_once_the_office_has_administrators() -> None:
    root = User.objects.create_superuser("root")
    page = reverse("admin:agency_user_change", args=[root.pk])
    sent = {"username": "root", "display_name": "", "email": "", "reason": "the office has administrators"}
    assert visitor(root).post(page, sent).status_code == 302
    root.refresh_from_db()
    assert not root.is_active


def _reopened(user: User, by: User) -> None:
    facts = {"username": user.username, "display_name": "", "email": ""}
    for is_active in (False, True):
        change_login(user, **facts, is_active=is_active, actor=by, reason="left, and came back")


def test_a_login_that_is_closed_and_opened_again_has_no_roles_left() -> None:
    first = administrator("first")
    clerk = staff("clerk", Role.CLERK, region=region("pingliang"))
    _reopened(clerk, first)
    assert roles_of(clerk) == set()
    assert RoleAssignment.history.filter(user=clerk).latest().history_user == first
    # One that was closed before roles ended with it.
    assign_role(clerk, Role.FINANCE, region("pingliang"), reason=REASON)
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    _reopened(clerk, first)
    assert roles_of(clerk) == set()
    with pytest.raises(DomainError):
        _reopened(first, first)


def test_a_closed_login_gets_no_role() -> None:
    first, second, user = administrator("first"), administrator("second"), staff("newcomer")
    request = asked(user, by=first)
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(DomainError):
        approve_role_request(request, actor=second)
    with pytest.raises(DomainError):
        asked(User.objects.get(pk=user.pk), Role.FINANCE, by=first)
    assert roles_of(user) == set()


# On the screen


def test_the_request_waits_for_the_second_administrator_and_for_nobody_else() -> None:
    first, second, user = administrator("first"), administrator("second"), administrator("third")
    give = reverse("admin:agency_user_give_role", args=[user.pk])
    sent = {"role": "clerk", "region": region("pingliang").pk, "reason": "helps out"}
    response = visitor(first).post(give, sent)
    request = RoleRequest.objects.get()
    page = reverse("admin:agency_rolerequest_change", args=[request.pk])
    assert response["Location"] == page
    waits = {each: [row.obj for row in waiting_for(each)] for each in (first, second, user)}
    assert waits == {first: [], second: [request], user: []}
    for who, offered in ((first, False), (user, False), (second, True)):
        assert ("/approve" in visitor(who).get(page).content.decode()) is offered
    approve = reverse("admin:agency_rolerequest_approve", args=[request.pk])
    assert "to give the role: helps out" in visitor(second).get(approve).content.decode()
    for who in (first, user):
        assert visitor(who).post(approve, {}).context["form"].non_field_errors()
    assert visitor(second).post(approve, {"seen": request.payload_hash}).status_code == 302
    assert roles_of(user) == {ADMINISTRATOR, Role.CLERK}
    colleague = visitor(second).get(reverse("admin:agency_user_change", args=[user.pk])).content.decode()
    assert "helps out" in colleague


def test_without_requests_the_list_says_so() -> None:
    assert visitor(administrator("first")).get(reverse("admin:agency_rolerequest_changelist")).status_code == 200


def test_ones_own_role_waits_when_it_is_withdrawn_on_the_screen() -> None:
    first = administrator("first")
    held = first.role_assignments.get()
    address = reverse("admin:agency_roleassignment_withdraw", args=[held.pk])
    response = visitor(first).post(address, {"reason": "goes elsewhere"})
    request = RoleRequest.objects.get()
    assert response["Location"] == reverse("admin:agency_rolerequest_change", args=[request.pk])
    assert roles_of(first) == {ADMINISTRATOR}


def test_a_colleagues_page_shows_what_waits_and_leads_to_each_role() -> None:
    first, user = administrator("first"), staff("newcomer", Role.AUDITOR, region=region("pingliang"))
    request, held = asked(user, by=first), user.role_assignments.get()
    page = reverse("admin:agency_user_change", args=[user.pk])
    shown = visitor(first).get(page).content.decode()
    for row in (request, held):
        assert reverse(f"admin:agency_{row._meta.model_name}_change", args=[row.pk]) in shown
    refuse_role_request(request, actor=administrator("second"), reason="somebody else starts")
    assert "Waiting for a second administrator" in shown
    assert "Waiting for a second administrator" not in visitor(first).get(page).content.decode()
    withdraw = reverse("admin:agency_roleassignment_withdraw", args=[held.pk])
    assert "The role of newcomer." in visitor(first).get(withdraw).content.decode()


def test_nobody_closes_their_own_login_on_the_screen() -> None:
    first = administrator("first")
    page = reverse("admin:agency_user_change", args=[first.pk])
    sent = {"username": "first", "display_name": "Li", "email": "", "reason": REASON}
    assert visitor(first).post(page, sent).status_code == 302
    first.refresh_from_db()
    assert (first.is_active, first.display_name) == (True, "Li")
