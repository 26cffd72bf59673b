"""On the page of re-settlements: what members were paid too much is recovered, what they get waits for a batch."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.actions import DeskRequest, form_action
from agency.admin.fields import DayField, TextField
from agency.admin.formats import yuan
from agency.admin.forms import DeskForm
from claims.models import Resettlement
from reimbursements.selectors.differences import to_pay, to_recover
from reimbursements.services import recoveries


def can_be_recovered(each: Resettlement, user: Any) -> bool:
    """Paid out too much, and not paid back."""
    return each.was_paid_out and each.difference < 0 and each.recovered_on is None


class RecoveryForm(DeskForm):
    """When and by which receipt."""

    on = DayField(label=gettext_lazy("Paid back on"), initial=localdate)
    reference = TextField(label=gettext_lazy("Receipt, or the bank's reference"), max_length=64)


class OpenFilter(admin.SimpleListFilter):
    title = gettext_lazy("to do")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("recover", _("to be recovered")), ("pay", _("to be paid in a batch"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "recover":
            return queryset.filter(pk__in=to_recover())
        if self.value() == "pay":
            return queryset.filter(pk__in=to_pay())
        return queryset


@form_action(
    gettext_lazy("Record the recovery"),
    permission="claims.change_resettlement",
    form=RecoveryForm,
    icon="payments",
    primary=True,
    applies=can_be_recovered,
    description=gettext_lazy("The member has paid back what was paid too much."),
)
def recover(page: Any, request: DeskRequest, each: Resettlement, data: dict[str, Any]) -> str:
    recovered = recoveries.record_recovery(
        each, on=data["on"], today=localdate(), reference=data["reference"], actor=request.user
    )
    return _("%(amount)s yuan are recovered.") % {"amount": yuan(-recovered.difference)}
