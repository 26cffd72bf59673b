"""Lists as files: what is on the screen, in cells of its own kind, for whoever may see it; recorded."""

import csv
import io
import re
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models.signals import post_init
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext, override
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from accounts.models import LedgerEntry
from agency.admin import formats
from agency.exporting.files import says_nothing, write_csv, write_xlsx
from agency.exporting.formulas import escaped
from agency.exporting.sheet import Heading, Kind, Sheet
from agency.models import Export, JobState, RoleAssignment
from agency.services import exports
from agency.services.exports import expire_exports
from agency.services.jobs import queue_job
from agency.tasks import write_export
from claims.models import Claim
from members.models import Member
from tests.builder.office import Office
from tests.builder.people import insured
from tests.builder.screens import visitor
from tests.desk.pages import EVERYBODYS, LIST_READERS, MODELS, obj, reader_away

pytestmark = pytest.mark.django_db
BUDGET = 25


def address(model: str, query: str = "") -> str:
    return reverse(f"admin:{model}_export") + query


def last() -> Export:
    return Export.objects.latest("pk")


def content(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def lines(written: bytes) -> list[list[str]]:
    assert written.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(written.decode("utf-8-sig"))))


def cells(written: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(written)).get_sheet_by_index(0).to_python()


def shown(client: Client, model: str) -> tuple[list[str], list[str]]:
    """The headings and the first row of a list on the screen, as words."""
    page = client.get(reverse(f"admin:{model}_changelist") + EVERYBODYS.get(model, "")).content.decode()
    table = page[page.index('id="result_list"') : page.index("</table>")]
    headings = re.findall(r'<th [^>]*scope="col">(.*?)</th>', table, re.DOTALL)
    first = table[table.index("<tbody") : table.index("</tbody>")]
    cells = re.findall(r'<t[hd] class="field-[^>]*>(.*?)</t[hd]>', first, re.DOTALL)
    return [words(each) for each in headings], [words(each) for each in cells]


def words(markup: str) -> str:
    """What a reader sees of a piece of a page."""
    return " ".join(unescape(strip_tags(markup)).split())


def says(exported: Any, on_screen: str) -> bool:
    """Whether a cell of a file says what the screen says: an amount, a fraction, a count, a day as what it is."""
    if exported in ("", None):
        return on_screen in ("", "—")
    if isinstance(exported, datetime):
        return formats.instant(timezone.make_aware(exported)) == on_screen
    if isinstance(exported, date):
        return any(str(write(exported)) in on_screen for write in (formats.day, formats.month))
    if isinstance(exported, float):
        number = Decimal(str(exported))
        return on_screen in (f"{number:,.2f}", f"{number:,.0f}", formats.percent(number), f"{number:.0f}")
    # A truth is a sign on the screen.
    return exported == on_screen or exported in (gettext("yes"), gettext("no"))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("model", sorted(MODELS))
def test_a_list_is_exported_with_its_headings_and_its_rows(office: Office, model: str, language: str) -> None:
    client = visitor(office.staff["root"], language)
    if model == "agency_export":
        client.post(address("agency_poolingregion"), {"form": "csv"})
    headings, first = shown(client, model)
    listed = address(model, EVERYBODYS.get(model, ""))
    plain_file = content(client.post(listed, {"form": "csv"}))
    with CaptureQueriesContext(connection) as queries:
        workbook = content(client.post(listed, {"form": "xlsx"}))
    assert len(queries) <= BUDGET
    assert lines(plain_file)[0] == cells(workbook)[0] == headings
    assert len(lines(plain_file)) > 1
    # The list of exports has grown by the last one, the audit log by that one and by the look at the list.
    row = cells(workbook)[{"agency_export": 2, "audit_access": 3}.get(model, 1)]
    with override(language):
        assert [pair for pair in zip(row, first, strict=True) if not says(*pair)] == []


def test_amounts_and_days_are_cells_of_their_own_kind(office: Office) -> None:
    client = visitor(office.staff["clerk"])
    number, posted, _kind, amount, _from, _to, month = cells(
        content(client.post(address("accounts_ledgerentry", "?kind=monthly_credit"), {"form": "xlsx"}))
    )[1]
    entry = LedgerEntry.objects.get(pk=str(number).removeprefix("#"))
    assert (posted, amount, month) == (entry.posted_on, float(entry.amount), entry.month)
    written = lines(content(client.post(address("accounts_ledgerentry", "?kind=monthly_credit"), {"form": "csv"})))
    assert written[1][1] == entry.posted_on.isoformat()
    assert (written[1][3], written[1][6]) == (f"{entry.amount:.2f}", f"{entry.month:%Y-%m}")


# --- Whose rows -----------------------------------------------------------------------------------------------------

# What belongs to the whole office is seen by everybody who may see any of it.
EVERYWHERE = {"agency_user", "agency_roleassignment", "agency_rolerequest", "agency_export"}


@pytest.mark.parametrize("model", sorted(set(MODELS) - EVERYWHERE))
def test_rows_of_another_region_are_never_in_the_file(office: Office, model: str) -> None:
    reader = visitor(reader_away(office, model))
    own = reader.get(reverse(f"admin:{model}_changelist")).context["cl"].queryset
    # What is written down of this very look is the reader's own.
    before = own.count()
    rows = lines(content(reader.post(address(model), {"form": "csv"})))
    assert len(rows) - 1 == before
    assert not own.filter(pk=obj(office, MODELS[model][0]).pk).exists()


@pytest.mark.parametrize("model", sorted(MODELS))
def test_who_may_not_see_a_list_does_not_get_it_as_a_file(office: Office, model: str) -> None:
    readers = LIST_READERS.get(model, MODELS[model][1])
    for role in sorted({"clerk", "auditor", "system_administrator", "nobody"} - readers):
        client = visitor(office.staff[role])
        assert client.post(address(model), {"form": "csv"}).status_code in (302, 403), role
    assert last() == office.objs["export"]


def test_filters_and_search_narrow_the_file_as_they_narrow_the_list(office: Office) -> None:
    client = visitor(office.staff["clerk"])

    def numbers(query: str) -> list[str]:
        return [row[0] for row in lines(content(client.post(address("claims_claim", query), {"form": "csv"})))[1:]]

    assert numbers("?q=C0001") == ["C0001"]
    assert set(numbers("?state=settled")) == set(
        Claim.objects.filter(region=office.here, state="settled").values_list("claim_number", flat=True)
    )
    assert len(numbers("")) == Claim.objects.filter(region=office.here).count()


@pytest.mark.parametrize(
    ("query", "data", "status"),
    [
        ("?member__identity_hash__startswith=a", {"form": "csv"}, 400),
        ("?provider__id__exact=x", {"form": "csv"}, 302),
        ("", {"form": "exe"}, 404),
        ("", {"form": "csv", "sheet": "another"}, 404),
    ],
)
def test_what_no_list_answers_no_file_answers(office: Office, query: str, data: dict[str, str], status: int) -> None:
    client = visitor(office.staff["clerk"])
    assert client.post(address("claims_claim", query), data).status_code == status
    assert client.get(address("claims_claim")).status_code == 302
    assert last() == office.objs["export"]


def test_a_file_takes_as_many_queries_for_many_rows_as_for_few(office: Office) -> None:
    client = visitor(office.staff["clerk"])

    def counted(model: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            content(client.post(address(model), {"form": "csv"}))
        return len(queries)

    models = ("members_member", "accounts_ledgeraccount", "claims_claim")
    before = [counted(model) for model in models]
    for _each in range(20):
        insured(office.here)
    assert [counted(model) for model in models] == before


# Lists as short as the office is small; all others may have a row for each claim, file or decision of years.
SHORT = {
    # A filter makes objects of regions; a list has as many as the office has.
    "agency_poolingregion",
    "accounts_yearlyinterest",
    "agency_export",
    "agency_roleassignment",
    "agency_rolerequest",
    "agency_user",
    "monitoring_monitoringstandard",
    "policies_localfigure",
    "simulation_simulation",
    "simulation_workedcase",
}


@pytest.mark.parametrize("model", sorted(set(MODELS) - SHORT))
def test_of_a_long_list_no_row_becomes_an_object(office: Office, model: str) -> None:
    """So that no cell asks for anything of its own: a file takes as many queries for a million rows as for one."""
    client, listed = visitor(office.staff["root"]), obj(office, MODELS[model][0])
    made: list[Any] = []

    def note(instance: Any, **_more: Any) -> None:
        # Not the new row that says who took the file.
        if instance.pk is not None:
            made.append(instance.pk)

    post_init.connect(note, sender=type(listed))
    try:
        rows = lines(content(client.post(address(model, EVERYBODYS.get(model, "")), {"form": "csv"})))
    finally:
        post_init.disconnect(note, sender=type(listed))
    assert len(rows) > 1
    assert made == []


def test_more_rows_of_these_take_no_more_queries(office: Office) -> None:
    client = visitor(office.staff["root"])
    models = ("agency_job", "files_fileimport", "monitoring_reviewflag", "claims_resettlement")

    def counted(model: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            content(client.post(address(model), {"form": "csv"}))
        return len(queries)

    before = [counted(model) for model in models]
    for number in range(20):
        queue_job("raise_flags", region=office.here, actor=None)
        for name, change in (("file_import", {}), ("review_flag", {"key": f"another {number}"})):
            row = type(obj(office, name)).objects.get(pk=obj(office, name).pk)
            row.pk = None
            for field, value in change.items():
                setattr(row, field, value)
            row.save()
    assert [counted(model) for model in models] == before


# --- Formulas -------------------------------------------------------------------------------------------------------


def test_a_text_that_begins_like_a_formula_stays_a_text(office: Office) -> None:
    Member.objects.filter(pk=office.members[0].pk).update(name='=HYPERLINK("http://a")')
    client = visitor(office.staff["clerk"])
    rows = lines(content(client.post(address("members_member"), {"form": "csv"})))
    assert [row[0] for row in rows if "HYPERLINK" in row[0]] == ['\'=HYPERLINK("http://a")']
    workbook = content(client.post(address("members_member"), {"form": "xlsx"}))
    assert '=HYPERLINK("http://a")' in [row[0] for row in cells(workbook)]
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


@given(st.one_of(st.none(), st.text(max_size=40), st.decimals(-(10**9), 10**9, places=2), st.dates(date(1900, 3, 1))))
def test_every_value_comes_back_from_both_forms(value: Any) -> None:
    kind = {Decimal: Kind.YUAN, date: Kind.DAY}.get(type(value), Kind.TEXT)
    written = io.BytesIO()
    sheet = Sheet("t", [Heading("a", kind), Heading("b")], [[value, "end"]])
    assert write_csv(sheet, written, says_nothing) == 1
    [_headings, [cell, end]] = lines(written.getvalue())
    assert end == "end"
    expected = "" if value is None else str(value)
    assert cell == (escaped(expected) if isinstance(value, str) else expected)
    assert write_xlsx(sheet, io.BytesIO(), says_nothing) == 1


# --- What is recorded -----------------------------------------------------------------------------------------------


def test_every_export_is_recorded_with_who_took_what(office: Office) -> None:
    client = visitor(office.staff["clerk"])
    content(client.post(address("claims_claim", f"?state__exact=settled&q={office.members[0].name}"), {"form": "csv"}))
    export = last()
    assert (export.listed, export.form, export.asked_by, export.region) == (
        "claims.claim",
        "csv",
        office.staff["clerk"],
        office.here,
    )
    assert export.rows == Claim.objects.filter(member=office.members[0], state="settled").count()
    assert export.filters == "State: settled · Search"
    assert not export.file
    with connection.cursor() as cursor:
        cursor.execute("SELECT query FROM agency_export ORDER BY id DESC")
        assert "settled" not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("reader", "sees"),
    [("clerk", True), ("supervisor", False), ("auditor", True), ("system_administrator", True), ("clerk_away", False)],
)
def test_one_sees_ones_own_exports_and_who_looks_after_them_everybodys(office: Office, reader: str, sees: bool) -> None:
    content(visitor(office.staff["clerk"]).post(address("claims_claim"), {"form": "csv"}))
    export = last()
    client = visitor(office.staff[reader])
    listed = client.get(reverse("admin:agency_export_changelist")).context["cl"].queryset
    assert listed.filter(pk=export.pk).exists() is sees
    opened = client.get(reverse("admin:agency_export_change", args=[export.pk]))
    assert opened.status_code == (200 if sees else 302)


# --- Many rows ------------------------------------------------------------------------------------------------------


@pytest.fixture
def queued(office: Office, monkeypatch: pytest.MonkeyPatch) -> Export:
    """The clerk's claims, which are more than are written at once."""
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    response = visitor(office.staff["clerk"]).post(address("claims_claim", "?state=settled"), {"form": "csv"})
    export = last()
    assert response["Location"] == reverse("admin:agency_export_change", args=[export.pk])
    return export


def do(export: Export) -> Export:
    """What a worker does."""
    assert export.job is not None
    write_export(export.job.pk, *export.job.arguments)
    return Export.objects.select_related("job").get(pk=export.pk)


def fetched(office: Office, who: str, export: Export) -> Any:
    return visitor(office.staff[who]).get(reverse("admin:agency_export_file", args=[export.pk]))


def test_a_long_list_is_written_by_a_worker_for_who_asked(office: Office, queued: Export) -> None:
    assert fetched(office, "clerk", queued).status_code == 404
    export = do(queued)
    assert export.job is not None
    assert (export.job.state, export.job.result) == (JobState.DONE, {"rows": export.rows})
    at_once = content(visitor(office.staff["auditor"]).post(address("claims_claim", "?q=C0001"), {"form": "csv"}))
    written = content(fetched(office, "clerk", export))
    assert lines(written)[0] == lines(at_once)[0]
    assert len(lines(written)) - 1 == export.rows == Claim.objects.filter(region=office.here, state="settled").count()
    for who in ("auditor", "supervisor", "system_administrator", "clerk_away", "root"):
        assert fetched(office, who, export).status_code == 404, who
    page = visitor(office.staff["clerk"]).get(reverse("admin:agency_export_change", args=[export.pk]))
    assert reverse("admin:agency_export_fetch", args=[export.pk]) in page.content.decode()


def test_the_worker_asks_for_the_permission_again(office: Office, queued: Export) -> None:
    RoleAssignment.objects.filter(user=office.staff["clerk"]).delete()
    export = do(queued)
    assert export.job is not None
    assert export.job.state == JobState.FAILED
    assert not export.file


def test_a_role_that_is_lost_afterwards_closes_the_file(office: Office, queued: Export) -> None:
    export = do(queued)
    RoleAssignment.objects.filter(user=office.staff["clerk"]).update(region=office.away)
    assert fetched(office, "clerk", export).status_code == 404


def test_the_file_is_gone_after_a_day_and_the_record_stays(office: Office, queued: Export) -> None:
    export = do(queued)
    name, now = str(export.file.name), timezone.now()
    assert default_storage.exists(name)
    assert expire_exports(now + timedelta(hours=23)) == 0
    assert expire_exports(now + timedelta(hours=25)) == 1
    assert not default_storage.exists(name)
    assert fetched(office, "clerk", export).status_code == 404
    assert Export.objects.get(pk=export.pk).rows == export.rows


def test_an_expired_file_is_not_handed_over_even_before_the_clock_came_by(office: Office, queued: Export) -> None:
    export = do(queued)
    Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert fetched(office, "clerk", export).status_code == 404
