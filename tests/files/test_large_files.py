"""Files with many rows: what waits staged, what goes in, what is named as wrong."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from agency.models import PoolingRegion, Role, User
from files.importing.row_set import Cursor
from files.models import FileImport, ImportState, RowOutcome, StagedRow
from files.services import file_imports as service
from files.services import set_runs
from files.services.import_steps import run_step
from members.models import Contribution, Member
from members.resources.contribution_set import ContributionSet
from members.resources.contributions import ContributionResource
from members.services.contributions import record_contribution
from tests import builder
from tests.builder.sheets import sheet

pytestmark = pytest.mark.django_db

TODAY = date(2024, 6, 3)
KIND = "contributions"
HEADER = "member_number,month,base,received_on"


@pytest.fixture
def clerk(baoshan: PoolingRegion) -> User:
    return builder.staff("clerk", Role.CLERK, region=baoshan)


@pytest.fixture
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of three rows is a large one."""
    monkeypatch.setattr(set_runs, "KEPT_WHOLE", 2)


def previewed(region: PoolingRegion, clerk: User, *rows: str) -> FileImport:
    brought = service.bring_file(KIND, sheet(HEADER, *rows), region=region, actor=clerk, name="a.csv")
    return worked(brought)


def worked(file_import: FileImport) -> FileImport:
    run_step(FileImport.objects.get(pk=file_import.pk), TODAY)
    return FileImport.objects.get(pk=file_import.pk)


ROWS = [
    f"53050000000{number},2024-05,{base},2024-05-20" for number, base in ((1, 5000), (2, 6000), (3, 1), (4, 2), (9, 3))
]


@pytest.mark.usefixtures("_large")
def test_new_rows_of_a_large_file_wait_staged_and_go_in(baoshan: PoolingRegion, clerk: User) -> None:
    preview = previewed(baoshan, clerk, *ROWS)
    assert preview.counts == {"new": 2, "changed": 1, "unchanged": 1, "doubtful": 0, "wrong": 1}
    assert list(preview.rows.values_list("line", "outcome")) == [(2, "unchanged"), (3, "changed"), (6, "wrong")]
    assert list(preview.staged.order_by("line").values_list("line", flat=True)) == [4, 5]
    service.confirm_import(preview, actor=clerk, only_good_rows=True, reason="corrected")
    done = worked(preview)
    assert done.state == ImportState.IMPORTED
    assert done.counts == preview.counts
    assert list(done.rows.filter(is_in=True).values_list("line", flat=True)) == [3, 4, 5]
    assert not StagedRow.objects.exists()
    assert Contribution.objects.count() == 4


@pytest.mark.usefixtures("_large")
def test_staged_rows_that_changed_since_are_wrong_and_looked_at_again(baoshan: PoolingRegion, clerk: User) -> None:
    preview = previewed(baoshan, clerk, *ROWS[:4])
    member = Member.objects.get(member_number="530500000003")
    record_contribution(member, month=date(2024, 5, 1), base=Decimal(77), reason="came in")
    service.confirm_import(preview, actor=clerk, only_good_rows=False, reason="corrected")
    after = worked(preview)
    assert after.state == ImportState.PREVIEWED
    assert after.rows.get(line=4).outcome == RowOutcome.WRONG
    assert list(after.staged.values_list("line", flat=True)) == [5]
    assert Contribution.objects.count() == 3


@pytest.mark.usefixtures("_large")
def test_staged_rows_that_a_crash_has_emptied_are_missed(baoshan: PoolingRegion, clerk: User) -> None:
    preview = previewed(baoshan, clerk, *ROWS[:4])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM files_stagedrow")
    service.confirm_import(preview, actor=clerk, only_good_rows=False, reason="corrected")
    after = worked(preview)
    assert after.state == ImportState.EXPIRED
    assert Contribution.objects.count() == 2


@pytest.mark.usefixtures("_large")
def test_a_discarded_preview_leaves_nothing_staged(baoshan: PoolingRegion, clerk: User) -> None:
    service.discard_import(previewed(baoshan, clerk, *ROWS), actor=clerk)
    assert not StagedRow.objects.exists()


@pytest.mark.usefixtures("_large")
def test_the_page_shows_and_finds_staged_rows(baoshan: PoolingRegion, clerk: User, client: Client) -> None:
    preview = previewed(baoshan, clerk, *ROWS)
    client.force_login(clerk)
    path = reverse("admin:files_fileimport_change", args=[preview.pk])

    def shown(**asked: str) -> list[str]:
        page = client.get(path, asked).content.decode()
        return [number for number in "12349" if f"53050000000{number} ·" in page]

    assert shown() == list("12349")
    assert shown(outcome="new") == ["3", "4"]
    assert shown(outcome="wrong") == ["9"]
    assert shown(about="530500000004") == ["4"]
    assert shown(about="5") == list("12349")


@pytest.mark.usefixtures("_large")
def test_what_was_staged_is_taken_back(baoshan: PoolingRegion, clerk: User) -> None:
    preview = previewed(baoshan, clerk, *ROWS[:4])
    service.confirm_import(preview, actor=clerk, only_good_rows=False, reason="corrected")
    service.request_taking_back(worked(preview), actor=clerk, reason="the wrong month")
    after = worked(preview)
    assert after.state == ImportState.TAKEN_BACK
    assert dict(Contribution.objects.values_list("member__member_number", "base")) == {
        "530500000001": Decimal(5000),
        "530500000002": Decimal("4000.50"),
    }


class Overtaken(ContributionSet):
    """While its rows are saved somebody else records one of them."""

    def save(self, cursor: Cursor) -> None:
        member = Member.objects.get(member_number="530500000003")
        record_contribution(member, month=date(2024, 5, 1), base=Decimal(77), reason="came in")
        super().save(cursor)


@pytest.mark.parametrize("only_good_rows", [True, False])
def test_a_row_that_somebody_records_at_the_same_time_is_passed_over(
    baoshan: PoolingRegion, clerk: User, only_good_rows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ContributionResource, "row_set", Overtaken)
    preview = previewed(baoshan, clerk, *ROWS[:4])
    service.confirm_import(preview, actor=clerk, only_good_rows=only_good_rows, reason="corrected")
    after = worked(preview)
    assert after.state == (ImportState.IMPORTED if only_good_rows else ImportState.PREVIEWED)
    assert after.rows.get(line=4).outcome == RowOutcome.WRONG
    went_in = [3, 5] if only_good_rows else []
    assert list(after.rows.filter(is_in=True).values_list("line", flat=True)) == went_in


# --- Bad rows -------------------------------------------------------------------------------------

WAYS = {
    "530500000009,2024-05,5000,": "member_number",
    ",2024-05,5000,": "member_number",
    "530500000003,2024-13,5000,": "month",
    "530500000003,2024.1,5000,": "month",
    "530500000003,1900-01,5000,": "month",
    "530500000003,2024-05,abc,": "base",
    "530500000003,2024-05,-1,": "base",
    "530500000003,2024-05,0.005,": "base",
    "530500000003,2024-05,5000,2024-02-30": "received_on",
    "530500000003,2024-05": "3",
}


def test_each_of_ten_kinds_of_bad_rows_in_a_hundred_is_named(baoshan: PoolingRegion, clerk: User) -> None:
    rows = []
    for number, way in enumerate(WAYS):
        rows += [
            f"530500000004,{2000 + each // 12}-{each % 12 + 1:02d},5000,"
            for each in range(number * 99, number * 99 + 99)
        ]
        rows.append(way)
    preview = previewed(baoshan, clerk, *rows)
    assert (preview.counts["new"], preview.counts["wrong"]) == (990, 10)
    wrong = preview.rows.filter(outcome=RowOutcome.WRONG).order_by("line")
    assert [row.line for row in wrong] == [101 + 100 * number for number in range(10)]
    assert [row.problems[0][0] for row in wrong] == list(WAYS.values())
    assert all(row.problems[0][1] for row in wrong)
