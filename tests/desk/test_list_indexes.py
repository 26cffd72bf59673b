"""What lists and queues ask for in tables that grow by millions is found by an index, also where little or nothing is.

A small database reads such tables to the end whatever indexes there are, so the indexes themselves are looked at.
"""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import LedgerAccount, LedgerEntry
from agency.admin import worklist
from agency.admin.views import list_url
from agency.models import FourEyes
from agency.models.process import SUBMITTED
from claims.models import Claim
from clearing.models import SettledRecord
from desk.worklist import waits_for
from tests.builder.office import Office
from tests.builder.screens import visitor

pytestmark = pytest.mark.django_db

# The lists of the tables that grow by the million, and the columns of which every value has many rows.
GROWING: dict[Any, set[str]] = {
    LedgerEntry: set(),
    LedgerAccount: set(),
    Claim: {"channel"},
    SettledRecord: set(),
}


def of_lists(model: Any) -> list[str]:
    """The columns by which the model's list is filtered."""
    return [each for each in admin.site.get_model_admin(model).list_filter if isinstance(each, str)]


@pytest.mark.parametrize("model", GROWING)
def test_every_filter_of_a_list_of_millions_has_an_index_that_begins_with_it(model: Any) -> None:
    begun = {index.fields[0] for index in model._meta.indexes if len(index.fields) > 1}
    assert set(of_lists(model)) - begun == GROWING[model]


@pytest.mark.parametrize("model", GROWING)
def test_such_an_index_is_in_the_order_of_the_list(model: Any) -> None:
    order = [
        str(column).removeprefix("-").removesuffix("_id") for column in admin.site.get_model_admin(model).ordering or ()
    ]
    for index in model._meta.indexes:
        if len(index.fields) > 1 and index.fields[0] in of_lists(model):
            assert [column.removeprefix("-") for column in index.fields[1:]] == order, index.name


def test_a_region_is_asked_for_by_its_number(office: Office) -> None:
    """Of a number the database knows how many rows there are, and which way to them is short."""
    root = visitor(office.staff["root"])
    for model in ("accounts_ledgerentry", "claims_claim", "members_member", "accounts_ledgeraccount"):
        with CaptureQueriesContext(connection) as queries:
            response = root.get(reverse(f"admin:{model}_changelist"), {"region": office.here.slug})
        assert response.context["cl"].result_count
        assert not [each["sql"] for each in queries if f"= '{office.here.slug}'" in each["sql"]], model
        elsewhere = root.get(reverse(f"admin:{model}_changelist"), {"region": "nowhere"})
        assert elsewhere.context["cl"].result_count == 0


def test_home_lists_the_first_kinds_of_what_waits_and_leads_to_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many kinds wait, and however much of each, home asks and says no more."""
    monkeypatch.setattr(worklist, "LISTED_QUEUES", 3)
    monkeypatch.setattr(worklist, "SHOWN_TOGETHER", 3)
    root = office.staff["root"]
    together, all_of_them = waits_for(root, together=True), waits_for(root)
    assert len(all_of_them) > 3
    assert [(each.queue, each.count) for each in together] == [(each.queue, each.count) for each in all_of_them]
    assert [len(each.first) for each in together] == [1] * 3 + [0] * (len(together) - 3)
    page = visitor(root).get(reverse("admin:index")).content.decode()
    for each in together:
        assert f'href="{list_url(each.queue.model)}"' in page


def test_what_waits_for_a_decision_is_found_in_the_order_in_which_it_waits() -> None:
    decided: list[Any] = [model for model in apps.get_models() if issubclass(model, FourEyes)]
    assert decided
    for model in decided:
        waiting = [index for index in model._meta.indexes if index.condition == models.Q(state=SUBMITTED)]
        assert ["submitted_at"] in [index.fields for index in waiting], model
