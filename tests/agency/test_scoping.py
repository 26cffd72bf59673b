"""Who sees the rows of which region, and may do what with them."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.contenttypes.models import ContentType
from django.core import checks
from django.db import models

from agency.checks import every_model_says_how_it_is_scoped, house
from agency.models import Job, PoolingRegion, Role, RoleAssignment, User
from agency.scoping import ALL_REGIONS, region_id_of, region_ids_of, region_path_of, scoped
from agency.services.jobs import queue_job
from agency.services.staff import assign_role
from members.models import Enrollment, Member
from providers.models import Provider
from tests.builder import a_member, insured, region, staff

HOUSE_MODELS = [model for app in house() for model in app.get_models()]


def fresh(user: User) -> User:
    """The person as a new request finds them: permissions and regions are remembered on the object."""
    return User.objects.get(pk=user.pk)


# Where somebody works


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([], set()),
        (["pingliang"], {"pingliang"}),
        (["pingliang", "kaifeng"], {"pingliang", "kaifeng"}),
        ([None], None),
        (["pingliang", None], None),
    ],
)
def test_a_person_holds_a_permission_in_the_regions_of_the_roles_that_give_it(
    places: list[str | None], expected: set[str] | None
) -> None:
    user = staff("zhang")
    for place in places:
        assign_role(user, Role.CLERK, region(place) if place else None, reason="test")
    wanted = None if expected is None else {region(slug).pk for slug in expected}
    assert region_ids_of(user, "members.add_member") == wanted
    assert region_ids_of(user, "agency.add_user") == set()


@pytest.mark.django_db
def test_a_superuser_works_everywhere_unless_their_login_is_off() -> None:
    user = User.objects.create_superuser("root")
    assert region_ids_of(user, "members.add_member") is None
    user.is_active = False
    assert region_ids_of(user, "members.add_member") == set()


def test_nobody_anonymous_works_anywhere() -> None:
    assert region_ids_of(AnonymousUser(), "members.add_member") == set()
    assert region_ids_of(None, "members.add_member") == set()


# What they see


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "seen"),
    [("pingliang", {"pingliang"}), ("dazhou", {"dazhou"}), ("kaifeng", set()), (None, {"pingliang", "dazhou"})],
)
def test_rows_are_seen_where_the_person_works(place: str | None, seen: set[str]) -> None:
    for slug in ("pingliang", "dazhou"):
        insured(region(slug))
    user = staff("zhang", Role.CLERK, region=region(place) if place else None)

    direct = scoped(Member.objects.all(), user)
    through_a_member = scoped(Enrollment.objects.all(), user)
    history = scoped(Enrollment.history.all(), user)
    regions = scoped(PoolingRegion.objects.filter(slug__in=["pingliang", "dazhou"]), user)

    assert {member.region.slug for member in direct} == seen
    assert {enrollment.member.region.slug for enrollment in through_a_member} == seen
    assert {row.member.region.slug for row in history} == seen
    assert {each.slug for each in regions} == seen


@pytest.mark.django_db
def test_a_person_without_a_role_sees_nothing() -> None:
    insured(region("pingliang"))
    user = staff("nobody")
    for model in (Member, Enrollment, PoolingRegion, User, Job):
        assert not scoped(model._default_manager.all(), user).exists()


@pytest.mark.django_db
def test_rows_are_seen_where_a_role_shows_them_and_not_where_another_is_held() -> None:
    pingliang, dazhou = region("pingliang"), region("dazhou")
    members = {place: insured(place) for place in (pingliang, dazhou)}
    user = staff("zhang", Role.CLERK, region=pingliang)
    assign_role(user, Role.SYSTEM_ADMINISTRATOR, dazhou, reason="test")
    assert set(scoped(Member.objects.all(), user)) == {members[pingliang]}
    assert set(scoped(RoleAssignment.objects.all(), user).values_list("region", flat=True)) == {dazhou.pk}
    assert set(scoped(PoolingRegion.objects.all(), user)) == {pingliang, dazhou}
    assert set(scoped(PoolingRegion.objects.all(), user, "members.add_member")) == {pingliang}


@pytest.mark.django_db
def test_colleagues_are_seen_by_everybody_who_may_see_staff_somewhere() -> None:
    user = staff("zhang", Role.AUDITOR, region=region("pingliang"))
    colleague = staff("li", Role.CLERK, region=region("dazhou"))
    assert set(scoped(User.objects.all(), user)) == {user, colleague}
    assert not scoped(User.objects.all(), colleague).exists()


@pytest.mark.django_db
def test_a_job_without_a_region_is_seen_by_those_who_work_everywhere() -> None:
    everywhere = queue_job("verify", region=None, actor=None)
    here = queue_job("import", region=region("pingliang"), actor=None)
    local = staff("local", Role.CLERK, region=region("pingliang"))
    roaming = staff("roaming", Role.CLERK)
    assert set(scoped(Job.objects.all(), local)) == {here}
    assert set(scoped(Job.objects.all(), roaming)) == {here, everywhere}


@pytest.mark.django_db
def test_a_model_that_does_not_say_how_it_is_scoped_is_seen_by_nobody_at_all() -> None:
    root = User.objects.create_superuser("root")
    with pytest.raises(LookupError, match=r"contenttypes\.ContentType does not declare region_path"):
        scoped(ContentType.objects.all(), root)


@pytest.mark.django_db
def test_a_row_knows_its_region_directly_or_through_its_member() -> None:
    pingliang = region("pingliang")
    member = insured(pingliang)
    enrollment = member.enrollments.get()
    assert region_id_of(pingliang) == pingliang.pk
    assert region_id_of(member) == pingliang.pk
    assert region_id_of(enrollment) == pingliang.pk
    assert region_id_of(enrollment.history.get()) == pingliang.pk
    assert region_id_of(queue_job("verify", region=None, actor=None)) is None
    assert region_id_of(staff("zhang")) is None


# What they may do


def _row(kind: str) -> models.Model | None:
    match kind.split(" in "):
        case ["member", slug]:
            return a_member(region(slug))
        case ["enrollment", slug]:
            return insured(region(slug)).enrollments.get()
        case ["job", slug]:
            return queue_job("import", region=region(slug), actor=None)
        case ["job of no region"]:
            return queue_job("verify", region=None, actor=None)
        case ["colleague"]:
            return staff("colleague", Role.CLERK, region=region("dazhou"))
    return None


# The person is a clerk in Pingliang and an auditor in Dazhou.
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("permission", "row", "allowed"),
    [
        ("members.view_member", "no row", True),
        ("members.view_member", "member in pingliang", True),
        ("members.view_member", "member in dazhou", True),
        ("members.change_member", "no row", True),
        ("members.change_member", "member in pingliang", True),
        ("members.change_member", "member in dazhou", False),
        ("members.change_enrollment", "enrollment in pingliang", True),
        ("members.change_enrollment", "enrollment in dazhou", False),
        ("members.delete_member", "no row", False),
        ("members.delete_member", "member in pingliang", False),
        ("policies.publish_policyversion", "no row", False),
        ("agency.view_job", "job in pingliang", True),
        ("agency.view_job", "job of no region", False),
        ("agency.view_user", "colleague", True),
        ("agency.change_user", "colleague", False),
    ],
)
def test_a_permission_holds_in_the_region_of_the_role_that_gives_it(permission: str, row: str, allowed: bool) -> None:
    user = staff("zhang", Role.CLERK, region=region("pingliang"))
    assign_role(user, Role.AUDITOR, region("dazhou"), reason="test")
    assert fresh(user).has_perm(permission, _row(row)) is allowed


@pytest.mark.django_db
@pytest.mark.parametrize("row", ["no row", "member in pingliang", "member in dazhou", "enrollment in dazhou"])
def test_a_role_without_a_region_holds_in_all_of_them(row: str) -> None:
    user = staff("zhang", Role.CLERK)
    assert user.has_perm("members.view_member", _row(row))
    assert not user.has_perm("members.delete_member", _row(row))


@pytest.mark.django_db
def test_a_job_of_no_region_is_open_to_those_who_work_everywhere() -> None:
    assert staff("zhang", Role.CLERK).has_perm("agency.view_job", _row("job of no region"))


@pytest.mark.django_db
@pytest.mark.parametrize(("is_active", "allowed"), [(True, True), (False, False)])
def test_a_superuser_may_everything_while_their_login_is_on(is_active: bool, allowed: bool) -> None:
    user = User.objects.create_superuser("root", is_active=is_active)
    assert user.has_perm("members.delete_member", a_member(region("pingliang"))) is allowed


@pytest.mark.django_db
def test_a_person_whose_login_is_off_may_nothing() -> None:
    user = staff("zhang", Role.CLERK)
    user.is_active = False
    user.save()
    assert not fresh(user).has_perm("members.view_member")
    assert not fresh(user).has_perm("members.view_member", a_member(region("pingliang")))


@pytest.mark.django_db
def test_a_group_without_a_role_opens_the_screen_but_no_row() -> None:
    user = staff("zhang")
    user.groups.add(Group.objects.get(name=Role.CLERK))
    assert user.has_perm("members.change_member")
    assert not user.has_perm("members.change_member", a_member(region("pingliang")))


# Every model says where it belongs


def test_the_check_watches_every_app_of_the_house() -> None:
    installed = [name.split(".")[0] for name in settings.INSTALLED_APPS]
    own = {name for name in installed if (Path(settings.BASE_DIR) / name).is_dir()}
    assert {app.label for app in house()} == own
    assert {"agency", "claims", "desk"} < own


def test_no_model_of_the_house_fails_the_check() -> None:
    assert every_model_says_how_it_is_scoped(None) == []
    assert not [problem for problem in checks.run_checks() if problem.id == "agency.E001"]


@pytest.mark.parametrize("model", HOUSE_MODELS, ids=lambda model: model._meta.label)
def test_a_declared_path_leads_to_a_pooling_region(model: type[models.Model]) -> None:
    path = region_path_of(model)
    if path == ALL_REGIONS:
        return
    if getattr(model, "instance_type", None) is PoolingRegion:
        # The history of a region keeps the region's key as a plain column.
        assert path == PoolingRegion._meta.pk.name
        return
    here: Any = model
    for part in path.removesuffix("?").split("__"):
        field = here._meta.pk if part == "pk" else here._meta.get_field(part)
        here = field.related_model or here
    assert here is PoolingRegion


def test_a_model_that_declares_nothing_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Provider, "region_path")
    problems = every_model_says_how_it_is_scoped(None)
    assert {(problem.id, problem.obj) for problem in problems} == {
        ("agency.E001", Provider),
        ("agency.E001", Provider.history.model),
    }
    assert all(problem.is_serious() for problem in problems)
