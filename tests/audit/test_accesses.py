"""Who did and saw what: one row for each act, before the answer is given."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Access, Act
from audit.selectors.people import person_path
from audit.services.retention import forget_old_accesses
from claims.models import Claim, ClaimLine, Settlement
from members.models import Member
from policies.models import PolicyVersion
from tests.builder.damage import behind_our_backs, change
from tests.builder.office import PASSWORD, Office
from tests.builder.screens import button, visitor, words_of
from tests.desk.pages import pages

pytestmark = pytest.mark.django_db


def last() -> Access:
    return Access.objects.select_related("actor", "region").latest("pk")


def test_a_page_that_was_opened_is_on_record_with_whom_it_showed(office: Office) -> None:
    member = office.members[0]
    response = visitor(office.staff["clerk"]).get(button("change", member), REMOTE_ADDR="10.1.2.3")
    access = last()
    assert (access.act, access.actor, access.region) == (Act.OPENED, office.staff["clerk"], office.here)
    assert (access.subject, access.object_id, access.people) == ("members.member", str(member.pk), [member.pk])
    assert (access.address, access.view) == ("10.1.2.3", "members_member_change")
    assert response["X-Request-ID"] == str(access.request)


def test_a_claim_shows_its_member(office: Office) -> None:
    claim = office.objs["claim"]
    visitor(office.staff["clerk"]).get(button("change", claim))
    assert last().people == [claim.member_id]


def test_a_list_is_on_record_with_everybody_on_its_page(office: Office) -> None:
    visitor(office.staff["clerk"]).get(reverse("admin:claims_claim_changelist"), {"q": "李"})
    access = last()
    shown = Claim.objects.filter(region=office.here, member__name__startswith="李")
    assert (access.act, access.subject, access.shown) == (Act.LISTED, "claims.claim", shown.count())
    assert shown.exists()
    assert access.people == sorted(set(shown.values_list("member_id", flat=True)))
    assert "q=" in access.query
    with connection.cursor() as cursor:
        cursor.execute("SELECT query FROM audit_access WHERE id = %s", [access.pk])
        assert "q=" not in cursor.fetchone()[0]


def test_a_search_keeps_what_was_asked_for(office: Office) -> None:
    visitor(office.staff["clerk"]).post(reverse("admin:search"), {"words": "张伟"})
    assert (last().act, last().query) == (Act.SEARCHED, "张伟")


def test_a_list_that_was_taken_as_a_file_is_on_record(office: Office) -> None:
    response = visitor(office.staff["clerk"]).post(reverse("admin:members_member_export"), {"form": "csv"})
    assert "attachment" in response["Content-Disposition"]
    assert (last().act, last().subject) == (Act.TOOK, "members.member")


def test_what_was_refused_is_on_record_and_shows_nobody(office: Office) -> None:
    stranger = office.stranger
    assert stranger is not None
    client = visitor(office.staff["clerk"])
    for address in (
        button("change", stranger),
        reverse("admin:members_member_account_statement", args=[stranger.pk]),
        reverse("admin:agency_user_changelist"),
    ):
        before = Access.objects.count()
        assert client.get(address).status_code in {302, 403, 404}
        assert Access.objects.count() == before + 1
        access = last()
        assert (access.act, access.people, access.actor) == (Act.REFUSED, [], office.staff["clerk"])


@pytest.mark.parametrize("key", ["9" * 500, "x" * 500, "-1"])
def test_an_address_that_names_no_row_is_refused_and_on_record(office: Office, key: str) -> None:
    client = visitor(office.staff["clerk"])
    assert client.get(reverse("admin:members_member_change", args=[key])).status_code == 302
    assert (last().act, last().object_id) == (Act.REFUSED, key[:64])


def test_pages_that_show_no_row_are_not(office: Office) -> None:
    client = visitor(office.staff["clerk"])
    before = Access.objects.count()
    for name in ("index", "pages", "help"):
        assert client.get(reverse(f"admin:{name}")).status_code == 200
    assert Access.objects.count() == before


def test_every_page_of_a_row_leaves_one_row(office: Office) -> None:
    client = visitor(office.staff["root"])
    silent = []
    for address, allowed, status, _budget in pages(office):
        names_a_row = any(part.isdigit() for part in address.split("/"))
        if "root" not in allowed or status != 200 or not names_a_row:
            continue
        before = Access.objects.count()
        assert client.get(address).status_code == 200
        if Access.objects.count() != before + 1:
            silent.append(address)
    assert silent == []


def test_signing_in_and_out_and_a_wrong_password_are_on_record(office: Office, client: Client) -> None:
    sign_in = {"username": "clerk", "password": PASSWORD}
    client.post(reverse("admin:login"), sign_in | {"password": "wrong"})
    client.post(reverse("admin:login"), {"username": "my-secret-password", "password": "x"})
    client.post(reverse("admin:login"), sign_in)
    client.post(reverse("admin:logout"))
    rows = Access.objects.order_by("-pk")[:4]
    clerk = office.staff["clerk"]
    acts = [(each.act, each.actor) for each in reversed(rows)]
    assert acts == [(Act.FAILED, clerk), (Act.FAILED, None), (Act.SIGNED_IN, clerk), (Act.SIGNED_OUT, clerk)]
    assert {each.address for each in rows} == {"127.0.0.1"}


def test_whole_numbers_are_shown_once_and_for_a_purpose(office: Office) -> None:
    member = office.members[0]
    client = visitor(office.staff["clerk"])
    address = reverse("admin:audit_access_reveal", args=[member.pk])
    assert member.identity_number not in client.get(address).content.decode()
    refused = client.post(address, {"purpose": "  "})
    assert member.identity_number not in refused.content.decode()
    shown = client.post(address, {"purpose": "与本人出示的身份证核对"})
    assert member.identity_number in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert member.identity_number not in client.get(address).content.decode()
    access = Access.objects.filter(act=Act.REVEALED).get()
    assert (access.actor, access.people, access.purpose) == (
        office.staff["clerk"],
        [member.pk],
        "与本人出示的身份证核对",
    )


@pytest.mark.parametrize("role", ["auditor", "finance", "policy_officer", "clerk_away", "system_administrator"])
def test_nobody_else_sees_whole_numbers(office: Office, role: str) -> None:
    address = reverse("admin:audit_access_reveal", args=[office.members[0].pk])
    assert visitor(office.staff[role]).post(address, {"purpose": "x"}).status_code == 404
    assert not Access.objects.filter(act=Act.REVEALED).exists()


def test_who_saw_somebody_is_found_by_the_members_number(office: Office) -> None:
    member = office.members[0]
    visitor(office.staff["clerk"]).get(button("change", member))
    auditor = visitor(office.staff["auditor"])
    response = auditor.get(reverse("admin:audit_access_changelist"), {"q": member.member_number})
    found = list(response.context["cl"].result_list)
    assert found
    assert all(member.pk in each.people for each in found)
    assert member.member_number in words_of(office.staff["auditor"], found[0])


def test_a_supervisor_sees_the_log_of_the_own_region_only(office: Office) -> None:
    visitor(office.staff["clerk_away"]).get(button("change", office.stranger))  # type: ignore[arg-type]
    shown = visitor(office.staff["supervisor"]).get(reverse("admin:audit_access_changelist"))
    assert {each.region for each in shown.context["cl"].result_list} == {office.here}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_access SET actor_id = NULL",
        "UPDATE audit_access SET at = now() - interval '3 years'",
        "DELETE FROM audit_access",
        "TRUNCATE audit_access",
    ],
)
def test_the_database_keeps_the_log_as_it_was_written(office: Office, statement: str) -> None:
    assert Access.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_old_rows_leave_when_the_office_no_longer_keeps_them(office: Office, settings: Any) -> None:
    settings.AUDIT_KEPT_YEARS = {"opened": 3, "other": 10}
    now = timezone.now()
    for years, act in ((4, Act.OPENED), (2, Act.OPENED), (4, Act.TOOK), (11, Act.TOOK)):
        access = Access(act=act, actor=office.staff["clerk"])
        access.save()
        change(access, at=now - timedelta(days=366 * years + 1))
    before = Access.objects.count()
    with pytest.raises(DatabaseError), transaction.atomic():
        forget_old_accesses()
    with behind_our_backs():
        assert forget_old_accesses() == {"opened": 1, "took": 1}
    assert Access.objects.count() == before - 2


@pytest.mark.parametrize(
    ("model", "path"),
    [
        (Member, "pk"),
        (Claim, "member"),
        (ClaimLine, "claim__member"),
        (Settlement, "member"),
        (PolicyVersion, ""),
    ],
)
def test_whom_a_row_is_about_is_found_by_its_foreign_keys(model: Any, path: str) -> None:
    assert person_path(model) == path
