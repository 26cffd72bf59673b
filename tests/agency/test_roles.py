"""What each role may do, and how the roles get it."""

from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import IntegrityError, transaction

from agency.exceptions import DomainError
from agency.models import Role, RoleAssignment
from agency.services.roles import withdraw_role
from agency.services.staff import assign_role, sync_roles
from tests.builder import region, staff

pytestmark = pytest.mark.django_db


def held() -> set[tuple[int, str, str]]:
    """Every permission of every group, with the number of the row that grants it."""
    return set(Group.permissions.through.objects.values_list("pk", "group__name", "permission__codename"))


def codenames(role: Role) -> set[str]:
    """The permissions of a role."""
    return set(Group.objects.get(name=role).permissions.values_list("codename", flat=True))


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        ("view_member", {"clerk", "supervisor", "policy_officer", "finance", "auditor"}),
        ("add_member", {"clerk", "supervisor"}),
        ("change_enrollment", {"clerk", "supervisor"}),
        ("add_provider", {"clerk", "supervisor"}),
        ("view_policyversion", {"clerk", "supervisor", "policy_officer", "finance", "auditor"}),
        ("publish_policyversion", {"policy_officer"}),
        ("change_reimbursementrate", {"policy_officer"}),
        ("change_outofareabenefit", {"policy_officer"}),
        ("change_disease", set()),
        ("add_averagepension", {"policy_officer"}),
        ("approve_averagepension", {"supervisor", "policy_officer"}),
        ("change_user", {"system_administrator"}),
        ("add_roleassignment", {"system_administrator"}),
        ("view_user", {"auditor", "system_administrator"}),
        ("view_job", {role.value for role in Role}),
        ("delete_member", set()),
        ("delete_user", set()),
        ("delete_policyversion", set()),
    ],
)
def test_each_permission_belongs_to_these_roles(permission: str, roles: set[str]) -> None:
    assert {role.value for role in Role if permission in codenames(role)} == roles


def test_an_auditor_only_looks() -> None:
    assert codenames(Role.AUDITOR)
    assert {codename.split("_")[0] for codename in codenames(Role.AUDITOR)} == {"view"}


def test_writing_the_roles_again_changes_nothing() -> None:
    before, count = held(), sync_roles()
    assert held() == before
    assert sync_roles() == count == len(before)


def test_writing_the_roles_takes_away_what_no_app_grants_any_more() -> None:
    before = held()
    Group.objects.get(name=Role.AUDITOR).permissions.add(Permission.objects.get(codename="delete_member"))
    sync_roles()
    assert held() == before


def test_writing_the_roles_brings_back_what_was_taken() -> None:
    before = {row[1:] for row in held()}
    Group.objects.get(name=Role.CLERK).delete()
    sync_roles()
    assert {row[1:] for row in held()} == before


@pytest.mark.parametrize(
    ("declared", "sentence"),
    [
        ({"clerk": ["view_members"]}, "members names the unknown permission view_members"),
        ({"clerk": ["view_provider"]}, "members names the unknown permission view_provider"),
        ({"clark": ["view_member"]}, "members names the unknown role clark"),
    ],
)
def test_a_role_or_permission_that_does_not_exist_stops_everything(
    declared: dict[str, list[str]], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = held()
    monkeypatch.setattr(apps.get_app_config("members"), "role_permissions", declared)
    with pytest.raises(LookupError, match=sentence):
        sync_roles()
    assert held() == before


def test_the_command_says_how_many_permissions_it_wrote() -> None:
    said = StringIO()
    call_command("sync_roles", stdout=said)
    assert said.getvalue() == f"{len(held())} permissions in the roles' groups\n"


def test_assigning_a_role_twice_changes_nothing() -> None:
    user, pingliang = staff("zhang"), region("pingliang")
    for place in (pingliang, None):
        first = assign_role(user, Role.CLERK, place, reason="test")
        assert assign_role(user, Role.CLERK, place, reason="test") == first
        assert first.group.name == "clerk"
    assert user.role_assignments.count() == 2


@pytest.mark.parametrize("slug", ["pingliang", None])
def test_the_database_refuses_a_role_held_twice_in_a_region_or_everywhere(slug: str | None) -> None:
    place = region(slug) if slug else None
    user = staff("zhang", Role.CLERK, region=place)
    again = RoleAssignment(user=user, role=Role.CLERK, group=Group.objects.get(name=Role.CLERK), region=place)
    with pytest.raises(IntegrityError, match="a_role_is_held_once_per_region"), transaction.atomic():
        again.save()


def test_a_role_is_withdrawn_with_a_reason_that_its_history_keeps() -> None:
    boss, user = staff("boss", Role.SYSTEM_ADMINISTRATOR), staff("leaving", Role.CLERK, region=region("pingliang"))
    assignment = user.role_assignments.get()
    with pytest.raises(DomainError):
        withdraw_role(assignment, actor=boss, reason=" ")
    withdraw_role(assignment, actor=boss, reason="left the office")
    assert not user.role_assignments.exists()
    last = RoleAssignment.history.latest()
    assert (last.history_type, last.history_user, last.history_change_reason) == ("-", boss, "left the office")
