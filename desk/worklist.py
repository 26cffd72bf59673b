"""What waits for a person: to decide, to go on with, to pay, to recover, to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Model, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import (
    AccountClosing,
    AccountRequest,
    CreditDifference,
    CreditRun,
    DecisionState,
    DifferenceState,
    FamilyUseAuthorization,
    InterestState,
    RunState,
    YearlyInterest,
)
from agency.admin.formats import badge, day
from agency.admin.permissions import may
from agency.models import RoleRequest, RoleRequestState
from agency.scoping import scoped
from agency.services.roles import DECIDE
from claims.models import Reversal, ReversalState
from clearing.models import ProviderStatement, SettledFile, StatementState, YearClearing
from members.models import DiseaseRegistration, RegistrationState
from monitoring.models import FlagState, ReviewFlag
from policies.models import FigureState, LocalFigure, PolicyVersion, VersionState
from reimbursements.models import BatchState, PaymentBatch, Reimbursement, ReimbursementState
from reimbursements.selectors.differences import to_recover
from reimbursements.selectors.reimbursements import overdue, without_right_payee

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that somebody has to go on with."""

    what: str
    thing: Any
    state: str
    since: Any


def waiting_for(user: Any) -> Sequence[Waiting]:
    """What others submitted and this person may decide, then what this person may go on with."""
    return [
        *_to_decide(user),
        *_overdue(user),
        *_reimbursements(user),
        *_to_go_on_with(user),
        *_to_pay(user),
        *_to_recover(user),
        *_to_review(user),
        *_flagged(user),
    ]


def _overdue(user: Any) -> list[Waiting]:
    """Reimbursements past their day, for whoever works on them."""
    if not may(user, "reimbursements.change_reimbursement"):
        return []
    late = scoped(overdue(localdate()), user, "reimbursements.change_reimbursement").select_related("claim")
    return [Waiting(str(row._meta.verbose_name), row, _pressing(row), row.claim.created_at) for row in late[:SHOWN]]


def _pressing(row: Reimbursement) -> str:
    return badge(_("due on %(day)s") % {"day": day(row.due_on)}, "danger")


def _reimbursements(user: Any) -> list[Waiting]:
    """What came back to the clerk, and what finance has not put into a batch; the oldest first."""
    unpayable = without_right_payee()
    returned = Q(state=ReimbursementState.RETURNED, due_on__gte=localdate())
    found: list[Waiting] = []
    for permission, which in (
        ("reimbursements.change_reimbursement", returned | unpayable),
        ("reimbursements.add_paymentbatch", Q(state=ReimbursementState.APPROVED) & ~unpayable),
    ):
        if may(user, permission):
            rows = scoped(Reimbursement.objects.filter(which), user, permission).select_related("claim")
            found += [
                Waiting(
                    str(row._meta.verbose_name),
                    row,
                    _("waits for a payment batch")
                    if permission == "reimbursements.add_paymentbatch"
                    else badge(row.get_state_display(), "warning"),
                    row.decided_at,
                )
                for row in rows.order_by("decided_at", "pk")[:SHOWN]
            ]
    return found


def _to_review(user: Any) -> list[Waiting]:
    """Files of settlements with differences that nobody has reviewed."""
    if not may(user, "clearing.change_settledrecord"):
        return []
    unreviewed = Q(records__differs=True, records__reviewed_by__isnull=True)
    files = scoped(SettledFile.objects.all(), user, "clearing.change_settledrecord").filter(unreviewed)
    return [
        Waiting(
            str(file._meta.verbose_name),
            file,
            _("differences to review: %(count)s") % {"count": f"{file.unreviewed:,}"},
            file.uploaded_at,
        )
        for file in files.annotate(unreviewed=Count("records")).order_by("pk")[:SHOWN]
    ]


def _flagged(user: Any) -> list[Waiting]:
    """Review flags that nobody has decided, the oldest first; last, because they stop nothing."""
    if not may(user, "monitoring.decide_reviewflag"):
        return []
    flags = scoped(ReviewFlag.objects.filter(state=FlagState.OPEN), user, "monitoring.decide_reviewflag")
    return [
        Waiting(str(flag._meta.verbose_name), flag, _("for your decision"), flag.raised_at)
        for flag in flags.order_by("pk")[:SHOWN]
    ]


def _to_decide(user: Any) -> list[Waiting]:
    """By kind, the oldest first; before all of them the reimbursements past their day."""
    found: list[Waiting] = []
    late: list[Waiting] = []
    submitted: tuple[tuple[type[Model], str, str, tuple[str, ...]], ...] = (
        (PolicyVersion, "policies.publish_policyversion", VersionState.SUBMITTED, ("region",)),
        (CreditRun, "accounts.approve_creditrun", RunState.SUBMITTED, ("region",)),
        (CreditDifference, "accounts.approve_creditdifference", DifferenceState.SUBMITTED, ("run__region", "member")),
        (Reimbursement, "reimbursements.approve_reimbursement", ReimbursementState.SUBMITTED, ("claim",)),
        (Reversal, "claims.approve_reversal", ReversalState.SUBMITTED, ("settlement__claim",)),
        (PaymentBatch, "reimbursements.approve_paymentbatch", BatchState.SUBMITTED, ("region",)),
        (ProviderStatement, "clearing.approve_providerstatement", StatementState.SUBMITTED, ("provider__region",)),
        (YearClearing, "clearing.approve_yearclearing", StatementState.SUBMITTED, ("provider__region",)),
        (
            DiseaseRegistration,
            "members.approve_diseaseregistration",
            RegistrationState.SUBMITTED,
            ("member__region", "disease"),
        ),
        (
            FamilyUseAuthorization,
            "accounts.approve_familyuseauthorization",
            DecisionState.SUBMITTED,
            ("holder__region", "relative"),
        ),
        (
            AccountClosing,
            "accounts.approve_accountclosing",
            DecisionState.SUBMITTED,
            ("account__member", "account__region"),
        ),
        (AccountRequest, "accounts.approve_accountrequest", DecisionState.SUBMITTED, ("member__region",)),
        (YearlyInterest, "accounts.approve_yearlyinterest", InterestState.SUBMITTED, ("region",)),
        (LocalFigure, "policies.approve_localfigure", FigureState.SUBMITTED, ("region",)),
        (RoleRequest, DECIDE, RoleRequestState.SUBMITTED, ("user", "region")),
    )
    for model, permission, state, related in submitted:
        if may(user, permission):
            rows: Any = scoped(model._default_manager.all(), user, permission)
            rows = rows.filter(state=state).exclude(authors__contains=[user.pk]).select_related(*related)
            if model is RoleRequest:
                rows = rows.exclude(user=user)
            first = ("due_on",) if model is Reimbursement else ()
            for row in rows.order_by(*first, "submitted_at")[:SHOWN]:
                if model is Reimbursement and row.due_on < localdate():
                    late.append(Waiting(str(row._meta.verbose_name), row, _pressing(row), row.submitted_at))
                else:
                    found.append(Waiting(str(model._meta.verbose_name), row, _("for your decision"), row.submitted_at))
    return late + found


def _to_go_on_with(user: Any) -> list[Waiting]:
    found: list[Waiting] = []
    if may(user, "accounts.change_creditrun"):
        open_runs = Q(state__in=(RunState.DRAFT, RunState.CHECKED, RunState.POSTING))
        runs = scoped(CreditRun.objects.all(), user, "accounts.change_creditrun").filter(open_runs)
        found += [_unfinished(run) for run in runs.select_related("region").order_by("month")[:SHOWN]]
    if may(user, "reimbursements.change_paymentbatch"):
        batches = scoped(PaymentBatch.objects.all(), user, "reimbursements.change_paymentbatch")
        unpaid = batches.filter(state__in=(BatchState.DRAFT, BatchState.APPROVED)).select_related("region")
        found += [_unfinished(batch) for batch in unpaid.order_by("pk")[:SHOWN]]
    if may(user, "policies.change_policyversion"):
        drafts = scoped(PolicyVersion.objects.all(), user, "policies.change_policyversion")
        mine = drafts.filter(state=VersionState.DRAFT, drafted_by=user).select_related("region")
        found += [_unfinished(draft) for draft in mine.order_by("pk")[:SHOWN]]
    return found


def _to_pay(user: Any) -> list[Waiting]:
    """Approved statements and clearings of providers with something to pay, for a third person."""
    found: list[Waiting] = []
    payable: tuple[tuple[type[Model], str, str], ...] = (
        (ProviderStatement, "clearing.pay_providerstatement", "payable__gt"),
        (YearClearing, "clearing.pay_yearclearing", "released__gt"),
    )
    for model, permission, above in payable:
        if may(user, permission):
            rows: Any = scoped(model._default_manager.all(), user, permission)
            rows = rows.filter(**{above: 0}, state=StatementState.APPROVED).exclude(submitted_by=user)
            rows = rows.exclude(decided_by=user).select_related("provider__region")
            found += [_unfinished(row) for row in rows.order_by("pk")[:SHOWN]]
    return found


def _unfinished(thing: Any) -> Waiting:
    return Waiting(str(thing._meta.verbose_name), thing, thing.get_state_display(), thing.submitted_at)


def _to_recover(user: Any) -> list[Waiting]:
    """What members were paid too much, for whoever records that it came back."""
    if not may(user, "claims.change_resettlement"):
        return []
    owed = scoped(to_recover(), user, "claims.change_resettlement").select_related("claim", "reversal")
    return [
        Waiting(str(each._meta.verbose_name), each, badge(_("to be recovered"), "danger"), each.reversal.decided_at)
        for each in owed[:SHOWN]
    ]
