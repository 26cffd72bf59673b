"""Files as agencies have them: each in `inputs` is one example of a shape, and goes in through the import."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from agency.models import Role, User
from files.importing.report import ImportReport
from files.services.imports import import_file
from members.models import Contribution, Member
from policies.models import AveragePension
from tests import builder
from tests.builder.sheets import places

pytestmark = pytest.mark.django_db

INPUTS = Path(__file__).with_name("inputs")
TODAY = date(2024, 6, 3)
MAY, RECEIVED = date(2024, 5, 1), date(2024, 5, 20)


@pytest.fixture(autouse=True)
def _people() -> None:
    """Baoshan's members with the numbers of the files."""
    baoshan = builder.region("baoshan")
    for number in range(1, 22):
        builder.a_member(baoshan, member_number=f"5305000000{number:02d}")


def brought(kind: str, name: str, *, actor: User | None = None, only_good_rows: bool = False) -> ImportReport:
    """A file of the folder, as a command or somebody imports it, reported in English."""
    with override("en"):
        return import_file(
            kind,
            (INPUTS / name).read_bytes(),
            region=builder.region("baoshan"),
            actor=actor,
            today=TODAY,
            only_good_rows=only_good_rows,
            filename=name,
        )


def recorded() -> dict[str, tuple[object, ...]]:
    """Contributions by the last two digits of the member's number."""
    rows = Contribution.objects.values_list("member__member_number", "month", "base", "received_on")
    return {number[-2:]: tuple(facts) for number, *facts in rows}


@pytest.mark.parametrize(
    ("name", "bases"),
    [
        ("c01-excel-dates.csv", {"01": "5000.00", "02": "5000.00", "03": "5000.00", "04": "5000.00"}),
        ("c02-amounts.csv", {"05": "5000.00", "06": "5000.00", "07": "5000.00", "08": "5000.00"}),
        ("c04-title-row.csv", {"12": "5000.00", "13": "5000.00"}),
        ("c05-header-spelling.csv", {"14": "5000.00"}),
        ("c07-semicolons.csv", {"16": "5000.00"}),
        ("x01-contributions.xlsx", {"17": "5000.00", "18": "5000.50"}),
    ],
)
def test_contributions_in_every_shape_are_read_as_a_person_reads_them(name: str, bases: dict[str, str]) -> None:
    report = brought("contributions", name)
    assert (report.errors, list(report.notes)) == ([], [])
    assert recorded() == {number: (MAY, Decimal(base), RECEIVED) for number, base in bases.items()}
    again = brought("contributions", name)
    assert (again.imported, again.unchanged) == (0, len(bases))


def test_numbers_made_numbers_are_codes_again_and_lost_digits_are_said() -> None:
    report = brought("contributions", "c03-numbers-as-numbers.csv", only_good_rows=True)
    assert places(report) == [(3, "member_number")]
    assert "scientific notation" in report.errors[0].reason
    assert "Set the column to text" in report.errors[0].reason
    assert set(recorded()) == {"09", "11"}


def test_lines_keep_the_numbering_of_the_file_below_a_title() -> None:
    content = (INPUTS / "c04-title-row.csv").read_text().replace("530500000013", "530500000099")
    report = import_file("contributions", content.encode(), region=builder.region("baoshan"), actor=None, today=TODAY)
    assert places(report) == [(4, "member_number")]


def test_an_unknown_column_is_said_and_left_out() -> None:
    report = brought("contributions", "c06-unknown-column.csv")
    assert (report.errors, report.imported) == ([], 1)
    assert list(report.notes) == ["Column 6 (备注) is not known here and was left out."]
    assert "备注" in report.job.log


def test_an_xls_workbook_with_a_title_and_a_sum_is_read() -> None:
    report = brought("contributions", "x02-contributions.xls")
    assert report.errors == []
    assert list(report.notes) == ["Lines at the end that only add up or sign were left out: 6."]
    assert recorded() == {"19": (MAY, Decimal("5000.50"), RECEIVED), "20": (MAY, Decimal("5000.00"), RECEIVED)}


def test_a_workbook_with_a_password_is_refused_with_a_way_out() -> None:
    report = brought("contributions", "x03-password.xlsx")
    assert [error.reason for error in report.errors] == [
        "The workbook is protected by a password. Take the password off and save it anew."
    ]


def test_a_rare_name_in_gb18030_is_found_again(client: Client) -> None:
    assert brought("members", "c08-gb18030-rare-name.csv").errors == []
    assert Member.objects.get(member_number="530599000001").name == "𠮷田"
    client.force_login(builder.staff("clerk", Role.CLERK, region=builder.region("baoshan")))
    found = client.get(reverse("admin:members_member_changelist"), {"q": "𠮷田"})
    assert "530599000001" in found.content.decode()


@pytest.mark.parametrize("left_out", ["", "外国人永久居留身份证", "1985-04-12"])
def test_a_foreigner_with_the_card_of_2023_is_a_member(left_out: str, client: Client) -> None:
    """Also where the file leaves out what the number says: the kind of document, or the date of birth."""
    baoshan = builder.region("baoshan")
    content = (INPUTS / "m01-foreigner-2023-card.csv").read_text()
    shortened = content.replace(left_out, "", 1) if left_out else content
    report = import_file("members", shortened.encode(), region=baoshan, actor=None, today=TODAY)
    assert (report.errors, report.imported) == ([], 1)
    member = Member.objects.get(member_number="530599000002")
    assert (member.name, member.document_kind) == ("ALICE EXAMPLE", "foreigner_card")
    assert member.get_document_kind_display() == "外国人永久居留身份证"
    assert (member.identity_number, member.birth_date, member.sex) == ("931840198504121245", date(1985, 4, 12), "F")
    client.force_login(builder.staff("clerk", Role.CLERK, region=baoshan))
    for term in ("931840198504121245", "931840 19850412 1245", "alice ex"):
        found = client.get(reverse("admin:members_member_changelist"), {"q": term})
        assert "530599000002" in found.content.decode()
    assert brought("members", "m01-foreigner-2023-card.csv").unchanged == 1


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [
        ("931840198504121245", "931840198504121246"),
        ("1985-04-12", "1985-04-21"),
        ("女", "男"),
        ("外国人永久居留", "居民"),
    ],
)
def test_the_card_of_2023_is_verified_as_it_stands(cell: str, wrong: str) -> None:
    content = (INPUTS / "m01-foreigner-2023-card.csv").read_text().replace(cell, wrong)
    report = import_file("members", content.encode(), region=builder.region("baoshan"), actor=None, today=TODAY)
    assert places(report) == [(2, "identity_number")]


def test_identity_numbers_are_read_but_not_guessed() -> None:
    report = brought("members", "m02-id-spellings.csv", only_good_rows=True)
    assert places(report) == [(4, "identity_number")]
    assert "scientific notation" in report.errors[0].reason
    people = Member.objects.filter(member_number__startswith="5305990").order_by("member_number")
    assert [person.identity_number for person in people] == ["53050219900307203X", "530502199003072136"]


def test_a_yearly_sum_and_a_year_to_come_are_no_average_pension() -> None:
    officer = builder.staff("officer", Role.POLICY_OFFICER, region=builder.region("baoshan"))
    name = "p01-annual-sum-as-monthly.csv"
    report = brought("average_pensions", name, actor=officer)
    assert [(error.line, error.column, error.reason) for error in report.errors] == [
        (3, "monthly", "12.0 times the 2023 figure: an annual sum entered as a monthly one?"),
        (4, "year", "2031 has not begun: there is no average pension of it."),
    ]
    assert not AveragePension.objects.exists()
    assert brought("average_pensions", name, actor=officer, only_good_rows=True).imported == 1
    pension = AveragePension.objects.get()
    assert (pension.year, pension.monthly, pension.is_final, pension.state) == (
        2023,
        Decimal("3456.78"),
        True,
        "submitted",
    )
