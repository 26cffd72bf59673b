"""Kinds whose rows are saved hundreds at a time: few statements, and a refused row's own sentence."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agency.models import PoolingRegion, Role, User
from files.importing.batches import BatchResource
from files.importing.reading import read_sheet
from files.importing.row_set import ImportContext
from files.services.import_kinds import columns_of, resource_of
from members.models import Enrollment, EntitlementChange, Member
from tests import builder
from tests.builder.files import TODAY, WHY, Brought
from tests.builder.sheets import sheet

pytestmark = pytest.mark.django_db

MEMBERS = "member_number,name,document_kind,identity_number,sex,birth_date"
CATALOGUE = "code,name,kind,category,upfront_rate,price_limit,is_negotiated,first_day"
ENROLLMENTS = "member_number,since,scheme,employment,status"


@pytest.fixture
def kaifeng() -> PoolingRegion:
    return builder.region("kaifeng")


@pytest.fixture
def clerk(kaifeng: PoolingRegion) -> User:
    return builder.staff("clerk", Role.CLERK, region=kaifeng)


def member_row(number: int, birth_date: str = "1980-01-01") -> str:
    return f"M{number},测试{number},护照,P{number:08d},M,{birth_date}"


def enrolled(number: int, since: str = "2024-03-01") -> str:
    return f"M{number},{since},combined,employee,active"


def queries_of(kind: str, region: PoolingRegion, header: str, *rows: str) -> int:
    """How many statements the rows take that all go in."""
    resource = resource_of(kind)(ImportContext(region, None, TODAY, "counted"))
    with CaptureQueriesContext(
        connection,
    ) as counted:
        resource.import_data(read_sheet(sheet(header, *rows), columns_of(kind)), dry_run=False, use_transactions=False)
    assert [outcome.problems for outcome in resource.outcomes.values()] == [[]] * len(rows)
    return len(counted)


def test_more_rows_take_no_more_statements(kaifeng: PoolingRegion) -> None:
    few = queries_of("members", kaifeng, MEMBERS, *map(member_row, range(2)))
    assert queries_of("members", kaifeng, MEMBERS, *map(member_row, range(2, 42))) == few
    few = queries_of("enrollments", kaifeng, ENROLLMENTS, *map(enrolled, range(2)))
    assert queries_of("enrollments", kaifeng, ENROLLMENTS, *map(enrolled, range(2, 42))) == few
    items = [f"X{number},药{number},drug,B,0.1,30,0,2023-01-01" for number in range(42)]
    few = queries_of("catalog_items", kaifeng, CATALOGUE, *items[:2])
    assert queries_of("catalog_items", kaifeng, CATALOGUE, *items[2:]) == few
    # What holds ends the day before: as many statements again, whatever the number of entries.
    later = [row.replace("2023-01-01", "2024-01-01").replace(",30,", ",31,") for row in items]
    few = queries_of("catalog_items", kaifeng, CATALOGUE, *later[:2])
    assert queries_of("catalog_items", kaifeng, CATALOGUE, *later[2:]) == few


def test_a_refused_row_of_a_batch_is_named_and_the_others_go_in_with_their_histories(
    kaifeng: PoolingRegion, clerk: User
) -> None:
    rows: tuple[str, ...] = (member_row(1), member_row(2, birth_date="2024-06-04"), member_row(3))
    people = Brought.of("members", MEMBERS, *rows, region=kaifeng, clerk=clerk)
    assert (people.outcomes, people.wrong) == (["new", "wrong", "new"], [(3, "birth_date")])
    people.confirm()
    assert list(Member.objects.order_by("pk").values_list("member_number", flat=True)) == ["M1", "M3"]
    for member in Member.objects.all():
        made = member.history.get()
        assert (made.history_type, made.history_user) == ("+", clerk)
        assert WHY in made.history_change_reason

    rows = (enrolled(1), enrolled(3, since="1979-12-31"))
    ways = Brought.of("enrollments", ENROLLMENTS, *rows, region=kaifeng, clerk=clerk)
    assert (ways.outcomes, ways.wrong) == (["new", "wrong"], [(3, "since")])
    ways.confirm()
    assert EntitlementChange.objects.get().first_month == date(2024, 3, 1)


def test_rows_of_one_member_are_saved_one_after_the_other(kaifeng: PoolingRegion, clerk: User) -> None:
    Brought.of("members", MEMBERS, member_row(1), member_row(2), region=kaifeng, clerk=clerk).confirm()
    rows = (enrolled(1), enrolled(2), enrolled(1, since="2024-05-01"))
    ways = Brought.of("enrollments", ENROLLMENTS, *rows, region=kaifeng, clerk=clerk)
    ways.confirm()
    periods = Enrollment.objects.filter(member__member_number="M1").order_by("period").values_list("period", flat=True)
    assert [(period.lower, period.upper) for period in periods] == [
        (date(2024, 3, 1), date(2024, 5, 1)),
        (date(2024, 5, 1), None),
    ]
    assert ways.take_back() == ""
    assert not Enrollment.objects.exists()


def test_a_batch_that_is_full_is_saved_before_the_next(
    kaifeng: PoolingRegion, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BatchResource, "BATCH", 2)
    people = Brought.of("members", MEMBERS, *map(member_row, range(5)), region=kaifeng, clerk=clerk)
    people.confirm()
    assert Member.objects.count() == 5
    assert [len(row.made) for row in people.file_import.rows.all()] == [1] * 5
