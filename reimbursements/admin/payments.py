"""Payment batches: drafted by finance, approved by another person, paid by the bank, answered by its file."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.formats import listed
from agency.admin.moves import move_button
from claims.admin.forms import RegionForm
from reimbursements.admin.bank_files import bank_file, download_bank_file, upload_answer
from reimbursements.admin.payment_items import ItemsPanel, PayeeForm, to_correct
from reimbursements.models import BatchState, PaymentBatch
from reimbursements.services import payments as service
from reimbursements.services.payment_drafts import draft_region


def has_failed(batch: PaymentBatch, user: Any) -> bool:
    """There is a payee to correct."""
    return batch.state in (BatchState.APPROVED, BatchState.CLOSED) and to_correct(batch).exists()


@admin.register(PaymentBatch)
class PaymentBatchAdmin(TrackedAdmin):
    adds_with = "draft"
    panels = (ItemsPanel,)
    buttons = ("submit", "approve", "send_back", "discard", download_bank_file, upload_answer, "correct")
    views = (bank_file,)
    left_out_of_history = frozenset({"payload_hash"})
    list_display = ("title", "state_label", "payment_count", "amount_yuan", "drafter", "drafted", "submitted_by")
    list_filter = (RegionFilter, "state")
    list_select_related = ("region", "drafted_by", "submitted_by")
    search_fields = ("region__name__startswith", "region__name_en__istartswith")
    search_help_text = gettext_lazy("Beginning of the region's name")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {"fields": (("title", "state_label"), ("payment_count", "amount_yuan"), ("drafter", "drafted"))},
        ),
    )

    title = column.text()
    payment_count = column.number("item_count", gettext_lazy("payments"))
    amount_yuan = column.yuan("item_amount", gettext_lazy("yuan in all"))
    drafter = column.text("drafted_by")
    drafted = column.instant("created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the page names, and the totals."""
        named = ("region", "drafted_by", "submitted_by", "decided_by")
        queryset = super().get_queryset(request).select_related(*named)
        return queryset.annotate(item_count=Count("items"), item_amount=Sum("items__amount"))

    @form_action(
        gettext_lazy("Draft a payment batch"),
        permission="reimbursements.add_paymentbatch",
        form=RegionForm,
        description=gettext_lazy(
            "Takes every approved reimbursement of the region that can be paid. Another person approves the batch; "
            "neither may have had a hand in a claim in it."
        ),
    )
    def draft(self, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
        drafted = draft_region(data["region"], actor=request.user)
        said = [
            _("Nothing is owed for what was approved; it is marked paid without a payment.")
            if drafted.batch is None
            else _("The batch is drafted. Look at its payments, then submit it.")
        ]
        if drafted.without_payee:
            claims = listed(each.claim for each in drafted.without_payee)
            said.append(_("Left out until a clerk corrects their payee: %(claims)s.") % {"claims": claims})
        if drafted.handled:
            claims = listed(each.claim for each in drafted.handled)
            said.append(
                _("Left out for somebody else of finance, because you handled them: %(claims)s.") % {"claims": claims}
            )
        return Done(" ".join(said), drafted.batch, messages.WARNING if len(said) > 1 else messages.SUCCESS)

    @move_button(PaymentBatch, "submit", description=gettext_lazy("Another person then approves it."))
    def submit(self, request: DeskRequest, batch: PaymentBatch, data: dict[str, Any]) -> str:
        service.submit_batch(batch, actor=request.user)
        return _("The batch waits for another person's approval.")

    @move_button(
        PaymentBatch,
        "approve",
        icon="done_all",
        description=gettext_lazy("Finance can then take the file for the bank."),
    )
    def approve(self, request: DeskRequest, batch: PaymentBatch, data: dict[str, Any]) -> str:
        service.approve_batch(batch, actor=request.user, **data)
        return _("The batch is approved.")

    @move_button(PaymentBatch, "return", description=gettext_lazy("It can then be submitted again, or discarded."))
    def send_back(self, request: DeskRequest, batch: PaymentBatch, data: dict[str, Any]) -> str:
        service.return_batch(batch, actor=request.user, **data)
        return _("The batch was returned.")

    @move_button(PaymentBatch, "discard", description=gettext_lazy("Its reimbursements wait for another batch."))
    def discard(self, request: DeskRequest, batch: PaymentBatch, data: dict[str, Any]) -> str:
        service.discard_batch(batch, actor=request.user, reason=data["reason"])
        return _("The batch was discarded.")

    @form_action(
        gettext_lazy("Correct the payee"),
        permission="reimbursements.change_reimbursement",
        form=PayeeForm,
        icon="edit",
        applies=has_failed,
        description=gettext_lazy("The reimbursement then waits for another batch."),
    )
    def correct(self, request: DeskRequest, batch: PaymentBatch, data: dict[str, Any]) -> str:
        """Of a payment that failed."""
        service.correct_payee(data.pop("payment").reimbursement, **data, actor=request.user)
        return _("The payee is corrected.")
