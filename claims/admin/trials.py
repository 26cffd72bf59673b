"""What a bill would come to, told while somebody types it (试算); nothing of it is kept."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from agency.admin.actions import FormAction
from agency.admin.formats import listed
from agency.admin.permissions import may
from claims.admin.forms import VisitForm
from claims.admin.panels import reads_amounts, reads_steps
from claims.models import Claim, Settlement
from claims.selectors.explanations import explain, explained_warnings
from claims.services import bills
from policies.admin.figures import clauses_in
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import RefusalReason
from policies.labels import label


def reads_outcome(outcome: Settlement | Refusal) -> dict[str, Any]:
    """What claims/outcome.html needs: tables, clauses and warnings, or the refusal with its article."""
    if isinstance(outcome, Refusal):
        return {"refusal": label(outcome.reason, RefusalReason), "citation": outcome.citation, "notices": []}
    steps = explain(outcome)
    paid = f"{outcome.pooled + outcome.pooled_inpatient:,.2f}"
    return {
        "fund_pays": _("The fund pays %(amount)s yuan.") % {"amount": paid},
        "tables": [reads_amounts(outcome), reads_steps(steps)],
        "clauses": clauses_in(steps),
        "notices": explained_warnings(outcome),
    }


def invoice_notice(claims: list[Claim]) -> list[str]:
    """A sentence that names the claims with the same invoice; none without any."""
    numbers = listed(claims)
    return [_("Same invoice number of the same provider: %(claims)s.") % {"claims": numbers}] if numbers else []


def problems(form: VisitForm) -> list[tuple[str, str]]:
    """Everything that keeps the form from being tried, by the name of its field."""
    named = [
        (str(form.fields[name].label) if name in form.fields else _("Claim"), str(problem))
        for name, problems in form.errors.items()
        for problem in problems
    ]
    for number, line in enumerate(form.lines, start=1):
        named += [
            (
                _("Line %(number)s, %(field)s")
                % {"number": number, "field": line.fields[name].label if name in line.fields else ""},
                str(problem),
            )
            for name, problems in line.errors.items()
            for problem in problems
        ]
    return named


def answer_trial(
    admin: Any, request: HttpRequest, action: FormAction, obj: Any, attempt: Callable[..., bills.TriedBill]
) -> HttpResponse:
    """The trial of what was sent, or what keeps it from being tried. PermissionDenied as for the form itself."""
    if not may(request.user, action.permission, obj):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form: Any = action.form(data=request.POST, request=request, permission=action.permission, obj=obj)
    if not form.for_trial().all_valid():
        return TemplateResponse(request, "claims/tried.html", {"problems": problems(form)})
    try:
        tried = attempt(form.cleaned_data)
    except tuple(admin.refusals) as error:
        return TemplateResponse(request, "claims/tried.html", {"fault": admin.sentence_for(error)})
    context = reads_outcome(tried.outcome)
    context["notices"] = invoice_notice(tried.same_invoice) + context["notices"]
    return TemplateResponse(request, "claims/tried.html", context)
