"""A clerk asks a colleague by keyboard, and the colleague finishes what was asked."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LogIn
from tests.builder.office import Office
from tests.builder.screens import button

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("language", "write", "written", "finish", "done"),
    [
        ("en", "Write a note", "The note is written", "Finish", "The task is done."),
        ("zh-hans", "添加备注", "备注已添加", "办结", "已办结。"),
    ],
)
def test_a_colleague_is_asked_by_keyboard_and_finishes_it(
    log_in: LogIn, office: Office, language: str, write: str, written: str, finish: str, done: str
) -> None:
    member = office.members[1]
    clerk = log_in("clerk", language)
    clerk.goto(button("change", member))
    clerk.get_by_role("link", name=write).press("Enter")
    clerk.get_by_role("textbox").first.fill("材料已补齐，请审核")
    clerk.keyboard.press("Tab")
    clerk.keyboard.type("financ")
    clerk.keyboard.press("Enter")
    expect(clerk.get_by_role("listitem", name="finance")).to_be_visible()
    clerk.get_by_role("button", name=write).press("Enter")
    expect(clerk.get_by_text(written)).to_be_visible()
    row = clerk.get_by_role("row", name="材料已补齐，请审核")
    expect(row).to_contain_text("finance")
    expect(row.get_by_role("link", name=finish)).to_have_count(0)

    finance = log_in("finance", language)
    finance.get_by_role("link", name="材料已补齐，请审核").click()
    finance.get_by_role("link", name=finish, exact=True).press("Enter")
    finance.get_by_role("button", name=finish, exact=True).press("Enter")
    expect(finance.get_by_text(done)).to_be_visible()
    finance.goto("/admin/")
    expect(finance.get_by_role("link", name="材料已补齐，请审核")).to_have_count(0)
