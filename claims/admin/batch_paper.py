"""A batch of re-settlements on paper: what it changes, why, and who answers for it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import link_action
from agency.admin.formats import NOTHING, day, days, instant, yuan
from agency.admin.panels import Table
from agency.admin.views import page_url, row_view
from agency.models import User
from claims.models import ResettlementBatch, SettlementChannel
from claims.selectors.batch_lines import BatchLine, BatchSums, lines_of, not_settled_anew, sums_of
from policies.engine.money import ZERO

READ = "claims.view_resettlementbatch"


@link_action(gettext_lazy("Print"), permission=READ, icon="print")
def print_paper(page: Any, request: HttpRequest, batch: ResettlementBatch) -> str:
    return page_url(batch, "paper")


@row_view("paper/", name="paper")
def paper(page: Any, request: HttpRequest, batch: ResettlementBatch) -> HttpResponse:
    """All settlements of the batch with both amounts, to print and sign."""
    lines = lines_of(batch)
    left = not_settled_anew(batch)
    columns = (
        column.text(str, _("Member and year")),
        column.text("get_state_display", _("State")),
        column.text("sentence"),
    )
    tables = [_settlements(lines, sums_of(lines))]
    if left:
        tables.append(Table.of(left, columns, caption=_("Not settled anew")))
    context = {
        "batch": batch,
        "region": batch.region,
        "printed_on": day(localdate()),
        "facts": _facts(batch),
        "tables": tables,
        "is_decided": batch.decided_by_id is not None,
        "signatures": [(_("Handled by"), batch.submitted_by or ""), (_("Checked by"), batch.decided_by or "")],
        "back_url": page_url(batch),
    }
    return TemplateResponse(request, "claims/batch_paper.html", context)


def _facts(batch: ResettlementBatch) -> list[tuple[str, Any]]:
    version = batch.version
    asked = User.objects.filter(pk__in=batch.authors).order_by("pk")
    facts: list[tuple[str, Any]] = [
        (_("Policy version"), f"{version.label} · {days(version.period)}"),
        (_("Document"), version.instrument),
        (_("State"), batch.get_state_display()),
        (_("Reason"), batch.reason),
        (_("Asked for by"), ", ".join(str(user) for user in asked) or NOTHING),
        (_("Submitted by"), _by(batch.submitted_by, batch.submitted_at)),
        (_("Decided by"), _by(batch.decided_by, batch.decided_at)),
    ]
    told = [(_("Reason for the decision"), batch.decision_reason), (_("Left out because"), batch.left_out_for)]
    return facts + [(name, said) for name, said in told if said]


def _by(user: User | None, at: Any) -> str:
    return f"{user} · {instant(at)}" if user is not None else NOTHING


def _settlements(lines: list[BatchLine], sums: BatchSums) -> Table:
    columns = (
        column.text("settlement__claim", _("Claim")),
        column.text("settlement__claim__member", _("Member")),
        column.day("settlement__served_on", _("Served on")),
        column.text(_payee, _("Paid to")),
        column.yuan("funds_before", _("Funds before")),
        column.text(_funds_after, _("Funds after"), is_figure=True),
        column.yuan("accounts_before", _("Accounts before")),
        column.yuan("accounts_after", _("Accounts after")),
        column.text(lambda line: _above_zero(line.difference), _("To pay"), is_figure=True),
        column.text(lambda line: _above_zero(-line.difference), _("To recover"), is_figure=True),
    )
    amounts = (sums.funds_before, sums.funds_after, sums.accounts_before, sums.accounts_after)
    differences = (sums.to_pay, sums.to_recover)
    return Table.of(
        lines,
        columns,
        caption=_("Settlements that come out otherwise, yuan"),
        empty=_("No settlement comes out otherwise."),
        foot=[_("All %(count)s") % {"count": len(lines)}, "", "", "", *map(yuan, (*amounts, *differences))],
    )


def _funds_after(line: BatchLine) -> Any:
    return _("refused") if line.is_refused else yuan(line.funds_after)


def _payee(line: BatchLine) -> str:
    claim = line.settlement.claim
    return str(claim.provider) if claim.channel == SettlementChannel.DIRECT else _("the member")


def _above_zero(amount: Any) -> str:
    return yuan(amount) if amount > ZERO else NOTHING
