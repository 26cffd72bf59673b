"""What a closing recovers and pays out, as both people see it, and what was paid out after it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AccountClosing, CreditRun, DecisionState, LedgerAccount
from accounts.selectors.closings import ZERO, SetOff, recovered, set_off
from agency.admin import column
from agency.admin.formats import NOTHING, yuan
from agency.admin.panels import Table, TablesPanel


def what_is_set_off(account: LedgerAccount) -> Table:
    """As a closing would do it now."""
    balance = account.balance or ZERO
    planned = set_off(account, balance)
    caption = _("Of the balance of %(balance)s yuan %(recovered)s are recovered first, and %(paid)s are paid out.") % {
        "balance": f"{balance:,.2f}",
        "recovered": f"{recovered(planned):,.2f}",
        "paid": f"{balance - recovered(planned):,.2f}",
    }
    return _table(planned, caption)


def _what_was_set_off(closing: AccountClosing) -> Table:
    done = [SetOff(each, each.taken or ZERO) for each in closing.set_off.order_by("month", "component")]
    caption = _("%(recovered)s yuan were recovered first; %(paid)s yuan were paid out.")
    return _table(done, caption % {"recovered": f"{recovered(done):,.2f}", "paid": f"{closing.amount or 0:,.2f}"})


def _table(planned: Sequence[SetOff], caption: str) -> Table:
    columns = (
        column.month("difference__month", _("Month")).leading("difference"),
        column.text("difference__component", _("Component")),
        column.yuan("difference__credited", _("Credited")),
        column.yuan("difference__entitled", _("Entitled to")),
        column.yuan("difference__excess", _("Too much")),
        column.yuan("taken", _("Recovered first")),
    )
    excess = sum((each.difference.excess for each in planned), ZERO)
    foot = (_("Sum"), "", "", "", yuan(excess), yuan(recovered(planned))) if planned else ()
    empty = _("Nothing was credited above entitlement.")
    return Table.of(planned, columns, caption=caption, empty=empty, foot=foot)


class SetOffPanel(TablesPanel):
    """On a closing's page: each credit above entitlement that it recovers first."""

    name = "set_off"
    title = gettext_lazy("Credited above entitlement")
    tab = False
    permission = "accounts.view_creditdifference"

    def is_shown(self) -> bool:
        """While somebody decides, and afterwards where something was set off; a refused closing does nothing."""
        if not super().is_shown() or self.obj.state == DecisionState.REFUSED:
            return False
        return self.obj.state == DecisionState.SUBMITTED or self.obj.set_off.exists()

    def tables(self) -> list[Table]:
        """As it is asked for, or as it was done."""
        if self.obj.state == DecisionState.APPROVED:
            return [_what_was_set_off(self.obj)]
        return [what_is_set_off(self.obj.account)]


def cause_of(closing: AccountClosing) -> str:
    """Why something became due after the closing that it follows."""
    name, _colon, number = closing.cause.partition(":")
    if name == "reversal":
        return _("a settlement was taken back, reversal #%(number)s") % {"number": number}
    if name == "resettled_year":
        return _("a settlement was settled anew under a law of past days")
    if name == "credit_run":
        return _("credited by the run %(run)s") % {"run": CreditRun.objects.select_related("region").get(pk=number)}
    return closing.cause or NOTHING


class LaterPanel(TablesPanel):
    """On a closing's page: what became due to the account afterwards and went the same way."""

    name = "later"
    title = gettext_lazy("Due after the closing")
    tab = False

    def is_shown(self) -> bool:
        return self.obj.later.exists()

    def tables(self) -> list[Table]:
        columns = (
            column.instant("decided_at").leading(),
            column.text(cause_of, gettext_lazy("cause")),
            column.text(lambda each: each.payee or each.account, _("Paid to")),
            column.yuan("amount", _("Paid out")),
        )
        return [Table.of(self.obj.later.select_related("account__member").order_by("pk"), columns)]
