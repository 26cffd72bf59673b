"""Importing a file: every wrong row is reported at its place, and one keeps the whole file out."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agency.exceptions import NotPermitted
from agency.exporting.streams import csv_bytes
from agency.models import Job, JobState, PoolingRegion, Role
from files.importing.cells import Column, TextCell
from files.importing.reading import Sheet
from files.importing.resource import ServiceResource, Values
from files.importing.row_set import ImportContext
from files.services.import_kinds import may_import
from files.services.imports import import_file
from members.models import Member
from policies.models import AveragePension
from tests import builder
from tests.builder.sheets import MEMBER_HEADER, TODAY, bring_in, counts, identity_number, member_row, places, sheet

pytestmark = pytest.mark.django_db

_RIGHT = identity_number(5)
WRONG_CHECK_DIGIT = _RIGHT[:-1] + ("1" if _RIGHT[-1] == "0" else "0")


@pytest.fixture
def kaifeng() -> PoolingRegion:
    return builder.region("kaifeng")


def names(region: PoolingRegion) -> list[str]:
    return list(Member.objects.filter(region=region).order_by("member_number").values_list("name", flat=True))


# --- Rows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("region", "atlantis"),
        ("region", "dazhou"),
        ("region", ""),
        ("member_number", ""),
        ("member_number", "9" * 33),
        ("name", ""),
        ("identity_number", WRONG_CHECK_DIGIT),
        ("identity_number", "41020019850607"),
        ("identity_number", ""),
        ("sex", "X"),
        ("birth_date", "1985-02-30"),
        ("birth_date", "1985-13-01"),
        ("birth_date", "07.06.1985"),
        ("birth_date", "0000-01-01"),
        ("birth_date", "85-06-07"),
    ],
)
def test_a_wrong_cell_is_reported_at_its_line_and_column(kaifeng: PoolingRegion, column: str, text: str) -> None:
    content = sheet(MEMBER_HEADER, member_row(kaifeng, 1), member_row(kaifeng, 2, **{column: text}))
    report = bring_in("members", content, kaifeng)
    assert places(report) == [(3, column)]
    assert names(kaifeng) == []


def test_the_region_may_be_written_as_slug_code_or_name(kaifeng: PoolingRegion) -> None:
    spellings = ["kaifeng", "410200", "开封市", "Kaifeng"]
    rows = [member_row(kaifeng, number, region=text) for number, text in enumerate(spellings, start=1)]
    assert counts(bring_in("members", sheet(MEMBER_HEADER, *rows), kaifeng)) == (4, 0, 0)


def test_every_wrong_row_is_reported_and_nothing_is_stored(kaifeng: PoolingRegion) -> None:
    rows = [member_row(kaifeng, number) for number in range(1, 9)]
    rows[1] = member_row(kaifeng, 2, birth_date="1985-06-31", sex="?")
    rows[4] = member_row(kaifeng, 5, identity_number=WRONG_CHECK_DIGIT)
    rows[6] = rows[0]
    report = bring_in("members", sheet(MEMBER_HEADER, *rows), kaifeng)
    assert places(report) == [(3, "birth_date"), (3, "sex"), (6, "identity_number"), (8, "member_number")]
    assert "2" in report.errors[-1].reason
    assert counts(report) == (0, 0, 8)
    assert names(kaifeng) == []


def test_only_the_good_rows_are_stored_where_the_clerk_chose_so(kaifeng: PoolingRegion) -> None:
    rows = [member_row(kaifeng, 1), member_row(kaifeng, 2, sex="?"), "kaifeng,3", member_row(kaifeng, 4)]
    report = bring_in("members", sheet(MEMBER_HEADER, *rows), kaifeng, only_good_rows=True)
    assert places(report) == [(3, "sex"), (4, "3")]
    assert counts(report) == (2, 0, 2)
    assert names(kaifeng) == ["测试1", "测试4"]


def test_the_same_file_again_adds_nothing(kaifeng: PoolingRegion) -> None:
    content = sheet(MEMBER_HEADER, *(member_row(kaifeng, number) for number in range(1, 4)))
    assert counts(bring_in("members", content, kaifeng)) == (3, 0, 0)
    assert counts(bring_in("members", content, kaifeng)) == (0, 3, 0)
    assert len(names(kaifeng)) == 3


def test_a_row_that_contradicts_what_is_recorded_is_wrong(kaifeng: PoolingRegion) -> None:
    bring_in("members", sheet(MEMBER_HEADER, member_row(kaifeng, 1)), kaifeng)
    report = bring_in("members", sheet(MEMBER_HEADER, member_row(kaifeng, 1, name="别人")), kaifeng)
    assert places(report) == [(2, "name")]
    assert names(kaifeng) == ["测试1"]


def test_what_a_spreadsheet_takes_for_a_formula_is_data_and_leaves_escaped(kaifeng: PoolingRegion) -> None:
    texts = ["=1+1", "@SUM(A1)", "+86", "-x", "'=1", "plain"]
    rows = [member_row(kaifeng, number, name=text).split(",") for number, text in enumerate(texts, start=1)]
    content = csv_bytes(MEMBER_HEADER.split(","), rows)
    written = content.decode("utf-8-sig")
    assert all(f",'{text}," in written for text in texts[:5])
    assert ",plain," in written
    assert bring_in("members", content, kaifeng).errors == []
    assert names(kaifeng) == texts
    bring_in("members", sheet(MEMBER_HEADER, member_row(kaifeng, 7, name="=2+2")), kaifeng)
    assert names(kaifeng)[-1] == "=2+2"


# --- Who, and what is kept of it ------------------------------------------------------------------


def test_importing_takes_the_role_in_that_region(kaifeng: PoolingRegion) -> None:
    here = builder.staff("here", Role.CLERK, region=kaifeng)
    elsewhere = builder.staff("elsewhere", Role.CLERK, region=builder.region("dazhou"))
    auditor = builder.staff("auditor", Role.AUDITOR)
    content = sheet(MEMBER_HEADER, member_row(kaifeng, 1))
    for actor in (elsewhere, auditor):
        assert not may_import("members", region=kaifeng, actor=actor)
        with pytest.raises(NotPermitted):
            import_file("members", content, region=kaifeng, actor=actor, today=TODAY)
    assert not Job.objects.exists()
    assert import_file("members", content, region=kaifeng, actor=here, today=TODAY).imported == 1
    history = Member.history.get()
    assert history.history_user == here
    assert history.history_change_reason


def test_an_unknown_kind_is_a_mistake_of_the_caller(kaifeng: PoolingRegion) -> None:
    with pytest.raises(LookupError):
        bring_in("nonsense", b"", kaifeng)


def test_the_job_says_what_became_of_the_rows_and_names_nobody(kaifeng: PoolingRegion) -> None:
    wrong = member_row(kaifeng, 2, name="王小明", birth_date="1985-06-31")
    content = sheet(MEMBER_HEADER, member_row(kaifeng, 1), wrong)
    refused = bring_in("members", content, kaifeng).job
    assert (refused.state, refused.kind, refused.region) == (JobState.FAILED, "import_members", kaifeng)
    assert refused.result == {"rows": 2, "imported": 0, "unchanged": 0, "left_out": 2}
    assert "birth_date" in refused.log
    assert "3" in refused.log
    for private in ("王小明", wrong.split(",")[3], "1985-06-31", "000002"):
        assert private not in refused.log
    done = bring_in("members", content, kaifeng, only_good_rows=True).job
    assert (done.state, done.total, done.done) == (JobState.DONE, 2, 2)
    assert done.result == {"rows": 2, "imported": 1, "unchanged": 0, "left_out": 1}


class Faulty(ServiceResource):
    """A kind of file whose service has a fault."""

    label = permission = ""  # type: ignore[assignment]
    key = ("word",)
    word = Column("word", TextCell(9))  # type: ignore[arg-type]

    def recorded(self, values: Values) -> None:
        return None

    def save(self, values: Values) -> None:
        raise ZeroDivisionError


def test_a_fault_of_the_program_is_not_taken_for_a_wrong_row(kaifeng: PoolingRegion) -> None:
    rows = Sheet(["region", "word"])
    rows.append(["kaifeng", "x"])
    rows.lines.append(2)
    resource: Any = Faulty(ImportContext(kaifeng, None, TODAY, "test"))
    with pytest.raises(ZeroDivisionError):
        resource.import_data(rows)


# --- At the console -------------------------------------------------------------------------------


def test_the_command_prints_every_error_and_fails(
    kaifeng: PoolingRegion, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "members.csv"
    path.write_bytes(sheet(MEMBER_HEADER, member_row(kaifeng, 1), member_row(kaifeng, 2, birth_date="1985-06-31")))
    with pytest.raises(CommandError) as failure:
        call_command("import_file", "members", str(path), region="kaifeng")
    assert failure.value.returncode == 1
    report = json.loads(capsys.readouterr().out)
    assert [(error["line"], error["column"]) for error in report["errors"]] == [(3, "birth_date")]
    assert all(error["reason"] and error["way_out"] for error in report["errors"])
    assert names(kaifeng) == []
    with pytest.raises(CommandError):
        call_command("import_file", "members", str(path), region="kaifeng", good_rows=True)
    assert names(kaifeng) == ["测试1"]


def test_the_command_prints_one_report(
    kaifeng: PoolingRegion, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "members.csv"
    path.write_bytes(sheet(MEMBER_HEADER, member_row(kaifeng, 1)))
    call_command("import_file", "members", str(path), region="kaifeng")
    report = json.loads(capsys.readouterr().out)
    job = Job.objects.get(kind="import_members")
    assert report == {
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "doubtful": 0,
        "wrong": 0,
        "imported": 1,
        "errors": [],
        "notes": [],
        "job": job.pk,
    }


def test_a_preview_at_the_console_imports_nothing(
    kaifeng: PoolingRegion, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "members.csv"
    path.write_bytes(sheet(MEMBER_HEADER, member_row(kaifeng, 1)))
    call_command("import_file", "members", str(path), region="kaifeng", preview=True)
    report = json.loads(capsys.readouterr().out)
    assert (report["new"], report["imported"]) == (1, 0)
    assert names(kaifeng) == []


def test_the_command_imports_in_somebodys_name(kaifeng: PoolingRegion, tmp_path: Path) -> None:
    path = tmp_path / "pensions.csv"
    path.write_bytes(sheet("region,year,monthly,is_final", "kaifeng,2021,3000.00,1"))
    officer = builder.staff("officer", Role.POLICY_OFFICER, region=kaifeng)
    builder.staff("auditor", Role.AUDITOR, region=kaifeng)
    for refused in (None, "nobody", "auditor"):
        with pytest.raises(CommandError):
            call_command("import_file", "average_pensions", str(path), region="kaifeng", actor=refused)
    call_command("import_file", "average_pensions", str(path), region="kaifeng", actor="officer")
    assert AveragePension.objects.get().submitted_by == officer


@pytest.mark.parametrize(("file", "region"), [("missing.csv", "kaifeng"), ("here.csv", "atlantis")])
def test_the_command_says_which_file_or_region_is_not_there(tmp_path: Path, file: str, region: str) -> None:
    (tmp_path / "here.csv").write_bytes(b"x")
    with pytest.raises(CommandError, match=r"missing\.csv|atlantis"):
        call_command("import_file", "members", str(tmp_path / file), region=region)
