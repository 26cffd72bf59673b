"""Claims: registered with their lines, settled, explained step by step."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.formats import NOTHING, link
from agency.admin.forms import ReasonedForm
from agency.admin.views import page_url
from agency.exporting.sheet import Kind
from agency.models import PoolingRegion
from claims.admin.after_closings import sentences
from claims.admin.documents import DocumentsPanel, attach_document, document_file, withdraw_document
from claims.admin.explanation import explanation, setlinfo_file, take_home
from claims.admin.forms import RegionForm
from claims.admin.national import SETTLEMENTS
from claims.admin.panels import CalculationPanel, LinesPanel, time_of_service
from claims.admin.registration import correct_bill, register, trial, trial_of_correction, withdraw
from claims.admin.trial_page import trial_answer, trial_page
from claims.models import Claim, ClaimState, Reversal, ReversalState, Settlement, SettlementChannel
from claims.rooms_above import examination_of
from claims.services import reversal, settlement
from claims.services.batches import queue_settlement
from members.admin.search import of_members
from policies.admin.refusals import OF_THE_LAW
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import RefusalReason
from policies.labels import label

STATE_TONES: dict[str, str] = {
    ClaimState.REGISTERED.value: "info",
    ClaimState.SETTLED.value: "success",
    ClaimState.REFUSED.value: "danger",
    ClaimState.REVERSED.value: "",
    ClaimState.WITHDRAWN.value: "",
}


def can_be_settled(claim: Claim, user: Any) -> bool:
    """New, or refused for a reason that may be gone. A manual claim waits for the approval of its reimbursement."""
    is_direct = claim.channel == SettlementChannel.DIRECT
    return is_direct and claim.state in (ClaimState.REGISTERED, ClaimState.REFUSED)


def is_settled(claim: Claim, user: Any) -> bool:
    return claim.state == ClaimState.SETTLED


@admin.register(Claim)
class ClaimAdmin(TrackedAdmin):
    """Claims by day of service, the newest first."""

    refusals = OF_THE_LAW
    adds_with = register
    panels = (CalculationPanel, LinesPanel, DocumentsPanel)
    buttons = ("settle", correct_bill, attach_document, withdraw_document, take_home, withdraw, "ask_for_reversal")
    list_buttons = ("settle_all",)
    views = (trial_page, trial_answer, trial, trial_of_correction, document_file, explanation, setlinfo_file)

    sheets = (SETTLEMENTS,)
    list_display = ("claim_number", "member", "provider", "served", "benefit", "state_label", "refusal_reason")
    list_filter = (RegionFilter, "state", "benefit", "channel", "refusal_reason")
    # The providers of a month lead here, each to its claims.
    linked_lookups = frozenset({"provider__id__exact", "served_on__gte", "served_on__lt"})
    list_select_related = ("member", "provider")
    # Named so that the search field is shown; get_search_results decides what is searched and how.
    search_fields = ("claim_number",)
    search_help_text = gettext_lazy("Claim number, member number, beginning of the member's name")
    ordering = ("-served_on", "-id")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("claim_number", "state_label"),
                    ("member", "provider"),
                    ("served", "filed"),
                    ("benefit", "channel"),
                    ("disease", "hours"),
                    ("out_of_area", "place"),
                    "prescribing_tier",
                    ("invoice_number", "payer"),
                    ("registered", "open_reversal"),
                    "examined_in",
                )
            },
        ),
    )

    served = column.text(time_of_service, gettext_lazy("served on")).filed_as(Kind.DAY, "served_on")
    filed = column.day("filed_on")
    hours = column.text("stay_hours", gettext_lazy("hours of the stay"))
    accepted_by = column.text("late_filing_accepted_by", gettext_lazy("accepted by"))
    registered = column.instant("created_at")
    state_label = column.badge("state", STATE_TONES)

    def get_queryset(self, request: HttpRequest) -> Any:
        named = ("member__region", "provider", "disease", "account_holder", "late_filing_accepted_by")
        return super().get_queryset(request).select_related(*named)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What was accepted against the rule is said on its own."""
        own = super().get_fieldsets(request, obj)
        if obj is None or obj.late_filing_accepted_by_id is None:
            return own
        accepted = (gettext_lazy("Accepted late"), {"fields": (("accepted_by", "late_filing_reason"),)})
        return (*own, accepted)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The claim of this number; without one, the claims of the members whom the term finds."""
        term = search_term.strip()
        if not term:
            return queryset, False
        regions = list(PoolingRegion.objects.order_by().values_list("pk", flat=True))
        numbered = queryset.filter(region_id__in=regions, claim_number=term)
        return (numbered if numbered.exists() else of_members(queryset, term)), False

    @display(description=gettext_lazy("patient's share paid by"))
    def payer(self, claim: Claim) -> str:
        """Cash, the patient's own account, or a relative's."""
        if claim.account_holder_id is not None:
            return _("account of %(relative)s") % {"relative": claim.account_holder}
        return _("the patient's account") if claim.pay_from_account else _("cash")

    @display(description=gettext_lazy("reversal"))
    def open_reversal(self, claim: Claim) -> str:
        """One that waits for a decision, if any."""
        reversal = Reversal.objects.filter(settlement__claim=claim, state=ReversalState.SUBMITTED).first()
        return link(page_url(reversal), _("waits for a decision")) if reversal else NOTHING

    @display(description=gettext_lazy("manual reimbursement"))
    def examined_in(self, claim: Claim) -> str:
        """Where the papers are examined, and how far that is."""
        examination: Any = examination_of(claim)
        return link(page_url(examination), examination.get_state_display()) if examination else NOTHING

    @form_action(
        gettext_lazy("Settle"),
        permission="claims.settle_claim",
        icon="calculate",
        primary=True,
        applies=can_be_settled,
        description=gettext_lazy(
            "The rules in force on the day of service decide what is paid, or why nothing is. "
            "A settlement never changes; it can only be taken back."
        ),
    )
    def settle(self, request: DeskRequest, claim: Claim, data: dict[str, Any]) -> Done:
        """Calculate and pay, or refuse."""
        outcome = settlement.settle_claim(claim, today=localdate(), actor=request.user)
        if isinstance(outcome, Refusal):
            reason = label(outcome.reason, RefusalReason)
            return Done(_("Nothing is paid: %(reason)s.") % {"reason": reason}, level=messages.WARNING)
        return Done(_("Settled: the fund pays %(amount)s yuan.") % {"amount": _paid(outcome)})

    @form_action(
        gettext_lazy("Settle all registered claims"),
        permission="claims.settle_claim",
        form=RegionForm,
        icon="playlist_add_check",
        description=gettext_lazy("Workers settle them one by one, in the order of service."),
    )
    def settle_all(self, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
        job = queue_settlement(data["region"], today=localdate(), actor=request.user)
        return Done(_("The claims are being settled."), job)

    @form_action(
        gettext_lazy("Ask for a reversal"),
        permission="claims.add_reversal",
        form=ReasonedForm,
        icon="undo",
        danger=True,
        applies=is_settled,
        description=gettext_lazy("Another person decides. Approved, every amount goes back to where it came from."),
    )
    def ask_for_reversal(self, request: DeskRequest, claim: Claim, data: dict[str, Any]) -> Done:
        """Of the settlement that stands."""
        standing = Settlement.objects.get(claim=claim, reverses__isnull=True, reversed_by__isnull=True)
        asked = reversal.request_reversal(standing, actor=request.user, reason=data["reason"])
        message = _("The reversal waits for another person's decision.")
        return Done(" ".join([message, *sentences(asked)]), asked)


def _paid(outcome: Settlement) -> str:
    return f"{outcome.pooled + outcome.pooled_inpatient:,.2f}"
