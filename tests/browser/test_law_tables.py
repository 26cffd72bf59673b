"""A policy officer changes rates in their table, with the keyboard alone, and puts them back."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from policies.models import PolicyVersion, ReimbursementRate
from policies.services.versions import draft_version
from tests.browser.conftest import LogIn
from tests.builder.office import REASON, Office

pytestmark = pytest.mark.browser

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "edit": "Edit the rates",
        "rates": "reimbursement rates · general outpatient",
        "cells": ("tertiary grade A · active", "tertiary grade A · retired"),
        "was": "was 55%",
        "undo": "Undo all changes of this table",
        "saved": "2 rules were changed.",
        "unchecked": "so the words could not be looked for",
        "tab": "Benefits",
    },
    "zh-hans": {
        "edit": "编辑支付比例",
        "rates": "支付比例 · 普通门诊",
        "cells": ("三级甲等 · 在职", "三级甲等 · 退休"),
        "was": "原为 55%",
        "undo": "撤销本表全部更改",
        "saved": "已更改 2 条规则。",
        "unchecked": "无法核对所引字句",
        "tab": "待遇标准",
    },
}


def a_draft(office: Office) -> PolicyVersion:
    """A draft of the policy officer's in which nothing was changed."""
    held = PolicyVersion.objects.get(region=office.here, label="2024-01")
    facts: dict[str, Any] = {"label": "2025-07", "first_day": date(2025, 7, 1), "last_day": None}
    return draft_version(held, **facts, actor=office.staff["policy_officer"], reason=REASON)


def cell(page: Page, said: dict[str, Any], number: int) -> Locator:
    return page.get_by_role("textbox", name=f"{said['rates']} · {said['cells'][number]}", exact=True)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_two_rates_are_changed_with_one_citation_and_put_back(log_in: LogIn, office: Office, language: str) -> None:
    said, draft = WORDS[language], a_draft(office)
    rates = ReimbursementRate.objects.filter(version=draft, benefit="general_outpatient", tier="tertiary_a")
    before = {row.status: (row.rate, row.phrase) for row in rates}
    page = log_in("policy_officer", language)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"/admin/policies/policyversion/{draft.pk}/change/")
    page.get_by_role("link", name=said["tab"], exact=True).click()
    page.get_by_role("link", name=said["edit"]).click()

    first, second = cell(page, said, 0), cell(page, said, 1)
    old = [first.input_value(), second.input_value()]
    first.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("0.6")
    page.keyboard.press("ArrowRight")
    expect(second).to_be_focused()
    expect(first).to_have_value("60%")
    page.keyboard.type("60")
    page.keyboard.press("Enter")
    expect(second).to_have_value("60%")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#id_article").fill("第七条")
    page.locator("#id_phrase").fill("60%")
    page.locator("#id_reason").fill("circular 3")
    page.locator("#id_reason").press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text(said["saved"])).to_be_visible()
    expect(page.get_by_text(said["unchecked"])).to_be_visible()

    page.get_by_role("link", name=said["tab"], exact=True).click()
    page.get_by_role("link", name=said["edit"]).click()
    marks = page.locator("[data-mark]:visible")
    expect(marks).to_have_count(2)
    expect(marks.filter(has_text=said["was"])).to_have_count(1)
    undo = page.get_by_role("button", name=said["undo"])
    undo.focus()
    page.keyboard.press("Enter")
    assert [cell(page, said, number).input_value() for number in (0, 1)] == old
    expect(marks).to_have_count(0)
    page.locator("#id_reason").fill("back again")
    page.locator("#id_reason").press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text(said["saved"])).to_be_visible()
    assert {row.status: (row.rate, row.phrase) for row in rates.all()} == before
