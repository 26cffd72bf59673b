"""The monthly reports: on the page, and as a workbook made for printing."""

import io
import re
import zipfile
from html import unescape

import pytest
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, override
from python_calamine import CalamineWorkbook

from agency.models import Export
from claims.selectors.monthly import payments_by_provider
from tests.builder.office import MONTH, Office
from tests.builder.screens import visitor

pytestmark = pytest.mark.django_db


def address(office: Office, name: str = "") -> str:
    return reverse(f"admin:agency_export_monthly_reports{name}") + f"?region={office.here.pk}&month=2024-03"


def taken() -> QuerySet[Export]:
    """What is recorded of monthly reports."""
    return Export.objects.filter(listed="monthly_reports")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_workbook_says_what_the_page_says_with_titles_sums_and_page_numbers(office: Office, language: str) -> None:
    client = visitor(office.staff["finance"], language)
    page = client.get(address(office)).content.decode()
    written = client.post(address(office, "_file")).getvalue()
    book = CalamineWorkbook.from_filelike(io.BytesIO(written))
    sheets = [book.get_sheet_by_index(place).to_python() for place in range(3)]
    titles = ("Credits by fund and kind", "Payments by tier, benefit and kind of member", "Payments by provider")
    with override(language):
        assert [rows[0][0] for rows in sheets] == [gettext(title) for title in titles]
        assert all(gettext(title) in unescape(page) for title in titles)
        region = str(office.here)
        together = gettext("Together")
    providers = payments_by_provider(office.here, MONTH)
    by_provider = sheets[2]
    assert str(by_provider[1][0]).startswith(region)
    assert [row[0] for row in by_provider[4:-1]] == [each.code for each in providers]
    assert by_provider[-1][0] == together
    assert by_provider[-1][3] == sum(float(each.paid.expense) for each in providers)
    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        names = parts.read("xl/workbook.xml").decode()
        drawn = [parts.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2, 3)]
    # A4, as wide as a page and as long as it takes, and the page's number of how many.
    for sheet in drawn:
        assert '<pageSetUpPr fitToPage="1"/>' in sheet
        assert re.search(r'<pageSetup paperSize="9"[^>]* fitToHeight="0"', sheet)
        assert "fitToWidth" not in sheet  # What is not said is one page.
        assert re.search(r"<oddFooter>&amp;L.+&amp;R&amp;P / &amp;N", sheet)
    # The line of the headings comes again on every page.
    repeated = re.findall(r'name="_xlnm.Print_Titles" localSheetId="(\d)">\'\d\'!\$(\d+):\$(\d+)<', names)
    assert repeated == [("0", "4", "4"), ("1", "4", "4"), ("2", "4", "4")]
    sheet = drawn[2]
    assert providers
    assert "<f>SUM(D5" in sheet


@pytest.mark.parametrize(
    ("role", "status"), [("clerk", 200), ("auditor", 200), ("system_administrator", 403), ("nobody", 403)]
)
def test_reports_are_for_whoever_sees_accounts_and_claims(office: Office, role: str, status: int) -> None:
    for name in ("", "_file"):
        assert visitor(office.staff[role]).get(address(office, name)).status_code in (status, 302)
    assert visitor(office.staff[role]).post(address(office, "_file")).status_code in (status, 302)
    assert taken().exists() == (status == 200)


@pytest.mark.parametrize(("language", "listed"), [("en", "Monthly reports"), ("zh-hans", "月度报表")])
def test_who_takes_a_months_reports_is_recorded(office: Office, language: str, listed: str) -> None:
    finance = office.staff["finance"]
    client = visitor(finance, language)
    assert client.get(address(office, "_file"))["Content-Type"].startswith("text/html")
    assert not taken().exists()
    written = client.post(address(office, "_file")).getvalue()
    book = CalamineWorkbook.from_filelike(io.BytesIO(written))
    export = taken().get()
    assert (export.asked_by, export.region, export.form, export.query) == (
        finance,
        office.here,
        "xlsx",
        "month=2024-03",
    )
    # Beside the rows a sheet has three lines above its headings, the headings and the sums.
    assert export.rows == sum(len(book.get_sheet_by_index(place).to_python()) - 5 for place in range(3))
    for page in ("changelist", "change"):
        where = reverse(f"admin:agency_export_{page}", args=[export.pk] if page == "change" else [])
        text = client.get(where).content.decode()
        assert listed in text
        assert "2024" in text


def test_another_regions_month_is_not_shown(office: Office) -> None:
    page = visitor(office.staff["clerk_away"]).get(address(office))
    assert page.status_code == 200
    assert "tables" not in page.context
