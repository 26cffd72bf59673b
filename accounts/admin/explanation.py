"""How a credit came about: beside the entry, and on a page to take home."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import LedgerEntry
from accounts.selectors.explanations import ExplainedCredit, explain_credit
from agency.admin import column
from agency.admin.actions import link_action
from agency.admin.formats import day, month, yuan
from agency.admin.panels import Panel, Table
from agency.admin.views import page_url, row_view
from policies.admin.figures import clauses_in, where_it_stands


def is_credit(entry: LedgerEntry, user: Any = None) -> bool:
    """Whether the entry has steps to explain."""
    return entry.rule_id is not None and entry.entitlement_after is not None


def _table(steps: list[ExplainedCredit]) -> Table:
    columns = (
        column.text("label", _("Step")),
        column.yuan("amount_in", _("Basis")),
        column.text("parameter", _("Parameter"), is_figure=True),
        column.yuan("amount", _("Yuan")),
        column.text(where_it_stands, _("Where it stands")),
    )
    return Table.of(steps, columns, caption=_("Step by step"))


class CreditStepsPanel(Panel):
    """What the credit was taken of, by which rule, and what had been credited before."""

    name = "steps"
    title = gettext_lazy("How this credit came about")
    tab = False
    permission = "accounts.view_ledgerentry"
    template = "accounts/credit_steps.html"

    def is_shown(self) -> bool:
        """For monthly credits and true-ups."""
        return super().is_shown() and is_credit(self.obj)

    def context(self) -> dict[str, Any]:
        """The steps, and the clauses behind them."""
        steps = explain_credit(self.obj)
        return {"table": _table(steps), "clauses": clauses_in(steps)}


@link_action(
    gettext_lazy("Explanation to take home"),
    permission="accounts.view_ledgerentry",
    icon="print",
    applies=is_credit,
)
def take_home(page: Any, request: HttpRequest, entry: LedgerEntry) -> str:
    return page_url(entry, "explanation")


@row_view("explanation/", name="explanation")
def explanation(page: Any, request: HttpRequest, entry: LedgerEntry) -> HttpResponse:
    """The page to print. Http404 for an entry that is no credit."""
    if not is_credit(entry):
        raise Http404
    steps = explain_credit(entry)
    context = {
        "entry": entry,
        "region": entry.credit.region,
        "printed_on": day(localdate()),
        "facts": _facts(entry),
        "amount": yuan(entry.amount),
        "entitled": yuan(entry.entitlement_after),
        "tables": [_table(steps)],
        "clauses": clauses_in(steps),
        "back_url": page_url(entry),
    }
    return TemplateResponse(request, "accounts/explanation.html", context)


def _facts(entry: LedgerEntry) -> list[tuple[Any, Any]]:
    """Whose account, for which month."""
    facts: list[tuple[Any, Any]] = []
    if (member := entry.credit.member) is not None:
        facts = [
            (_("Name"), member.name),
            (_("Identity number"), member.masked_identity_number),
            (_("Member number"), member.member_number),
        ]
    return [
        *facts,
        (_("For month"), month(entry.month)),
        (_("Component"), entry.get_component_display()),
        (_("Kind"), entry.get_kind_display()),
        (_("Posted on"), day(entry.posted_on)),
    ]
