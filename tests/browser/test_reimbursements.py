"""A bill from an out-of-area hospital, from the counter through the supervisor and finance to the bank and back."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import LogIn
from tests.browser.forms import choose, paste
from tests.processes import worker

pytestmark = pytest.mark.browser

WITHIN = 60_000

# As a hospital's list is copied from a spreadsheet: headings, thousands apart, a share with its sign.
SHEET = (
    "项目名称\t类别\t甲乙类\t金额\t自付比例\t单价\n"
    "阿托伐他汀钙片\t西药\t甲\t1,200.00\t\t12.00\n"
    "彩色多普勒超声\t检查费\t乙\t500.00\t10%\t500.00\n"
    "一次性注射器\t耗材\t不详\t100.00\t\t1.00\n"
)
# Zaozhuang 4–6 for a retiree at a secondary hospital, temporarily out of the area. Covered: 1,200.00 and 500.00 less
# 10 %, so 1,650.00. 10 % of it is borne first, 165.00; then the year's deductible of 400.00. 65 % of 1,085.00 is paid.
COVERED, BORNE_FIRST, PAID, BY_PATIENT = "1,650.00", "165.00", "705.25", "1,094.75"


def paste_without_kinds(page: Page) -> None:
    """Without columns of kind and category the form asks for both; a row that adds up the others is left out."""
    page.goto("/admin/claims/claim/add/")
    paste(page, page.get_by_label("Amount, yuan").first, "项目名称\t金额\n阿莫西林\t12.00\n合计：\t12.00\n")
    expect(page.get_by_text("Rows taken: 1. Marked for you: 2. Rows of sums left out: 1.")).to_be_visible()
    first = page.locator("[data-lines] tbody tr").first
    for name in ("Kind", "Category"):
        expect(first.get_by_label(name)).to_have_value("")
        expect(first.get_by_label(name)).to_have_attribute("aria-invalid", "true")


def upload(page: Page, kind: str, name: str, mime: str, content: bytes) -> None:
    """One paper, on the claim's page."""
    page.get_by_role("link", name="Upload a document").click()
    page.get_by_label("Kind of paper").select_option(kind)
    page.set_input_files("#id_content", FilePayload(name=name, mimeType=mime, buffer=content))
    page.get_by_role("button", name="Upload a document").click()
    expect(page.get_by_text("The document was uploaded.")).to_be_visible()


def register(page: Page) -> None:
    """With pasted lines, and the trial seen before anything is registered."""
    page.goto("/admin/claims/claim/add/")
    choose(page, "member", "P0099", "赵敏")
    choose(page, "provider", "枣庄", "枣庄市立医院")
    page.get_by_label("Claim number").fill("C9500")
    page.get_by_label("Served on").fill("2024-03-20")
    page.get_by_label("Filed on").fill("2024-04-08")
    page.get_by_label("Out of area").select_option("temporary")
    page.get_by_label("Invoice number").fill("37040001")
    paste(page, page.get_by_label("Amount, yuan").first, SHEET)
    expect(page.get_by_text("Rows taken: 3. Marked for you: 1. These columns were not taken: 单价.")).to_be_visible()
    mark = page.get_by_role("button", name="Not understood: “不详”")
    page.get_by_role("button", name="Register a claim").click()
    expect(page.get_by_text("Some pasted cells were not understood.")).to_be_visible()
    page.get_by_label("Category").nth(2).select_option("C")
    expect(mark).to_have_count(0)
    tried = page.locator("[data-try]")
    for shown in (COVERED, BORNE_FIRST, PAID, BY_PATIENT):
        expect(tried.get_by_text(shown).first).to_be_visible()
    rows = page.locator("[data-lines] tbody tr")
    expect(rows).to_have_count(3)
    rows.last.get_by_label("Amount, yuan").press("Enter")
    expect(rows).to_have_count(4)
    expect(rows.last.get_by_label("Kind")).to_be_focused()
    page.get_by_role("button", name="Register a claim").click()
    expect(page.get_by_text("The claim is registered. Go on with its papers here.")).to_be_visible()


def complete(page: Page) -> None:
    """The payee, the papers, one as a picture and one as a PDF, the others seen in original; then handed over."""
    from tests.builder.papers import pdf, picture

    home = page.url
    page.get_by_role("link", name="Kind and payee").click()
    for label, text in (("Payee", "赵敏"), ("Bank", "工商银行"), ("Bank account number", "6200123456789")):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Reason for the change").fill("counter 3")
    page.get_by_role("button", name="Kind and payee").click()
    expect(page.get_by_text("The reimbursement is changed.")).to_be_visible()
    page.locator("a.desk-link").filter(has_text="C9500").first.click()
    upload(page, "invoice", "发票.pdf", "application/pdf", pdf())
    upload(page, "record", "病历.jpg", "image/jpeg", picture("JPEG", size=(400, 300)))
    page.goto(home)
    page.get_by_role("link", name="Documents are complete").click()
    page.get_by_label("Documents complete on").fill("2024-04-08")
    page.get_by_label("Reason for the change").fill("counter 3")
    page.get_by_role("button", name="Documents are complete").click()
    expect(page.get_by_text("These papers are missing: identity or insurance certificate").first).to_be_visible()
    page.get_by_label("Why papers have no file").fill("originals seen at the counter")
    page.get_by_role("button", name="Documents are complete").click()
    page.get_by_role("link", name="Submit", exact=True).click()
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_text("waits for another person's decision")).to_be_visible()


def examine(page: Page) -> None:
    """Both halves are seen on a small screen; the files really show; then it is approved."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/admin/reimbursements/reimbursement/?q=C9500")
    page.locator("#result_list").get_by_role("link", name="C9500").click()
    page.get_by_role("link", name="Examine side by side").click()
    expect(page.get_by_text("originals seen at the counter")).to_be_visible()
    expect(page.get_by_text(PAID).first).to_be_visible()
    frame = page.locator(".desk-paper iframe")
    shown = frame.element_handle().content_frame()
    assert shown is not None
    # A frame that the browser refuses to show has an address of its own kind.
    shown.wait_for_url("**/documents/*/")
    page.get_by_role("link", name="2 prescription or medical record").press("Enter")
    picture = page.locator(".desk-paper img")
    expect(picture).to_be_in_viewport()
    expect(picture).to_have_js_property("naturalWidth", 400)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_role("link", name="Approve", exact=True).click()
    page.get_by_label("Reason for the change").fill("the other originals were seen")
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_text(f"Approved: the fund pays {PAID} yuan.")).to_be_visible()


def draft(page: Page) -> str:
    """Of everything that waits in the region; the batch's address."""
    page.goto("/admin/reimbursements/paymentbatch/add/")
    page.get_by_role("button", name="Draft").click()
    page.get_by_role("link", name="Submit", exact=True).click()
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_text("The batch waits for another person's approval.")).to_be_visible()
    return page.url


def pay(page: Page, batch: str, tmp_path: Path) -> None:
    """Take the bank's file; the bank has paid."""
    from agency.exporting.streams import csv_bytes

    page.goto(batch)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="File for the bank").click()
    file = tmp_path / "bank.csv"
    waiting.value.save_as(file)
    (row,) = csv.DictReader(StringIO(file.read_text("utf-8-sig")))
    assert (row["payee"], row["account number"], row["amount"]) == ("赵敏", "6200123456789", "705.25")
    headers = ["reference", "amount", "result", "bank's reference", "why it failed", "answered on"]
    answer = csv_bytes(headers, [[row["reference"], row["amount"], "paid", "ICBC1", "", f"{date.today():%Y-%m-%d}"]])  # noqa: DTZ011  The bank's own clock.
    page.get_by_role("link", name="Read the bank's answer").click()
    page.set_input_files("#id_file", FilePayload(name="answer.csv", mimeType="text/csv", buffer=answer))
    with worker():
        page.get_by_role("button", name="Preview", exact=True).click()
        page.get_by_role("link", name="Confirm", exact=True).click(timeout=WITHIN)
        page.get_by_role("button", name="Import", exact=True).click()
        expect(page.locator(".desk-badge", has_text="imported").first).to_be_visible(timeout=WITHIN)
    page.get_by_role("link", name="Zaozhuang #").click()
    expect(page.get_by_text("closed", exact=True)).to_be_visible()


def test_a_bill_from_elsewhere_goes_from_the_counter_to_the_bank(log_in: LogIn, office: Any, tmp_path: Path) -> None:
    from agency.models import Role
    from policies.engine.vocabulary import InsuredStatus
    from tests.builder.office import a_person, colleague

    colleague("treasurer", Role.FINANCE, office.here)
    a_person(office.here, "P0099", "赵敏", date(1950, 3, 3), sex="F", status=InsuredStatus.RETIRED)
    clerk = log_in("clerk")
    paste_without_kinds(clerk)
    register(clerk)
    complete(clerk)
    examine(log_in("supervisor"))

    finance = log_in("finance")
    batch = draft(finance)
    treasurer = log_in("treasurer")
    treasurer.goto(batch)
    treasurer.get_by_role("link", name="Approve", exact=True).click()
    treasurer.get_by_role("button", name="Approve", exact=True).click()
    expect(treasurer.get_by_text("The batch is approved.")).to_be_visible()
    pay(finance, batch, tmp_path)

    clerk.goto("/admin/reimbursements/reimbursement/?q=C9500")
    clerk.locator("#result_list").get_by_role("link", name="C9500").click()
    expect(clerk.locator("#dataset-payments-group")).to_contain_text("705.25")
    clerk.locator("a.desk-link").filter(has_text="C9500").first.click()
    clerk.get_by_role("link", name="Explanation to take home").click()
    for row, figures in (
        ("Borne first outside the region", (COVERED, "10 %", BORNE_FIRST)),
        ("Deductible due now", ("400.00",)),
        ("Reimbursement above the deductible", ("1,085.00", "65 %", PAID)),
    ):
        for figure in figures:
            expect(clerk.get_by_role("row", name=row)).to_contain_text(figure)
    expect(clerk.locator("dl.paper-amounts")).to_contain_text(PAID)
    expect(clerk.locator("dl.paper-amounts")).to_contain_text(BY_PATIENT)
