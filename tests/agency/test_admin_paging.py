"""Counting the rows of a list: exactly up to a bound, then by the database's own estimate."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agency.admin import paging
from agency.admin.paging import EstimatingPaginator
from members.models import Member
from tests.builder import a_member, region
from tests.database import owners_cursor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bound that a test reaches."""
    monkeypatch.setattr(paging, "COUNTED_ROWS", 3)


@pytest.mark.parametrize(("rows", "count", "is_estimate"), [(0, 0, False), (3, 3, False), (4, 3, True)])
def test_a_filtered_list_is_counted_up_to_the_bound(rows: int, count: int, is_estimate: bool) -> None:
    for _each in range(rows):
        a_member(region("dazhou"))
    paginator = EstimatingPaginator(Member.objects.filter(region__slug="dazhou"), 2)
    assert (paginator.count, paginator.is_estimate) == (count, is_estimate)


def test_an_unfiltered_list_takes_the_databases_estimate_beyond_the_bound() -> None:
    for _each in range(7):
        a_member(region("dazhou"))
    with owners_cursor() as cursor:
        cursor.execute("ANALYZE members_member")
    assert EstimatingPaginator(Member.objects.all(), 2).count == 7
    assert EstimatingPaginator(Member.objects.filter(name__gt=""), 2).count == 3


def test_there_are_no_pages_beyond_the_bound() -> None:
    for _each in range(7):
        a_member(region("dazhou"))
    assert EstimatingPaginator(Member.objects.order_by("pk"), 2).num_pages == 1


def test_a_page_reads_what_belongs_to_its_own_rows_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNTED_ROWS", 100)
    members = [a_member(region("dazhou"), member_number=f"M{number}") for number in range(5)]
    rows = Member.objects.select_related("region").order_by("-member_number")
    paginator = EstimatingPaginator(rows, 2)
    assert list(paginator.page(1)) == members[:2:-1]
    with CaptureQueriesContext(connection) as queries:
        assert list(paginator.page(2)) == members[2:0:-1]
    # Passing by rows joins nothing; the page's rows are found by their keys.
    passing, reading = (query["sql"] for query in queries if "LIMIT 1" not in query["sql"])
    assert "OFFSET 2" in passing
    assert "JOIN" not in passing
    assert "OFFSET" not in reading
    assert list(paginator.page(3)) == members[:1]
