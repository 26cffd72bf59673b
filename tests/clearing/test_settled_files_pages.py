"""Files of direct settlements on screen: handed in, their differences and wrong rows, the review."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clearing.models import SettledFile
from desk.worklist import waiting_for
from files.models import FileImport
from files.services.import_steps import run_step
from tests.builder.office import Office
from tests.builder.screens import text_of, visitor
from tests.builder.settled_files import row, settle, written

pytestmark = pytest.mark.django_db


def hand_in(office: Office, content: bytes, role: str = "clerk", name: str = "三月.csv") -> Any:
    """On the page of every kind of file, to which the list's button leads."""
    led: Any = visitor(office.staff[role]).get(reverse("admin:clearing_settledfile_add"), follow=True)
    assert led.context["form"]["kind"].value() == "direct_settlements"
    data = {"kind": "direct_settlements", "region": office.here.pk, "file": SimpleUploadedFile(name, content)}
    return visitor(office.staff[role]).post(led.request["PATH_INFO"], data)


def download(office: Office, name: str, file: SettledFile, role: str = "clerk") -> str:
    response: Any = visitor(office.staff[role]).get(reverse(f"admin:clearing_settledfile_{name}", args=[file.pk]))
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode("utf-8-sig")


def test_a_clerk_hands_a_file_in_and_its_page_looks_for_news(office: Office) -> None:
    clinic = office.objs["provider_zaozhuang"]
    response = hand_in(office, written(row("N1", office.members[1], clinic)).encode())
    brought = FileImport.objects.get(name="三月.csv")
    assert response.url == reverse("admin:files_fileimport_change", args=[brought.pk])
    run_step(brought, date(2024, 4, 10))
    preview = text_of(office.staff["clerk"], brought)
    assert "医疗类别 general outpatient" in preview
    assert "Once the file is confirmed, workers calculate every settlement again." in preview
    clerk = visitor(office.staff["clerk"])
    assert clerk.post(reverse("admin:files_fileimport_confirm", args=[brought.pk])).status_code == 302
    run_step(FileImport.objects.get(pk=brought.pk), date(2024, 4, 10))
    file = SettledFile.objects.get(name="三月.csv")
    assert reverse("admin:clearing_settledfile_change", args=[file.pk]) in text_of(office.staff["clerk"], brought)
    page = text_of(office.staff["clerk"], file)
    assert 'hx-trigger="every 2s"' in page
    again = hand_in(office, written(row("N1", office.members[1], clinic)).encode())
    assert "This file was taken before, as 三月.csv." in again.content.decode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7", "This is a PDF"),
        (b"PK\x03\x04", "The workbook is damaged"),
        (b"\n\n", "The file is empty"),
    ],
)
def test_what_is_no_such_file_is_refused_on_the_form(office: Office, content: bytes, sentence: str) -> None:
    before = SettledFile.objects.count()
    response = hand_in(office, content, name="三月.csv")
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert SettledFile.objects.count() == before


def test_the_page_lists_differences_and_wrong_rows(office: Office) -> None:
    page = text_of(office.staff["clerk"], office.objs["settled_file"])
    assert "S0001" in page
    assert "人员编号 psn_no" in page
    for name in ("differences", "problems"):
        assert reverse(f"admin:clearing_settledfile_download_{name}", args=[office.objs["settled_file"].pk]) in page


def test_a_record_shows_both_calculations_and_is_reviewed_once(office: Office) -> None:
    record = office.objs["settled_record"]
    clerk = visitor(office.staff["clerk"])
    page = text_of(office.staff["clerk"], record)
    assert "70.00" in page
    assert "As we calculate" in page
    # Secondary: 300.00 yuan are less than the deductible of 400.00.
    assert "Deductible due now" in page
    assert "统筹基金支出 hifp_pay" in page
    address = reverse("admin:clearing_settledrecord_review", args=[record.pk])
    assert clerk.post(address, {"finding": ""}).status_code == 200
    assert clerk.post(address, {"finding": "单位欠费，已通知医院"}).status_code == 302
    record.refresh_from_db()
    assert (record.finding, record.reviewed_by) == ("单位欠费，已通知医院", office.staff["clerk"])
    assert "Somebody has reviewed this difference already." in clerk.post(address, {"finding": "x"}).content.decode()
    assert address not in text_of(office.staff["clerk"], record)


def test_open_differences_wait_on_the_home_page_until_they_are_reviewed(office: Office) -> None:
    clerk, file, record = office.staff["clerk"], office.objs["settled_file"], office.objs["settled_record"]
    assert file in [each.obj for each in waiting_for(clerk)]
    assert file not in [each.obj for each in waiting_for(office.staff["finance"])]
    listed = visitor(clerk).get(reverse("admin:clearing_settledrecord_changelist"), {"difference": "open"})
    assert "S0001" in listed.content.decode()
    assert "S0002" not in listed.content.decode()
    visitor(clerk).post(reverse("admin:clearing_settledrecord_review", args=[record.pk]), {"finding": "已核实"})
    assert file not in [each.obj for each in waiting_for(clerk)]
    listed = visitor(clerk).get(reverse("admin:clearing_settledrecord_changelist"), {"difference": "open"})
    assert "S0001" not in listed.content.decode()


def test_both_lists_as_files_in_which_no_cell_is_a_formula(office: Office) -> None:
    clinic, lacking = office.objs["provider_zaozhuang"], office.members[2]
    reported = {"fee_ocur_time": "2024-02-06", "hifp_pay": "70", "psn_cash_pay": "230"}
    text = written(row("=1+1", lacking, clinic, **reported), row("W1", lacking, clinic, list_type="=2"))
    file = settle(office.here, text, name="=cmd.csv", today=date(2024, 4, 10))
    differences = download(office, "differences", file).splitlines()
    assert len(differences) == 2
    assert differences[1].split(",")[:3] == ["2", "'=1+1", "P0003"]
    assert "70.00" in differences[1]
    problems = download(office, "problems", file).splitlines()
    assert len(problems) == 2
    assert problems[1].startswith("3,目录类别 list_type,")
    assert (
        visitor(office.staff["clerk_away"])
        .get(reverse("admin:clearing_settledfile_differences", args=[file.pk]))
        .status_code
        == 404
    )


def test_a_broken_file_has_a_button_to_go_on(office: Office) -> None:
    file = office.objs["settled_file"]
    address = reverse("admin:clearing_settledfile_proceed", args=[file.pk])
    assert address not in text_of(office.staff["clerk"], file)
    file.job.__class__.objects.filter(pk=file.job_id).update(state="failed")
    assert address in text_of(office.staff["clerk"], file)
    assert visitor(office.staff["clerk"]).post(address).status_code == 302
    file.job.refresh_from_db()
    assert file.job.state == "running"
