"""Average pensions from a file: submitted, withdrawn with the file, or kept once somebody has decided."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.translation import override

from agency.exceptions import DomainError
from agency.models import Role, User
from files.models import FileImport, ImportState
from files.services.file_imports import bring_file, confirm_import, request_taking_back
from files.services.import_steps import run_step
from policies.models import AveragePension, PensionState
from policies.services.pensions import approve_average_pension, submit_average_pension
from tests import builder
from tests.builder.files import Brought
from tests.builder.screens import visitor

pytestmark = pytest.mark.django_db

TODAY = date(2024, 6, 3)


@pytest.fixture
def officer() -> User:
    return builder.staff("officer", Role.POLICY_OFFICER)


def pensions_brought(officer: User) -> FileImport:
    """A year's figure of a file, submitted."""
    content = "年度,每月金额（元）,正式数据\n2022,3456.78,是\n".encode()
    brought = bring_file(
        "average_pensions", content, region=builder.region("baoshan"), actor=officer, name="养老金.csv"
    )
    run_step(FileImport.objects.get(pk=brought.pk), TODAY)
    confirm_import(FileImport.objects.get(pk=brought.pk), actor=officer, only_good_rows=False)
    run_step(FileImport.objects.get(pk=brought.pk), TODAY)
    return FileImport.objects.get(pk=brought.pk)


def taken_back(file_import: FileImport, officer: User) -> FileImport:
    request_taking_back(file_import, actor=officer, reason="of another gazette")
    run_step(FileImport.objects.get(pk=file_import.pk), TODAY)
    return FileImport.objects.get(pk=file_import.pk)


def test_average_pensions_that_wait_are_withdrawn_with_their_file(officer: User) -> None:
    brought = pensions_brought(officer)
    assert AveragePension.objects.get().state == PensionState.SUBMITTED
    assert taken_back(brought, officer).state == ImportState.TAKEN_BACK
    assert not AveragePension.objects.exists()
    history = AveragePension.history.order_by("history_id")
    assert list(history.values_list("history_type", "history_user")) == [("+", officer.pk), ("-", officer.pk)]


def test_average_pensions_that_were_approved_stay_when_their_file_is_taken_back(officer: User) -> None:
    brought = pensions_brought(officer)
    approve_average_pension(AveragePension.objects.get(), actor=builder.staff("second", Role.POLICY_OFFICER))
    after = taken_back(brought, officer)
    assert after.state == ImportState.IMPORTED
    assert "2" in after.step.log
    assert AveragePension.objects.get().state == PensionState.APPROVED


# --- Unusual figures ------------------------------------------------------------------------------

HEADER = "year,monthly,is_final,reason"
# A year's sum in the place of a month's; the next year is beside the last figure that is no doubtful one.
ROWS = ("2021,3000.00,1,", "2022,36000.00,1,", "2023,3300.00,1,")
SUM = "12.0 times the 2021 figure: an annual sum entered as a monthly one?"


@pytest.fixture
def brought(officer: User) -> Brought:
    with override("en"):
        return Brought.of("average_pensions", HEADER, *ROWS, region=builder.region("baoshan"), clerk=officer)


def figures() -> list[tuple[int, str, str]]:
    rows = AveragePension.objects.order_by("year")
    return [(row.year, str(row.monthly), row.confirmed_reason) for row in rows]


def test_an_unusual_figure_is_doubtful_and_goes_in_with_a_reason(brought: Brought) -> None:
    assert brought.outcomes == ["new", "doubtful", "new"]
    assert [row.doubts for row in brought.file_import.rows.order_by("number")] == [[], [["monthly", SUM]], []]
    for said in ({"with_doubtful": False}, {"with_doubtful": True, "reason": "  "}):
        with pytest.raises(DomainError):
            confirm_import(brought.file_import, actor=brought.clerk, only_good_rows=False, **said)
    confirm_import(
        brought.file_import, actor=brought.clerk, only_good_rows=False, with_doubtful=True, reason="the gazette says so"
    )
    brought.work()
    assert figures() == [(2021, "3000.00", ""), (2022, "36000.00", "the gazette says so"), (2023, "3300.00", "")]
    assert brought.take_back() == ""
    assert figures() == []


def test_the_good_rows_go_in_without_the_unusual_figure(brought: Brought) -> None:
    confirm_import(brought.file_import, actor=brought.clerk, only_good_rows=True)
    brought.work()
    assert figures() == [(2021, "3000.00", ""), (2023, "3300.00", "")]
    assert list(brought.file_import.rows.order_by("number").values_list("is_in", flat=True)) == [True, False, True]


def test_a_reason_in_the_file_is_the_yes(officer: User) -> None:
    rows = (ROWS[0], "2022,36000.00,1,the gazette says so")
    brought = Brought.of("average_pensions", HEADER, *rows, region=builder.region("baoshan"), clerk=officer)
    assert brought.outcomes == ["new", "new"]
    brought.confirm()
    assert figures() == [(2021, "3000.00", ""), (2022, "36000.00", "the gazette says so")]


def test_a_doubt_that_nobody_has_seen_keeps_the_row_out(brought: Brought) -> None:
    """Another figure came in after the preview, beside which one is unusual now, and another otherwise than it was."""
    other, baoshan = builder.staff("other", Role.POLICY_OFFICER), builder.region("baoshan")
    with override("en"):
        submit_average_pension(
            baoshan, year=2020, monthly=Decimal(2000), is_final=True, today=TODAY, actor=other, reason="r"
        )
        brought.confirm_or_wait()
        assert brought.file_import.state == ImportState.PREVIEWED
        # Of 2021 it is unusual itself, and so no measure: the years after it are beside 2020.
        assert brought.outcomes == ["wrong", "wrong", "wrong"]
    assert figures() == [(2020, "2000.00", "")]


@pytest.mark.parametrize(("language", "way_out"), [("en", "If it is right, confirm"), ("zh-hans", "确认")])
def test_the_pages_name_the_doubt_and_ask_for_the_yes(brought: Brought, language: str, way_out: str) -> None:
    officer = visitor(brought.clerk, language)
    page = officer.get(reverse("admin:files_fileimport_change", args=[brought.file_import.pk])).content.decode()
    assert SUM in page
    assert way_out in page
    address = reverse("admin:files_fileimport_confirm", args=[brought.file_import.pk])
    form = officer.get(address).content.decode()
    assert SUM in form
    assert 'name="with_doubtful"' in form
    assert officer.post(address, {"with_doubtful": "on", "reason": ""}).status_code == 200
    assert officer.post(address, {"with_doubtful": "on", "reason": "the gazette says so"}).status_code == 302
