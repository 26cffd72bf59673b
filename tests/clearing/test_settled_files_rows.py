"""Files that are wrong: every bad row is reported with its line, and the good ones are settled all the same."""

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from agency.exceptions import DomainError
from agency.models import JobState
from claims.models import Claim
from clearing.models import RecordState, SettledFile
from clearing.selectors.file_rows import COLUMNS, MomentCell
from clearing.services.settled_files import LARGEST_MB, take_file
from policies.engine.vocabulary import InsuredStatus
from tests import builder
from tests.builder.settled_files import TODAY, problems, records, row, settle, taken, written
from tests.builder.workbooks import rows_of, workbook
from tests.processes import PROJECT

pytestmark = pytest.mark.django_db


@pytest.fixture(name="member")
def a_retiree() -> Any:
    return builder.retiree()


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"mdtrt_id": ""}, "mdtrt_id"),
        ({"mdtrt_id": "9" * 65}, "mdtrt_id"),
        ({"psn_no": ""}, "psn_no"),
        ({"psn_no": "nobody"}, "psn_no"),
        ({"fixmedins_code": "nowhere"}, "fixmedins_code"),
        ({"med_type": "99"}, "med_type"),
        ({"med_type": "21"}, "med_type"),
        ({"fee_ocur_time": "2023-02-30"}, "fee_ocur_time"),
        ({"fee_ocur_time": "2023-03-01 25:00"}, "fee_ocur_time"),
        ({"acct_used_flag": "maybe"}, "acct_used_flag"),
        ({"dise_codg": "M99999"}, "dise_codg"),
        ({"rx_hosp_lv": "99"}, "rx_hosp_lv"),
        ({"out_fil_type": "99"}, "out_fil_type"),
        ({"list_type": "999"}, "list_type"),
        ({"chrgitm_lv": "04"}, "chrgitm_lv"),
        ({"selfpay_prop": "1.5"}, "selfpay_prop"),
        ({"hi_nego_drug_flag": "2"}, "hi_nego_drug_flag"),
        ({"det_item_fee_sumamt": "0"}, "det_item_fee_sumamt"),
        ({"det_item_fee_sumamt": "300.001"}, "det_item_fee_sumamt"),
        ({"det_item_fee_sumamt": "299"}, "medfee_sumamt"),
        ({"overlmt_amt": "300.01"}, "overlmt_amt"),
        ({"medfee_sumamt": "1e3"}, "medfee_sumamt"),
        ({"inscp_scp_amt": "299"}, "medfee_sumamt"),
        ({"psn_cash_pay": "229"}, "medfee_sumamt"),
        ({"act_pay_dedc": "300.01"}, "act_pay_dedc"),
        ({"hifp_pay": "70", "fund_pay_sumamt": "60", "psn_cash_pay": "240"}, "hifp_pay"),
        ({"acct_pay": "-1"}, "acct_pay"),
    ],
)
def test_a_wrong_cell_is_reported_and_its_neighbours_are_settled(
    member: Any, cells: dict[str, str], column: str
) -> None:
    provider = builder.a_provider(member.region)
    names = dict.fromkeys(cells, "")
    rows = [
        row(number, member, provider) | {name: "" for name in names if name not in row("", "", "")} for number in "AB"
    ]
    rows.insert(1, row("WRONG", member, provider) | cells)
    file = settle(member.region, written(*rows))
    assert problems(file) == [(3, column)]
    assert sorted(Claim.objects.values_list("claim_number", flat=True)) == ["A", "B"]
    assert (file.job.result["wrong"], file.job.result["settled"]) == (1, 2)


def test_every_problem_of_a_record_is_reported(member: Any) -> None:
    provider = builder.a_provider(member.region)
    rows = [
        row("M1", member, provider, det_item_fee_sumamt="x", list_type="y"),
        row("M1", member, provider, det_item_fee_sumamt="z", psn_cash_pay="1"),
        row("M1", member, provider, fee_ocur_time="2023-03-02"),
    ]
    file = settle(member.region, written(*rows))
    assert problems(file) == [
        (2, "det_item_fee_sumamt"),
        (2, "list_type"),
        (3, "det_item_fee_sumamt"),
        (3, "psn_cash_pay"),
        (4, "fee_ocur_time"),
    ]


def lines_of(member: Any) -> list[str]:
    """A header, a settlement of three rows of 100 yuan, and another one."""
    provider = builder.a_provider(member.region)
    rows = [row("M1", member, provider, det_item_fee_sumamt="100") for _ in range(3)]
    return written(*rows, row("M2", member, provider)).splitlines()


def cut(lines: list[str]) -> str:
    lines[2] = lines[2].rsplit(",", 2)[0]
    return "\n".join(lines)


def unquoted(lines: list[str]) -> str:
    lines[2] = '"' + lines[2]
    return "\n".join(lines)


def endless(lines: list[str]) -> str:
    lines[2] = lines[2] + "9" * 20_000
    return "\n".join(lines)


def with_a_null(lines: list[str]) -> str:
    lines[2] = lines[2].replace("M1", "M\x001")
    return "\n".join(lines)


def damaged(lines: list[str]) -> bytes:
    lines[0] = lines[0].replace("mdtrt_id", "就诊ID")
    lines[4] = lines[4].replace("M2", "二号")
    lines[2] = lines[2].replace("M1", "\ue000")
    return "\n".join(lines).encode().replace("\ue000".encode(), b"M\xff1")


@pytest.mark.parametrize("damage", [cut, unquoted, endless, with_a_null, damaged])
def test_a_line_that_is_no_row_spoils_its_own_settlement_only(
    member: Any, damage: Callable[[list[str]], str | bytes]
) -> None:
    file = settle(member.region, damage(lines_of(member)))
    # The settlement lacks a line then, so that its sum is wrong as well.
    assert problems(file) == [(2, "medfee_sumamt"), (3, "")]
    assert file.job.result["settled"] == 1
    assert file.job.result["wrong"] == 2


def test_a_number_that_comes_again_further_down_is_wrong(member: Any) -> None:
    provider = builder.a_provider(member.region)
    file = settle(
        member.region, written(row("M1", member, provider), row("M2", member, provider), row("M1", member, provider))
    )
    assert problems(file) == [(4, "mdtrt_id")]
    assert file.job.result["settled"] == 2


def test_blank_lines_are_passed_over_and_lines_are_counted_as_an_editor_does(member: Any) -> None:
    text = written(row("M1", member, builder.a_provider(member.region), psn_cash_pay="1"))
    header, line = text.splitlines()
    file = settle(member.region, f"\ufeff{header}\n\n\n{line}\n\n")
    assert problems(file) == [(4, "medfee_sumamt")]
    assert file.job.state == JobState.DONE


def test_a_file_of_wrong_rows_alone_is_done_without_a_worker(member: Any) -> None:
    header = written(row("M1", member, "P")).splitlines()[0]
    file = settle(member.region, f"{header}\nonly,two\n")
    assert (file.job.state, file.job.done, file.job.total) == (JobState.DONE, 1, 1)
    assert file.records.get().state == RecordState.WRONG


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"mdtrt_id,psn_no\n1,2\n", b"%PDF-1.7\n", b"PK\x03\x04\x00\x00", b"\xff\xfe\x00", b'"mdtrt_id\n'],
)
def test_a_file_without_the_columns_is_refused_as_a_whole(member: Any, content: bytes) -> None:
    with pytest.raises(DomainError):
        taken(member.region, content)
    assert not SettledFile.objects.exists()


@pytest.mark.parametrize("form", ["semicolons", "utf-16", "workbook", "titled"])
def test_files_of_settlements_come_in_the_forms_of_every_other_list(member: Any, form: str) -> None:
    text = written(row("M1", member, builder.a_provider(member.region), psn_cash_pay="￥300.00", hifp_pay="0.0"))
    header, line = (each.split(",") for each in text.splitlines())
    contents = {
        "semicolons": text.replace(",", ";").encode(),
        "utf-16": text.encode("utf-16"),
        "workbook": workbook({"说明": rows_of(["请勿修改表头"]), "结算": rows_of(header, line)}),
        "titled": f"平凉市三月结算明细\n\n{text}合计{',' * (len(header) - 1)}\n".encode(),
    }
    file = settle(member.region, contents[form])
    assert problems(file) == []
    assert file.job.result["settled"] == 1
    assert file.records.get().line == (4 if form == "titled" else 2)


def test_a_column_twice_is_refused(member: Any) -> None:
    header, line = written(row("M1", member, "P")).splitlines()
    with pytest.raises(DomainError):
        taken(member.region, f"{header},就诊ID\n{line},1\n")


class Endless:
    """A file of zeros that goes on for so many bytes, held in no memory."""

    def __init__(self, size: int) -> None:
        self.size, self.at = size, 0

    def seek(self, place: int) -> None:
        self.at = place

    def read(self, count: int) -> bytes:
        found = b"0" * min(count, self.size - self.at)
        self.at += len(found)
        return found


def test_a_file_that_is_too_large_is_refused(member: Any) -> None:
    content: Any = Endless(LARGEST_MB * 1024**2 + 1)
    with pytest.raises(DomainError) as error:
        take_file(member.region, content=content, name="x.csv", today=TODAY, actor=None)
    assert error.value.details["field"] == "content"


def test_records_without_a_number_stand_alone(member: Any) -> None:
    provider = builder.a_provider(member.region)
    file = settle(member.region, written(row("", member, provider), row("", member, provider)))
    assert problems(file) == [(2, "mdtrt_id"), (3, "mdtrt_id")]
    assert set(records(file)) == {""}


def test_the_document_names_every_column_and_its_example_is_settled_as_it_says() -> None:
    """Zaozhuang, retired, primary: 75 % of what 280.00 have above 200.00 is 60.00."""
    document = (PROJECT / "docs" / "direct-settlements.md").read_text()
    named = re.findall(r"^\| `(\w+)` \| (\S+) \|.*\| (yes|no)", document, re.MULTILINE)
    assert named == [(name, str(column.label), "yes" if column.in_header else "no") for name, column in COLUMNS.items()]
    (example,) = re.findall(r"```csv\n(.*?)```", document, re.DOTALL)
    region = builder.region("zaozhuang")
    born = date(1955, 5, 1)
    member = builder.insured(region, status=InsuredStatus.RETIRED, birth_date=born, member_number="P0001")
    provider = builder.a_provider(region)
    file = settle(region, example.replace("H0001", provider.code))
    record = records(file)["Z2023-0001"]
    assert record.claim is not None
    assert record.claim.member == member
    assert record.claim.settlements.get().pooled == Decimal("60.00")
    assert not record.differs


@pytest.mark.parametrize(
    ("written", "seen_at"),
    [
        ("2023-03-01 00:00:00", None),
        ("2023-03-01", None),
        ("2023-03-01 00:00:01", time(0, 0, 1)),
        ("20230301 23:59:59", time(23, 59, 59)),
    ],
)
def test_midnight_to_the_second_is_a_time_not_given(written: str, seen_at: time | None) -> None:
    assert MomentCell().clean(written) == (date(2023, 3, 1), seen_at)
