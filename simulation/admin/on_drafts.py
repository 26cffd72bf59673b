"""On a draft's page: what it does to the region's worked cases, and which of that is meant."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, form_action
from agency.admin.fields import REASON_LENGTH, TextField
from agency.admin.formats import NOTHING, badge, day, link
from agency.admin.forms import DeskForm
from agency.admin.panels import Table, TablesPanel
from agency.admin.permissions import may
from agency.admin.views import page_url
from claims.services.trials import Tried
from policies.admin.differences import book_of
from policies.models import PolicyVersion, VersionState
from simulation.services.case_runs import CaseRun, in_words, plain, run_cases
from simulation.services.simulations import content_digest
from simulation.services.worked_cases import expect_changes

EXPECT = "simulation.add_expectedchange"


def _runs(version: PolicyVersion) -> list[CaseRun]:
    """With the rules that the page has read."""
    return run_cases(version, today=localdate(), book=book_of(version))


class CasesPanel(TablesPanel):
    """Every case under the law in effect and under the draft: as expected, an expected change, or a surprise."""

    name = "worked_cases"
    title = gettext_lazy("Worked cases")
    permission = "simulation.view_workedcase"
    template = "simulation/cases.html"

    def context(self) -> dict[str, Any]:
        """With the way to the form in which changes are expected, where there are some and the person may."""
        version: PolicyVersion = self.obj
        offered = version.state == VersionState.DRAFT and may(self.request.user, EXPECT, version)
        url = page_url(version, "expect") if offered and any(run.wrong for run in _runs(version)) else ""
        return super().context() | {"expect_url": url}

    def is_shown(self) -> bool:
        """Of what is not law yet."""
        return super().is_shown() and self.obj.state in (VersionState.DRAFT, VersionState.SUBMITTED)

    def tables(self) -> list[Table]:
        """What differs first."""
        runs = sorted(_runs(self.obj), key=lambda run: (not run.is_surprise, not run.wrong, run.case.name))
        columns = (
            column.text(lambda run: link(page_url(run.case), run.case), _("Worked case")),
            column.text(lambda run: day(run.served_on), _("Served on")),
            column.text(lambda run: run.case.article or NOTHING, _("Article")),
            column.text(lambda run: in_words(run.case.expected), _("Expected")),
            column.text(lambda run: _found(run, run.in_force), _("Law in effect")),
            column.text(lambda run: _found(run, run.draft), _("Draft")),
            column.text(_verdict, _("Verdict")),
            column.text(_reason, _("Reason")),
        )
        empty = _("The region has no worked cases. Bring those that come with its law, or write one.")
        return [Table.of(runs, columns, empty=empty)]


def _found(run: CaseRun, tried: Tried | None) -> str:
    """What a side gives of what the case expects."""
    found = plain(tried) if tried is not None else {}
    return in_words({name: found[name] for name in run.case.expected if name in found} or _why_not(found))


def _why_not(found: dict[str, str]) -> dict[str, str]:
    """A refusal or a fault; where a refusal is expected and the visit is paid, what the fund pays."""
    return {name: found[name] for name in ("refused", "fault", "pooled") if name in found}


def _verdict(run: CaseRun) -> Any:
    if run.is_surprise:
        return badge(_("surprise"), "danger")
    if run.wrong:
        return badge(_("expected change"), "info")
    if run.holds:
        return badge(_("unchanged"), "success")
    return badge(_("as expected, otherwise than now"), "success")


def _reason(run: CaseRun) -> str:
    return f"{run.mark.reason} ({run.mark.marked_by})" if run.wrong and run.mark else NOTHING


class ExpectForm(DeskForm):
    """A reason for each case that differs; empty, it stays a surprise. `seen`: the rules as they were looked at."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **options: Any) -> None:
        """With a field for each."""
        super().__init__(*args, **options)
        version: Any = self.obj
        self.fields["seen"].initial = content_digest(version, book_of(version))
        self.runs = {f"why-{run.case.pk}": run for run in _runs(version) if run.wrong}
        for name, run in self.runs.items():
            facts = {"case": run.case, "expected": in_words(run.case.expected), "found": _found(run, run.draft)}
            self.fields[name] = TextField(
                label=_("%(case)s: expects %(expected)s, comes to %(found)s") % facts,
                max_length=REASON_LENGTH,
                required=False,
                help_text=_("Why the draft is meant to change it; whoever publishes it sees this."),
            )
            self.initial.setdefault(name, run.mark.reason if run.mark else "")

    def clean(self) -> dict[str, Any]:
        """The reasons by the cases' ids."""
        data = super().clean() or self.cleaned_data
        reasons = {run.case.pk: data.get(name, "") for name, run in self.runs.items()}
        return {"reasons": reasons, "seen": data.get("seen", "")}


def _stands_in_the_panel(version: PolicyVersion, user: Any) -> bool:
    """No button at the head of the page, which has many: the way there is beside what the form is about."""
    return False


@form_action(
    gettext_lazy("Expected changes of worked cases"),
    permission=EXPECT,
    form=ExpectForm,
    submit=gettext_lazy("Record"),
    applies=_stands_in_the_panel,
    description=gettext_lazy(
        "Each case that comes out otherwise under the draft. With a reason it is an expected change; without one it "
        "stays a surprise, and submitting the draft asks for a reason. An edit of the draft or of the case asks anew."
    ),
)
def expect(page: Any, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]) -> str:
    """Only a draft's."""
    count = expect_changes(version, data["reasons"], today=localdate(), actor=request.user, seen=data["seen"])
    return _("Expected changes: %(count)s.") % {"count": count}
