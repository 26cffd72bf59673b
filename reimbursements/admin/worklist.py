"""What waits for somebody about manual reimbursement: what is late, what came back, what is to be paid or recovered."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from agency.admin.formats import badge, day
from agency.admin.worklist import Queue, Turn, decided_by_another, for_your_decision, its_state, waiting_for_another
from claims.models import Resettlement
from reimbursements.models import BatchState, PaymentBatch, Reimbursement, ReimbursementState
from reimbursements.selectors.differences import to_recover
from reimbursements.selectors.reimbursements import UNDECIDED, without_right_payee

APPROVE = "reimbursements.approve_reimbursement"
CHANGE = "reimbursements.change_reimbursement"


def _submitted(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
    return waiting_for_another(scope, user).select_related("claim").order_by("due_on", "submitted_at")


def _to_decide_late(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
    return _submitted(scope, user).filter(due_on__lt=localdate())


def _to_decide(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
    return _submitted(scope, user).filter(due_on__gte=localdate())


def _late(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
    late = scope.filter(state__in=UNDECIDED, due_on__lt=localdate())
    return late.select_related("claim").order_by("due_on", "pk")


def _came_back(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
    returned = Q(state=ReimbursementState.RETURNED, due_on__gte=localdate())
    return scope.filter(returned | without_right_payee()).select_related("claim").order_by("decided_at", "pk")


def _to_pay(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
    approved = scope.filter(Q(state=ReimbursementState.APPROVED) & ~without_right_payee())
    return approved.select_related("claim").order_by("decided_at", "pk")


def _open_batches(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
    return scope.filter(state__in=(BatchState.DRAFT, BatchState.APPROVED)).select_related("region").order_by("pk")


def _owed(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
    return to_recover(scope).select_related("claim", "reversal", "batch_year__batch")


def _pressing(row: Reimbursement) -> str:
    return badge(_("due on %(day)s") % {"day": day(row.due_on)}, "danger")


def _due(row: Reimbursement) -> date | None:
    return row.due_on


QUEUES = (
    Queue(Turn.DECIDE_LATE, Reimbursement, APPROVE, _to_decide_late, _pressing, due=_due),
    Queue(Turn.DECIDE, Reimbursement, APPROVE, _to_decide, for_your_decision, due=_due),
    decided_by_another(PaymentBatch, "region"),
    Queue(Turn.LATE, Reimbursement, CHANGE, _late, _pressing, lambda row: row.claim.created_at, _due),
    Queue(
        Turn.CAME_BACK,
        Reimbursement,
        CHANGE,
        _came_back,
        lambda row: badge(row.get_state_display(), "warning"),
        lambda row: row.decided_at,
        lambda row: row.due_on if row.state == ReimbursementState.RETURNED else None,
    ),
    Queue(
        Turn.CAME_BACK,
        Reimbursement,
        "reimbursements.add_paymentbatch",
        _to_pay,
        lambda row: _("waits for a payment batch"),
        lambda row: row.decided_at,
    ),
    Queue(Turn.GO_ON, PaymentBatch, "reimbursements.change_paymentbatch", _open_batches, its_state),
    Queue(
        Turn.RECOVER,
        Resettlement,
        "claims.change_resettlement",
        _owed,
        lambda row: badge(_("to be recovered"), "danger"),
        lambda row: row.decision.decided_at,
    ),
)
