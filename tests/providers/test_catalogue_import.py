"""Catalogue items from a file: new rows, rows that say what is in force, rows that are wrong."""

from datetime import date
from decimal import Decimal

import pytest

from providers.models import CatalogItem
from providers.services.catalogue import FACTS
from tests.builder import region
from tests.builder.sheets import bring_in, counts, places, sheet

pytestmark = pytest.mark.django_db

HEADER = "region,code,name,kind,category,upfront_rate,price_limit,is_negotiated,first_day"
DEFAULTS = {
    "region": "zaozhuang",
    "code": "X1",
    "name": "阿莫西林",
    "kind": "drug",
    "category": "B",
    "upfront_rate": "0.1",
    "first_day": "2023-01-01",
}


def row(**cells: str) -> str:
    """A row below HEADER; what is not said is empty."""
    known = DEFAULTS | cells
    return ",".join(known.get(column, "") for column in HEADER.split(","))


def load(*rows: str, only_good_rows: bool = False) -> tuple[tuple[int, int, int], list[tuple[int, str]]]:
    """What was counted, and where something was wrong."""
    report = bring_in("catalog_items", sheet(HEADER, *rows), region("zaozhuang"), only_good_rows=only_good_rows)
    return counts(report), places(report)


def entries(code: str = "X1") -> list[tuple[date, date | None, str, Decimal | None]]:
    """First day, day after the last, category, share."""
    found = CatalogItem.objects.filter(code=code).order_by("period")
    return [(item.period.lower, item.period.upper, item.category, item.upfront_rate) for item in found]


FIRST, DAY = date(2023, 1, 1), date(2024, 1, 1)
TENTH, FIFTH = Decimal("0.1"), Decimal("0.2")


def test_rows_become_entries() -> None:
    drug = row(name="奥希替尼", is_negotiated="是", price_limit="186.00")
    test = row(code="D1", name="彩超", kind="item", category="甲类", upfront_rate="", first_day="2023/7/1")
    assert load(drug, test) == ((2, 0, 0), [])
    found = {item.code: tuple(getattr(item, name) for name in FACTS) for item in CatalogItem.objects.all()}
    assert found == {
        "X1": ("奥希替尼", "drug", "B", TENTH, Decimal("186.00"), True),
        "D1": ("彩超", "item", "A", None, None, False),
    }
    assert entries("D1") == [(date(2023, 7, 1), None, "A", None)]


def test_the_same_file_again_changes_nothing() -> None:
    load(row(), row(code="X2"))
    assert load(row(), row(code="X2")) == ((0, 2, 0), [])
    # What holds already is said again from a later day on.
    assert load(row(first_day="2024-01-01")) == ((0, 1, 0), [])
    assert entries() == [(FIRST, None, "B", TENTH)]
    assert CatalogItem.history.count() == 2


def test_other_facts_from_a_later_day_are_a_new_entry() -> None:
    load(row(), row(code="X2"))
    changed = row(upfront_rate="0.2", first_day="2024-01-01")
    assert load(changed, row(code="X2", first_day="2024-01-01")) == ((1, 1, 0), [])
    assert entries() == [(FIRST, DAY, "B", TENTH), (DAY, None, "B", FIFTH)]
    assert entries("X2") == [(FIRST, None, "B", TENTH)]
    # Both files may come again.
    assert load(row()) == ((0, 1, 0), [])
    assert load(changed) == ((0, 1, 0), [])


def test_wrong_rows_are_told_apart_and_nothing_is_recorded() -> None:
    assert load(
        row(code="X2"),
        row(code="", name=""),
        row(code="X3", kind="药"),
        row(code="X4", category="D"),
        row(code="X5", upfront_rate="10元"),
        row(code="X6", upfront_rate="1.5", price_limit="0"),
        row(code="X7", first_day="2023-02-30"),
        row(code="X8", is_negotiated="maybe"),
        row(code="X2", upfront_rate="0.2"),
    )[1] == [
        (3, "code"),
        (3, "name"),
        (4, "kind"),
        (5, "category"),
        (6, "upfront_rate"),
        (7, "price_limit"),
        (7, "upfront_rate"),
        (8, "first_day"),
        (9, "is_negotiated"),
        (10, "code"),
    ]
    assert not CatalogItem.objects.exists()


def test_what_the_service_refuses_stands_at_its_column() -> None:
    load(row(), row(code="X2"))
    assert load(
        row(code="X3"),
        row(upfront_rate="0.2"),
        row(code="X2", first_day="2022-12-31"),
        row(code="X4", category="A"),
        row(code="X5", kind="consumable", is_negotiated="1"),
        only_good_rows=True,
    ) == ((1, 0, 4), [(3, "upfront_rate"), (4, "first_day"), (5, "upfront_rate"), (6, "is_negotiated")])
    assert entries("X3") == [(FIRST, None, "B", TENTH)]
    assert entries() == [(FIRST, None, "B", TENTH)]


@pytest.mark.parametrize("missing", ["upfront_rate", "price_limit", "is_negotiated"])
def test_a_file_says_everything_about_its_items(missing: str) -> None:
    """A column left out would otherwise take away what is recorded."""
    header = ",".join(name for name in HEADER.split(",") if name != missing)
    report = bring_in("catalog_items", sheet(header, "zaozhuang"), region("zaozhuang"))
    assert [error.line for error in report.errors] == [1]
