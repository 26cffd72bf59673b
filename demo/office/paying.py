"""Payment batches: one that waits for its second person, one that the bank has answered, with two refusals."""

from datetime import timedelta

from django.db import transaction

from agency.models import PoolingRegion, Role, User
from demo.office.house import DemoFailed, Office
from demo.office.reimbursing import EVERYTHING_IN, Window
from files.services.imports import import_file
from reimbursements.models import PaymentBatch, Reimbursement
from reimbursements.services.payment_drafts import draft_batch
from reimbursements.services.payments import approve_batch, submit_batch

_ANSWERED, _WAITING = 5, 3
_REFUSED = ("账号与户名不符", "收款账户已销户")
_HEADER = "reference,amount,result,bank_reference,failure,answered_on"


def pay(office: Office) -> None:
    """Pay what was decided earlier, and leave a batch for finance."""
    region = office.regions[EVERYTHING_IN]
    if PaymentBatch.objects.filter(region=region).exists():
        return
    with transaction.atomic():
        window = Window(office, region)
        window.number = 100
        _answered(office, region, [window.approved(40 - n, 30) for n in range(_ANSWERED)])
        waiting = [window.approved(18 - n, 6) for n in range(_WAITING)]
        # The second finance officer's, so that the first one decides.
        submit_batch(
            _batch(office, region, waiting, drafter=office.second(Role.FINANCE)), actor=office.second(Role.FINANCE)
        )


def _batch(office: Office, region: PoolingRegion, taken: list[Reimbursement], *, drafter: User) -> PaymentBatch:
    batch = draft_batch(region, reimbursements=taken, actor=drafter)
    if batch is None:
        raise DemoFailed(f"Nothing is owed for the claims that {region} would pay.")
    return batch


def _answered(office: Office, region: PoolingRegion, taken: list[Reimbursement]) -> None:
    finance, other = office.first(Role.FINANCE), office.second(Role.FINANCE)
    submitted = submit_batch(_batch(office, region, taken, drafter=finance), actor=finance)
    batch = approve_batch(submitted, actor=other, reason="金额、户名与审批单核对一致，同意拨付")
    day = office.today - timedelta(days=24)
    lines = [_HEADER]
    for number, item in enumerate(batch.items.order_by("pk")):
        failed = number < len(_REFUSED)
        result = f"失败,,{_REFUSED[number]}" if failed else f"成功,20{day:%y%m%d}{item.pk:08d},"
        lines.append(f"{item.pk},{item.amount},{result},{day}")
    content = "\n".join(lines).encode()
    report = import_file("bank_answers", content, region=region, actor=finance, today=day, about=batch.pk)
    if not report.is_complete:
        raise DemoFailed(f"The bank's answer was not taken: {report.errors}")
