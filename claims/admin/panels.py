"""A claim's page: its lines, and the calculation step by step with the article behind each."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.formats import NOTHING, day, listed
from agency.admin.panels import Panel, Table, TablesPanel
from claims.models import Claim, ClaimState, Settlement
from claims.selectors.explanations import ExplainedStep, explain, explained_warnings
from policies.admin.figures import clauses_in, where_it_stands


def time_of_service(claim: Claim) -> str:
    """The day, and the time where it is known."""
    return day(claim.served_on) if claim.served_at is None else f"{day(claim.served_on)} {claim.served_at:%H:%M}"


class LinesPanel(TablesPanel):
    name = "lines"
    title = gettext_lazy("Lines")
    tab = False
    permission = "claims.view_claimline"

    def tables(self) -> list[Table]:
        columns = (
            column.text("kind"),
            column.text("category"),
            column.text("name", _("Item")),
            column.text("code"),
            column.text(_marks, _("Marks")),
            column.percent("upfront_rate", _("Upfront share")),
            column.yuan("over_limit"),
            column.yuan("amount"),
        )
        return [Table.of(self.obj.lines.order_by("pk"), columns)]


def _marks(line: Any) -> str:
    marks = [_("negotiated drug")] if line.is_negotiated else []
    if line.is_prenatal:
        marks.append(_("prenatal examination"))
    if line.is_chinese_medicine:
        marks.append(_("Chinese medicine"))
    if line.is_examination:
        marks.append(_("examination"))
    return listed(marks) or NOTHING


class CalculationPanel(Panel):
    """What the claim came to and how, or why nothing is paid."""

    name = "calculation"
    title = gettext_lazy("Calculation")
    tab = False
    permission = "claims.view_settlement"
    template = "claims/calculation.html"

    def context(self) -> dict[str, Any]:
        """The refusal, and every settlement, newest first; one that was taken back says so."""
        claim = self.obj
        settlements = (
            Settlement.objects.filter(claim=claim, reverses__isnull=True)
            .select_related("version__region", "version__instrument", "settled_by", "reversed_by")
            .order_by("-id")
        )
        return {
            "claim": claim,
            "is_refused": claim.state == ClaimState.REFUSED,
            "settlements": [_written(claim, settlement) for settlement in settlements],
        }


def _setlinfo_url(claim: Claim, settlement: Settlement) -> str:
    return reverse("admin:claims_claim_setlinfo", args=[claim.pk, settlement.pk])


def _written(claim: Claim, settlement: Settlement) -> dict[str, Any]:
    settlement.claim = claim
    steps = explain(settlement)
    reversed_by = getattr(settlement, "reversed_by", None)
    return {
        "settlement": settlement,
        "settled_on": day(settlement.settled_on),
        "taken_back_on": day(reversed_by.settled_on) if reversed_by else "",
        "warnings": explained_warnings(settlement),
        "amounts": reads_amounts(settlement),
        "steps": reads_steps(steps),
        "clauses": clauses_in(steps),
        "exports": [(each, _setlinfo_url(claim, each)) for each in (settlement, reversed_by) if each],
    }


def reads_amounts(settlement: Settlement) -> Table:
    """What the bill came to and who pays it, in one row; amounts of zero are left out where they say nothing."""
    names = ("total", "covered", "pooled", "pooled_inpatient", "patient_share", "account", "family_account", "cash")
    shown = [name for name in names if getattr(settlement, name) or name in ("total", "pooled", "cash")]
    return Table.of([settlement], [column.yuan(name) for name in shown], caption=_("Amounts, yuan"))


def reads_steps(steps: list[ExplainedStep]) -> Table:
    """The calculation, one row per step, with the article and the words it rests on."""
    columns = (
        column.text("label", _("Step")),
        column.yuan("amount_in", _("Amount in")),
        column.text("parameter", _("Parameter"), is_figure=True),
        column.yuan("amount_out", _("Amount out")),
        column.text(where_it_stands, _("Where it stands")),
    )
    return Table.of(steps, columns, caption=_("Step by step"))
