"""Credits above entitlement: recovered or waived, one by one or all of a run."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.admin.run_panels import difference_state, state_in_words
from accounts.models import CreditDifference, CreditRun, DifferenceState, Remedy
from accounts.services import differences as service
from agency.admin import column
from agency.admin.actions import DeskRequest, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.fields import ChoiceField
from agency.admin.filters import RegionFilter
from agency.admin.formats import yuan
from agency.admin.forms import DecisionForm, ReasonedForm
from agency.admin.moves import move_button
from agency.models import User
from members.admin.search import search_by_member


class RemedyForm(ReasonedForm):
    """What is to be done, and why."""

    remedy = ChoiceField(label=gettext_lazy("Remedy"), choices=Remedy.choices)


def lists_some(run: CreditRun, user: Any) -> bool:
    """The run lists differences without a remedy."""
    return run.differences.filter(state=DifferenceState.LISTED).exists()


def some_wait(run: CreditRun, user: Any) -> bool:
    return bool(service.remedies_for(run, user))


class RemediesForm(DecisionForm):
    """The decision about all remedies that wait on a run, as they are when the form is opened."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Say what they come to; the service compares them with what it finds under its locks."""
        super().__init__(*args, **options)
        waiting = service.remedies_for(cast(CreditRun, self.obj), cast(User, self.request.user))
        self.initial["seen"] = service.remedies_digest(waiting)
        self.fields["reason"].help_text = _(
            "%(count)s remedies: at most %(recovered)s yuan to recover, %(waived)s yuan to waive."
        ) % {
            "count": len(waiting),
            "recovered": yuan(service.sum_of(waiting, Remedy.RECOVER)),
            "waived": yuan(service.sum_of(waiting, Remedy.WAIVE)),
        }


@form_action(
    gettext_lazy("Credits above entitlement: submit a remedy"),
    permission="accounts.change_creditdifference",
    form=RemedyForm,
    icon="rule",
    applies=lists_some,
    description=gettext_lazy(
        "For all that this run lists. Accounts that hold nothing stay listed when the remedy is recovery."
    ),
)
def submit_remedies(page: Any, request: DeskRequest, run: CreditRun, data: dict[str, Any]) -> str:
    remedy = Remedy(data["remedy"])
    count = service.submit_remedies(run, remedy=remedy, actor=request.user, reason=data["reason"])
    return ngettext(
        "%(count)s credit waits for another person's decision.",
        "%(count)s credits wait for another person's decision.",
        count,
    ) % {"count": count}


@form_action(
    gettext_lazy("Credits above entitlement: approve the remedies"),
    permission="accounts.approve_creditdifference",
    form=RemediesForm,
    icon="done_all",
    applies=some_wait,
    description=gettext_lazy("Recoveries take at most what an account holds; the rest is listed again."),
)
def approve_remedies(page: Any, request: DeskRequest, run: CreditRun, data: dict[str, Any]) -> str:
    count = service.approve_remedies(run, on=localdate(), actor=request.user, **data)
    return ngettext("%(count)s remedy is approved.", "%(count)s remedies are approved.", count) % {"count": count}


@admin.register(CreditDifference)
class CreditDifferenceAdmin(TrackedAdmin):
    """What was credited too much, the newest first."""

    buttons = ("submit", "approve", "refuse")
    left_out_of_history = frozenset({"payload_hash"})
    list_display = ("member", "month_name", "component", "excess_yuan", "state_label", "run", "submitted_by")
    list_filter = (RegionFilter, "state", "remedy", "component")
    list_select_related = ("member", "run__region", "submitted_by")
    search_fields = ("member__name",)
    get_search_results = search_by_member()
    search_help_text = gettext_lazy("Beginning of the member's name, member number, identity number")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("member", "state_label"),
                    ("month_name", "component"),
                    ("credited_yuan", "entitled_yuan"),
                    ("waived_yuan", "excess_yuan"),
                    ("balance_yuan", "taken_yuan"),
                    ("run", "remedy"),
                )
            },
        ),
    )

    month_name = column.month("month")
    state_label = column.text(difference_state, gettext_lazy("state")).filed_from(state_in_words, "state", "remedy")
    credited_yuan = column.yuan("credited")
    entitled_yuan = column.yuan("entitled")
    waived_yuan = column.yuan("waived")
    excess_yuan = column.yuan("excess", gettext_lazy("too much")).filed_from(
        lambda credited, entitled, waived: credited - entitled - waived, "credited", "entitled", "waived"
    )
    balance_yuan = column.yuan("member__account__balance", gettext_lazy("balance of the account"))
    taken_yuan = column.yuan("taken")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the account, the run, and who decided."""
        named = ("member__account", "member__region", "run__region", "submitted_by", "decided_by")
        return super().get_queryset(request).select_related(*named)

    @move_button(
        CreditDifference,
        "submit",
        title=gettext_lazy("Submit a remedy"),
        form=RemedyForm,
        description=gettext_lazy("Another person decides."),
    )
    def submit(self, request: DeskRequest, difference: CreditDifference, data: dict[str, Any]) -> str:
        remedy = Remedy(data["remedy"])
        service.submit_remedy(difference, remedy=remedy, actor=request.user, reason=data["reason"])
        return _("The remedy waits for another person's decision.")

    @move_button(
        CreditDifference,
        "approve",
        description=gettext_lazy("A recovery takes at most what the account holds; the rest is listed again."),
    )
    def approve(self, request: DeskRequest, difference: CreditDifference, data: dict[str, Any]) -> str:
        decided = service.approve_remedy(difference, on=localdate(), actor=request.user, **data)
        if decided.taken is None:
            return _("The credit is waived.")
        return _("%(amount)s yuan are recovered.") % {"amount": f"{decided.taken:,.2f}"}

    @move_button(CreditDifference, "refuse", description=gettext_lazy("It is listed again."))
    def refuse(self, request: DeskRequest, difference: CreditDifference, data: dict[str, Any]) -> str:
        service.refuse_remedy(difference, actor=request.user, **data)
        return _("The remedy was refused.")
