"""Settlements taken back: one that changed later ones, one that waits."""

from django.db import transaction

from agency.models import PoolingRegion
from claims.models import Reversal, Settlement
from claims.services.reversal import approve_reversal, request_reversal
from demo.office.house import DemoFailed, Office

REVERSED_IN = "dazhou"
_TRIED = 40


def take_back(office: Office) -> None:
    """Take a settlement back on which later ones rested; ask for the same with another one."""
    region = office.regions[REVERSED_IN]
    if Reversal.objects.filter(settlement__claim__region=region).exists():
        return
    with transaction.atomic():
        first = _asked(office, region, "票据被医院作废重开，申请冲正原结算", with_consequences=True)
        reason = "医院红冲凭证已核对，同意冲正并重算后续结算"
        approve_reversal(first, today=office.today, actor=office.supervisor, reason=reason)
        _asked(office, region, "机构反映上传时诊疗项目重复计费，申请冲正", with_consequences=False)


def _asked(office: Office, region: PoolingRegion, reason: str, *, with_consequences: bool) -> Reversal:
    """A reversal of the last month, asked for; with consequences where later settlements come out otherwise for it."""
    standing = Settlement.objects.filter(
        claim__region=region, served_on__gte=office.calendar.last, reverses__isnull=True, reversed_by__isnull=True
    )
    busy = standing.filter(pooled__gt=0).select_related("claim").order_by("-pooled", "pk")
    for settlement in busy[:_TRIED]:
        with transaction.atomic():
            reversal = request_reversal(settlement, actor=office.clerk, reason=reason)
            if bool(reversal.plan) == with_consequences:
                return reversal
            transaction.set_rollback(True)
    raise DemoFailed("No settlement of the month is one to take back.")
