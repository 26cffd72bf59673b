"""A line that names its code and no upfront share gets the catalogue's of the day of service (G17)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, ClaimLine, Settlement
from claims.services.settlement import settle_claim
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import CatalogCategory, ItemKind
from providers.services.catalogue import record_catalog_item
from tests import builder
from tests.builder.claims import a_claim
from tests.builder.sheets import bring_in, counts, sheet

pytestmark = pytest.mark.django_db

CODE = "XJ01CAA001"
DAY = date(2023, 6, 15)
A, B, C = CatalogCategory.A, CatalogCategory.B, CatalogCategory.C
TENTH, FIFTH = Decimal("0.1"), Decimal("0.2")


def record(share: Decimal | None, first_day: date, slug: str = "kaifeng", category: CatalogCategory = B) -> None:
    record_catalog_item(
        builder.region(slug),
        code=CODE,
        name="阿莫西林",
        kind=ItemKind.DRUG,
        category=category,
        upfront_rate=share,
        first_day=first_day,
        reason=builder.REASON,
    )


def line(category: CatalogCategory = B, code: str = CODE, share: Decimal | None = None) -> ClaimLine:
    return builder.a_line("100.00", ItemKind.DRUG, category, code=code, upfront_rate=share)


def claim(*lines: ClaimLine, served_on: date = DAY) -> Claim:
    member = builder.insured(builder.region("kaifeng"))
    builder.contributions(member, date(2023, 1, 1), date(2023, 6, 1))
    return a_claim(member, served_on=served_on, today=DAY, lines=lines)


def shares(found: Claim) -> list[Decimal | None]:
    return list(found.lines.order_by("id").values_list("upfront_rate", flat=True))


@pytest.mark.parametrize(
    ("served_on", "share"), [(date(2023, 2, 28), None), (date(2023, 5, 31), TENTH), (date(2023, 6, 1), FIFTH)]
)
def test_a_line_has_the_share_of_the_day_of_service(served_on: date, share: Decimal | None) -> None:
    record(TENTH, date(2023, 3, 1))
    record(FIFTH, date(2023, 6, 1))
    assert shares(claim(line(), served_on=served_on)) == [share]


def test_only_lines_of_category_b_without_a_share_ask_the_catalogue() -> None:
    record(TENTH, date(2023, 1, 1))
    lines = [line(), line(share=FIFTH), line(share=Decimal(0)), line(A), line(C), line(code=""), line(code="X")]
    assert shares(claim(*lines)) == [TENTH, FIFTH, Decimal(0), None, None, None, None]


def test_another_regions_catalogue_says_nothing() -> None:
    record(TENTH, date(2023, 1, 1), slug="dazhou")
    assert shares(claim(line())) == [None]


def test_where_the_catalogue_has_another_category_the_share_stays_open() -> None:
    record(None, date(2023, 1, 1), category=A)
    found = claim(line())
    assert shares(found) == [None]
    outcome = settle_claim(found, today=DAY)
    assert isinstance(outcome, Refusal)
    assert outcome.reason == "terms_unset"


def test_the_catalogues_share_is_paid_first() -> None:
    record(FIFTH, date(2023, 1, 1))
    settlement = settle_claim(claim(line()), today=DAY)
    assert isinstance(settlement, Settlement)
    # A fifth of 100.00 yuan.
    assert settlement.upfront_share == Decimal("20.00")


def test_lines_of_a_file_get_it_too() -> None:
    record(TENTH, date(2023, 1, 1))
    member = builder.insured(builder.region("kaifeng"))
    provider = builder.a_provider(member.region)
    header = "region,claim_number,member_number,provider_code,served_on,kind,category,code,amount"
    row = f"kaifeng,C1,{member.member_number},{provider.code},2023-03-06,drug,B,{CODE},80.50"
    assert counts(bring_in("claims", sheet(header, row), member.region)) == (1, 0, 0)
    assert shares(Claim.objects.get()) == [TENTH]


def test_a_claim_that_needs_nothing_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as asked:
        claim(line(share=TENTH), line(A))
    assert not [query for query in asked if "catalogitem" in query["sql"]]
