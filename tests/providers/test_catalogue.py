"""The catalogue: an entry holds until the day before the next one of its code."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from agency.exceptions import DomainError
from policies.engine.vocabulary import CatalogCategory, ItemKind
from providers.models import CatalogItem
from providers.selectors import catalog_item_on, catalog_items_on
from providers.services.catalogue import end_catalog_item, record_catalog_item
from tests.builder import REASON, region, staff

pytestmark = pytest.mark.django_db

FIRST = date(2023, 1, 1)
DAY = date(2024, 1, 1)
CODE = "XJ01CAA001"


def record(**overrides: Any) -> CatalogItem:
    """A category B drug with a share of a tenth, from FIRST on."""
    facts: dict[str, Any] = {
        "code": CODE,
        "name": "阿莫西林",
        "kind": ItemKind.DRUG,
        "category": CatalogCategory.B,
        "upfront_rate": Decimal("0.1"),
        "first_day": FIRST,
        "reason": REASON,
    }
    return record_catalog_item(region(overrides.pop("slug", "zaozhuang")), **(facts | overrides))


def entries() -> list[tuple[date, date | None, Decimal | None]]:
    """First day, day after the last, share."""
    found = CatalogItem.objects.filter(code=CODE).order_by("region_id", "period")
    return [(item.period.lower, item.period.upper, item.upfront_rate) for item in found]


def test_a_new_entry_ends_the_one_in_force_the_day_before() -> None:
    actor = staff("zhang")
    record()
    newer = record(upfront_rate=Decimal("0.2"), first_day=DAY, actor=actor, reason="目录调整")
    assert entries() == [(FIRST, DAY, Decimal("0.1")), (DAY, None, Decimal("0.2"))]
    for item in (newer, CatalogItem.objects.get(period__startswith=FIRST)):
        latest = item.history.first()
        assert latest is not None
        assert (latest.history_user, latest.history_change_reason) == (actor, "目录调整")


@pytest.mark.parametrize("first_day", [FIRST, DAY])
def test_what_is_in_force_already_changes_nothing(first_day: date) -> None:
    item = record()
    assert record(first_day=first_day) == item
    assert entries() == [(FIRST, None, Decimal("0.1"))]
    assert item.history.count() == 1


@pytest.mark.parametrize("first_day", [FIRST, date(2022, 12, 31)])
def test_an_entry_is_not_put_under_one_that_begins_then_or_later(first_day: date) -> None:
    record()
    with pytest.raises(DomainError, match="2023-01-01"):
        record(first_day=first_day, upfront_rate=Decimal("0.2"))
    assert entries() == [(FIRST, None, Decimal("0.1"))]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"code": " "}, "code"),
        ({"name": " "}, "code"),
        ({"upfront_rate": Decimal("1.1")}, "upfront_rate"),
        ({"upfront_rate": Decimal("-0.1")}, "upfront_rate"),
        ({"upfront_rate": Decimal("0.12345")}, "upfront_rate"),
        ({"category": CatalogCategory.A}, "upfront_rate"),
        ({"category": CatalogCategory.C}, "upfront_rate"),
        ({"price_limit": Decimal("0.00")}, "price_limit"),
        ({"price_limit": Decimal("1.005")}, "price_limit"),
        ({"kind": ItemKind.CONSUMABLE, "is_negotiated": True}, "is_negotiated"),
        ({"reason": " "}, None),
    ],
)
def test_facts_that_no_catalogue_has_are_refused(facts: dict[str, Any], field: str | None) -> None:
    with pytest.raises(DomainError) as error:
        record(**facts)
    assert error.value.details.get("field") == field
    assert not CatalogItem.objects.exists()


def test_shares_of_nothing_and_of_everything_and_none_are_possible() -> None:
    for number, share in enumerate((Decimal(0), Decimal(1), None)):
        assert record(code=f"X{number}", upfront_rate=share).upfront_rate == share


def test_the_entry_of_the_day_is_found() -> None:
    first = record(price_limit=Decimal("12.50"))
    second = record(upfront_rate=Decimal("0.2"), first_day=DAY)
    other = record(code="ZD0001", kind=ItemKind.TREATMENT, first_day=DAY)
    record(slug="dazhou")
    here = region("zaozhuang")
    assert catalog_item_on(here, CODE, date(2022, 12, 31)) is None
    assert catalog_item_on(here, CODE, date(2023, 12, 31)) == first
    assert catalog_item_on(here, CODE, DAY) == second
    assert catalog_item_on(here, "unknown", DAY) is None
    assert catalog_items_on(here, [CODE, "ZD0001", "unknown"], DAY) == {CODE: second, "ZD0001": other}
    assert catalog_items_on(here, [CODE, "ZD0001"], FIRST) == {CODE: first}


def test_many_codes_are_one_query_and_none_is_no_query(django_assert_num_queries: Any) -> None:
    here = region("zaozhuang")
    with django_assert_num_queries(1):
        catalog_items_on(here, (f"X{number}" for number in range(50)), DAY)
    with django_assert_num_queries(0):
        assert catalog_items_on(here, [], DAY) == {}


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"period": DateRange(DAY, None)}, "entries_of_a_catalogue_item_never_overlap"),
        ({"code": "X", "period": DateRange(None, DAY)}, "a_catalogue_item_has_a_first_day"),
        ({"code": "X", "period": DateRange(DAY, DAY)}, "a_catalogue_item_has_a_first_day"),
        ({"code": "X", "upfront_rate": Decimal("1.1")}, "an_upfront_share_is_a_fraction"),
        ({"code": "X", "upfront_rate": Decimal("-0.1")}, "an_upfront_share_is_a_fraction"),
        ({"code": "X", "price_limit": Decimal(0)}, "a_price_limit_is_positive"),
    ],
)
def test_the_database_refuses_an_entry(facts: dict[str, Any], constraint: str) -> None:
    item = record()
    known = {"code": CODE, "name": "药", "kind": "drug", "category": "B", "period": DateRange(FIRST, None)}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CatalogItem.objects.create(region=item.region, **(known | facts))


def test_an_entry_ends_after_its_last_day_once() -> None:
    item = record(first_day=date(2024, 1, 1))
    with pytest.raises(DomainError) as refused:
        end_catalog_item(item, last_day=date(2023, 12, 31), reason=REASON)
    assert refused.value.details["field"] == "last_day"
    end_catalog_item(item, last_day=date(2024, 6, 30), reason=REASON)
    assert catalog_item_on(item.region, item.code, date(2024, 6, 30)) == item
    assert catalog_item_on(item.region, item.code, date(2024, 7, 1)) is None
    with pytest.raises(DomainError):
        end_catalog_item(item, last_day=date(2024, 5, 31), reason=REASON)
    assert record(first_day=date(2024, 8, 1)).pk != item.pk
