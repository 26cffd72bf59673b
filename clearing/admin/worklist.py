"""What waits for somebody about providers: what to decide, to pay, and differences to review."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from agency.admin.worklist import Queue, Turn, decided_by_another, its_state
from clearing.models import ProviderStatement, SettledFile, StatementState, YearClearing


def _by_a_third_person(above: str) -> Callable[[QuerySet[Any], Any], QuerySet[Any]]:
    """Approved, with something to pay, for whoever neither submitted nor decided it."""

    def rows(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
        payable = scope.filter(**{above: 0}, state=StatementState.APPROVED)
        return (
            payable.exclude(submitted_by=user)
            .exclude(decided_by=user)
            .select_related("provider__region")
            .order_by("pk")
        )

    return rows


def _unreviewed(scope: QuerySet[Any], user: Any) -> QuerySet[Any]:
    waits = Q(records__differs=True, records__reviewed_by__isnull=True)
    return scope.filter(waits).annotate(unreviewed=Count("records")).order_by("pk")


QUEUES = (
    decided_by_another(ProviderStatement, "provider__region"),
    decided_by_another(YearClearing, "provider__region"),
    Queue(Turn.PAY, ProviderStatement, "clearing.pay_providerstatement", _by_a_third_person("payable__gt"), its_state),
    Queue(Turn.PAY, YearClearing, "clearing.pay_yearclearing", _by_a_third_person("released__gt"), its_state),
    Queue(
        Turn.REVIEW,
        SettledFile,
        "clearing.change_settledrecord",
        _unreviewed,
        lambda file: _("differences to review: %(count)s") % {"count": f"{file.unreviewed:,}"},
        lambda file: file.uploaded_at,
    ),
)
