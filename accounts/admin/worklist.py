"""What waits for somebody about personal accounts."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import (
    AccountClosing,
    AccountRequest,
    CreditDifference,
    CreditRun,
    FamilyUseAuthorization,
    RunState,
    YearlyInterest,
)
from agency.admin.worklist import Queue, Turn, decided_by_another, its_state


def _open_runs(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
    states = (RunState.DRAFT, RunState.CHECKED, RunState.POSTING)
    return scope.filter(state__in=states).select_related("region").order_by("month")


QUEUES = (
    decided_by_another(CreditRun, "region"),
    decided_by_another(CreditDifference, "run__region", "member"),
    decided_by_another(FamilyUseAuthorization, "holder__region", "relative"),
    decided_by_another(AccountClosing, "account__member", "account__region"),
    decided_by_another(AccountRequest, "member__region"),
    decided_by_another(YearlyInterest, "region"),
    Queue(Turn.GO_ON, CreditRun, "accounts.change_creditrun", _open_runs, its_state),
)
