"""What a page weighs: a list of fifty rows comes quickly also over a thin line."""

import re

import pytest
from django.urls import reverse

from tests.builder.office import Office
from tests.builder.screens import visitor
from tests.desk.pages import EVERYBODYS, MODELS

pytestmark = pytest.mark.django_db

ROWS = 50
# No page may weigh more than 300 kB; a list leaves half of that to what its rows say.
BYTES = 150_000


def test_a_list_of_fifty_rows_weighs_half_of_what_a_page_may(office: Office) -> None:
    root = visitor(office.staff["root"], "zh-hans")
    heavy = {}
    for model in MODELS:
        page = root.get(reverse(f"admin:{model}_changelist") + EVERYBODYS.get(model, "")).content
        rows = [len(row) for row in re.findall(rb"<tbody.*?</tbody>", page, re.DOTALL)]
        assert rows, model
        weight = len(page) - sum(rows) + ROWS * max(rows)
        if weight > BYTES:
            heavy[model] = weight
    assert heavy == {}
