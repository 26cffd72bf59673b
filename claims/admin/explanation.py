"""A claim's explanation on a page to take home, and a settlement under the national field names."""

from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import link_action
from agency.admin.formats import day, yuan
from agency.admin.panels import Table
from agency.admin.views import page_url, row_view
from claims.admin.panels import reads_steps
from claims.models import Claim, ClaimState, Settlement
from claims.selectors.explanations import explain, explained_warnings
from claims.selectors.national import setlinfo
from policies.admin.figures import clauses_in
from policies.selectors.instruments import clauses_of

PERMISSION = "claims.view_settlement"
_BILL = ("total", "self_paid", "over_limit", "upfront_share", "covered")
_PAYMENTS = ("pooled", "pooled_inpatient", "account", "family_account", "cash")
_ALWAYS = frozenset({"total", "covered", "pooled", "cash"})

# Nothing was calculated that could be explained.
_NEVER_DECIDED = (ClaimState.REGISTERED, ClaimState.WITHDRAWN)


def is_decided(claim: Claim, user: Any = None) -> bool:
    """There is something to explain."""
    return claim.state not in _NEVER_DECIDED


@link_action(gettext_lazy("Explanation to take home"), permission=PERMISSION, icon="print", applies=is_decided)
def take_home(page: Any, request: HttpRequest, claim: Claim) -> str:
    return page_url(claim, "explanation")


@row_view("explanation/", name="explanation", permission=PERMISSION)
def explanation(page: Any, request: HttpRequest, claim: Claim) -> HttpResponse:
    """The page to print. Http404 while nothing was decided."""
    if not is_decided(claim):
        raise Http404
    context = _refusal(claim) if claim.state == ClaimState.REFUSED else _settlement(claim)
    common = {"claim": claim, "region": claim.member.region, "printed_on": day(localdate())}
    context |= common | {"facts": _facts(claim), "back_url": page_url(claim)}
    return TemplateResponse(request, "claims/explanation.html", context)


@row_view("setlinfo/<int:settlement_id>/", name="setlinfo", permission=PERMISSION)
def setlinfo_file(page: Any, request: HttpRequest, claim: Claim, settlement_id: int) -> HttpResponse:
    """The settlement as a file; counter-rows have one of their own."""
    settlement = Settlement.objects.filter(claim=claim, pk=settlement_id).first()
    if settlement is None:
        raise Http404
    settlement.claim = claim
    response = JsonResponse(setlinfo(settlement), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="setlinfo-{settlement.pk}.json"'
    return response


def _facts(claim: Claim) -> list[tuple[Any, Any]]:
    """Whose visit, where and when."""
    member = claim.member
    facts = [
        (_("Name"), member.name),
        (_("Identity number"), member.masked_identity_number),
        (_("Member number"), member.member_number),
        (_("Claim number"), claim.claim_number),
        (_("Provider"), claim.provider),
        (_("Served on"), day(claim.served_on)),
        (_("Benefit"), claim.get_benefit_display()),
    ]
    if claim.disease is not None:
        facts.append((_("Disease"), claim.disease))
    if claim.filed_on is not None:
        facts.append((_("Filed on"), day(claim.filed_on)))
    return facts


def _settlement(claim: Claim) -> dict[str, Any]:
    settlement = (
        Settlement.objects.filter(claim=claim, reverses__isnull=True)
        .select_related("version__instrument", "version__region", "reversed_by")
        .latest("pk")
    )
    settlement.claim = claim
    steps = explain(settlement)
    reversed_by = getattr(settlement, "reversed_by", None)
    return {
        "settlement": settlement,
        "settled_on": day(settlement.settled_on),
        "taken_back_on": day(reversed_by.settled_on) if reversed_by else "",
        "by_fund": yuan(settlement.pooled + settlement.pooled_inpatient),
        "by_patient": yuan(settlement.patient_share),
        "warnings": explained_warnings(settlement),
        "tables": [
            _amounts(settlement, _BILL, _("The bill, yuan")),
            reads_steps(steps),
            _amounts(settlement, _PAYMENTS, _("What is paid, yuan")),
        ],
        "clauses": clauses_in(steps),
    }


def _amounts(settlement: Settlement, names: tuple[str, ...], caption: str) -> Table:
    shown = [name for name in names if getattr(settlement, name) or name in _ALWAYS]
    columns = (
        column.text(lambda amount: str(amount.heading).capitalize(), _("What")),
        column.yuan(lambda amount: amount.value(settlement), _("Yuan")),
    )
    return Table.of([column.yuan(name).on(Settlement) for name in shown], columns, caption=caption)


def _refusal(claim: Claim) -> dict[str, Any]:
    total = claim.lines.aggregate(total=Sum("amount"))["total"] or Decimal("0.00")
    key = (claim.refusal_instrument, claim.refusal_article)
    clause = clauses_of(claim.region_id, [key[0]]).get(key, "")
    return {
        "is_refused": True,
        "by_fund": yuan(Decimal("0.00")),
        "by_patient": yuan(total),
        "tables": [],
        "clauses": [(" ".join(key), clause)] if clause else [],
    }
