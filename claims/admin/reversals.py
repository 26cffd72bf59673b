"""Reversals: asked for on a claim's page, decided here by another person."""

from collections.abc import Sequence
from decimal import Decimal
from operator import add
from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest
from agency.admin.base import TrackedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.forms import DecisionForm
from agency.admin.moves import move_button
from claims.admin.after_closings import said, sentences
from claims.admin.resettlements import ConsequencesPanel
from claims.models import Reversal
from claims.services import reversal
from policies.admin.refusals import OF_THE_LAW


class ApproveReversalForm(DecisionForm):
    """The decision, beside what of it goes to whoever got a closed account's balance."""

    @property
    def sentences(self) -> Sequence[str]:
        """As the page says it."""
        return sentences(cast(Reversal, self.obj))


def _given_back(asked: Reversal) -> Decimal:
    """What the fund gets back."""
    return asked.settlement.pooled + asked.settlement.pooled_inpatient


@admin.register(Reversal)
class ReversalAdmin(TrackedAdmin):
    """Requests to take settlements back."""

    refusals = OF_THE_LAW
    buttons = ("approve", "refuse")
    panels = (ConsequencesPanel,)
    left_out_of_history = frozenset({"payload_hash", "plan"})
    list_display = ("title", "claim", "member", "paid_yuan", "state_label", "submitted_by", "submitted")
    list_filter = (RegionFilter, "state")
    list_select_related = ("settlement__claim", "settlement__member", "submitted_by")
    search_fields = ("settlement__claim__claim_number__exact", "settlement__member__member_number__exact")
    search_help_text = gettext_lazy("Claim or member number")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("claim", "state_label"),
                    ("member", "paid_yuan"),
                    "reason",
                )
            },
        ),
    )

    after_closings = column.text(said, gettext_lazy("due after the closing"))
    title = column.serial()
    claim = column.link("settlement__claim")
    member = column.link("settlement__member", gettext_lazy("member"))

    paid_yuan = column.yuan(_given_back, gettext_lazy("pooled payment")).filed_from(
        add, "settlement__pooled", "settlement__pooled_inpatient"
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """With what is taken back."""
        return (
            super()
            .get_queryset(request)
            .select_related("settlement__claim", "settlement__member__region", "submitted_by", "decided_by")
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With what goes to whoever got a closed account's balance, where there is such."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not sentences(obj):
            return fieldsets
        return (*fieldsets, (_("Accounts that were closed"), {"fields": ("after_closings",)}))

    @move_button(
        Reversal,
        "approve",
        form=ApproveReversalForm,
        description=gettext_lazy(
            "Every amount goes back to where it came from, and what rests on it is settled anew as shown."
        ),
    )
    def approve(self, request: DeskRequest, asked: Reversal, data: dict[str, Any]) -> str:
        reversal.approve_reversal(asked, actor=request.user, today=localdate(), **data)
        asked.refresh_from_db()
        return " ".join([_("The settlement is taken back."), *sentences(asked)])

    @move_button(Reversal, "refuse", description=gettext_lazy("The settlement stays as it is."))
    def refuse(self, request: DeskRequest, asked: Reversal, data: dict[str, Any]) -> str:
        reversal.refuse_reversal(asked, actor=request.user, **data)
        return _("The reversal was refused.")
