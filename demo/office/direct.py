"""Direct settlements: the providers' files of each month, the last one with what their systems got wrong."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db import transaction

from agency.models import Job, JobState, PoolingRegion
from clearing.models import SettledFile, SettledRecord
from clearing.services.settled_files import review_difference, take_file
from demo.office.house import Office
from demo.office.reported import Amounts, calculated, file_of, settle
from demo.population.bills import Bill
from demo.worker import Worker, WorkerFailed

_WORK_SECONDS = 300
# Every so many bills of the last month a provider's system paid too much or too little.
_WRONG_EVERY = 17
_TOO_MUCH = Decimal("10.00")
_POOLED, _CASH = 6, 8
FINDINGS = (
    "已电话核对：机构结算系统未更新当月起付标准，按本中心计算结果结算，差额由机构退还参保人。",
    "已调阅处方：机构按旧限价上传，差额属实，已通知机构下月对账时更正。",
)


def month_file_name(month: date) -> str:
    """The name of a month's file."""
    return f"直接结算明细_{month:%Y%m}.csv"


def _of_month(bills: Sequence[Bill], month: date) -> list[Bill]:
    return [bill for bill in bills if bill.filed_on is None and bill.served_on.replace(day=1) == month]


def _was_taken(region: PoolingRegion, month: date) -> bool:
    return SettledFile.objects.filter(region=region, name=month_file_name(month)).exists()


def settle_month(office: Office, region: PoolingRegion, month: date, bills: Sequence[Bill]) -> None:
    """Settle a month's bills as the providers' file reports them, on the month's last day."""
    if _was_taken(region, month):
        return
    chosen, day = _of_month(bills, month), office.calendar.end_of(month)
    amounts = calculated(region, chosen)
    with transaction.atomic():
        settle(region, file_of(chosen, amounts), month_file_name(month), day, office.clerk)


def send_last_month(office: Office, region: PoolingRegion, bills: Sequence[Bill]) -> None:
    """Give the last month's file, in which some settlements are wrong, to the workers."""
    month = office.calendar.last
    if _was_taken(region, month):
        return
    chosen, day = _of_month(bills, month), office.calendar.end_of(month)
    amounts = _with_mistakes(calculated(region, chosen))
    content = file_of([*chosen, _of_nobody(chosen[-1])], amounts)
    take_file(region, content=io.BytesIO(content), name=month_file_name(month), today=day, actor=office.clerk)


def _with_mistakes(amounts: Mapping[str, Amounts]) -> dict[str, Amounts]:
    reported = dict(amounts)
    for number, paid in list(amounts.items())[::_WRONG_EVERY]:
        if paid[_CASH] >= _TOO_MUCH:
            wrong = list(paid)
            wrong[_POOLED] += _TOO_MUCH
            wrong[_CASH] -= _TOO_MUCH
            reported[number] = tuple(wrong)
    return reported


def _of_nobody(bill: Bill) -> Bill:
    """A bill whose member's number was mistyped."""
    person = replace(bill.person, member_number=f"9{bill.person.member_number[1:]}")
    return replace(bill, person=person, claim_number=f"{bill.claim_number}-9", invoice_number="")


def wait_for_files(worker: Worker) -> None:
    """Wait until the worker has settled every file. WorkerFailed where one broke off."""
    files = Job.objects.filter(settled_file__isnull=False)

    def are_done() -> bool:
        return not files.filter(state__in=(JobState.QUEUED, JobState.RUNNING)).exists()

    worker.wait_for(are_done, "The worker did not settle the files.", _WORK_SECONDS)
    failed = files.filter(state=JobState.FAILED).first()
    if failed is not None:
        raise WorkerFailed(f"{failed} failed: {failed.log}\n{worker.tail()}")


def review_some(office: Office) -> None:
    """Look at the first differences of each region; the others wait."""
    for region in office.regions.values():
        differing = SettledRecord.objects.filter(file__region=region, differs=True)
        if differing.filter(reviewed_by__isnull=False).exists():
            continue
        with transaction.atomic():
            for record, finding in zip(differing.order_by("pk"), FINDINGS, strict=False):
                review_difference(record, finding=finding, actor=office.clerk)
