"""The demonstration's month: done once by a real worker, found done the second time."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import CreditRun, LedgerEntry, RunState
from accounts.services.credit_runs import draft_run
from agency.importing.writing import csv_bytes
from agency.models import PoolingRegion, Role, User
from claims.models import Claim, ClaimState, Settlement
from claims.services.registration import NewLine, enter_claim
from demo.office import OFFICE_DAY, DemoFailed, Office
from demo.population import MONTH, generate
from demo.staff import prepare_staff
from demo.tables import aligned, summary_lines, width
from demo.worker import Worker, WorkerFailed
from desk.selectors import month_summary
from members.models import Enrollment, Member
from policies.engine.vocabulary import CatalogCategory, ItemKind
from providers.models import Provider
from reimbursements.models import Reimbursement, ReimbursementState
from reimbursements.services.reimbursements import complete_papers
from tests import house
from tests.claims.outpatient import retiree
from tests.processes import environment

CLAIM_LINES = 40


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Kaifeng's files with a few claims."""
    tables = generate(3)["kaifeng"]
    tables["claims"].rows[CLAIM_LINES:] = []
    written = {kind: tmp_path / f"{kind}.csv" for kind in tables}
    for kind, table in tables.items():
        written[kind].write_bytes(csv_bytes(table.header, table.rows))
    return written


@pytest.fixture
def kaifeng() -> PoolingRegion:
    return PoolingRegion.objects.get(slug="kaifeng")


def office() -> Office:
    return Office(prepare_staff(), lambda line: None)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_worker_does_the_month_and_the_second_time_finds_it_done(
    files: dict[str, Path], kaifeng: PoolingRegion, tmp_path: Path
) -> None:
    posted = []
    with Worker(tmp_path / "worker.log", environment()) as worker:
        for _ in range(2):
            at_work = office()
            at_work.import_files(kaifeng, files)
            at_work.credit([kaifeng], worker)
            at_work.settle([kaifeng], worker)
            posted.append(LedgerEntry.objects.count())
    assert posted[0] == posted[1] > 0
    run = CreditRun.objects.get()
    assert run.state == RunState.POSTED
    assert run.submitted_by != run.decided_by
    assert not Claim.objects.filter(state=ClaimState.REGISTERED).exists()
    assert Claim.objects.filter(state=ClaimState.SETTLED).exists()
    assert Claim.history.filter(history_user__username="clerk").exists()


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_run_that_was_approved_and_never_posted_is_carried_on(
    files: dict[str, Path], kaifeng: PoolingRegion, tmp_path: Path
) -> None:
    at_work = office()
    at_work.import_files(kaifeng, files)
    # Approved while no worker is there; the message may be lost with the broker.
    run = at_work._approved_run(kaifeng)
    assert run is not None
    with Worker(tmp_path / "worker.log", environment()) as worker:
        at_work.credit([kaifeng], worker)
    run.refresh_from_db()
    assert run.state == RunState.POSTED


@pytest.mark.django_db
def test_manual_claims_are_decided_unless_somebody_has_begun_with_them() -> None:
    member = retiree()
    day = date(2023, 4, 3)
    known: dict[str, Any] = {"served_on": date(2023, 3, 1), "filed_on": day, "today": day}
    lines = [NewLine(ItemKind.DRUG, CatalogCategory.A, Decimal("300.00"))]
    provider = house.a_provider(member.region)
    entered = [
        enter_claim(
            member,
            provider,
            claim_number=number,
            invoice_number=f"I{number}",
            lines=lines,
            actor=None,
            reason=house.REASON,
            **known,
        )
        for number in ("A", "B", "C")
    ]
    at_work = office()
    begun = Reimbursement.objects.get(claim=entered[2])
    complete_papers(
        begun,
        on=day,
        today=day,
        accepted_without=house.REASON,
        actor=at_work.staff[Role.CLERK].user,
        reason=house.REASON,
    )
    for _ in range(2):
        at_work.reimburse([member.region])
        assert Reimbursement.objects.filter(state=ReimbursementState.APPROVED).count() == 2
    # 200 of 300 are the year's deductible, borne once: 100 × 70 % and 300 × 70 %.
    paid = Settlement.objects.order_by("claim__claim_number").values_list("pooled", flat=True)
    assert list(paid) == [Decimal("70.00"), Decimal("210.00")]
    begun.refresh_from_db()
    assert begun.state == ReimbursementState.COMPLETE


@pytest.mark.django_db
def test_a_fresh_region_refuses_a_wrong_file_and_a_used_one_leaves_changed_rows_alone(
    files: dict[str, Path], kaifeng: PoolingRegion
) -> None:
    at_work = office()
    right = files["providers"].read_bytes()
    files["providers"].write_bytes(right + b"kaifeng,too few\r\n")
    with pytest.raises(DemoFailed):
        at_work.import_files(kaifeng, files)
    assert not Provider.objects.exists()
    files["providers"].write_bytes(right)
    at_work.import_files(kaifeng, files)
    member = Member.objects.earliest("pk")
    member.employer = "别处"
    member.save()
    reports = {report.kind: report for report in at_work.import_files(kaifeng, files)}
    assert (reports["members"].imported, reports["members"].unchanged, reports["members"].left_out) == (0, 199, 1)


@pytest.mark.django_db
def test_another_seeds_people_are_not_mixed_with_those_who_are_there(
    files: dict[str, Path], kaifeng: PoolingRegion
) -> None:
    at_work = office()
    at_work.import_files(kaifeng, files)
    enrollments = Enrollment.objects.count()
    for kind, table in generate(4)["kaifeng"].items():
        files[kind].write_bytes(csv_bytes(table.header, table.rows))
    with pytest.raises(DemoFailed, match="--seed"):
        at_work.import_files(kaifeng, files)
    assert Enrollment.objects.count() == enrollments


@pytest.mark.django_db
def test_somebody_elses_open_run_stops_the_demonstration(files: dict[str, Path], kaifeng: PoolingRegion) -> None:
    draft_run(kaifeng, month=MONTH.replace(month=2), as_of=OFFICE_DAY, actor=None)
    with pytest.raises(DemoFailed, match="open"):
        office()._approved_run(kaifeng)


@pytest.mark.django_db
def test_staff_get_fresh_passwords_and_one_role_each() -> None:
    first, second = prepare_staff(), prepare_staff()
    assert set(first) == set(Role)
    assert User.objects.count() == len(Role)
    for role, colleague in second.items():
        user = User.objects.get(pk=colleague.user.pk)
        assert user.check_password(colleague.password)
        assert not user.check_password(first[role].password)
        assert user.is_staff
        assert not user.is_superuser
        assert [each.role for each in user.role_assignments.all()] == [role]


def test_a_worker_that_ends_is_reported_with_its_log(tmp_path: Path) -> None:
    broken = environment() | {"DJANGO_SETTINGS_MODULE": "no.such.settings"}
    with pytest.raises(WorkerFailed, match=r"(?s)ended with code.*no\.such|ended with code.*No module"):
        Worker(tmp_path / "worker.log", broken).__enter__()


def test_the_demonstration_runs_in_development_only(settings: object) -> None:
    settings.DEBUG = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("demo", once=True)


def test_chinese_is_two_columns_wide() -> None:
    assert (width("开封市"), width("Kaifeng"), width("（经办）")) == (6, 7, 8)
    lines = aligned([("region", "n"), ("开封市", "10"), ("平凉", "5")], figures=[1])
    assert lines == ["region   n", "开封市  10", "平凉     5"]


@pytest.mark.django_db
def test_the_summary_has_a_line_for_every_region() -> None:
    text = "\n".join(summary_lines(month_summary(MONTH)))
    for region in PoolingRegion.objects.all():
        assert region.name in text
