"""Direct settlements as a kind of file: what a preview says, and what the workers do once it is confirmed."""

import csv
import io
from datetime import date
from typing import Any

import pytest

from agency.exceptions import DomainError
from agency.models import JobState, Role, User
from claims.models import Claim
from clearing.models import RecordState, SettledFile
from clearing.services.file_reading import read_file
from clearing.services.file_settling import settle_file_chunk
from files.models import FileImport, ImportState
from files.services import file_imports
from files.services.import_steps import run_step
from files.services.imports import import_file
from tests import builder
from tests.builder.settled_files import row, settle, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

TODAY = date(2024, 1, 10)


@pytest.fixture(name="member")
def a_retiree(db: None) -> Any:
    return builder.retiree()


@pytest.fixture(name="clinic")
def a_clinic(member: Any) -> Any:
    return builder.a_provider(member.region)


@pytest.fixture(name="clerk")
def who_brings_it(member: Any) -> User:
    return builder.staff("bringer", Role.CLERK, region=member.region)


def worked(file_import: FileImport) -> FileImport:
    run_step(FileImport.objects.get(pk=file_import.pk), TODAY)
    return FileImport.objects.get(pk=file_import.pk)


def brought(clerk: User, member: Any, text: str, kind: str = "") -> FileImport:
    return file_imports.bring_file(kind, text.encode(), region=member.region, actor=clerk, name="三月.csv")


def told(file_import: FileImport) -> list[tuple[int, str, list[str]]]:
    """Line, outcome and columns of problems of every row."""
    kept = [(each.line, each.outcome, [column for column, _why in each.problems]) for each in file_import.rows.all()]
    return sorted([*kept, *((each.line, "new", []) for each in file_import.staged.all())])


def mixed(member: Any, clinic: Any) -> str:
    """Lines 2 to 8: settled before; new, of two lines; one of another member, unknown; no row; one of line 3 again."""
    two = {"medfee_sumamt": "600.00", "inscp_scp_amt": "600.00", "psn_cash_pay": "600.00"}
    lines = written(
        row("KNOWN", member, clinic),
        row("N1", member, clinic, **two),
        row("N1", member, clinic, **two),
        row("W1", "nobody", clinic),
        row("N1", member, clinic),
        row("W2", member, clinic, hifp_pay="-1"),
    ).splitlines()
    return "\n".join([*lines[:6], "torn,row", *lines[6:]]) + "\n"


def test_a_preview_says_what_the_workers_will_register_and_registers_nothing(
    member: Any, clinic: Any, clerk: User
) -> None:
    settle(member.region, written(row("KNOWN", member, clinic)))
    preview = worked(brought(clerk, member, mixed(member, clinic)))
    assert (preview.kind, preview.state) == ("direct_settlements", ImportState.PREVIEWED)
    assert told(preview) == [
        (2, "unchanged", []),
        (3, "new", []),
        (4, "new", []),
        (5, "wrong", ["psn_no"]),
        (6, "wrong", ["mdtrt_id"]),
        (7, "wrong", [""]),
        (8, "wrong", ["hifp_pay"]),
    ]
    assert preview.counts == {"new": 2, "changed": 0, "unchanged": 1, "doubtful": 0, "wrong": 4}
    assert list(Claim.objects.values_list("claim_number", flat=True)) == ["KNOWN"]
    assert SettledFile.objects.count() == 1


def test_what_is_confirmed_becomes_a_file_of_its_own_that_says_the_same(member: Any, clinic: Any, clerk: User) -> None:
    settle(member.region, written(row("KNOWN", member, clinic)))
    preview = worked(brought(clerk, member, mixed(member, clinic)))
    with pytest.raises(DomainError, match="good rows only"):
        file_imports.confirm_import(preview, actor=clerk, only_good_rows=False)
    done = worked(file_imports.confirm_import(preview, actor=clerk, only_good_rows=True))
    assert (done.state, done.step.state, str(done.file)) == (ImportState.IMPORTED, JobState.DONE, "")
    file = SettledFile.objects.get(pk=done.about or 0)
    assert (file.name, file.uploaded_by, file.settled_on) == ("三月.csv", clerk, TODAY)
    for chunk in read_file(file.pk):
        settle_file_chunk(chunk)
    came_to = {record.line: record.state for record in file.records.all()}
    assert came_to == {
        2: RecordState.KNOWN,
        3: RecordState.SETTLED,
        **dict.fromkeys((5, 6, 7, 8), RecordState.WRONG),
    }
    again = worked(brought(clerk, member, mixed(member, clinic) + "\n"))
    assert (again.counts["unchanged"], again.counts["new"]) == (3, 0)
    with pytest.raises(DomainError, match="would change anything"):
        file_imports.confirm_import(again, actor=clerk, only_good_rows=True)


def test_the_rows_of_a_settlement_with_a_wrong_one_are_wrong_together(member: Any, clinic: Any, clerk: User) -> None:
    text = written(row("N1", member, clinic), row("N1", member, clinic, list_type="9"))
    assert told(worked(brought(clerk, member, text))) == [(2, "wrong", []), (3, "wrong", ["list_type"])]


def test_the_same_content_is_refused_before_anybody_waits(member: Any, clinic: Any, clerk: User) -> None:
    text = written(row("N1", member, clinic))
    settle(member.region, text, name="earlier.csv")
    with pytest.raises(DomainError, match="taken before, as earlier"):
        brought(clerk, member, text)


def test_two_people_who_confirm_the_same_file_do_not_take_it_twice(member: Any, clinic: Any, clerk: User) -> None:
    text = written(row("N1", member, clinic))
    one, other = (worked(brought(clerk, member, text)) for _each in range(2))
    worked(file_imports.confirm_import(one, actor=clerk, only_good_rows=False))
    late = worked(file_imports.confirm_import(other, actor=clerk, only_good_rows=False))
    assert late.state == ImportState.PREVIEWED
    assert "taken before" in late.step.log
    assert SettledFile.objects.count() == 1


def test_columns_that_somebody_matched_are_read_by_the_workers_as_well(member: Any, clinic: Any, clerk: User) -> None:
    header, *rest = csv.reader(io.StringIO(written(row("N1", member, clinic))))
    header[header.index("hifp_pay")] = "基金付"
    text = "\n".join([",".join(header), *(",".join(each) for each in rest)])
    found = brought(clerk, member, text, kind="direct_settlements")
    assert found.state == ImportState.MATCHING
    places = {place: "hifp_pay" if cell == "基金付" else cell for place, cell in enumerate(header)}
    preview = worked(file_imports.match_columns(found, places, actor=clerk))
    assert preview.counts["new"] == 1
    done = worked(file_imports.confirm_import(preview, actor=clerk, only_good_rows=False))
    for chunk in read_file(done.about or 0):
        settle_file_chunk(chunk)
    assert SettledFile.objects.get(pk=done.about or 0).job.state == JobState.DONE
    assert Claim.objects.filter(claim_number="N1").exists()


def test_a_damaged_line_spoils_itself_alone(member: Any, clinic: Any, clerk: User) -> None:
    header, first, second = written(row("N1", member, clinic), row("N2", member, clinic)).splitlines()
    text = "\n".join([header, first.replace("N1", '"N1'), second])
    assert told(worked(brought(clerk, member, text, kind="direct_settlements"))) == [(2, "wrong", [""]), (3, "new", [])]


def test_from_a_shell_the_report_says_the_same(member: Any, clinic: Any) -> None:
    content = mixed(member, clinic).encode()
    facts: dict[str, Any] = {"region": member.region, "actor": None, "today": TODAY, "filename": "三月.csv"}
    report = import_file("direct_settlements", content, **facts)
    assert [(each.line, each.column) for each in report.errors] == [
        (5, "psn_no"),
        (6, "mdtrt_id"),
        (7, ""),
        (8, "hifp_pay"),
    ]
    assert not SettledFile.objects.exists()
    assert import_file("direct_settlements", content, **facts, is_preview=True).counts["new"] == 3
    assert not SettledFile.objects.exists()
    taken = import_file("direct_settlements", content, **facts, only_good_rows=True)
    assert taken.imported == 3
    assert SettledFile.objects.get().name == "三月.csv"
    again = import_file("direct_settlements", content, **facts, only_good_rows=True)
    assert "taken before" in again.errors[0].reason
