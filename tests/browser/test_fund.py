"""Read the fund: the chart at home, its table to the fen, the claims behind a month, the file and the paper."""

import re

import pytest
from django.utils.translation import override
from playwright.sync_api import expect

from agency.admin import formats
from claims.selectors.monthly import payments_by_kind
from desk.services.months import add_up_months
from tests.browser.conftest import LogIn
from tests.builder.office import MONTH, TODAY, Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": ("The fund", "Paid by the fund, by month", "As CSV"),
    "zh-hans": ("基金运行", "基金支付（按月）", "导出CSV"),
}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_supervisor_reads_the_fund_down_to_the_claims(log_in: LogIn, office: Office, language: str) -> None:
    the_fund, by_month, as_csv = WORDS[language]
    add_up_months(office.here, today=TODAY)
    paid = sum(row.paid.fund for row in payments_by_kind(office.here, MONTH))
    with override(language):
        month_in_words = formats.month(MONTH)
    page = log_in("supervisor", language)
    at_home = page.get_by_role("region", name=by_month)
    expect(at_home.get_by_role("img", name=by_month)).to_be_visible()
    page.get_by_role("link", name=the_fund).first.click()
    payments = page.get_by_role("region", name=by_month)
    month = payments.get_by_role("row").filter(has_text=month_in_words)
    expect(month).to_contain_text(f"{paid:,.2f}")
    with page.expect_download() as download:
        payments.get_by_role("button", name=as_csv).click()
    assert download.value.suggested_filename.endswith(".csv")
    assert f"{paid:.2f}" in download.value.path().read_text(encoding="utf-8-sig")
    page.emulate_media(media="print")
    expect(payments.get_by_role("button", name=as_csv)).to_be_hidden()
    expect(month).to_be_visible()
    page.emulate_media(media="screen")
    month.get_by_role("link").click()
    page.wait_for_url(re.compile("/claims/claim/.*state__exact=settled"))
    expect(page.locator("#result_list tbody tr")).not_to_have_count(0)
