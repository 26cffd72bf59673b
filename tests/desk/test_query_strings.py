"""What pages answer to an address that somebody wrote by hand: their own filters, and nothing else."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin import ListFilter
from django.test import Client, RequestFactory
from django.urls import reverse

from agency.admin.base import ComposedAdmin
from tests.builder.office import Office
from tests.builder.screens import visitor
from tests.desk.pages import pages

pytestmark = pytest.mark.django_db

# What every list of Django takes beside its filters.
OWN_PARAMETERS = ["q", "p", "o", "all", "e", "_facets", "_popup", "_to_field", "_changelist_filters"]
WRONG = ["x", "-1", "99999999999999999999", "2024-13", "¹'\"%_\\"]
# The parameters that pages beside lists and forms read.
PAGE_PARAMETERS = ["month", "year", "region", "from", "to", "member", "document", "seen", "lines", "lines-p"]


def lists() -> list[tuple[str, ComposedAdmin]]:
    """Every list's address with its page."""
    return [
        (reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), page)
        for model, page in admin.site._registry.items()
        if isinstance(page, ComposedAdmin)
    ]


def declared(page: ComposedAdmin, user: Any) -> Iterator[str]:
    """The parameters that the list's filters take, and those that links of the house put beside them."""
    request = RequestFactory().get("/")
    request.user = user
    found = page.get_changelist_instance(request)
    for each in page.get_list_filter(request):
        if isinstance(each, type) and issubclass(each, ListFilter):
            yield str(each.parameter_name)  # type: ignore[attr-defined]
        else:
            yield each if isinstance(each, str) else each[0]
    for spec in found.filter_specs:
        yield from (str(name) for name in spec.expected_parameters())
    yield from page.linked_lookups


def faults(client: Client, addresses: list[tuple[str, dict[str, Any]]], allowed: set[int]) -> list[str]:
    """The addresses that are answered otherwise."""
    client.raise_request_exception = False
    answered = [(client.get(address, query).status_code, address, query) for address, query in addresses]
    return [f"{address} {query}: {status}" for status, address, query in answered if status not in allowed]


def test_a_nul_in_any_filter_search_or_page_is_refused(office: Office) -> None:
    client = visitor(office.staff["root"])
    asked = [
        (address, {name: "a\0b"})
        for address, page in lists()
        for name in [*declared(page, office.staff["root"]), *OWN_PARAMETERS]
    ]
    asked += [(address.partition("?")[0], {name: "\0"}) for address, *_ in pages(office) for name in ("month", "seen")]
    assert len(asked) > 300
    assert faults(client, asked, {400}) == []


def test_a_nul_in_a_name_a_path_a_cookie_or_before_the_login_is_refused(office: Office, client: Client) -> None:
    root = visitor(office.staff["root"])
    assert root.get(reverse("admin:members_member_changelist"), {"sta\0te": "1"}).status_code == 400
    assert root.get("/admin/agency/user/a%00b/change/").status_code == 400
    autocomplete = {"app_label": "claims", "model_name": "claim", "field_name": "member", "term": "张\0"}
    assert root.get(reverse("admin:autocomplete"), autocomplete).status_code == 400
    assert client.get(reverse("admin:login"), {"next": "\0"}).status_code == 400
    # Written as cookies write it: a backslash and three digits inside quotation marks.
    assert client.get(reverse("admin:index"), headers={"cookie": 'sessionid="abcdefgh\\000ijkl"'}).status_code == 400


def test_no_list_answers_a_lookup_on_a_column_that_it_has_no_filter_for(office: Office) -> None:
    client = visitor(office.staff["root"])
    asked = []
    for address, page in lists():
        own = set(declared(page, office.staff["root"]))
        columns = [field.name for field in page.model._meta.get_fields() if getattr(field, "column", None)]
        probes = [f"{name}{lookup}" for name in columns for lookup in ("", "__startswith")]
        asked += [(address, {probe: "1"}) for probe in probes if probe not in own]
    assert len(asked) > 800
    assert faults(client, asked, {400}) == []


@pytest.mark.parametrize(
    ("model", "probe"),
    [
        ("members_member", "identity_hash__startswith"),
        ("members_member", "identity_number_encrypted__startswith"),
        ("members_member", "claims__settlements__fund_pays__gt"),
        ("agency_user", "password__startswith"),
        ("agency_user", "is_superuser"),
        ("claims_claim", "member__identity_hash__startswith"),
        ("claims_claim", "state__startswith"),
        ("claims_claim", "nothing_of_this_name"),
        ("accounts_ledgeraccount", "member__identity_hash"),
    ],
)
def test_hidden_columns_cannot_be_probed(office: Office, model: str, probe: str) -> None:
    response = visitor(office.staff["root"]).get(reverse(f"admin:{model}_changelist"), {probe: "a"})
    assert response.status_code == 400
    assert "use the filters of the list" in response.content.decode()


def test_every_filter_of_every_list_still_answers(office: Office) -> None:
    client = visitor(office.staff["root"])
    links: list[tuple[str, dict[str, Any]]] = []
    for address, page in lists():
        request = RequestFactory().get("/")
        request.user = office.staff["root"]
        found = page.get_changelist_instance(request)
        for spec in found.filter_specs:
            links += [(address + choice["query_string"], {}) for choice in spec.choices(found)]
    assert len(links) > 100
    assert faults(client, links, {200}) == []


def test_wrong_values_are_answered_by_every_list_and_page(office: Office) -> None:
    client = visitor(office.staff["root"])
    asked = [
        (address, {name: value})
        for address, page in lists()
        for name in declared(page, office.staff["root"])
        for value in WRONG
    ]
    members = reverse("admin:members_member_changelist")
    asked += [(members, {name: value}) for name in OWN_PARAMETERS for value in WRONG]
    asked += [
        (address.partition("?")[0], dict.fromkeys(PAGE_PARAMETERS, value))
        for address, *_ in pages(office)
        for value in ("x", "99999999999999999999")
        if not address.endswith(("/delete/", "/history/"))
    ]
    assert faults(client, asked, {200, 302, 400, 403, 404}) == []


def test_an_autocomplete_answers_a_term_and_no_lookup(office: Office) -> None:
    client = visitor(office.staff["clerk"])
    query = {"app_label": "claims", "model_name": "claim", "field_name": "member", "term": "张"}
    found = client.get(reverse("admin:autocomplete"), query)
    assert len(json.loads(found.content)["results"]) == 1
    probing = client.get(reverse("admin:autocomplete"), {**query, "term": "", "identity_hash__startswith": "a"})
    everybody = client.get(reverse("admin:autocomplete"), {**query, "term": ""})
    assert probing.json() == everybody.json()
