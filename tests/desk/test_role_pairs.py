"""Pairs of roles in a pair of regions: what one role opens there, another role elsewhere does not open here.

The rows lie in the first region. The person holds one role there, and in the second region another, which would open
them.
"""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import ForeignKey
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from agency.admin.fields import RegionField, SearchField
from agency.admin.filters import RegionFilter
from agency.models import Role, User
from agency.scoping import ALL_REGIONS, region_id_of, region_path_of
from agency.services.staff import assign_role
from desk.worklist import waiting_for
from tests.builder.office import Office, colleague
from tests.builder.screens import visitor
from tests.desk.pages import (
    ADDED_ELSEWHERE,
    ADDERS,
    BUTTONS,
    LEADING_ELSEWHERE,
    LIST_BUTTONS,
    MODELS,
    TRIERS,
    obj,
    pages,
)

pytestmark = pytest.mark.django_db

ROLES = list(Role.values)
# Colleagues belong to the whole office.
REGIONAL = sorted(set(MODELS) - {"agency_user"})
Mixed = Callable[[str, str], User]


@pytest.fixture(scope="module")
def mixed(office: Office, django_db_blocker: DjangoDbBlocker) -> Mixed:
    """For every pair of roles somebody with one in the region of the rows, and the other in the other region."""
    people: dict[tuple[str, str], User] = {}
    with django_db_blocker.unblock():
        for here, away in product(ROLES, ROLES):
            people[here, away] = user = colleague(f"{here} and {away}", Role(here), office.here)
            assign_role(user, Role(away), office.away, reason="test")
    # Permissions are remembered on the object: every question is a new request's.
    return lambda here, away: User.objects.get(pk=people[here, away].pk)


def refused_pairs(allowed: set[str], here: str) -> list[str]:
    """The roles that would open a page in the other region, where the role held here does not."""
    return [] if here in allowed else [away for away in ROLES if away in allowed]


def is_refused(response: Any) -> bool:
    """Forbidden, or as if there were no such row."""
    return response.status_code in {403, 404} or (
        response.status_code == 302 and response["Location"] == reverse("admin:index")
    )


@pytest.mark.parametrize("here", ROLES)
def test_a_list_has_the_rows_that_the_role_in_their_region_shows(office: Office, mixed: Mixed, here: str) -> None:
    for away in ROLES:
        request = RequestFactory().get("/")
        request.user = mixed(here, away)
        for model in REGIONAL:
            name, readers = MODELS[model]
            row = obj(office, name)
            seen = admin.site._registry[type(row)].get_queryset(request).filter(pk=row.pk).exists()
            assert seen == (here in readers), (model, away)


def addresses_of_rows(office: Office) -> Iterator[tuple[str, set[str]]]:
    """Every page of a row, every button of one, and every paper; with the roles for which they open."""
    bound = {reverse(f"admin:{model}_{page}") for model in MODELS for page in ("changelist", "add")}
    bound |= {reverse(f"admin:{model}_{button}") for model, buttons in LIST_BUTTONS.items() for button in buttons}
    # The fund is that of a region where the person may see it.
    elsewhere = ("index", "fund", "files_fileimport_add", "claims_claim_trial", "locked_logins")
    bound |= {reverse(f"admin:{page}") for page in elsewhere}
    of_staff = reverse("admin:agency_user_changelist")
    for address, allowed, _status, _budget in pages(office):
        if address not in bound and not address.startswith(of_staff) and "region=" not in address:
            yield address, allowed


@pytest.mark.parametrize("here", ROLES)
def test_no_page_and_no_button_of_a_row_opens_by_a_role_elsewhere(office: Office, mixed: Mixed, here: str) -> None:
    buttons = {
        reverse(f"admin:{model}_{button}", args=[obj(office, MODELS[model][0]).pk])
        for model, found in BUTTONS.items()
        for button in found
    }
    opened = []
    clients = {away: visitor(mixed(here, away)) for away in ROLES}
    for address, allowed in addresses_of_rows(office):
        for away in refused_pairs(allowed, here):
            if not is_refused(clients[away].get(address)):
                opened.append(("GET", address, away))
            if address in buttons and not is_refused(clients[away].post(address, {"reason": "because"})):
                opened.append(("POST", address, away))
    assert opened == []


def test_the_fund_of_a_region_is_not_shown_by_a_role_elsewhere(office: Office, mixed: Mixed) -> None:
    client = visitor(mixed("clerk", "supervisor"))
    client.post(reverse("admin:choose_region"), {"region": office.here.pk})
    assert client.get(reverse("admin:fund")).context["regions"] == [office.away]
    assert client.get(reverse("admin:fund")).context["region"] == office.away


def offered(form: Any, office: Office) -> list[str]:
    """The fields of a form that offer the region of the rows, or rows of it."""
    fields = [(name, each) for name, each in form.fields.items() if isinstance(each, RegionField | SearchField)]
    return [name for name, each in fields if any(region_id_of(row) == office.here.pk for row in each.queryset or ())]


@pytest.mark.parametrize("here", ROLES)
def test_no_form_offers_a_region_or_row_by_a_role_elsewhere(office: Office, mixed: Mixed, here: str) -> None:
    adding = ADDERS.keys() - ADDED_ELSEWHERE - {"agency_user"}
    forms = {reverse(f"admin:{model}_add"): ADDERS[model] for model in adding}
    for model, buttons in LIST_BUTTONS.items():
        forms |= {
            reverse(f"admin:{model}_{button}"): pressers
            for button, pressers in buttons.items()
            if button not in LEADING_ELSEWHERE
        }
    forms[reverse("admin:claims_claim_trial")] = TRIERS
    for address, allowed in forms.items():
        for away in refused_pairs(allowed, here):
            client = visitor(mixed(here, away))
            assert offered(client.get(address).context["form"], office) == [], (address, away)
            sent = client.post(address, {"region": office.here.pk, "reason": "because"})
            assert "region" in sent.context["form"].errors or "region" not in sent.context["form"].fields, address


@pytest.mark.parametrize("here", ROLES)
def test_a_regions_figures_are_not_shown_by_a_role_elsewhere(office: Office, mixed: Mixed, here: str) -> None:
    asked = 0
    for address, allowed, _status, _budget in pages(office):
        if f"region={office.here.pk}" in address:
            for away in refused_pairs(allowed, here):
                errors = visitor(mixed(here, away)).get(address).context["form"].errors
                assert "region" in errors, (address, away)
                asked += 1
    # Six pages, for the administrator who holds one of five reading roles elsewhere.
    assert asked == (30 if here == Role.SYSTEM_ADMINISTRATOR else 0)


def autocompletes() -> Iterator[ForeignKey[Any, Any]]:
    """Every reference that may be found by typing: to a model that has a page with a search."""
    for model in admin.site._registry:
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey) and field.remote_field.model in admin.site._registry:
                yield field


def typed(client: Client, field: ForeignKey[Any, Any]) -> Any:
    """The rows that a reference offers."""
    source: dict[str, Any] = {
        "app_label": field.model._meta.app_label,
        "model_name": field.model._meta.model_name,
        "field_name": field.name,
        "term": "",
    }
    response = client.get(reverse("admin:autocomplete"), source)
    if response.status_code == 403:
        return field.remote_field.model._default_manager.none()
    ids = [each["id"] for each in response.json()["results"]]
    return field.remote_field.model._default_manager.filter(pk__in=ids)


@pytest.mark.parametrize(
    ("here", "away"),
    [
        (Role.SYSTEM_ADMINISTRATOR, Role.CLERK),
        (Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR),
        (Role.CLERK, Role.SYSTEM_ADMINISTRATOR),
        (Role.FINANCE, Role.AUDITOR),
    ],
)
def test_typing_offers_no_row_by_a_role_elsewhere(office: Office, mixed: Mixed, here: Role, away: Role) -> None:
    client = visitor(mixed(here, away))
    fields = list(autocompletes())
    assert len(fields) > 60
    for field in fields:
        target = field.remote_field.model
        label = f"{target._meta.app_label}_{target._meta.model_name}"
        if region_path_of(target) == ALL_REGIONS or here in MODELS[label][1]:
            continue
        assert not [row for row in typed(client, field) if region_id_of(row) == office.here.pk], field


@pytest.mark.parametrize("here", ROLES)
def test_a_filter_offers_the_regions_of_the_lists_rows(office: Office, mixed: Mixed, here: str) -> None:
    for away in ROLES:
        client = visitor(mixed(here, away))
        for model in ("members_member", "agency_roleassignment", "agency_job"):
            readers = MODELS[model][1]
            if not {here, away} & readers:
                continue
            changes = client.get(reverse(f"admin:{model}_changelist")).context["cl"]
            offers_regions = any(isinstance(spec, RegionFilter) for spec in changes.filter_specs)
            # Both regions' rows are seen, or there is nothing to choose.
            assert offers_regions == ({here, away} <= readers), (model, away)
            if here not in readers:
                asked = client.get(reverse(f"admin:{model}_changelist"), {"region": office.here.slug})
                listed = asked.context["cl"].queryset
                assert not [row for row in listed if region_id_of(row) == office.here.pk], (model, away)


@pytest.mark.parametrize("here", ROLES)
def test_nothing_waits_for_somebody_by_a_role_elsewhere(office: Office, mixed: Mixed, here: str) -> None:
    def waiting(user: User) -> set[str]:
        return {f"{each.what}: {each.obj.pk}" for each in waiting_for(user) if region_id_of(each.obj) == office.here.pk}

    alone = waiting(colleague(f"only {here}", Role(here), office.here))
    for away in ROLES:
        assert waiting(mixed(here, away)) == alone, away
