"""A file on its way: brought, matched, previewed, confirmed, taken back; and what comes between."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.timezone import now

from agency.exceptions import DomainError, MoveNotAllowed, NotPermitted
from agency.models import JobState, PoolingRegion, Role, User
from files.models import FileImport, ImportState, KnownHeading, RowOutcome
from files.services import file_imports as service
from files.services.import_steps import run_step
from members.models import Contribution, EntitlementChange, Member
from members.services.contributions import record_contribution
from tests import builder
from tests.builder.sheets import sheet

pytestmark = pytest.mark.django_db

TODAY = date(2024, 6, 3)
MAY = date(2024, 5, 1)
HEADER = "member_number,month,base,received_on"


@pytest.fixture
def baoshan() -> PoolingRegion:
    region = builder.region("baoshan")
    for number in range(1, 6):
        builder.a_member(region, member_number=f"53050000000{number}")
    return region


@pytest.fixture
def clerk(baoshan: PoolingRegion) -> User:
    return builder.staff("clerk", Role.CLERK, region=baoshan)


def row(number: int, base: str = "5000", month: str = "2024-05") -> str:
    return f"53050000000{number},{month},{base},2024-05-20"


def brought(region: PoolingRegion, clerk: User, *rows: str, header: str = HEADER, kind: str = "") -> FileImport:
    """A file that a worker has read, where its columns are known."""
    content = sheet(header, *rows)
    file_import = service.bring_file(kind, content, region=region, actor=clerk, name="缴费.csv")
    return worked(file_import)


def worked(file_import: FileImport) -> FileImport:
    """After the step that it waits for."""
    file_import = FileImport.objects.get(pk=file_import.pk)
    if file_import.state in (ImportState.READING, ImportState.IMPORTING) or file_import.taken_back_by:
        run_step(file_import, TODAY)
    return FileImport.objects.get(pk=file_import.pk)


def confirmed(file_import: FileImport, clerk: User, **more: Any) -> FileImport:
    options = {"only_good_rows": False, **more}
    return worked(service.confirm_import(file_import, actor=clerk, **options))


def outcomes(file_import: FileImport) -> list[str]:
    return list(file_import.rows.order_by("number").values_list("outcome", flat=True))


def bases(region: PoolingRegion) -> dict[str, Decimal]:
    rows = Contribution.objects.filter(member__region=region, month=MAY)
    return dict(rows.values_list("member__member_number", "base"))


# --- Preview --------------------------------------------------------------------------------------


def test_a_preview_says_what_each_row_would_do_and_does_nothing(baoshan: PoolingRegion, clerk: User) -> None:
    contributed(baoshan, 1, "5000")
    contributed(baoshan, 2, "4000")
    preview = brought(baoshan, clerk, row(1), row(2), row(3), row(4, base="-1"))
    assert preview.state == ImportState.PREVIEWED
    assert preview.kind == "contributions"
    assert outcomes(preview) == ["unchanged", "changed", "new", "wrong"]
    assert preview.rows.get(line=3).before == {"base": "4000.00"}
    assert bases(baoshan) == {"530500000001": Decimal(5000), "530500000002": Decimal(4000)}


def contributed(region: PoolingRegion, number: int, base: str) -> Contribution:
    member = Member.objects.get(region=region, member_number=f"53050000000{number}")
    day = date(2024, 5, 20)
    return record_contribution(member, month=MAY, base=Decimal(base), received_on=day, reason="came in")


def test_confirmed_rows_go_in_with_who_why_and_which_job(baoshan: PoolingRegion, clerk: User) -> None:
    contributed(baoshan, 1, "4000")
    preview = brought(baoshan, clerk, row(1), row(2))
    done = confirmed(preview, clerk, reason="the employer corrected it")
    assert done.state == ImportState.IMPORTED
    assert not done.file
    assert bases(baoshan) == {"530500000001": Decimal(5000), "530500000002": Decimal(5000)}
    history = Contribution.history.latest("pk")
    assert history.history_user == clerk
    assert str(done.job_id) in history.history_change_reason
    assert done.step.state == JobState.DONE


def test_what_is_recorded_changes_only_with_a_reason(baoshan: PoolingRegion, clerk: User) -> None:
    contributed(baoshan, 1, "4000")
    preview = brought(baoshan, clerk, row(1))
    with pytest.raises(DomainError) as refusal:
        service.confirm_import(preview, actor=clerk, only_good_rows=False)
    assert refusal.value.details["field"] == "reason"


def test_a_wrong_row_keeps_all_out_unless_the_good_ones_are_wanted(baoshan: PoolingRegion, clerk: User) -> None:
    preview = brought(baoshan, clerk, row(1), row(2, base="x"))
    with pytest.raises(DomainError):
        service.confirm_import(preview, actor=clerk, only_good_rows=False)
    confirmed(preview, clerk, only_good_rows=True)
    assert bases(baoshan) == {"530500000001": Decimal(5000)}


def test_the_same_file_again_would_change_nothing(baoshan: PoolingRegion, clerk: User) -> None:
    confirmed(brought(baoshan, clerk, row(1), row(2)), clerk)
    again = brought(baoshan, clerk, row(1), row(2))
    assert outcomes(again) == ["unchanged", "unchanged"]
    with pytest.raises(DomainError):
        service.confirm_import(again, actor=clerk, only_good_rows=False)


# --- Between preview and import -------------------------------------------------------------------


def test_what_changed_since_the_preview_stops_the_whole_file(baoshan: PoolingRegion, clerk: User) -> None:
    preview = brought(baoshan, clerk, row(1), row(2))
    contributed(baoshan, 2, "4000")
    after = confirmed(preview, clerk)
    assert after.state == ImportState.PREVIEWED
    assert outcomes(after) == ["new", "wrong"]
    assert bases(baoshan) == {"530500000002": Decimal(4000)}
    assert after.step.state == JobState.FAILED


def test_the_good_rows_go_in_without_what_changed_since(baoshan: PoolingRegion, clerk: User) -> None:
    preview = brought(baoshan, clerk, row(1), row(2), row(3, base="x"))
    contributed(baoshan, 2, "4000")
    after = confirmed(preview, clerk, only_good_rows=True)
    assert after.state == ImportState.IMPORTED
    assert list(after.rows.filter(is_in=True).values_list("line", flat=True)) == [2]
    assert bases(baoshan) == {"530500000001": Decimal(5000), "530500000002": Decimal(4000)}


def test_what_somebody_else_recorded_just_so_is_left_alone(baoshan: PoolingRegion, clerk: User) -> None:
    preview = brought(baoshan, clerk, row(1), row(2))
    contributed(baoshan, 2, "5000")
    after = confirmed(preview, clerk)
    assert after.state == ImportState.IMPORTED
    assert outcomes(after) == ["new", "unchanged"]


@pytest.mark.parametrize("step", ["preview", "import"])
def test_a_run_that_is_cancelled_leaves_nothing(
    baoshan: PoolingRegion, clerk: User, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("files.services.import_progress._STEP", 1)
    if step == "preview":
        waiting = service.bring_file("", sheet(HEADER, row(1)), region=baoshan, actor=clerk, name="a.csv")
    else:
        waiting = service.confirm_import(brought(baoshan, clerk, row(1)), actor=clerk, only_good_rows=False)
    service.cancel_run(waiting, actor=clerk)
    after = worked(waiting)
    assert after.state == (ImportState.DISCARDED if step == "preview" else ImportState.PREVIEWED)
    assert bases(baoshan) == {}


def test_a_preview_that_nobody_confirms_expires_with_its_rows(baoshan: PoolingRegion, clerk: User) -> None:
    preview = brought(baoshan, clerk, row(1))
    assert service.expire_previews(now()) == 0
    assert service.expire_previews(now() + service.PREVIEW_LASTS + timedelta(seconds=1)) == 1
    preview.refresh_from_db()
    assert preview.state == ImportState.EXPIRED
    assert not preview.rows.exists()


@pytest.mark.parametrize("move", [service.discard_import, service.cancel_run, service.request_taking_back])
def test_a_move_that_the_state_does_not_allow_is_refused(
    baoshan: PoolingRegion, clerk: User, move: Callable[..., Any]
) -> None:
    done = confirmed(brought(baoshan, clerk, row(1)), clerk)
    FileImport.objects.filter(pk=done.pk).update(state=ImportState.EXPIRED)
    options = {"reason": "because"} if move is service.request_taking_back else {}
    with pytest.raises(MoveNotAllowed):
        move(done, actor=clerk, **options)


def test_whoever_may_not_import_the_kind_here_moves_nothing(baoshan: PoolingRegion, clerk: User) -> None:
    preview = brought(baoshan, clerk, row(1))
    auditor = builder.staff("auditor", Role.AUDITOR, region=baoshan)
    with pytest.raises(NotPermitted):
        service.confirm_import(preview, actor=auditor, only_good_rows=False)
    with pytest.raises(NotPermitted):
        service.bring_file("contributions", sheet(HEADER, row(1)), region=baoshan, actor=auditor, name="a.csv")


# --- Columns --------------------------------------------------------------------------------------


def test_a_header_that_says_less_is_matched_once_and_known_from_then_on(baoshan: PoolingRegion, clerk: User) -> None:
    header = "号,所属期,基数,到账"
    waiting = brought(baoshan, clerk, row(1), header=header, kind="contributions")
    assert waiting.state == ImportState.MATCHING
    places = {0: "member_number", 1: "month", 2: "base", 3: ""}
    matched = worked(service.match_columns(waiting, places, actor=clerk))
    assert outcomes(matched) == ["new"]
    assert KnownHeading.objects.filter(region=baoshan, kind="contributions").count() == 4
    assert outcomes(brought(baoshan, clerk, row(2), header=header)) == ["new"]


def test_what_the_header_seems_to_say_can_be_corrected_after_the_preview(baoshan: PoolingRegion, clerk: User) -> None:
    header, late = "member_number,month,received_on,base,amount", "530500000001,2024-05,2024-05-20,9999,5000"
    preview = brought(baoshan, clerk, late, header=header)
    places = {0: "member_number", 1: "month", 2: "received_on", 3: "", 4: "base"}
    again = worked(service.match_columns(preview, places, actor=clerk))
    confirmed(again, clerk)
    assert bases(baoshan) == {"530500000001": Decimal(5000)}


@pytest.mark.parametrize(
    "places",
    [
        {0: "member_number", 1: "month", 2: ""},
        {0: "member_number", 1: "month", 2: "base", 3: "base"},
    ],
)
def test_columns_that_lack_one_or_name_one_twice_are_refused(
    baoshan: PoolingRegion, clerk: User, places: dict[int, str]
) -> None:
    waiting = brought(baoshan, clerk, row(1), header="号,所属期,基数,到账", kind="contributions")
    with pytest.raises(DomainError):
        service.match_columns(waiting, places, actor=clerk)


# --- Taking back ----------------------------------------------------------------------------------


def taken_back(file_import: FileImport, clerk: User) -> FileImport:
    return worked(service.request_taking_back(file_import, actor=clerk, reason="the wrong month"))


def test_an_import_is_taken_back_as_a_whole(baoshan: PoolingRegion, clerk: User) -> None:
    contributed(baoshan, 1, "4000")
    done = confirmed(brought(baoshan, clerk, row(1), row(2)), clerk, reason="corrected")
    EntitlementChange.objects.all().delete()
    after = taken_back(done, clerk)
    assert after.state == ImportState.TAKEN_BACK
    assert bases(baoshan) == {"530500000001": Decimal(4000)}
    # The next run looks at both months again, and the histories say why.
    assert EntitlementChange.objects.count() == 2
    history = Contribution.history.filter(member__member_number="530500000002")
    assert list(history.order_by("history_id").values_list("history_type", flat=True)) == ["+", "-"]
    assert "the wrong month" in history.latest("history_id").history_change_reason


def test_nothing_is_taken_back_where_something_stands_on_a_row(baoshan: PoolingRegion, clerk: User) -> None:
    done = confirmed(brought(baoshan, clerk, row(1), row(2)), clerk)
    # What the file brought in was corrected since, so that its own value is no longer there.
    contributed(baoshan, 2, "6000")
    after = taken_back(done, clerk)
    assert after.state == ImportState.IMPORTED
    assert "3" in after.step.log
    assert bases(baoshan) == {"530500000001": Decimal(5000), "530500000002": Decimal(6000)}
    assert after.taken_back_by is None
    assert after.rows.filter(outcome=RowOutcome.NEW, is_in=True).count() == 2
