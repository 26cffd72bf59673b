"""Tables of a draft's rules: cells typed in place, marked, put back; what cannot be read is said beside its cell."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from agency.models import Role, User
from policies.admin.edit_tables import FAMILIES
from policies.admin.entering import share_of, yuan_of
from policies.admin.grids import cell_name, key_of
from policies.models import CreditRule, PolicyVersion, ReimbursementRate, UpfrontShare
from tests.builder import REASON, region, staff
from tests.builder.screens import visitor
from tests.policies.drafts import draft_of, rate_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return staff("officer", Role.POLICY_OFFICER, region=region("pingliang"))


@pytest.fixture
def desk(officer: User) -> Client:
    return visitor(officer)


@pytest.fixture
def draft(officer: User) -> PolicyVersion:
    return draft_of("pingliang", officer)


def address(version: PolicyVersion, family: str = "rates") -> str:
    return reverse("admin:policies_policyversion_tables", args=[version.pk, family])


def opened(desk: Client, version: PolicyVersion, family: str = "rates") -> dict[str, str]:
    """What a browser would send of the page as it is."""
    response = desk.get(address(version, family))
    assert response.status_code == 200
    form = response.context["form"]
    shown: dict[str, str] = json.loads(form.cells)
    return {
        **shown,
        "cells": form.cells,
        "entry": str(form.entry),
        "instrument": str(version.instrument_id),
        "article": "第七条",
        "phrase": "66%",
        "reading": "",
        "reason": REASON,
    }


def rate_cell(version: PolicyVersion) -> str:
    row = rate_of(version)
    return cell_name(ReimbursementRate, key_of(row), "rate")


def cells_of(response: Any) -> dict[str, Any]:
    return {cell.name: cell for grid in response.context["form"].grids for line in grid.lines for cell in line.cells}


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("55", "0.55"),
        ("55%", "0.55"),
        ("0.55", "0.55"),
        ("65", "0.65"),
        ("0.65", "0.65"),
        ("0.5%", "0.005"),
        ("0", "0"),
        ("100", "1"),
        ("1%", "0.01"),
        ("1", None),
        ("1.00", None),
        ("100.01", None),
        ("165%", None),
        ("-5", None),
        ("0.55555", None),
        ("五成", None),
    ],
)
def test_a_share_is_typed_in_percent_or_as_a_fraction(typed: str, share: str | None) -> None:
    if share is None:
        with pytest.raises(ValidationError):
            share_of(typed)
    else:
        assert share_of(typed) == Decimal(share)


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [("1,000.00", "1000"), ("1000", "1000"), ("¥200.5元", "200.5"), ("0.001", None), ("1,00", None), ("-1", None)],
)
def test_an_amount_is_typed_with_at_most_two_decimals(typed: str, yuan: str | None) -> None:
    if yuan is None:
        with pytest.raises(ValidationError):
            yuan_of(typed)
    else:
        assert yuan_of(typed) == Decimal(yuan)


@pytest.mark.parametrize("slug", ["pingliang", "zaozhuang", "kaifeng"])
def test_every_family_shows_every_figure_of_a_draft_and_reads_it_back_unchanged(officer: User, slug: str) -> None:
    root = User.objects.create_superuser("root")
    draft, desk = draft_of(slug, officer), visitor(root)
    for family in FAMILIES.values():
        sent = opened(desk, draft, family.name)
        for model in family.models:
            rows = model._default_manager.filter(version=draft)
            assert {cell_name(model, key_of(row), name) for row in rows for name in row.value_fields[-1:]} <= set(sent)
        response = desk.post(address(draft, family.name), sent)
        assert response.context["form"].non_field_errors() == ["Nothing was changed."]


def test_two_cells_are_changed_and_the_page_marks_them_with_what_they_were(desk: Client, draft: PolicyVersion) -> None:
    sent, name = opened(desk, draft), rate_cell(draft)
    other = name.replace("secondary", "tertiary_a")
    assert (sent[name], sent[other]) == ("60%", "55%")
    response = desk.post(address(draft), sent | {name: "66", other: "0.66"})
    assert response.status_code == 302
    rows = ReimbursementRate.objects.filter(version=draft, phrase="66%")
    assert [row.rate for row in rows] == [Decimal("0.66")] * 2
    cells = cells_of(desk.get(address(draft)))
    assert [(cells[each].text, cells[each].was) for each in (name, other)] == [("66%", "60%"), ("66%", "55%")]
    assert {each for each, cell in cells.items() if cell.is_changed} == {name, other}

    undone = opened(desk, draft) | {name: "60%", other: "55%", "article": "", "phrase": ""}
    assert desk.post(address(draft), undone).status_code == 302
    assert not ReimbursementRate.objects.filter(version=draft, phrase="66%").exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [("165", "more than 100%"), ("1", "Write it with the sign"), ("sixty", "Write a share"), ("60.555%", "decimals")],
)
def test_a_cell_that_cannot_be_read_is_marked_and_keeps_all_back(
    desk: Client, draft: PolicyVersion, typed: str, said: str
) -> None:
    sent, name = opened(desk, draft), rate_cell(draft)
    response = desk.post(address(draft), sent | {name: typed, name.replace("secondary", "primary"): "66"})
    cell = cells_of(response)[name]
    assert said in cell.problem
    assert cell.text == typed
    assert rate_of(draft).rate == Decimal("0.6000")
    assert not ReimbursementRate.objects.filter(version=draft, phrase="66%").exists()


def test_a_change_without_citation_is_refused_beside_the_field(desk: Client, draft: PolicyVersion) -> None:
    sent, name = opened(desk, draft), rate_cell(draft)
    response = desk.post(address(draft), sent | {name: "66", "article": "", "phrase": ""})
    assert list(response.context["form"].errors) == ["article", "phrase"]


def test_whoever_saves_an_old_page_is_told_who_changed_the_cell(
    desk: Client, officer: User, draft: PolicyVersion
) -> None:
    sent, name = opened(desk, draft), rate_cell(draft)
    second = visitor(staff("second", Role.POLICY_OFFICER, region=region("pingliang"), display_name="Second Officer"))
    second.post(address(draft), opened(second, draft) | {name: "67"})
    response = desk.post(address(draft), sent | {name: "66"})
    (refused,) = response.context["form"].non_field_errors()
    assert "Second Officer" in refused
    assert "0.6000 → 0.67" in refused
    assert rate_of(draft).rate == Decimal("0.67")
    again = json.loads(response.context["form"].cells)
    assert again[name] == "67%"


def test_an_emptied_cell_drops_its_rule_and_a_filled_one_adds_it(desk: Client, draft: PolicyVersion) -> None:
    name = rate_cell(draft)
    for_all = name.replace("active", "all")
    sent = opened(desk, draft)
    retired = name.replace("active", "retired")
    desk.post(address(draft), sent | {name: "", retired: "", for_all: "unset"})
    rows = ReimbursementRate.objects.filter(version=draft, benefit="general_outpatient", tier="secondary")
    assert [(row.status, row.rate) for row in rows] == [("all", None)]


def test_credits_and_shares_have_a_column_for_each_figure(desk: Client, draft: PolicyVersion) -> None:
    credit = CreditRule.objects.filter(version=draft, method="share_of_base").first()
    assert credit is not None
    name = cell_name(CreditRule, key_of(credit), "rate")
    assert desk.post(address(draft, "credits"), opened(desk, draft, "credits") | {name: "2.25"}).status_code == 302
    credit.refresh_from_db()
    assert credit.rate == Decimal("0.0225")
    drop = name.replace(":rate", ":drop")
    assert desk.post(address(draft, "credits"), opened(desk, draft, "credits") | {drop: "1"}).status_code == 302
    assert not CreditRule.objects.filter(pk=credit.pk).exists()

    share = UpfrontShare.objects.filter(version=draft).first()
    assert share is not None
    name = cell_name(UpfrontShare, key_of(share), "rate")
    for typed, stored in (("12", (Decimal("0.12"), False)), ("catalogue", (None, True)), ("unset", (None, False))):
        response = desk.post(address(draft, "shares"), opened(desk, draft, "shares") | {name: typed})
        assert response.status_code == 302, response.context["form"].errors
        share.refresh_from_db()
        assert (share.rate, share.from_catalogue) == stored


def test_a_rule_of_another_key_is_added_below_the_tables(desk: Client, draft: PolicyVersion) -> None:
    sent = opened(desk, draft, "deductibles")
    new = {"benefit": "general_outpatient", "age_from": "80", "factor": "50"}
    filled = {f"new:deductiblefactor:{name}": text for name, text in new.items()}
    assert desk.post(address(draft, "deductibles"), sent | filled).status_code == 302
    assert draft.deductiblefactor_rows.get(age_from=80).factor == Decimal("0.5")
    half = {"new:deductiblefactor:benefit": "general_outpatient"}
    response = desk.post(address(draft, "deductibles"), opened(desk, draft, "deductibles") | half)
    blank = {cell.name: cell.problem for _kind, cells in response.context["form"].blanks for cell in cells}
    assert blank["new:deductiblefactor:factor"]


def test_published_law_has_no_cells_that_are_saved(desk: Client, draft: PolicyVersion) -> None:
    law = draft.copied_from
    assert law is not None
    sent, name = opened(desk, law), rate_cell(law)
    response = desk.post(address(law), sent | {name: "66"})
    assert "does not allow it" in response.context["form"].non_field_errors()[0]
    clerk = visitor(staff("clerk", Role.CLERK, region=region("pingliang")))
    assert clerk.get(address(draft)).status_code == 403
    assert visitor(staff("away", Role.POLICY_OFFICER, region=region("kaifeng"))).get(address(draft)).status_code == 404


def test_names_of_cells_that_there_cannot_be_change_nothing(desk: Client, draft: PolicyVersion) -> None:
    sent = opened(desk, draft)
    wrong = {"reimbursementrate:general_outpatient~castle~active:rate": "66", "user:1:rate": "1", "a:b": "c"}
    response = desk.post(address(draft), sent | wrong)
    assert response.context["form"].non_field_errors() == ["Nothing was changed."]
