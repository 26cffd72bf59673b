"""The office's own pages: staff and roles, jobs, imports."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from agency.models import Job, JobState, RoleAssignment, User
from agency.services.jobs import advance_job, finish_job, log_job, queue_job, start_job
from files.models import FileImport, RowOutcome
from files.services.file_imports import TASK
from files.tasks import go_on_with_import
from members.models import Member
from policies.models import AveragePension
from tests.builder.office import PASSWORD, REASON, Office
from tests.builder.screens import visitor
from tests.builder.sheets import identity_number
from tests.builder.workbooks import rows_of, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(office: Office) -> Client:
    return visitor(office.staff["system_administrator"])


def new_login(**more: str) -> dict[str, str]:
    """A colleague as the form is sent."""
    passwords = {"password1": "a-long-Password-7", "password2": "a-long-Password-7"}
    return {"username": "newcomer", "display_name": "新同事", "reason": REASON, **passwords, **more}


def test_a_colleague_is_added_and_given_a_role(office: Office, administrator: Client) -> None:
    administrator.post(reverse("admin:agency_user_add"), new_login())
    newcomer = User.objects.get(username="newcomer")
    assert newcomer.is_staff
    assert newcomer.history.first().history_change_reason == REASON
    give = reverse("admin:agency_user_give_role", args=[newcomer.pk])
    response = administrator.post(give, {"role": "auditor", "region": office.here.pk, "reason": "starts today"})
    assert response.status_code == 302
    held = RoleAssignment.objects.get(user=newcomer)
    assert (held.role, held.region) == ("auditor", office.here)
    assert held.history.first().history_change_reason == "starts today"
    page = administrator.get(reverse("admin:agency_user_change", args=[newcomer.pk])).content.decode()
    assert "auditor" in page
    assert "starts today" in page


@pytest.mark.parametrize("missing", ["reason", "username", "password2"])
def test_a_login_lacking_something_is_not_made(administrator: Client, missing: str) -> None:
    response = administrator.post(reverse("admin:agency_user_add"), new_login(**{missing: ""}))
    assert response.status_code == 200
    assert not User.objects.filter(username="newcomer").exists()


def test_a_role_in_all_regions_is_given_by_somebody_who_works_in_all(office: Office, administrator: Client) -> None:
    give = reverse("admin:agency_user_give_role", args=[office.staff["nobody"].pk])
    response = administrator.post(give, {"role": "clerk", "region": "", "reason": REASON})
    assert list(response.context["form"].errors) == ["region"]
    response = administrator.post(give, {"role": "clerk", "region": office.away.pk, "reason": REASON})
    assert list(response.context["form"].errors) == ["region"]
    assert (
        visitor(office.staff["root"]).post(give, {"role": "clerk", "region": "", "reason": REASON}).status_code == 302
    )


def test_a_login_is_closed_with_a_reason_and_the_password_stays_a_secret(office: Office, administrator: Client) -> None:
    clerk = office.staff["clerk"]
    address = reverse("admin:agency_user_change", args=[clerk.pk])
    sent = {"username": "clerk", "display_name": "clerk", "email": ""}
    assert "reason" in administrator.post(address, sent).context["adminform"].form.errors
    assert administrator.post(address, {**sent, "reason": "left"}).status_code == 302
    clerk.refresh_from_db()
    assert not clerk.is_active
    assert clerk.history.first().history_change_reason == "left"
    assert clerk.check_password(PASSWORD)
    history = administrator.get(reverse("admin:agency_user_history", args=[clerk.pk])).content.decode()
    assert "left" in history
    assert clerk.password not in history


def test_an_administrator_neither_changes_root_nor_becomes_root(office: Office, administrator: Client) -> None:
    root, myself = office.staff["root"], office.staff["system_administrator"]
    for name in ("agency_user_change", "auth_user_password_change"):
        assert administrator.post(reverse(f"admin:{name}", args=[root.pk]), {"reason": REASON}).status_code == 403
    sent = {"username": myself.username, "is_active": "on", "is_superuser": "on", "reason": REASON}
    administrator.post(reverse("admin:agency_user_change", args=[myself.pk]), sent)
    myself.refresh_from_db()
    assert not myself.is_superuser


def test_a_job_shows_how_far_it_is_and_what_it_said(office: Office) -> None:
    job = queue_job("import_members", region=office.here, actor=office.staff["clerk"], subject="members.csv")
    client = visitor(office.staff["clerk"])
    address = reverse("admin:agency_job_panel", args=[job.pk, "progress"])
    assert "hx-get" in client.get(address).content.decode()
    start_job(job, total=8)
    advance_job(job, by=2)
    log_job(job, "line 4: the same again")
    running = client.get(address).content.decode()
    assert 'aria-valuenow="25"' in running
    assert "2 of 8" in running
    assert "line 4: the same again" in running
    finish_job(job, {"rows": 8, "imported": 7})
    finished = client.get(address)
    assert finished.headers["HX-Refresh"] == "true"
    assert 'aria-valuenow="100"' in finished.content.decode()


# Imports


def members_file(*rows: str, encoding: str = "utf-8") -> SimpleUploadedFile:
    """A file of members, as a clerk has it."""
    header = "region,member_number,name,identity_number,sex,birth_date"
    return SimpleUploadedFile("members.csv", "\n".join([header, *rows]).encode(encoding))


def good_row(number: str, sequence: int) -> str:
    """A member who can be imported."""
    from datetime import date

    return f"zaozhuang,{number},孙丽,{identity_number(sequence, date(1979, 3, 4))},F,1979-03-04"


def brought(office: Office, file: SimpleUploadedFile, by: str = "clerk", **more: Any) -> Any:
    """The page after the file was sent and a worker has read it."""
    client = visitor(office.staff[by])
    sent = {"kind": "members", "region": office.here.pk, "file": file, **more}
    answer = client.post(reverse("admin:files_fileimport_add"), sent)
    if answer.status_code == 302:
        work_through()
        answer = client.get(answer["Location"])
    return answer


def work_through() -> None:
    """Do what workers were sent to do with files."""
    for job in Job.objects.filter(task=TASK, state=JobState.QUEUED).order_by("pk"):
        go_on_with_import(job.pk)


def confirm(office: Office, by: str = "clerk", *, is_refused: bool = False, **more: Any) -> str:
    """The page of the latest file after its rows were confirmed; the form, where it refuses that."""
    client, file_import = visitor(office.staff[by]), FileImport.objects.latest("pk")
    answer = client.post(reverse("admin:files_fileimport_confirm", args=[file_import.pk]), more)
    if is_refused:
        return answer.content.decode()
    work_through()
    return client.get(reverse("admin:files_fileimport_change", args=[file_import.pk])).content.decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_good_file_is_previewed_and_imported(office: Office, encoding: str) -> None:
    brought(office, members_file(good_row("P0200", 20), encoding=encoding))
    assert not Member.objects.filter(member_number="P0200").exists()
    text = confirm(office)
    assert Member.objects.filter(member_number="P0200").exists()
    assert "imported" in text


def test_average_pensions_of_a_file_are_said_to_wait_for_another_person(office: Office) -> None:
    rows = "region,year,monthly,is_final\nzaozhuang,2020,3000.00,1\n"
    file = SimpleUploadedFile("pensions.csv", rows.encode())
    preview = brought(office, file, by="policy_officer", kind="average_pensions").content.decode()
    assert "wait for another person" not in preview
    assert "wait for another person" in confirm(office, by="policy_officer")
    assert AveragePension.objects.get(region=office.here, year=2020).state == "submitted"


def test_the_header_says_what_kind_of_file_it_is(office: Office) -> None:
    brought(office, members_file(good_row("P0206", 32)), kind="")
    assert FileImport.objects.latest("pk").kind == "members"


def test_the_page_takes_a_workbook_and_says_what_was_left_out(office: Office) -> None:
    header = ["统筹区", "个人编号", "姓名", "身份证号码", "性别", "出生日期", "备注"]
    rows = rows_of(["参保人员名册"], header, [*good_row("P0205", 30).split(","), "新参保"], ["合计"])
    text = brought(office, SimpleUploadedFile("名册.xlsx", workbook({"名册": rows}))).content.decode()
    assert "Column 7 (备注) is not known here and was left out." in text
    assert "Lines at the end that only add up or sign were left out: 4." in text
    confirm(office)
    assert Member.objects.filter(member_number="P0205").exists()


def test_every_wrong_row_is_shown_with_line_column_value_reason_and_way_out(office: Office) -> None:
    wrong = good_row("P0202", 24).replace("1979-03-04", "1979-02-30")
    text = brought(office, members_file(good_row("P0201", 22), wrong, "nowhere,,,,,")).content.decode()
    rows = FileImport.objects.latest("pk").rows
    assert {(row.line, row.problems[0][0]) for row in rows.filter(outcome=RowOutcome.WRONG)} == {
        (3, "birth_date"),
        (4, "region"),
    }
    assert "1979-02-30" in text
    assert "Rows are wrong." in confirm(office, is_refused=True)
    assert not Member.objects.filter(member_number="P0201").exists()


def test_the_good_rows_alone_are_imported_when_the_clerk_says_so(office: Office) -> None:
    wrong = good_row("P0204", 28).replace("1979-03-04", "1979-02-30")
    brought(office, members_file(good_row("P0203", 26), wrong))
    confirm(office, only_good_rows="on")
    assert Member.objects.filter(member_number="P0203").exists()
    assert not Member.objects.filter(member_number="P0204").exists()


def test_a_file_that_is_none_is_refused_in_words(office: Office) -> None:
    response = brought(office, SimpleUploadedFile("none.csv", b"\x00\x01\x02"))
    assert response.context["form"].errors
    assert not FileImport.objects.filter(name="none.csv").exists()


@pytest.mark.parametrize(("language", "heading"), [("en", "member number"), ("zh-hans", "个人编号")])
def test_a_template_has_the_columns_in_the_readers_language(office: Office, language: str, heading: str) -> None:
    client = visitor(office.staff["clerk"], language)
    response = client.get(reverse("admin:files_fileimport_template", args=["members"]))
    assert response["Content-Disposition"] == 'attachment; filename="members.xlsx"'
    first = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()[0]
    assert first[0] == heading


def test_whoever_may_not_import_a_kind_gets_no_template(office: Office) -> None:
    client = visitor(office.staff["auditor"])
    assert client.get(reverse("admin:files_fileimport_template", args=["members"])).status_code == 404
