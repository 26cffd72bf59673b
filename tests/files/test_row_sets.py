"""Rows carried as a set say and do what the same rows do one by one."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agency.models import PoolingRegion
from agency.services.jobs import queue_job
from files.importing.reading import read_sheet
from files.models import FileImport
from files.services.import_kinds import columns_of
from files.services.import_rows import keep_rows
from files.services.import_runs import carry_rows, note_table
from files.services.imports import import_file
from members.models import Contribution, EntitlementChange
from tests.builder.sheets import sheet

pytestmark = pytest.mark.django_db

TODAY = date(2024, 6, 3)
KIND = "contributions"
HEADER = "member_number,month,base,received_on"


# --- Both ways are one ----------------------------------------------------------------------------

_NUMBERS = st.sampled_from(
    [
        *(f"53050000000{number}" for number in range(1, 7)),
        *(
            "530500000001.0",
            "'530500000002",
            "5305 0000 0003",
            "5.305E+11",
            "",
            "total",
            "9" * 33,
            "Ａ1",
            "530500000004 ",
        ),
    ]
)
_MONTHS = st.sampled_from(
    [
        "2024-05",
        "2024/5",
        "202405",
        "2024年5月",
        "2024-05-01",
        "2024.05",
        "2024.1",
        "2024-13",
        "",
        "1900-01",
        "2024-04",
        "05/2024",
        "2024-05-07",
        "45413",
        "二〇二四年五月",
        "１９００-01",
    ]
)
_BASES = st.sampled_from(
    [
        "5000",
        "5000.00",
        "4000.5",
        "4000.50",
        "4000.505",
        "4000.500",
        "0",
        "0.00",
        "-1",
        "abc",
        "",
        "5000元",
        "0.5万元",
        "¥5000",
        "5e3",
        "12345678901",
        "0005000",
        "９",
        "50%",
        "6000",
        "+5000",
    ]
)
_DAYS = st.sampled_from(
    [
        "",
        "2024-05-20",
        "2024/5/20",
        "20240520",
        "45432",
        "2024-02-29",
        "2024-02-30",
        "2024-05-31",
        "01/02/2024",
        "x",
        "2024-05-20 10:00:00",
        "2024-04-31",
        "2023-02-29",
    ]
)
_ROWS = st.lists(
    st.one_of(
        st.tuples(_NUMBERS, _MONTHS, _BASES, _DAYS).map(",".join),
        st.sampled_from(
            ["530500000003,2024-05", "a,b,c,d,e", ",,,", HEADER, "合计,,9000,", "530500000003,2024-05,5000,,"]
        ),
    ),
    min_size=1,
    max_size=12,
)


def one_by_one(content: bytes, region: PoolingRegion, *, saves: bool) -> FileImport:
    """What `import_file` does for kinds without a set of rows."""
    columns = columns_of(KIND)
    rows = read_sheet(content, columns)
    job = queue_job(f"import_{KIND}", region=region, actor=None)
    file_import = FileImport.objects.create(region=region, kind=KIND, name="a.csv", job=job, only_good_rows=True)
    outcomes = carry_rows(file_import, rows, TODAY, keep=lambda outcomes: saves)
    note_table(file_import, rows.heading, rows.headers or [], rows.notes)
    keep_rows(file_import, rows, outcomes, are_in=saves)
    file_import.save()
    return file_import


def as_a_set(content: bytes, region: PoolingRegion, *, saves: bool) -> FileImport:
    report = import_file(
        KIND,
        content,
        region=region,
        actor=None,
        today=TODAY,
        only_good_rows=True,
        filename="a.csv",
        is_preview=not saves,
    )
    return FileImport.objects.get(job=report.job)


def left_behind(file_import: FileImport) -> dict[str, Any]:
    """Everything that a run left in the database, without ids and instants."""
    rows = file_import.rows.order_by("line")
    facts = ("member__member_number", "month", "base", "received_on")
    history = Contribution.history.order_by("member__member_number", "month", "history_id")
    return {
        "rows": list(rows.values_list("line", "key", "cells", "outcome", "problems", "before", "is_in")),
        "made": [
            [tuple(Contribution.objects.filter(pk=pk).values_list(*facts)[0]) for pk in row.made]
            for row in rows
            if row.is_in
        ],
        "notes": list(file_import.notes),
        "contributions": sorted(Contribution.objects.values_list(*facts)),
        "history": list(history.values_list(*facts, "history_type", "history_user")),
        "changes": sorted(
            EntitlementChange.objects.values_list(
                "member__member_number", "cause", "first_month", "last_month", "known_on"
            )
        ),
    }


def both(content: bytes, region: PoolingRegion, *, saves: bool) -> Iterator[dict[str, Any]]:
    for way in (one_by_one, as_a_set):
        with transaction.atomic():
            yield left_behind(way(content, region, saves=saves))
            transaction.set_rollback(True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=_ROWS, saves=st.booleans())
def test_a_set_of_rows_does_what_its_rows_do_one_by_one(baoshan: PoolingRegion, rows: list[str], saves: bool) -> None:
    content = sheet(HEADER, "530500000005,2024-03,1,", *rows)
    row_by_row, set_based = both(content, baoshan, saves=saves)
    assert set_based == row_by_row


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("region,member_number,month,base", "baoshan,530500000003,2024-05,5000"),
        ("region,member_number,month,base", "dazhou,530500000003,2024-05,5000"),
        ("region,member_number,month,base", "nowhere,530500000003,2024-05,5000"),
        ("人员编号,缴费月份,月缴费基数(万元)", "530500000003,2024-05,0.5"),
        ("人员编号;缴费月份;月缴费基数;备注", "530500000003;2024-05;5000;x"),
        ("姓名,人员编号,缴费月份,备注,月缴费基数", "王五,530500000003,2024-05,,5000"),
        ("姓名,人员编号,缴费月份,备注,月缴费基数", "李四,530500000003,2024-05,x,5000\n合计,530500000003,2024-05,,5000"),
        ("member_number\tmonth\tbase", "530500000003\t2024-05\t5000"),
        ("member_number,month,base", '"530500000003","2024-05","5,000.00"'),
    ],
)
def test_headers_of_any_kind_are_read_alike(baoshan: PoolingRegion, header: str, row: str) -> None:
    row_by_row, set_based = both(sheet(header, row), baoshan, saves=True)
    assert set_based == row_by_row
