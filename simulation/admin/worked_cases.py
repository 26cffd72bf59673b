"""Worked cases on the screen: written, corrected, withdrawn, kept from a trial."""

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.formats import badge, day
from agency.admin.forms import ReasonedForm
from agency.admin.panels import Table, TablesPanel
from agency.admin.permissions import may
from agency.admin.views import list_url, list_view
from claims.admin.trial_page import TrialUse, facts_of_visit, lines_of_visit, shown_trial, trial_form
from claims.admin.trials import reads_outcome
from claims.services.describing import describe
from claims.services.trials import try_visit
from policies.admin.refusals import OF_THE_LAW
from policies.engine.vocabulary import Benefit, Tier
from policies.labels import label
from simulation.admin.case_files import cases_file, download_cases, take_file, take_own
from simulation.admin.case_form import CaseForm, beginning, standing
from simulation.models import WorkedCase
from simulation.selectors.worked_cases import spec_of
from simulation.services.case_runs import (
    AMOUNTS,
    differing,
    heading_of,
    in_words,
    plain,
    question_of,
    run_in_force,
    value_of,
)
from simulation.services.worked_cases import (
    correct_case,
    withdraw_case,
    write_case,
)

READ, WRITE, CORRECT = (f"simulation.{verb}_workedcase" for verb in ("view", "add", "change"))


def day_of(case: WorkedCase) -> str:
    """The day, or how many days after a draft's first."""
    if case.served_on is not None:
        return day(case.served_on)
    return _("%(days)s days after the draft's first") % {"days": case.days_after_start}


def benefit_of(case: WorkedCase) -> str:
    return label(case.facts["visit"].get("benefit", Benefit.GENERAL_OUTPATIENT), Benefit)


def tier_of(case: WorkedCase) -> str:
    return label(case.facts["visit"]["tier"], Tier)


def expected_of(case: WorkedCase) -> str:
    """Amounts by name, or the refusal."""
    return in_words(case.expected)


def _is_in_use(case: WorkedCase, user: Any) -> bool:
    return not case.is_withdrawn


@form_action(
    gettext_lazy("Write a worked case"),
    permission=WRITE,
    form=CaseForm,
    template="simulation/case_form.html",
    submit=gettext_lazy("Keep"),
    description=gettext_lazy(
        "A visit of somebody described, and what it comes to by the regulation. Every draft of the region is tried on "
        "it."
    ),
)
def write(page: Any, request: DeskRequest, row: None, data: dict[str, Any]) -> Done:
    case = write_case(data["region"], data["spec"], today=localdate(), actor=request.user, reason=data["reason"])
    return Done(_("The case is kept."), case)


@form_action(
    gettext_lazy("Correct"),
    permission=CORRECT,
    form=CaseForm,
    initial=standing,
    template="simulation/case_form.html",
    icon="edit_note",
    applies=_is_in_use,
    description=gettext_lazy("What it said before is kept. Changes of drafts that were expected are asked for anew."),
)
def correct(page: Any, request: DeskRequest, case: WorkedCase, data: dict[str, Any]) -> str:
    correct_case(case, data["spec"], today=localdate(), actor=request.user, reason=data["reason"])
    return _("The case is corrected.")


@form_action(
    gettext_lazy("Withdraw"),
    permission=CORRECT,
    form=ReasonedForm,
    danger=True,
    icon="delete",
    applies=_is_in_use,
    description=gettext_lazy(
        "No draft is tried on it any more. It stays with its history, and its name is free again."
    ),
)
def withdraw(page: Any, request: DeskRequest, case: WorkedCase, data: dict[str, Any]) -> str:
    withdraw_case(case, actor=request.user, reason=data["reason"])
    return _("The case is withdrawn.")


# --- From a trial -----------------------------------------------------------------------------------------

USES = (TrialUse(gettext_lazy("Keep as a worked case"), "simulation_workedcase_keep", WRITE),)
# What the form begins with of what the trial gave; what is zero and says nothing is left to the officer.
_CONFIRMED = ("deductible", "pooled", "pooled_inpatient", "account", "cash")


@list_view("keep/", name="keep")
def keep(page: Any, request: HttpRequest) -> HttpResponse:
    """The form of a new case with what was tried in it; nothing in it names a member."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("admin:claims_claim_trial"))
    if not may(request.user, WRITE):
        raise PermissionDenied
    trial = trial_form(request)
    if not trial.all_valid():
        return shown_trial(page, request, trial)
    question = describe(trial.cleaned_data["questions"][0])
    found = plain(try_visit(question, today=localdate()))
    expected = {f"expect_{name}": found[name] for name in _CONFIRMED if Decimal(found.get(name, 0)) or name == "pooled"}
    if "refused" in found:
        expected = {"expect_refused": found["refused"]}
    action = page.add_action
    initial = beginning(question) | expected
    form = CaseForm(initial=initial, request=request, permission=WRITE)
    context = {
        **page.admin_site.each_context(request),
        "title": action.title,
        "opts": page.opts,
        "action": action,
        "form": form,
        "media": form.media,
        "form_url": reverse("admin:simulation_workedcase_add"),
        "back_url": list_url(WorkedCase),
    }
    return TemplateResponse(request, action.template, context)


# --- The page ---------------------------------------------------------------------------------------------


class OutcomePanel(TablesPanel):
    """What the case expects beside what the law in effect gives, and how that is calculated."""

    name = "outcome"
    title = gettext_lazy("Under the law in effect")
    tab = False

    def tables(self) -> list[Table]:
        """The comparison, then the calculation."""
        case: WorkedCase = self.obj
        run = run_in_force(case, today=localdate())
        found = plain(run.in_force)
        columns = (
            column.text(heading_of, _("What")),
            column.text(lambda name: value_of(name, case.expected[name]), _("Expected"), is_figure=True),
            column.text(
                lambda name: value_of(name, found[name]) if name in found else in_words(found),
                _("Comes to"),
                is_figure=True,
            ),
            column.text(lambda name: _verdict(name not in wrong), _("Same?")),
        )
        wrong = differing(run.spec.expect, run.in_force)
        named = [name for name in ("refused", *AMOUNTS) if name in case.expected]
        compared = Table.of(named, columns, caption=_("On %(day)s") % {"day": day(run.served_on)})
        outcome = run.in_force.outcome
        return [compared] if isinstance(outcome, Exception) else [compared, *reads_outcome(outcome).get("tables", ())]


def _verdict(holds: bool) -> Any:
    return badge(_("as expected"), "success") if holds else badge(_("otherwise"), "danger")


class LinesPanel(TablesPanel):
    """Who, and the bill."""

    name = "visit"
    title = gettext_lazy("The visit")
    tab = False

    def tables(self) -> list[Table]:
        """As the trial's page says it."""
        case: WorkedCase = self.obj
        spec = spec_of(case)
        question = question_of(case.region, spec, case.day_under(localdate()))
        facts = facts_of_visit(question)
        columns = (column.text(lambda fact: fact[0], _("What")), column.text(lambda fact: fact[1], _("Value")))
        return [Table.of(facts, columns), lines_of_visit(question)]


@admin.register(WorkedCase)
class WorkedCaseAdmin(TrackedAdmin):
    """Those in use first, by name."""

    refusals = OF_THE_LAW
    adds_with = write
    panels = (OutcomePanel, LinesPanel)
    buttons = (correct, download_cases, withdraw)
    list_buttons = (take_file, take_own)
    views = (keep, cases_file)

    list_display = ("name", "region", "day_label", "benefit_label", "tier_label", "expected_label", "article", "use")
    list_filter = (RegionFilter, "is_withdrawn")
    list_select_related = ("region",)
    search_fields = ("name",)
    ordering = ("is_withdrawn", "region_id", "name", "pk")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("region", "day_label"),
                    ("benefit_label", "tier_label"),
                    ("article", "expected_label"),
                    "note",
                    ("author", "use"),
                )
            },
        ),
    )

    day_label = column.text(day_of, gettext_lazy("served on"))
    benefit_label = column.text(benefit_of, gettext_lazy("benefit"))
    tier_label = column.text(tier_of, gettext_lazy("tier"))
    expected_label = column.text(expected_of, gettext_lazy("expected"))
    author = column.text("written_by")
    use = column.text(
        lambda case: badge(_("withdrawn")) if case.is_withdrawn else badge(_("in use"), "success"), gettext_lazy("use")
    )
