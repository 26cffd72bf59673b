"""Every page of the admin, as every role: who may open it, and within how many queries."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agency.admin.base import ComposedAdmin, TrackedAdmin
from tests.builder.office import Office
from tests.builder.screens import visitor
from tests.desk.pages import BUTTONS, EVERYBODY, LIST_BUTTONS, MODELS, obj, pages

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", sorted(EVERYBODY | {"nobody"}))
def test_each_page_opens_for_its_roles_and_for_nobody_else(office: Office, role: str) -> None:
    client = visitor(office.staff[role])
    wrong = []
    for address, allowed, status, budget in pages(office):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        # Whoever works nowhere does not even learn that a row exists.
        refused = {403, 404} if role in EVERYBODY else {302, 403, 404}
        expected = {status} if role in allowed else refused
        if response.status_code not in expected:
            wrong.append(f"{address}: {response.status_code}, not one of {expected}")
        if len(queries) > budget:
            wrong.append(f"{address}: {len(queries)} queries, {budget} allowed")
    assert wrong == []


def test_without_a_login_every_page_leads_to_the_login(office: Office, client: Any) -> None:
    statuses = {client.get(address).status_code for address, _allowed, _status, _budget in pages(office)}
    assert statuses == {302}


def test_the_table_has_every_model_and_every_button() -> None:
    registered: dict[str, Any] = {
        f"{model._meta.app_label}_{model._meta.model_name}": page for model, page in admin.site._registry.items()
    }
    assert set(registered) == set(MODELS)
    for name, page in registered.items():
        assert set(page._extract_action_names(page.actions_detail)) == set(BUTTONS.get(name, {})), name
        assert set(page._extract_action_names(page.actions_list)) == set(LIST_BUTTONS.get(name, {})), name


def test_every_list_has_search_and_filters_or_says_why_not() -> None:
    for model, page in admin.site._registry.items():
        assert isinstance(page, ComposedAdmin), model
        assert page.search_fields, model
        # Five regions need no filter.
        assert page.list_filter or model._meta.model_name == "poolingregion", model
        assert page.show_full_result_count is False


def test_no_page_takes_a_change_past_the_services(office: Office) -> None:
    root = visitor(office.staff["root"])
    for model, (name, _readers) in MODELS.items():
        if model == "agency_user":  # The one model that staff edit in an ordinary form.
            continue
        address = reverse(f"admin:{model}_change", args=[obj(office, name).pk])
        assert root.post(address, {"reason": "because"}).status_code == 403, model


def test_an_earlier_state_is_shown_and_cannot_be_written_back(office: Office) -> None:
    root = visitor(office.staff["root"])
    for model, page in admin.site._registry.items():
        if not isinstance(page, TrackedAdmin):
            continue
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        row = obj(office, MODELS[label][0])
        version = row.history.first()
        address = reverse(f"admin:{label}_simple_history", args=[row.pk, version.pk])
        assert root.get(address).status_code == 200, label
        assert root.post(address, {"reason": "because"}).status_code == 403, label


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_page_shows_a_whole_identity_or_phone_number(office: Office, language: str) -> None:
    root = visitor(office.staff["root"], language)
    secrets = [member.identity_number for member in office.members] + ["13800138000"]
    for address, _allowed, _status, _budget in pages(office):
        text = root.get(address).getvalue().decode()
        assert not [secret for secret in secrets if secret in text], address


def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(office: Office) -> None:
    from tests.builder import insured

    client = visitor(office.staff["clerk"])
    addresses = [reverse(f"admin:{model}_changelist") for model in ("members_member", "accounts_ledgeraccount")]

    def counted(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    before = [counted(address) for address in addresses]
    for _each in range(20):
        insured(office.here)
    assert [counted(address) for address in addresses] == before


@pytest.mark.parametrize("role", sorted(EVERYBODY | {"nobody"}))
def test_the_sidebar_leads_to_pages_that_open(office: Office, role: str) -> None:
    client = visitor(office.staff[role])
    groups = client.get(reverse("admin:index")).context["sidebar_navigation"]
    daily = [item["link"] for group in groups for item in group["items"]]
    assert 2 <= len(daily) <= 12
    subjects = client.get(reverse("admin:pages")).context["subjects"]
    links = [address for _subject, pages_of_it in subjects for _page, address in pages_of_it]
    assert set(daily) - {reverse("admin:index"), reverse("admin:pages")} <= set(links)
    # That those of the table open for the role is tested above.
    opened = {address for address, allowed, status, _budget in pages(office) if role in allowed and status == 200}
    assert {client.get(link).status_code for link in links if link not in opened} <= {200}
    readable = {reverse(f"admin:{model}_changelist") for model, (_name, readers) in MODELS.items() if role in readers}
    assert readable <= set(links)


@pytest.mark.parametrize(
    ("model", "term", "expected"),
    [
        ("claims_claim", "C0001", ["C0001"]),
        ("claims_claim", "李", ["C0002"]),
        ("claims_claim", "P0003", ["C0002"]),
        ("claims_claim", "C000", []),
        ("accounts_ledgeraccount", "张", ["张伟 P0001"]),
        ("accounts_ledgeraccount", "P0001", ["张伟 P0001"]),
        ("accounts_ledgerentry", "settlement:0", []),
    ],
)
def test_a_search_finds_by_number_or_by_the_members_name(
    office: Office, model: str, term: str, expected: list[str]
) -> None:
    response = visitor(office.staff["clerk"]).get(reverse(f"admin:{model}_changelist"), {"q": term})
    assert [str(row) for row in response.context["cl"].queryset] == expected
