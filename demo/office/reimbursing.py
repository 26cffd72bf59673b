"""Manual reimbursements: in one region every state that one can have, in the others some that wait."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction

from agency.models import PoolingRegion
from claims.models import DocumentKind
from claims.services.reversal import approve_reversal, request_reversal
from demo.office.counter import Counter
from demo.office.house import Office
from members.models import Member
from reimbursements.models import Reimbursement, ReimbursementKind
from reimbursements.services.reimbursements import (
    approve_reimbursement,
    complete_papers,
    refuse_reimbursement,
    return_reimbursement,
    submit_reimbursement,
    tell_missing_papers,
    withdraw_reimbursement,
)

# Where every state is found.
EVERYTHING_IN = "kaifeng"
_GENERAL, _NO_CARD = ReimbursementKind.GENERAL, ReimbursementKind.NO_CARD
_AWAY, _EMERGENCY = ReimbursementKind.OUT_OF_AREA, ReimbursementKind.EMERGENCY
# Days ago, far enough that the office should have decided.
_LONG_AGO = 45
ORIGINALS_SEEN = "原件已在窗口核验，复印件随纸质档案保存"


class Window:
    """The reimbursements of a region, one after the other."""

    def __init__(self, office: Office, region: PoolingRegion) -> None:
        """Nothing is taken in yet."""
        self.office, self.counter = office, Counter(office, region)
        self.people: Iterator[Member] = self.counter.people()
        self.number = 0

    def day(self, days_ago: int) -> date:
        """A day before the office's."""
        return self.office.today - timedelta(days=days_ago)

    def received(self, days_ago: int, kind: ReimbursementKind = _GENERAL, *, with_papers: bool = True) -> Reimbursement:
        """One that was handed in."""
        self.number += 1
        member = next(self.people)
        day = self.day(days_ago)
        return self.counter.receive(member, self.number, kind=kind, filed_on=day, with_papers=with_papers)

    def complete(self, days_ago: int, kind: ReimbursementKind = _GENERAL, *, with_papers: bool = True) -> Reimbursement:
        """One whose papers are complete since that day."""
        reimbursement, day = self.received(days_ago, kind, with_papers=with_papers), self.day(days_ago)
        return complete_papers(
            reimbursement,
            on=day,
            today=day,
            accepted_without="" if with_papers else ORIGINALS_SEEN,
            **self.office.by_clerk("材料齐全，予以受理"),
        )

    def submitted(
        self, days_ago: int, kind: ReimbursementKind = _GENERAL, *, with_papers: bool = True
    ) -> Reimbursement:
        """One that waits for the supervisor."""
        return submit_reimbursement(self.complete(days_ago, kind, with_papers=with_papers), actor=self.office.clerk)

    def approved(self, days_ago: int, decided: int, *, with_papers: bool = False) -> Reimbursement:
        """One that waits for its money."""
        submitted = self.submitted(days_ago, with_papers=with_papers)
        reason = "票据与清单一致，计算无误，同意报销"
        approve_reimbursement(submitted, today=self.day(decided), actor=self.office.supervisor, reason=reason)
        return Reimbursement.objects.select_related("claim").get(pk=submitted.pk)


def reimburse(office: Office, region: PoolingRegion) -> None:
    """Take in and decide what the region's counter has had so far."""
    if Reimbursement.objects.filter(claim__region=region).exists():
        return
    with transaction.atomic():
        window = Window(office, region)
        if region.slug == EVERYTHING_IN:
            _at_the_counter(window)
            _with_the_supervisor(window)
            _decided(window)
        else:
            window.submitted(4, _NO_CARD)
            window.submitted(2, with_papers=False)
            window.approved(12, 3)


def _at_the_counter(window: Window) -> None:
    office = window.office
    window.received(0, with_papers=False)
    told = window.received(6, _AWAY, with_papers=False)
    tell_missing_papers(
        told,
        kinds=(DocumentKind.ITEMISED_LIST, DocumentKind.RECORD),
        note="请补交加盖医院公章的费用明细清单和门诊病历，其余材料已收齐。",
        on=window.day(6),
        today=window.day(6),
        actor=office.clerk,
    )
    window.complete(1, _AWAY)
    window.complete(_LONG_AGO, with_papers=False)
    wrong = window.received(9, with_papers=False)
    withdraw_reimbursement(wrong, **office.by_clerk("登记时选错参保人，撤回后按正确人员重新受理"))


def _with_the_supervisor(window: Window) -> None:
    supervisor = window.office.supervisor
    window.submitted(3, _EMERGENCY)
    window.submitted(5, _NO_CARD)
    window.submitted(_LONG_AGO - 8)
    back = window.submitted(8)
    reason = "发票第二页不清晰，且明细清单缺医院公章，请联系参保人补齐后重新提交"
    return_reimbursement(back, actor=supervisor, reason=reason)


def _decided(window: Window) -> None:
    office = window.office
    no = window.submitted(20)
    reason = "经核对，该票据所列项目已在第三方商业保险全额赔付，按规定不再重复报销"
    refuse_reimbursement(no, actor=office.supervisor, reason=reason)
    for days_ago in (14, 13, 11):
        window.approved(days_ago, 2)
    back = window.approved(25, 15)
    settlement = back.claim.settlements.get()
    reversal = request_reversal(settlement, actor=office.clerk, reason="参保人退费，医院已开具红字发票")
    approve_reversal(reversal, today=window.day(10), actor=office.supervisor, reason="红字发票已核对，同意冲正")
