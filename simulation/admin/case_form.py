"""A worked case as it is written at the screen: a described visit, and what it comes to by the regulation."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from agency.admin.fields import ChoiceField, CountField, DayField, ReasonField, TextField, YuanField
from claims.admin.trial_form import TrialForm, described
from claims.admin.trial_parts import DESCRIBED, MORE, REGISTERED, USED, Part
from claims.services.trials import Question, UsedSoFar
from policies.engine.facts import age_on
from policies.engine.vocabulary import CeilingScope, RefusalReason
from policies.labels import choices
from policies.models import Disease
from simulation.case_format import ARTICLE_LENGTH, NAME_LENGTH, NOTE_LENGTH, Case
from simulation.models import WorkedCase
from simulation.selectors.worked_cases import spec_of
from simulation.services.case_runs import AMOUNTS, heading_of, question_of

_EXPECTED = tuple(f"expect_{name}" for name in AMOUNTS)
# In a trial, but no part of a case.
_LEFT_OUT = ("member", "provider", "filed_on", "other_day", "other_tier", "other_region")
_CASE_PARTS = (
    Part(_("The case"), ("name", "region", "article", "note")),
    DESCRIBED._replace(names=DESCRIBED.names[1:], unless=""),
    REGISTERED._replace(unless=""),
    USED._replace(unless=""),
    Part(
        _("When and where"),
        ("served_on", "days_after_start", "benefit", "tier", "is_designated"),
        _("On a fixed day; or so many days after the first day of whichever draft is tried."),
    ),
    MORE._replace(names=tuple("filed_after" if name == "filed_on" else name for name in MORE.names)),
    Part(
        _("What it comes to by the regulation, yuan"),
        ("expect_refused", *_EXPECTED),
        _("Check each amount against the regulation. What is left empty is not compared."),
    ),
)


class CaseForm(TrialForm):
    """Cleaned, the `spec`."""

    name = TextField(
        label=_("Name of the case"), max_length=NAME_LENGTH, help_text=_("The rule in words, such as “half from 70”.")
    )
    article = TextField(label=_("Article"), max_length=ARTICLE_LENGTH, required=False)
    note = TextField(label=_("Note"), max_length=NOTE_LENGTH, required=False, help_text=_("How it was calculated."))
    served_on = DayField(label=_("Served on"), required=False)
    days_after_start = CountField(
        label=_("or days after the draft's first day"), required=False, min_value=0, max_value=3660
    )
    filed_after = CountField(
        label=_("Filed so many days later"),
        required=False,
        min_value=0,
        max_value=3660,
        help_text=_("Only for manual reimbursement."),
    )
    expect_refused = ChoiceField(
        label=_("Refused because"), choices=choices(RefusalReason), required=False, coerce=RefusalReason
    )
    reason = ReasonField()

    PARTS: ClassVar[tuple[Part, ...]] = _CASE_PARTS

    def __init__(self, *args: Any, **options: Any) -> None:
        """With a field for each amount that a case may expect."""
        super().__init__(*args, **options)
        for name in _LEFT_OUT:
            self.fields.pop(name, None)
        for name in AMOUNTS:
            self.fields[f"expect_{name}"] = YuanField(label=capfirst(heading_of(name)), required=False)
        self.fields["served_on"].initial = None
        self.fields["tier"].label = _("Tier")
        self.fields["tier"].required = self.fields["region"].required = True
        if isinstance(self.obj, WorkedCase):
            # A case stays in its region.
            self.fields["region"].queryset = self.fields["region"].queryset.filter(  # type: ignore[attr-defined]
                pk=self.obj.region_id
            )

    def clean(self) -> dict[str, Any]:
        """One day, one kind of outcome."""
        data = super().clean()
        if (data.get("served_on") is None) == (data.get("days_after_start") is None):
            self.add_error("served_on", _("Enter a day, or how many days after the draft's first day; one of the two."))
        amounts = [name for name in _EXPECTED if data.get(name) is not None]
        if bool(amounts) == bool(data.get("expect_refused")):
            self.add_error("expect_refused", _("Enter the amounts, or why it is refused; one of the two."))
        return data

    def all_valid(self) -> bool:
        """With the case."""
        # What a trial asks is asked of its own questions, of a day that a case may not have.
        if not super(TrialForm, self).all_valid():
            return False
        try:
            self.cleaned_data["spec"] = _spec(self.cleaned_data)
        except ValidationError as error:
            self.add_error(None, [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()])
            return False
        return True


def _spec(data: dict[str, Any]) -> Case:
    """What was entered, as a case."""
    who = ("status", "scheme", "employment", "contribution", "registered_in", "in_hospital", "in_special_nursing")
    patient = {name: data[name] for name in (*who, "died", "family_doctor", "birth_date", "age")}
    patient |= {"diseases": data["diseases"] or 0, "away_registered": data["is_away_registered"]}
    if data["pay_from_account"]:
        patient["balance"] = data["balance"] or "0.00"
    used = described(data | {"served_on": data["served_on"] or date.max}).used
    visit = {name: data[name] for name in ("tier", "benefit", "place", "filed_after")}
    visit |= {name: data[name] or None for name in ("prescribing_tier", "out_of_area")}
    visit |= {"designated": data["is_designated"], "hours": data["stay_hours"]}
    visit["disease"] = data["disease"].code if data["disease"] else ""
    expected = {name: data[f"expect_{name}"] for name in AMOUNTS if data[f"expect_{name}"] is not None}
    if data["expect_refused"]:
        expected["refused"] = data["expect_refused"]
    return Case.model_validate(
        {
            **{name: data[name] for name in ("name", "article", "note", "served_on", "days_after_start")},
            "patient": patient,
            "used": {name: getattr(used, name) for name in UsedSoFar.__dataclass_fields__},
            "visit": visit,
            "lines": [dict(_line(line)) for line in data["lines"]],
            "expect": expected,
        }
    )


def _line(line: Any) -> Iterator[tuple[str, Any]]:
    for name, value in line.entered().items():
        if name != "is_examination":
            yield name.removeprefix("is_"), value


# --- What the form begins with --------------------------------------------------------------------------


def beginning(question: Question) -> dict[str, Any]:
    """A described visit, as the form has it."""
    patient: Any = question.patient
    used, benefit = patient.used, question.benefit.value
    own = CeilingScope(benefit) if benefit in {scope.value for scope in CeilingScope} else None
    alike = ("status", "scheme", "employment", "contribution", "in_hospital", "in_special_nursing", "died")
    of_visit = ("served_on", "benefit", "tier", "is_designated", "prescribing_tier", "out_of_area", "place")
    return {
        **{name: getattr(patient, name) for name in (*alike, "family_doctor", "diseases", "is_away_registered")},
        **{name: getattr(question, name) for name in (*of_visit, "disease", "stay_hours", "pay_from_account")},
        "region": question.region,
        "age": age_on(patient.birth_date, question.served_on),
        "registered_in": [each.value for each in patient.registered_in],
        "balance": patient.balance or None,
        "used_deductible": used.deductible or None,
        "used_covered": used.covered or None,
        "used_covered_month": used.covered_month or None,
        "used_year": used.year.get(own) or None,
        "used_month": used.month.get(own) or None,
        "used_inpatient": used.year.get(CeilingScope.INPATIENT) or None,
        "used_maximum": used.year.get(CeilingScope.ANNUAL_MAXIMUM) or None,
        "filed_after": (question.filed_on - question.served_on).days if question.filed_on else None,
        "lines": [line.entered() | {"over_limit": line.over_limit or None} for line in question.lines],
    }


def standing(case: WorkedCase) -> dict[str, Any]:
    """What a correction begins with."""
    spec = spec_of(case)
    day = case.day_under(date(2000, 1, 1))
    question = question_of(case.region, spec, day)
    disease = Disease.objects.filter(region=case.region_id, code=spec.visit.disease).first()
    columns = ("name", "article", "note", "served_on", "days_after_start")
    expected = {f"expect_{name}": getattr(spec.expect, name) for name in (*AMOUNTS, "refused")}
    patient = {"birth_date": spec.patient.birth_date, "age": spec.patient.age}
    return (
        beginning(question)
        | {name: getattr(spec, name) for name in columns}
        | expected
        | patient
        | {"disease": disease}
    )
