"""Manual reimbursements: papers at the counter, submitted by the clerk, decided by another person."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from agency.admin import column
from agency.admin.actions import DeskRequest, as_it_is
from agency.admin.base import TrackedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.formats import NOTHING, badge, day
from agency.admin.moves import move_button
from agency.exporting.sheet import Kind
from agency.working_days import working_day_after
from policies.admin.refusals import OF_THE_LAW
from reimbursements.admin.claim_buttons import new_manual_claim
from reimbursements.admin.corrections import correct_bill, correct_payee, trial, withdraw
from reimbursements.admin.examination import examine, side_by_side
from reimbursements.admin.forms import (
    AcceptLateForm,
    CompleteForm,
    DescriptionForm,
    SubmitForm,
    missing_papers_of,
    told_kinds,
)
from reimbursements.admin.missing_papers import print_missing, slip, tell_missing
from reimbursements.admin.panels import BillPanel, PapersPanel, PaymentsPanel, TrialPanel
from reimbursements.admin.states import (
    NEAR,
    is_refused_as_late,
)
from reimbursements.models import Reimbursement, ReimbursementKind
from reimbursements.selectors.reimbursements import UNDECIDED
from reimbursements.services import reimbursements


def _due(obj: Reimbursement) -> str:
    """The day, coloured and in words while it presses."""
    if obj.due_on is None or obj.state not in UNDECIDED:
        return day(obj.due_on)
    today = localdate()
    if obj.due_on < today:
        return badge(_("%(day)s · overdue") % {"day": day(obj.due_on)}, "danger")
    if obj.due_on <= working_day_after(today, NEAR):
        return badge(_("%(day)s · soon") % {"day": day(obj.due_on)}, "warning")
    return day(obj.due_on)


@admin.register(Reimbursement)
class ReimbursementAdmin(TrackedAdmin):
    """The worklist, the newest first; a click on "due on" puts the most urgent first."""

    refusals = OF_THE_LAW
    panels = (TrialPanel, BillPanel, PapersPanel, PaymentsPanel)
    buttons = (
        examine,
        "approve",
        "return_to_clerk",
        "refuse",
        "accept_late",
        "submit",
        "complete",
        "describe",
        correct_bill,
        correct_payee,
        tell_missing,
        print_missing,
        withdraw,
    )
    list_buttons = (new_manual_claim,)
    views = (trial, side_by_side, slip)
    masked_in_history = frozenset({"payee_account"})
    left_out_of_history = frozenset({"payload_hash", "calculation"})
    list_display = ("__str__", "member", "kind", "state_label", "due", "submitted_by")
    list_filter = (RegionFilter, "state", "kind")
    list_select_related = ("claim__member", "submitted_by")
    sortable_by = ("due",)
    search_fields = ("claim__claim_number__exact", "claim__member__member_number__exact")
    search_help_text = gettext_lazy("Claim or member number")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("claim_link", "state_label"),
                    ("member", "kind"),
                    ("filed", "completed"),
                    ("due", "latest"),
                    ("payee_name", "payee_bank"),
                    ("masked", "told"),
                )
            },
        ),
    )

    claim_link = column.link("claim")
    member = column.link("claim__member")
    filed = column.day("claim__filed_on")
    completed = column.day("completed_on")
    due = column.text(_due, gettext_lazy("due on")).filed_as(Kind.DAY, "due_on").sorted_by("due_on")
    latest = column.day("latest_on")
    masked = column.text("masked_account", gettext_lazy("bank account number"))

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the claim and whose it is."""
        named = ("claim__member__region", "claim__provider", "claim__disease", "claim__account_holder")
        people = ("claim__late_filing_accepted_by", "missing_papers__told_by", "submitted_by", "decided_by")
        return super().get_queryset(request).select_related(*named, *people)

    @display(description=gettext_lazy("papers that are missing"))
    def told(self, obj: Reimbursement) -> str:
        """What the member was told, and when."""
        papers = missing_papers_of(obj)
        return NOTHING if papers is None else f"{', '.join(told_kinds(papers))} ({day(papers.told_on)})"

    @move_button(
        Reimbursement,
        "edit",
        title=gettext_lazy("Kind and payee"),
        form=DescriptionForm,
        initial=as_it_is("kind", "payee_name", "payee_bank"),
        icon="edit",
        description=gettext_lazy("The bank account number is entered anew each time."),
    )
    def describe(self, request: DeskRequest, obj: Reimbursement, data: dict[str, Any]) -> str:
        kind = ReimbursementKind(data.pop("kind"))
        reimbursements.describe_reimbursement(obj, kind=kind, actor=request.user, **data)
        return _("The reimbursement is changed.")

    @move_button(
        Reimbursement,
        "complete",
        title=gettext_lazy("Documents are complete"),
        form=CompleteForm,
        icon="task",
        primary=True,
        description=gettext_lazy("From this day the office's time limit runs, in working days."),
    )
    def complete(self, request: DeskRequest, obj: Reimbursement, data: dict[str, Any]) -> str:
        completed = reimbursements.complete_papers(obj, **data, today=localdate(), actor=request.user)
        return _("Due on %(day)s, at the latest on %(latest)s.") % {
            "day": day(completed.due_on),
            "latest": day(completed.latest_on),
        }

    @move_button(
        Reimbursement,
        "submit",
        form=SubmitForm,
        description=gettext_lazy("Another person decides on what is there now; a change afterwards voids it."),
    )
    def submit(self, request: DeskRequest, obj: Reimbursement, data: dict[str, Any]) -> str:
        """With the calculation as it is now."""
        reimbursements.submit_reimbursement(obj, actor=request.user, reason=data["reason"])
        return _("The reimbursement waits for another person's decision.")

    @move_button(
        Reimbursement,
        "approve",
        description=gettext_lazy(
            "The claim is settled as the calculation shows; finance pays it out in a batch. A reason is required where "
            "papers have no file, or a file or the invoice stands with another claim, too."
        ),
    )
    def approve(self, request: DeskRequest, obj: Reimbursement, data: dict[str, Any]) -> str:
        settlement = reimbursements.approve_reimbursement(obj, today=localdate(), actor=request.user, **data)
        paid = f"{settlement.pooled + settlement.pooled_inpatient:,.2f}"
        return _("Approved: the fund pays %(amount)s yuan.") % {"amount": paid}

    @move_button(Reimbursement, "return", title=gettext_lazy("Return to the clerk"))
    def return_to_clerk(self, request: DeskRequest, obj: Reimbursement, data: dict[str, Any]) -> str:
        reimbursements.return_reimbursement(obj, actor=request.user, **data)
        return _("The reimbursement is returned to the clerk.")

    @move_button(
        Reimbursement,
        "refuse",
        danger=True,
        description=gettext_lazy("Nothing is paid. Where the rules refuse it, their reason stands on the claim."),
    )
    def refuse(self, request: DeskRequest, obj: Reimbursement, data: dict[str, Any]) -> str:
        reimbursements.refuse_reimbursement(obj, actor=request.user, **data)
        return _("The reimbursement was refused.")

    @move_button(
        Reimbursement,
        "accept_late",
        title=gettext_lazy("Accept late filing"),
        also=is_refused_as_late,
        form=AcceptLateForm,
        icon="more_time",
        description=gettext_lazy(
            "It goes back to the clerk to be submitted with that. Your reason stays on the claim."
        ),
    )
    def accept_late(self, request: DeskRequest, obj: Reimbursement, data: dict[str, Any]) -> str:
        """Against the rule, with a reason."""
        reimbursements.accept_late_reimbursement(obj, actor=request.user, **data)
        return _("Late filing is accepted; the clerk submits it again.")
