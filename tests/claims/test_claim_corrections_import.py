"""Bills of claims that a file puts right, until they are paid."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.utils.translation import override

from agency.exceptions import DomainError
from agency.models import PoolingRegion, Role, User
from claims.models import Claim, ClaimState
from claims.services.settlement import settle_claim
from files.services.file_imports import guess_kind
from policies.engine.vocabulary import Benefit, CatalogCategory, ItemKind
from providers.services.catalogue import record_catalog_item
from tests import builder
from tests.builder import REASON, a_line, retiree
from tests.builder.claims import DAY, a_claim
from tests.builder.files import TODAY, WHY, Brought
from tests.builder.sheets import sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

HEADER = "claim_number,served_on,invoice_number,kind,category,code,amount"


@pytest.fixture
def pingliang() -> PoolingRegion:
    """The claims N1 of two lines and N2 of one, of which the catalogue has the share; N3 is filed by hand."""
    region, member = builder.region("pingliang"), retiree()
    facts = {"kind": ItemKind.DRUG, "category": CatalogCategory.B, "upfront_rate": Decimal("0.1")}
    record_catalog_item(region, code="X1", name="阿莫西林", first_day=DAY, reason=REASON, **facts)  # type: ignore[arg-type]
    a_claim(member, claim_number="N1", invoice_number="I1", place="310115", lines=[a_line("300.00"), a_line("20.00")])
    a_claim(member, claim_number="N2", invoice_number="I2", lines=[a_line("50", category=CatalogCategory.B, code="X1")])
    a_claim(member, claim_number="N3", invoice_number="I3", filed_on=DAY)
    return region


@pytest.fixture
def clerk(pingliang: PoolingRegion) -> User:
    return builder.staff("corrects", Role.CLERK, region=pingliang)


def brought(region: PoolingRegion, clerk: User, *rows: str, header: str = HEADER) -> Brought:
    return Brought.of("claim_corrections", header, *rows, region=region, clerk=clerk)


def bill(number: str) -> tuple[str, str, list[tuple[str, Decimal, Decimal | None]]]:
    claim = Claim.objects.get(claim_number=number)
    lines = [(line.code, line.amount, line.upfront_rate) for line in claim.lines.order_by("pk")]
    return claim.invoice_number, claim.place, lines


SAME_N1 = ("N1,2023-03-01,I1,drug,A,,300.00", "N1,2023-03-01,I1,drug,A,,20.00")
SAME_N2 = "N2,2023-03-01,I2,drug,B,X1,50.00"


def test_a_bill_takes_the_place_of_the_recorded_one_and_comes_back(pingliang: PoolingRegion, clerk: User) -> None:
    before = [bill("N1"), bill("N2")]
    assert before[1][2] == [("X1", Decimal("50.00"), Decimal("0.1000"))]
    rows = ("N1,2023-03-01,I1,drug,A,,300.00", "N1,2023-03-01,I1,drug,A,,30.00", "N2,2023-03-01,I9,drug,B,X1,50.00")
    file = brought(pingliang, clerk, *rows)
    assert file.outcomes == ["changed"] * 3
    told = [row.before for row in file.file_import.rows.order_by("number")]
    assert told == [{}, {"amount": "20.00"}, {"invoice_number": "I2"}]
    assert [bill("N1"), bill("N2")] == before
    file.confirm()
    assert bill("N1") == ("I1", "310115", [("", Decimal("300.00"), None), ("", Decimal("30.00"), None)])
    assert bill("N2") == ("I9", "", before[1][2])
    latest = Claim.objects.get(claim_number="N1").history.latest("history_id")
    assert (latest.history_user, WHY in latest.history_change_reason) == (clerk, True)
    assert brought(pingliang, clerk, *rows).outcomes == ["unchanged"] * 3
    assert file.take_back() == ""
    assert [bill("N1"), bill("N2")] == before


def test_what_is_recorded_so_changes_nothing_and_a_shorter_bill_is_doubtful(
    pingliang: PoolingRegion, clerk: User
) -> None:
    assert brought(pingliang, clerk, *SAME_N1, SAME_N2).outcomes == ["unchanged"] * 3
    longer = brought(pingliang, clerk, *SAME_N1, "N1,2023-03-01,I1,item,A,,5.00")
    assert longer.outcomes == ["changed"] * 3
    shorter = brought(pingliang, clerk, SAME_N1[0])
    assert shorter.outcomes == ["doubtful"]
    shorter.confirm()
    assert bill("N1")[2] == [("", Decimal("300.00"), None)]


@pytest.mark.parametrize(
    ("header", "row", "column"),
    [
        (HEADER, "N9,2023-03-01,I9,drug,A,,1.00", "claim_number"),
        (HEADER, "N3,2023-03-01,I9,drug,A,,300.00", "claim_number"),
        (HEADER, "N1,2030-03-01,I1,drug,A,,300.00", "served_on"),
        (f"member_number,{HEADER}", "M9,N1,2023-03-01,I1,drug,A,,300.00", "member_number"),
        (f"filed_on,{HEADER}", "2023-03-02,N1,2023-03-01,I1,drug,A,,300.00", "filed_on"),
    ],
)
def test_unknown_claims_others_and_what_registering_refuses_are_wrong(
    pingliang: PoolingRegion, clerk: User, header: str, row: str, column: str
) -> None:
    assert brought(pingliang, clerk, row, header=header).wrong == [(2, column)]


def test_what_is_paid_stays_and_what_was_paid_since_is_not_put_back(pingliang: PoolingRegion, clerk: User) -> None:
    file = brought(pingliang, clerk, "N2,2023-03-01,I2,drug,B,X1,60.00")
    file.confirm()
    settle_claim(Claim.objects.get(claim_number="N2"), today=TODAY)
    assert "settled or corrected since" in file.take_back()
    assert bill("N2")[2][0][1] == Decimal("60.00")
    assert brought(pingliang, clerk, SAME_N2).wrong == [(2, "claim_number")]
    assert Claim.objects.get(claim_number="N2").state == ClaimState.SETTLED


def test_columns_that_are_left_out_stay(pingliang: PoolingRegion, clerk: User) -> None:
    header = "claim_number,served_on,kind,category,amount"
    file = brought(pingliang, clerk, "N2,2023-03-01,drug,B,55.00", header=header)
    file.confirm()
    assert bill("N2") == ("I2", "", [("X1", Decimal("55.00"), Decimal("0.1000"))])
    assert Claim.objects.get(claim_number="N2").benefit == Benefit.GENERAL_OUTPATIENT


@pytest.mark.parametrize(("language", "kind"), [("en", "corrections of claims"), ("zh-hans", "费用单据更正")])
def test_a_claim_that_is_recorded_otherwise_names_the_kind_that_corrects_it(
    pingliang: PoolingRegion, clerk: User, language: str, kind: str
) -> None:
    member, code = Claim.objects.filter(claim_number="N2").values_list("member__member_number", "provider__code").get()
    header = f"member_number,provider_code,{HEADER}"
    row = f"{member},{code},N2,2023-03-01,I2,drug,B,X1,70.00"
    with override(language):
        file = Brought.of("claims", header, row, region=pingliang, clerk=clerk)
        ((_column, said),) = file.file_import.rows.get().problems
        assert kind in said
    # A header of claims means new claims; corrections are chosen.
    content = sheet(header, row)
    assert guess_kind(BytesIO(content), pingliang, clerk) == "claims"
    with pytest.raises(DomainError, match="Choose the kind"):
        guess_kind(BytesIO(sheet(HEADER, SAME_N2)), pingliang, clerk)
