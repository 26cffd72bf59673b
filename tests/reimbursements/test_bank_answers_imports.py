"""Banks' answers as a kind of file: guessed, previewed, confirmed; of one batch or of several; in the banks' words."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import EntryKind, LedgerEntry
from agency.exceptions import DomainError, MoveNotAllowed
from agency.exporting.streams import csv_bytes
from agency.models import Job, Role, User
from files.importing.report import ImportReport
from files.models import FileImport, ImportState
from files.services import file_imports
from files.services.import_steps import run_step
from files.services.imports import import_file
from reimbursements.models import BatchState, ItemState, PaymentBatch, PaymentItem, Reimbursement, ReimbursementState
from tests import builder
from tests.builder.damage import rewrite
from tests.builder.reimbursements import ANSWERED, drafted, released, waiting
from tests.builder.workbooks import rows_of, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

HEADERS = ["reference", "amount", "result", "bank's reference", "why it failed", "answered on"]


@pytest.fixture(name="cashier")
def who_brings_it(db: None) -> User:
    return builder.staff("cashier", Role.FINANCE, region=builder.region("pingliang"))


@pytest.fixture(name="treasurer")
def another_person(db: None) -> User:
    return builder.staff("treasurer", Role.FINANCE, region=builder.region("pingliang"))


@pytest.fixture(name="batch")
def two_payments(cashier: User, treasurer: User) -> PaymentBatch:
    """70.00 and 140.00."""
    waiting("300.00")
    waiting("400.00")
    return released(cashier, treasurer)


def row(item: PaymentItem, result: str = "paid", failure: str = "", **cells: Any) -> list[str]:
    amount, day = cells.get("amount", item.amount), cells.get("day", ANSWERED)
    return [str(cells.get("reference", item.pk)), str(amount), result, f"ICBC{item.pk}", failure, str(day)]


def answered(batch: PaymentBatch, actor: User | None, content: bytes, **options: Any) -> ImportReport:
    """At once, as a shell does."""
    return import_file("bank_answers", content, region=batch.region, actor=actor, today=ANSWERED, **options)


def worked(file_import: FileImport) -> FileImport:
    run_step(FileImport.objects.get(pk=file_import.pk), ANSWERED)
    return FileImport.objects.get(pk=file_import.pk)


def brought(batch: PaymentBatch, actor: User, *rows: list[str], kind: str = "", about: int | None = None) -> FileImport:
    content = csv_bytes(HEADERS, rows)
    found = file_imports.bring_file(kind, content, region=batch.region, actor=actor, name="回盘.csv", about=about)
    return worked(found)


def paid() -> list[Decimal]:
    return list(LedgerEntry.objects.filter(kind=EntryKind.PAYOUT).order_by("pk").values_list("amount", flat=True))


def wrong(file_import: FileImport) -> list[tuple[int, str]]:
    rows = file_import.rows.order_by("number")
    return [(each.line, column) for each in rows for column, _reason in each.problems]


def test_an_answer_is_guessed_previewed_and_recorded_when_it_is_confirmed(batch: PaymentBatch, cashier: User) -> None:
    first, second = batch.items.order_by("pk")
    found = brought(batch, cashier, row(first), row(second, "failed", "销户"), about=batch.pk)
    assert (found.kind, found.state) == ("bank_answers", ImportState.PREVIEWED)
    assert found.counts == {"new": 2, "changed": 0, "unchanged": 0, "doubtful": 0, "wrong": 0}
    assert paid() == []
    found = worked(file_imports.confirm_import(found, actor=cashier, only_good_rows=False))
    assert (found.state, found.about) == (ImportState.IMPORTED, batch.pk)
    assert paid() == [Decimal("70.00")]
    batch.refresh_from_db()
    assert batch.state == BatchState.CLOSED
    assert batch.history.first().history_change_reason == f"imported from 回盘.csv, job {found.job_id}"
    states = Reimbursement.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [ReimbursementState.PAID, ReimbursementState.PAYMENT_FAILED]


def test_the_same_answer_again_changes_nothing_and_another_one_is_wrong(batch: PaymentBatch, cashier: User) -> None:
    first, second = batch.items.order_by("pk")
    answered(batch, cashier, csv_bytes(HEADERS, [row(first)]))
    again = brought(batch, cashier, row(first), row(second))
    assert (again.counts["unchanged"], again.counts["new"]) == (1, 1)
    other = brought(batch, cashier, row(first, "failed", "销户"))
    assert wrong(other) == [(2, "result")]


def test_every_wrong_row_is_named_and_the_good_ones_can_go_in(batch: PaymentBatch, cashier: User) -> None:
    first, second = batch.items.order_by("pk")
    tomorrow = date(2023, 7, 4)
    rows = [
        row(first),
        row(first),
        row(second, amount="1.00"),
        row(second, reference="0"),
        row(second, "failed", reference="9" * 19),
        row(second, day=tomorrow, reference="x"),
    ]
    found = brought(batch, cashier, *rows)
    assert wrong(found) == [(3, "reference"), (4, "amount"), (5, "reference"), (6, "reference"), (7, "reference")]
    with pytest.raises(DomainError, match="good rows only"):
        file_imports.confirm_import(found, actor=cashier, only_good_rows=False)
    found = worked(file_imports.confirm_import(found, actor=cashier, only_good_rows=True))
    assert found.state == ImportState.IMPORTED
    assert paid() == [Decimal("70.00")]
    batch.refresh_from_db()
    assert batch.state == BatchState.APPROVED


def test_from_a_batchs_page_a_file_answers_for_that_batch_alone(
    batch: PaymentBatch, cashier: User, treasurer: User
) -> None:
    waiting("500.00")
    other = released(cashier, treasurer)
    rows = [row(batch.items.order_by("pk")[0]), row(other.items.get())]
    found = brought(batch, cashier, *rows, about=batch.pk)
    assert wrong(found) == [(3, "reference")]
    assert "The batch has no payment" in found.rows.get(line=3).problems[0][1]
    both = answered(batch, cashier, csv_bytes(HEADERS, rows))
    assert (both.imported, both.errors) == (2, [])
    other.refresh_from_db()
    assert other.state == BatchState.CLOSED


def test_a_batch_of_another_region_is_not_what_a_file_is_about(batch: PaymentBatch, cashier: User) -> None:
    away = builder.region("baoshan")
    content = csv_bytes(HEADERS, [row(batch.items.order_by("pk")[0])])
    with pytest.raises(DomainError, match="another region"):
        import_file("bank_answers", content, region=away, actor=None, today=ANSWERED, about=batch.pk)
    assert not FileImport.objects.exists()
    assert not Job.objects.filter(region=away).exists()
    assert import_file("bank_answers", content, region=away, actor=None, today=ANSWERED).errors[0].column == "reference"


def test_nobody_reads_the_answer_to_a_batch_with_their_own_claims(batch: PaymentBatch, cashier: User) -> None:
    first = batch.items.order_by("pk")[0]
    rewrite(Reimbursement.objects.filter(pk=first.reimbursement_id), payee_corrected_by=cashier)
    report = answered(batch, cashier, csv_bytes(HEADERS, [row(first)]))
    assert "somebody else has to pay them" in report.errors[0].reason
    nobody = answered(batch, None, csv_bytes(HEADERS, [row(first)]))
    assert "Somebody has to bring the bank's answer" in nobody.errors[0].reason
    assert paid() == []


def test_a_batch_that_the_bank_does_not_have_is_not_answered(cashier: User) -> None:
    waiting()
    batch = drafted(by=cashier)
    report = answered(batch, cashier, csv_bytes(HEADERS, [row(batch.items.get())]))
    assert [(each.line, each.column) for each in report.errors] == [(2, "reference")]
    assert "does not allow it" in report.errors[0].reason


def test_what_changes_before_the_confirmation_is_noticed(batch: PaymentBatch, cashier: User) -> None:
    first = batch.items.order_by("pk")[0]
    found = brought(batch, cashier, row(first))
    answered(batch, cashier, csv_bytes(HEADERS, [row(first, "failed", "销户")]))
    found = worked(file_imports.confirm_import(found, actor=cashier, only_good_rows=False))
    assert found.state == ImportState.PREVIEWED
    assert wrong(found) == [(2, "result")]
    assert paid() == []


def test_an_answer_is_not_taken_back(batch: PaymentBatch, cashier: User) -> None:
    found = brought(batch, cashier, row(batch.items.order_by("pk")[0]))
    found = worked(file_imports.confirm_import(found, actor=cashier, only_good_rows=False))
    with pytest.raises(MoveNotAllowed, match="cannot be taken back"):
        file_imports.request_taking_back(found, actor=cashier, reason="the wrong file")


def test_an_answer_is_read_in_the_banks_words_from_csv_and_workbook(batch: PaymentBatch, cashier: User) -> None:
    first, second = batch.items.order_by("pk")
    header = ["业务参考号", "金额（元）", "结果", "回盘日期", "行号"]
    rows = header, [str(first.pk), "￥70.00", "成功", "2023年7月3日", "001"]
    content = workbook({"回盘": rows_of(["代发结果"], *rows, ["合计", "70.00"])})
    report = answered(batch, cashier, content)
    assert (report.imported, report.errors) == (1, [])
    assert ["5" in report.notes[0], "4" in report.notes[1]] == [True, True]
    formula = '=HYPERLINK("http://evil")'
    report = answered(batch, cashier, csv_bytes(HEADERS, [row(second, "失败", formula, day="20230703")]))
    assert report.errors == []
    second.refresh_from_db()
    assert (second.state, second.failure) == (ItemState.FAILED, formula)
