"""Average pensions from a file: submitted, withdrawn with the file, or kept once somebody has decided."""

from datetime import date

import pytest

from agency.models import Role, User
from files.models import FileImport, ImportState
from files.services.file_imports import bring_file, confirm_import, request_taking_back
from files.services.import_steps import run_step
from policies.models import AveragePension, PensionState
from policies.services.pensions import approve_average_pension
from tests import builder

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
