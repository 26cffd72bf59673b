"""The page of trial calculations (试算): what a visit would come to, told to whoever asks; nothing of it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from agency.admin import column
from agency.admin.formats import NOTHING, day, link, listed, month
from agency.admin.panels import Table
from agency.admin.permissions import may
from agency.admin.views import list_view, page_url
from agency.declarations import declared
from agency.models import PoolingRegion
from claims.admin.side_by_side import amounts_beside, steps_beside
from claims.admin.trial_form import TrialForm
from claims.admin.trials import problems, reads_outcome
from claims.models import Settlement
from claims.selectors.explanations import explain
from claims.services.trials import Described, Question, Tried, try_visit
from members.models import Member
from policies.admin.figures import clauses_in
from policies.engine.facts import ContributionState, age_on
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import Benefit, InsuredStatus, OutOfAreaKind, RefusalReason, Tier
from policies.labels import label
from policies.models import PolicyVersion, VersionState

TRY = "claims.try_claim"
_AMOUNTS = (
    "total",
    "self_paid",
    "over_limit",
    "upfront_share",
    "covered",
    "out_of_area_share",
    "deductible",
    "pooled",
    "pooled_inpatient",
    "patient_share",
    "account",
    "cash",
)
_ALWAYS = frozenset({"total", "covered", "pooled", "patient_share"})


@dataclass(frozen=True, slots=True)
class TrialUse:
    """What a room above makes of a trial: a button that sends the page's form on, to whoever holds the permission."""

    title: Any
    url_name: str
    permission: str


@list_view("trial/", name="trial")
def trial_page(page: Any, request: HttpRequest) -> HttpResponse:
    """The form; sent, with the answer below it, which otherwise comes while somebody types."""
    return shown_trial(page, request, trial_form(request))


def shown_trial(page: Any, request: HttpRequest, form: TrialForm) -> HttpResponse:
    """The page with a form as it stands."""
    uses = [each for each in declared("trial_uses") if may(request.user, each.permission)]
    context = {
        **page.admin_site.each_context(request),
        "title": _("Trial calculation"),
        "form": form,
        "media": form.media,
        "uses": [(each.title, reverse(f"admin:{each.url_name}")) for each in uses],
        "tried_template": "claims/tried_visit.html" if form.is_bound else "",
        **(_answer(page, form) if form.is_bound else {}),
    }
    return TemplateResponse(request, "claims/trial.html", context)


@list_view("trial/answer/", name="try_visit")
def trial_answer(page: Any, request: HttpRequest) -> HttpResponse:
    """The answer alone."""
    form = trial_form(request)
    if not form.is_bound:
        return HttpResponseNotAllowed(["POST"])
    return TemplateResponse(request, "claims/tried_visit.html", _answer(page, form))


def trial_form(request: HttpRequest) -> TrialForm:
    """The form of whoever may try visits somewhere, with what was sent. PermissionDenied for anybody else."""
    if not may(request.user, TRY):
        raise PermissionDenied
    form = TrialForm(request.POST if request.method == "POST" else None, request=request, permission=TRY)
    form.begin_with(request.GET)
    return form


def _answer(page: Any, form: TrialForm) -> dict[str, Any]:
    """What claims/tried_visit.html needs: what keeps the visit from being tried, or what it comes to."""
    if not form.all_valid():
        return {"problems": problems(form)}
    questions, names = form.cleaned_data["questions"], form.cleaned_data["names"]
    tried = [try_visit(each, today=localdate()) for each in questions]
    context = {"facts": _facts(tried), "lines": lines_of_visit(questions[0])}
    parts = [_part(page, each) for each in tried]
    if len(parts) == 1:
        return context | parts[0]
    return context | _compared(parts, tried, names)


def _part(page: Any, tried: Tried) -> dict[str, Any]:
    """One calculation, its refusal with a way out, or why there is none."""
    outcome = tried.outcome
    if isinstance(outcome, Exception):
        return {"fault": page.sentence_for(outcome), "notices": []}
    part = reads_outcome(outcome)
    if isinstance(outcome, Refusal):
        part["way_out"] = _way_out(tried, outcome.reason)
    elif tried.is_assumed:
        part["notices"].append(
            _("The day lies ahead. That the contribution of %(month)s arrives on time is assumed.")
            % {"month": month(tried.question.served_on)}
        )
    return part


def _compared(parts: Sequence[dict[str, Any]], tried: Sequence[Tried], names: Sequence[str]) -> dict[str, Any]:
    """Both calculations beside each other; a side that pays nothing says why above them."""
    first, second = (each.outcome if isinstance(each.outcome, Settlement) else None for each in tried)
    before, after = (explain(side) if side else [] for side in (first, second))
    both = (names[0], names[1])
    shown = [
        name for name in _AMOUNTS if name in _ALWAYS or any(getattr(side, name) for side in (first, second) if side)
    ]
    named = [part | {"name": name} for part, name in zip(parts, names, strict=True)]
    said = [
        _("%(side)s: %(sentence)s") % {"side": part["name"], "sentence": part["fund_pays"]}
        for part in named
        if "fund_pays" in part
    ]
    return {
        "sides": named,
        "spoken": listed(said),
        "tables": [amounts_beside(first, second, shown, both), steps_beside(before, after, both)],
        "clauses": clauses_in([*before, *after]),
    }


def _way_out(tried: Tried, reason: RefusalReason) -> str:
    """What whoever asks may do about a refusal; empty where its own words say it."""
    question, patient = tried.question, tried.question.patient
    if reason == RefusalReason.NOT_IN_FORCE:
        return _rules_hold(question.region)
    if reason in (RefusalReason.NOT_ENTITLED, RefusalReason.ARREARS) and isinstance(patient, Member):
        return _("Look at the enrollments and contributions of this day on the member's page, or choose another day.")
    if reason == RefusalReason.NOT_DESIGNATED and question.provider is not None:
        return _("Look at the provider's agreements, or choose a tier instead of the provider.")
    if reason == RefusalReason.DISEASE_UNREGISTERED:
        return _("Choose the disease that is treated; it has to be registered on this day.")
    if reason == RefusalReason.TERMS_UNSET:
        return _("A policy officer sets the figure on the page of local figures.")
    return ""


def _rules_hold(region: PoolingRegion) -> str:
    published = PolicyVersion.objects.filter(region=region, state=VersionState.PUBLISHED)
    first = published.order_by("period").values_list("period", flat=True).first()
    if first is None:
        return _("No rules of %(region)s are published yet.") % {"region": region}
    return _("The rules of %(region)s hold from %(day)s. Choose a day on which they do.") % {
        "region": region,
        "day": day(first.lower),
    }


# --- What was asked -----------------------------------------------------------------------------------


def facts_of_visit(question: Question) -> list[tuple[str, Any]]:
    """Who, where and when."""
    facts = [
        (_("Patient"), _who(question)),
        (_("Pooling region"), question.region),
        (_("Served on"), day(question.served_on)),
        (_("Where"), _where(question)),
        (_("Benefit"), label(question.benefit, Benefit)),
    ]
    if question.disease is not None:
        facts.append((_("Disease"), question.disease))
    if question.out_of_area:
        facts.append((_("Out of area"), label(question.out_of_area, OutOfAreaKind)))
    return facts


def _facts(tried: Sequence[Tried]) -> list[tuple[str, Any]]:
    """Of the visit, or of both beside each other where they differ; and by which rules."""
    columns = [[*facts_of_visit(each.question), (_("Rules"), _rules(each))] for each in tried]
    return [(rows[0][0], _beside([value for _name, value in rows])) for rows in zip(*columns, strict=True)]


def _beside(values: Sequence[Any]) -> Any:
    return values[0] if len(set(map(str, values))) == 1 else " ↔ ".join(map(str, values))


def _who(question: Question) -> Any:
    patient = question.patient
    if isinstance(patient, Member):
        return link(page_url(patient), patient)
    return listed(_described(patient, question))


def _described(patient: Described, question: Question) -> list[str]:
    words = [
        _("%(age)s years") % {"age": age_on(patient.birth_date, question.served_on)},
        *(label(each, type(each)) for each in (patient.status, patient.scheme, patient.employment)),
    ]
    if patient.status == InsuredStatus.ACTIVE and patient.contribution != ContributionState.ON_TIME:
        words.append(_("contribution %(state)s") % {"state": label(patient.contribution, ContributionState)})
    return words


def _where(question: Question) -> Any:
    if question.provider is not None:
        return question.provider
    return _("a provider of tier: %(tier)s") % {"tier": label(question.tier, Tier)}


def _rules(tried: Tried) -> str:
    """The version that calculated; a dash where none did."""
    if not isinstance(tried.outcome, Settlement):
        return NOTHING
    version = PolicyVersion.objects.select_related("instrument", "region").get(pk=tried.outcome.version_id)
    return f"{version} · {version.instrument}"


def lines_of_visit(question: Question) -> Table:
    """The bill,"""
    columns = (
        column.text("kind"),
        column.text("category"),
        column.text("name", _("Item")),
        column.yuan("over_limit"),
        column.yuan("amount"),
    )
    return Table.of(question.lines, columns, caption=_("The bill, yuan"))
