"""Claims from a file: rows below each other are one claim, and one wrong line keeps all of it out."""

from datetime import date, time
from decimal import Decimal

import pytest

from agency.models import PoolingRegion
from claims.models import Claim, ClaimState, SettlementChannel
from tests import builder
from tests.builder.sheets import bring_in, counts, places, sheet

pytestmark = pytest.mark.django_db

HEADER = (
    "region,claim_number,member_number,provider_code,served_on,filed_on,benefit,prescribing_tier,out_of_area,"
    "invoice_number,pay_from_account,kind,category,code,name,amount,over_limit,upfront_rate,is_negotiated,is_prenatal,"
    "served_at,is_examination"
)
DEFAULTS = {
    "region": "kaifeng",
    "claim_number": "C1",
    "served_on": "2023-03-06",
    "kind": "drug",
    "category": "A",
    "amount": "100.00",
}


class Case:
    """A region with one member and two providers; rows are theirs unless said otherwise."""

    def __init__(self) -> None:
        self.region = builder.region("kaifeng")
        self.member = builder.insured(self.region)
        self.clinic, self.hospital = builder.a_provider(self.region), builder.a_provider(self.region)

    def row(self, **cells: str) -> str:
        """A row of the file; what is not said is empty."""
        whose = {"member_number": self.member.member_number, "provider_code": self.clinic.code}
        known = DEFAULTS | whose | cells
        return ",".join(known.get(column, "") for column in HEADER.split(","))


@pytest.fixture
def case() -> Case:
    return Case()


def claims(region: PoolingRegion) -> list[str]:
    return list(Claim.objects.filter(region=region).order_by("claim_number").values_list("claim_number", flat=True))


def test_adjacent_rows_of_a_number_are_one_claim(case: Case) -> None:
    content = sheet(
        HEADER,
        case.row(amount="80.50", code="D1", name="药"),
        case.row(kind="item", category="02", amount="20", over_limit="5.00", upfront_rate="0.1", is_prenatal="1"),
        case.row(claim_number="C2", served_on="2023-03-07", filed_on="2023-03-09", pay_from_account="1"),
    )
    assert counts(bring_in("claims", content, case.region)) == (3, 0, 0)
    first, second = Claim.objects.order_by("claim_number")
    assert [line.amount for line in first.lines.all()] == [Decimal("80.50"), Decimal("20.00")]
    upper, lower = first.lines.all()
    assert (upper.code, upper.name, upper.upfront_rate) == ("D1", "药", None)
    assert (lower.kind, lower.category, lower.upfront_rate) == ("item", "B", Decimal("0.1"))
    assert lower.is_prenatal
    assert first.state == ClaimState.REGISTERED
    assert (first.channel, second.channel) == (SettlementChannel.DIRECT, SettlementChannel.MANUAL)
    assert second.pay_from_account
    assert second.filed_on == date(2023, 3, 9)


@pytest.mark.parametrize("written", ["14:30", "14:30:00", "143000"])
def test_the_time_of_service_and_examinations_are_read_where_the_file_has_them(case: Case, written: str) -> None:
    first, second = case.row(served_at=written, is_examination="1"), case.row(served_at=written, amount="20")
    content = sheet(HEADER, first, second, case.row(claim_number="C2"))
    assert counts(bring_in("claims", content, case.region)) == (3, 0, 0)
    assert [claim.served_at for claim in Claim.objects.order_by("claim_number")] == [time(14, 30), None]
    assert [line.is_examination for line in Claim.objects.get(claim_number="C1").lines.order_by("pk")] == [True, False]
    assert counts(bring_in("claims", content, case.region)) == (0, 3, 0)


def test_the_same_file_again_adds_nothing(case: Case) -> None:
    content = sheet(HEADER, case.row(), case.row(kind="item", amount="20"), case.row(claim_number="C2"))
    bring_in("claims", content, case.region)
    assert counts(bring_in("claims", content, case.region)) == (0, 3, 0)
    assert claims(case.region) == ["C1", "C2"]


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        ([{"amount": "100.01"}], "claim_number"),
        ([{}, {"amount": "1"}], "claim_number"),
        ([{"served_on": "2023-03-08"}], "served_on"),
        ([{"invoice_number": "17"}], "invoice_number"),
    ],
)
def test_a_claim_that_differs_from_the_recorded_one_is_wrong(
    case: Case, rows: list[dict[str, str]], column: str
) -> None:
    bring_in("claims", sheet(HEADER, case.row()), case.region)
    report = bring_in("claims", sheet(HEADER, *(case.row(**cells) for cells in rows)), case.region)
    assert places(report) == [(2, column)]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"member_number": "nobody"}, "member_number"),
        ({"provider_code": "nowhere"}, "provider_code"),
        ({"served_on": "2023-04-11"}, "served_on"),
        ({"served_on": "2023-02-29"}, "served_on"),
        ({"filed_on": "2023-03-01"}, "filed_on"),
        ({"benefit": "spa"}, "benefit"),
        ({"prescribing_tier": "best"}, "prescribing_tier"),
        ({"out_of_area": "abroad"}, "out_of_area"),
        ({"pay_from_account": "perhaps"}, "pay_from_account"),
        ({"kind": "soup"}, "kind"),
        ({"category": "D"}, "category"),
        ({"amount": "-5.00"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "5.005"}, "amount"),
        ({"over_limit": "100.01"}, "over_limit"),
        ({"upfront_rate": "1.5"}, "upfront_rate"),
        ({"upfront_rate": "0.12345"}, "upfront_rate"),
        ({"region": "dazhou"}, "region"),
        ({"served_at": "24:00"}, "served_at"),
        ({"served_at": "9.30"}, "served_at"),
        ({"served_at": "noon"}, "served_at"),
        ({"is_examination": "perhaps"}, "is_examination"),
    ],
)
def test_a_wrong_cell_is_reported_at_its_line(case: Case, cells: dict[str, str], column: str) -> None:
    content = sheet(HEADER, case.row(claim_number="C0"), case.row(**cells))
    report = bring_in("claims", content, case.region)
    assert places(report) == [(3, column)]
    assert claims(case.region) == []


def test_a_wrong_line_keeps_out_its_claim_and_no_other(case: Case) -> None:
    content = sheet(
        HEADER,
        case.row(),
        case.row(amount="-1"),
        case.row(amount="3"),
        case.row(claim_number="C2"),
        case.row(claim_number="C2", category="?"),
        case.row(claim_number="C3"),
    )
    report = bring_in("claims", content, case.region)
    assert places(report) == [(3, "amount"), (6, "category")]
    assert claims(case.region) == []
    report = bring_in("claims", content, case.region, only_good_rows=True)
    assert counts(report) == (1, 0, 5)
    assert claims(case.region) == ["C3"]


def test_rows_of_a_claim_have_to_agree(case: Case) -> None:
    other = builder.insured(case.region)
    content = sheet(
        HEADER,
        case.row(),
        case.row(member_number=other.member_number),
        case.row(provider_code=case.hospital.code, served_on="2023-03-07"),
    )
    report = bring_in("claims", content, case.region)
    assert places(report) == [(3, "member_number"), (4, "provider_code"), (4, "served_on")]


def test_rows_of_a_claim_have_to_stand_together(case: Case) -> None:
    content = sheet(HEADER, case.row(), case.row(claim_number="C2"), case.row(amount="3"))
    report = bring_in("claims", content, case.region)
    assert places(report) == [(4, "claim_number")]
    assert "2" in report.errors[0].reason


def test_what_is_wrong_with_the_claim_is_said_once(case: Case) -> None:
    unknown = case.row(member_number="nobody")
    assert places(bring_in("claims", sheet(HEADER, unknown, unknown), case.region)) == [(2, "member_number")]
