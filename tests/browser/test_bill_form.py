"""The form of a bill at its edges: a session that ended, a paste that looks like a heading, two presses, paper."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from files.importing.cells import AmountCell
from files.importing.spelling import CellRefused
from tests.browser.conftest import LogIn
from tests.browser.forms import choose, paste

pytestmark = pytest.mark.browser

UNTRIED = {"en": "The trial could not be made.", "zh-hans": "试算未能完成。"}


def begun(page: Page) -> None:
    """A bill of 1,000.00 yuan whose trial is shown."""
    page.goto("/admin/claims/claim/add/")
    choose(page, "member", "P0001", "张伟")
    choose(page, "provider", "枣庄", "枣庄市立医院")
    page.locator("#id_served_on").fill("2024-03-21")
    page.locator("#id_lines-0-amount").fill("1000.00")
    expect(page.locator("[data-try] table").first).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_trial_after_the_session_says_what_to_do(log_in: LogIn, language: str) -> None:
    page = log_in("clerk", language)
    begun(page)
    kept = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.locator("#id_lines-0-amount").fill("1001.00")
    tried = page.locator("[data-try]")
    expect(tried).to_contain_text(UNTRIED[language])
    expect(tried.locator("input")).to_have_count(0)
    expect(tried).to_have_attribute("aria-busy", "false")
    expect(page.locator("#try-spoken")).to_contain_text(UNTRIED[language])
    # Logged in again in another window.
    page.context.add_cookies([cookie for cookie in kept if cookie["name"] == "sessionid"])  # type: ignore[misc]
    page.locator("#id_lines-0-amount").fill("1002.00")
    expect(tried.locator("table").first).to_be_visible()
    expect(tried).not_to_contain_text(UNTRIED[language])


@pytest.mark.parametrize("answer", ["500", "403", "away"])
def test_a_trial_without_an_answer_says_so_and_is_over(log_in: LogIn, answer: str) -> None:
    page = log_in("clerk")
    begun(page)

    def disturb(route: Route) -> None:
        if answer == "away":
            route.abort()
        else:
            route.fulfill(status=int(answer), body="<h1>fault</h1>", content_type="text/html")

    page.route("**/try/", disturb)
    page.locator("#id_lines-0-amount").fill("1001.00")
    tried = page.locator("[data-try]")
    expect(tried.get_by_text(UNTRIED["en"])).to_be_visible()
    expect(tried).to_have_attribute("aria-busy", "false")
    expect(tried).not_to_contain_text("fault")


def test_a_screen_reader_hears_one_sentence_of_a_trial(log_in: LogIn) -> None:
    page = log_in("clerk")
    begun(page)
    spoken = page.locator("#try-spoken")
    expect(spoken).to_have_text("The fund pays 600.00 yuan.")
    expect(page.locator("[data-try][aria-live]")).to_have_count(0)
    page.locator("#id_served_on").fill("2022-11-30")
    expect(spoken).not_to_have_text("The fund pays 600.00 yuan.")


def test_every_button_that_removes_a_line_names_it(log_in: LogIn) -> None:
    page = log_in("clerk")
    page.goto("/admin/claims/claim/add/")
    rows = page.locator("[data-lines] tbody tr")
    page.get_by_role("button", name="Add a line").click()
    expect(rows).to_have_count(4)
    page.locator("#id_lines-2-name").fill("third")
    page.get_by_role("button", name="Remove line 2").click()
    expect(rows).to_have_count(3)
    expect(page.locator("#id_lines-1-name")).to_have_value("third")
    for number in (1, 2, 3):
        expect(page.get_by_role("button", name=f"Remove line {number}")).to_have_count(1)


def test_a_name_that_is_called_like_another_column_is_a_name(log_in: LogIn) -> None:
    page = log_in("clerk")
    page.goto("/admin/claims/claim/add/")
    paste(page, page.locator("#id_lines-0-name"), "金额\n阿莫西林\n")
    expect(page.get_by_text("Rows taken: 2.")).to_be_visible()
    expect(page.locator("#id_lines-0-name")).to_have_value("金额")
    expect(page.locator("#id_lines-1-name")).to_have_value("阿莫西林")
    # Its own column's heading is one.
    paste(page, page.locator("#id_lines-0-amount"), "金额\n12.00\n")
    expect(page.locator("#id_lines-0-amount")).to_have_value("12.00")


def test_a_form_is_sent_once_and_again_after_it_was_held_back(log_in: LogIn) -> None:
    page = log_in("clerk")
    begun(page)
    held: list[Route] = []
    page.route("**/claim/add/", lambda route: held.append(route))  # noqa: PLW0108  Playwright marks what it is given.
    page.get_by_label("Claim number").fill("C9600")
    # What could not be read holds the form back; that is no sending.
    paste(page, page.locator("#id_lines-0-amount"), "ten")
    register = page.get_by_role("button", name="Register a claim")
    register.click()
    expect(page.get_by_text("Some pasted cells were not understood.")).to_be_visible()
    expect(page.locator("form[data-sent]")).to_have_count(0)
    page.locator("#id_lines-0-amount").fill("1000.00")
    # By a script, for Playwright's own click would wait for the first answer.
    register.evaluate("button => { button.click(); setTimeout(() => button.click(), 300); }")
    page.wait_for_timeout(1000)
    assert len(held) == 1
    held[0].continue_()
    expect(page.get_by_text("Not calculated yet.")).to_be_visible()


def test_a_form_that_is_still_there_after_a_while_can_be_sent_again(log_in: LogIn) -> None:
    page = log_in("clerk")
    page.clock.install()
    page.goto("/admin/claims/claim/add/")
    form = page.locator("form[enctype]")
    # An answer without a page, as a download is.
    page.route("**/claim/add/", lambda route: route.fulfill(status=204))
    button = page.get_by_role("button", name="Register a claim")
    button.click()
    expect(form).to_have_attribute("data-sent", "")
    page.clock.run_for(15_000)
    expect(form).not_to_have_attribute("data-sent", "")


def test_a_reimbursement_and_its_papers_are_printed_whole(log_in: LogIn, office: Any) -> None:
    from reimbursements.services.reimbursements import register_reimbursement
    from tests.builder.office import REASON, TODAY, visit

    claim = visit(office.members[0], office.objs["provider_zaozhuang"], "C9700", date(2024, 3, 20), filed_on=TODAY)
    opened = register_reimbursement(claim, actor=office.staff["clerk"], reason=REASON)
    page = log_in("supervisor")
    page.goto(f"/admin/reimbursements/reimbursement/{opened.pk}/examine/")
    expect(page.get_by_role("link", name="Back")).to_be_visible()
    page.emulate_media(media="print")
    halves = page.locator(".desk-examine-half")
    expect(halves).to_have_count(2)
    for number in (0, 1):
        # Nothing of it is behind a scroll bar.
        assert halves.nth(number).evaluate("half => half.scrollHeight <= half.clientHeight + 1")
        expect(halves.nth(number)).to_have_css("overflow", "visible")
    expect(page.get_by_role("link", name="Back")).to_be_hidden()


def test_what_is_pasted_takes_the_spellings_of_files(log_in: LogIn) -> None:
    """Each amount as the reader of files reads it; what that refuses is marked, lost digits with their own sentence."""
    spelled = [
        "1,200.00",
        "￥1200.5",
        "１２００元",
        "人民币 1200 元整",
        "1 200.00",
        "'12.5",
        "0.12345万元",
        "12.",
        "1,20",
        "5.3E+11",
    ]
    page = log_in("clerk")
    page.goto("/admin/claims/claim/add/")
    rows = [f"'8690{place:02}.0\t药\t甲\t{text}\t10％" for place, text in enumerate(spelled)]
    heading = "*医保编码\t类 别\t甲乙类【必填】\t金额（元）\t自付比例(%)"
    paste(page, page.locator("#id_lines-0-amount"), "\n".join([heading, *rows, "合 计：\t\t\t9\t"]))
    expect(
        page.get_by_text(f"Rows taken: {len(spelled)}. Marked for you: 3. Rows of sums left out: 1.")
    ).to_be_visible()
    for place, text in enumerate(spelled):
        try:
            read: Decimal | None = AmountCell().clean(text)
        except CellRefused:
            read = None
        shown = page.locator(f"#id_lines-{place}-amount").input_value()
        assert (Decimal(shown) if shown else None) == read
        assert page.locator(f"#id_lines-{place}-code").input_value() == f"8690{place:02}"
        assert page.locator(f"#id_lines-{place}-upfront_rate").input_value() == "10"
    expect(page.get_by_role("button", name="scientific notation")).to_have_count(1)


def test_a_heading_in_ten_thousands_is_part_of_every_amount(log_in: LogIn) -> None:
    page = log_in("clerk")
    page.goto("/admin/claims/claim/add/")
    paste(page, page.locator("#id_lines-0-amount"), "金额（万元）\t自付比例（%）\n1.25\t0.5\n")
    expect(page.locator("#id_lines-0-amount")).to_have_value("12500")
    expect(page.locator("#id_lines-0-upfront_rate")).to_have_value("0.5")
