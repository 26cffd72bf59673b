"""Contributions and average pensions from files, by a real worker: previewed, corrected, brought again, taken back."""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect

from config.celery import app
from members.models import Contribution
from policies.models import AveragePension, PensionState
from tests.browser.conftest import LogIn
from tests.processes import worker

pytestmark = pytest.mark.browser

WITHIN = 60_000
HEADER = "个人编号,缴费月份,月缴费基数（元）,到账日期"


def written(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "一份文件.csv"
    path.write_text("\n".join(["按月报送明细", header, *rows]), encoding="gb18030")
    return path


def bring(page: Page, path: Path, said: dict[str, str]) -> None:
    page.goto(reverse("admin:files_fileimport_add"))
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name=said["Preview"], exact=True).click()


def count(page: Page, label: str) -> int:
    text = page.locator(".desk-count", has_text=label).locator("strong").inner_text()
    return int(text)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_contributions_are_previewed_corrected_brought_again_and_taken_back(
    log_in: LogIn, tmp_path: Path, language: str
) -> None:
    app.control.purge()
    with override(language):
        names = ("Preview", "Confirm", "Import", "Take back", "new", "wrong", "unchanged")
        said = {name: gettext(name) for name in names}
        states = {name: gettext(name) for name in ("to be confirmed", "imported", "taken back")}
    clerk = log_in("clerk", language)
    with worker():
        bring(
            clerk, written(tmp_path, "P0001,2024年1月,￥6,200.00元,2024-1-15", 'P0002,202401,"5,800",2024/1/15'), said
        )
        # The worker reads it; nobody touches the page. An amount with a comma outside quotes is one cell too many.
        expect(clerk.locator(".desk-badge", has_text=states["to be confirmed"]).first).to_be_visible(timeout=WITHIN)
        assert (count(clerk, said["new"]), count(clerk, said["wrong"])) == (1, 1)

        bring(
            clerk, written(tmp_path, 'P0001,2024年1月,"￥6,200.00元",2024-1-15', 'P0002,202401,"5,800",2024/1/15'), said
        )
        expect(clerk.locator(".desk-badge", has_text=states["to be confirmed"]).first).to_be_visible(timeout=WITHIN)
        assert (count(clerk, said["new"]), count(clerk, said["wrong"])) == (2, 0)
        expect(clerk.get_by_text("6200.00")).to_be_visible()
        before = Contribution.objects.count()
        clerk.get_by_role("link", name=said["Confirm"], exact=True).click()
        clerk.get_by_role("button", name=said["Import"], exact=True).click()
        expect(clerk.locator(".desk-badge", has_text=states["imported"]).first).to_be_visible(timeout=WITHIN)
        assert Contribution.objects.count() == before + 2

        clerk.get_by_role("link", name=said["Take back"], exact=True).click()
        clerk.fill("[name=reason]", "二月的文件")
        clerk.get_by_role("button", name=said["Take back"], exact=True).click()
        expect(clerk.locator(".desk-badge", has_text=states["taken back"]).first).to_be_visible(timeout=WITHIN)
        assert Contribution.objects.count() == before


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_average_pensions_are_previewed_corrected_brought_again_and_taken_back(
    log_in: LogIn, tmp_path: Path, language: str
) -> None:
    app.control.purge()
    with override(language):
        said = {name: gettext(name) for name in ("Preview", "Confirm", "Import", "Take back", "new", "doubtful")}
        states = {name: gettext(name) for name in ("to be confirmed", "imported", "taken back")}
    header, officer = "年度,每月金额（元）,正式数据", log_in("policy_officer", language)
    before = AveragePension.objects.count()
    with worker():
        # Of 2022 there are 3,210 yuan a month: a sum of the year was entered.
        bring(officer, written(tmp_path, "2020,3050.00,是", "2023,38376.00,是", header=header), said)
        expect(officer.locator(".desk-badge", has_text=states["to be confirmed"]).first).to_be_visible(timeout=WITHIN)
        assert (count(officer, said["new"]), count(officer, said["doubtful"])) == (1, 1)
        expect(officer.get_by_text("12.0")).to_be_visible()

        bring(officer, written(tmp_path, "2020,3050.00,是", "2023,3198.00,是", header=header), said)
        expect(officer.locator(".desk-badge", has_text=states["to be confirmed"]).first).to_be_visible(timeout=WITHIN)
        assert (count(officer, said["new"]), count(officer, said["doubtful"])) == (2, 0)
        officer.get_by_role("link", name=said["Confirm"], exact=True).click()
        officer.get_by_role("button", name=said["Import"], exact=True).click()
        expect(officer.locator(".desk-badge", has_text=states["imported"]).first).to_be_visible(timeout=WITHIN)
        assert AveragePension.objects.filter(state=PensionState.SUBMITTED).count() >= 2
        assert AveragePension.objects.count() == before + 2

        officer.get_by_role("link", name=said["Take back"], exact=True).click()
        officer.fill("[name=reason]", "另有公报")
        officer.get_by_role("button", name=said["Take back"], exact=True).click()
        expect(officer.locator(".desk-badge", has_text=states["taken back"]).first).to_be_visible(timeout=WITHIN)
        assert AveragePension.objects.count() == before
