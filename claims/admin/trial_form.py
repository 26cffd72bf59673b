"""What a trial calculation asks: who, where and when, the bill, and what a second calculation differs in."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from agency.admin.fields import (
    ChoiceField,
    ChoicesField,
    CountField,
    DayField,
    RegionField,
    SearchField,
    SwitchField,
    YuanField,
)
from agency.admin.formats import day
from claims.admin.forms import VisitForm
from claims.admin.trial_parts import PARTS, Part
from claims.models import Claim
from claims.services.describing import at_its_tier, born
from claims.services.trials import Described, Question, UsedSoFar
from policies.engine.facts import ContributionState
from policies.engine.vocabulary import (
    AccountScheme,
    Benefit,
    CeilingScope,
    Employment,
    InsuredStatus,
    Tier,
)
from policies.labels import LABELS, choices, label

ZERO = Decimal("0.00")
_OLDEST = 130
_REGISTERING = (Benefit.CHRONIC_DISEASE, Benefit.SPECIAL_DISEASE, Benefit.HYPERTENSION_DIABETES)
_CONTRIBUTIONS = [state for state in ContributionState if state != ContributionState.NOT_DUE]


class TrialForm(VisitForm):
    """A member or somebody described, a visit, a bill; cleaned, the `questions`, and what they are called."""

    member = SearchField(source=Claim._meta.get_field("member"), label=_("Member"), required=False)
    region = RegionField(required=False)
    birth_date = DayField(label=_("Date of birth"), required=False)
    age = CountField(label=_("or age on the day"), required=False, min_value=0, max_value=_OLDEST)
    status = ChoiceField(
        label=_("Status"), choices=choices(InsuredStatus), initial=InsuredStatus.ACTIVE.value, coerce=InsuredStatus
    )
    scheme = ChoiceField(
        label=_("Account scheme"),
        choices=choices(AccountScheme),
        initial=AccountScheme.COMBINED.value,
        coerce=AccountScheme,
    )
    employment = ChoiceField(
        label=_("Employment"), choices=choices(Employment), initial=Employment.EMPLOYEE.value, coerce=Employment
    )
    contribution = ChoiceField(
        label=_("Contribution of the month"),
        choices=[(state.value, LABELS[state]) for state in _CONTRIBUTIONS],
        initial=ContributionState.ON_TIME.value,
        coerce=ContributionState,
        help_text=_("Retired members owe none."),
    )

    registered_in = ChoicesField(
        label=_("The disease is registered for"),
        choices=[(benefit.value, LABELS[benefit]) for benefit in _REGISTERING],
        required=False,
    )
    diseases = CountField(
        label=_("Diseases registered for the benefit"), required=False, min_value=0, max_value=20, initial=1
    )
    is_away_registered = SwitchField(label=_("Registered for care elsewhere"))
    family_doctor = ChoiceField(
        label=_("Family doctor"),
        choices=[("there", _("signed with this provider")), ("elsewhere", _("signed with another"))],
        required=False,
    )
    in_hospital = SwitchField(label=_("In hospital on the day"))
    in_special_nursing = SwitchField(label=_("In special nursing on the day"))
    died = SwitchField(label=_("Died on the day"))

    used_deductible = YuanField(label=_("Deductible borne"), required=False)
    used_covered = YuanField(label=_("Covered spending of the year"), required=False)
    used_covered_month = YuanField(label=_("of it in the month"), required=False)
    used_year = YuanField(
        label=_("Used of the benefit's ceiling"),
        required=False,
        help_text=_("Payments, or the expense, whichever the ceiling counts."),
    )
    used_month = YuanField(label=_("of it in the month"), required=False)
    used_inpatient = YuanField(label=_("Used of the inpatient ceiling"), required=False)
    used_maximum = YuanField(label=_("Used of the annual maximum"), required=False)
    balance = YuanField(label=_("Balance of the account"), required=False)

    provider = SearchField(source=Claim._meta.get_field("provider"), label=_("Provider"), required=False)
    tier = ChoiceField(label=_("or a tier"), choices=choices(Tier), required=False, coerce=Tier)
    is_designated = SwitchField(label=_("Designated for outpatient pooling"), initial=True)
    filed_on = DayField(
        label=_("Filed on"), required=False, help_text=_("Only for manual reimbursement: the day it was handed in.")
    )

    other_day = DayField(label=_("Another day"), required=False)
    other_tier = ChoiceField(label=_("Another tier"), choices=choices(Tier), required=False, coerce=Tier)
    other_region = RegionField(label=_("Another region"), required=False)

    PARTS: ClassVar[tuple[Part, ...]] = PARTS

    class Media:
        js = (forms.Script("desk/unless.js", defer=True),)

    def __init__(self, *args: Any, **options: Any) -> None:
        """Of today, unless somebody chooses another day."""
        super().__init__(*args, **options)
        self.fields["served_on"].initial = localdate()
        others: Any = self.fields.get("other_region")
        if others is not None:
            others.initial = None
            if len(others.queryset) < 2:
                del self.fields["other_region"]
        # Only the questions say which of them are asked for.
        for name in ("status", "scheme", "employment", "contribution"):
            self.fields[name].required = False

    @property
    def try_url(self) -> str:
        """Where the page asks while somebody types."""
        return reverse("admin:claims_claim_try_visit")

    @property
    def parts(self) -> list[tuple[Part, list[Any], bool]]:
        """Each with its fields, and whether it is open: one with something to look at is."""
        parts = []
        for part in self.PARTS:
            fields = [self[name] for name in part.names if name in self.fields]
            parts.append((part, fields, not part.is_folded or any(map(_is_told, fields))))
        return parts

    def clean(self) -> dict[str, Any]:
        """What the questions need, told beside the field that lacks it."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        member = data.get("member")
        if member is None:
            self._check_described(data)
        region = member.region if member else data.get("region")
        provider, disease = data.get("provider"), data.get("disease")
        if provider is None and not data.get("tier") and "provider" in self.fields:
            self.add_error("provider", _("Choose a provider, or a tier."))
        if provider and region and provider.region_id != region.pk:
            self.add_error("provider", _("The provider belongs to another region. Choose a tier instead."))
        if disease and region and disease.region_id != region.pk:
            self.add_error("disease", _("This disease stands in another region's catalogue."))
        self._check_comparison(data, region)
        return data

    def _check_described(self, data: dict[str, Any]) -> None:
        for name, sentence in (
            ("region", _("Choose the region whose rules are asked.")),
            ("status", _("Say whether the person is active or retired.")),
            ("scheme", _("Choose the account scheme.")),
            ("employment", _("Choose the employment.")),
            ("contribution", _("Say whether the month's contribution was received.")),
        ):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        if not ({"birth_date", "age"} & set(self.errors)) and (data["birth_date"] is None) == (data["age"] is None):
            self.add_error("birth_date", _("Enter the date of birth, or the age."))

    def _check_comparison(self, data: dict[str, Any], region: Any) -> None:
        given = [name for name in ("other_day", "other_tier", "other_region") if data.get(name)]
        if len(given) > 1:
            self.add_error(given[1], _("Compare one thing at a time: leave the others empty."))
        same = {
            "other_day": data.get("served_on"),
            "other_tier": None if data.get("provider") else data.get("tier"),
            "other_region": region,
        }
        for name in given[:1]:
            if data[name] == same[name]:
                self.add_error(name, _("This is what is compared: choose another."))

    def all_valid(self) -> bool:
        """With the questions."""
        if not super().all_valid():
            return False
        self.cleaned_data["questions"], self.cleaned_data["names"] = self._questions(self.cleaned_data)
        return True

    def _questions(self, data: dict[str, Any]) -> tuple[list[Question], list[str]]:
        """The visit, and the one that it is compared with; what they are called."""
        member = data["member"]
        asked = ("served_on", "lines", "benefit", "provider", "disease", "stay_hours", "filed_on", "place")
        question = Question(
            region=member.region if member else data["region"],
            patient=member or described(data),
            tier=data["tier"] or Tier.PRIMARY,
            is_designated=data["is_designated"],
            prescribing_tier=data["prescribing_tier"],
            out_of_area=data["out_of_area"],
            pay_from_account=data["pay_from_account"],
            **{name: data[name] for name in asked},
        )
        if data["other_day"]:
            return [question, replace(question, served_on=data["other_day"])], [
                day(question.served_on),
                day(data["other_day"]),
            ]
        if data["other_tier"]:
            other = replace(question, provider=None, tier=data["other_tier"], is_designated=True)
            return [question, other], [str(question.provider or _tier(question.tier)), _tier(other.tier)]
        if data.get("other_region"):
            other = replace(at_its_tier(question), region=data["other_region"])
            return [question, other], [str(question.region), str(other.region)]
        return [question], [_g("Trial calculation")]


def _is_told(field: Any) -> bool:
    """Whether somebody entered something other than what the form began with, or has to."""
    told = field.data if field.form.is_bound else field.form.initial.get(field.name)
    return bool(field.errors) or str(told or "") not in ("", "False", str(field.field.initial or ""))


def _tier(tier: Tier) -> str:
    return label(tier, Tier)


def described(data: dict[str, Any]) -> Described:
    benefit = data["benefit"]
    of_year = {CeilingScope.INPATIENT: data["used_inpatient"], CeilingScope.ANNUAL_MAXIMUM: data["used_maximum"]}
    year = {scope: amount for scope, amount in of_year.items() if amount}
    month: dict[CeilingScope, Decimal] = {}
    # A benefit without a scope of its own counts in the inpatient ceiling alone.
    if benefit.value in {scope.value for scope in CeilingScope}:
        scope = CeilingScope(benefit.value)
        year |= {scope: data["used_year"] or ZERO}
        month |= {scope: data["used_month"] or ZERO}
    return Described(
        birth_date=data["birth_date"] or born(data["age"], data["served_on"]),
        status=data["status"],
        scheme=data["scheme"],
        employment=data["employment"],
        contribution=data["contribution"],
        registered_in=frozenset(Benefit(each) for each in data["registered_in"]),
        diseases=data["diseases"] or 0,
        is_away_registered=data["is_away_registered"],
        in_hospital=data["in_hospital"],
        in_special_nursing=data["in_special_nursing"],
        died=data["died"],
        family_doctor=data["family_doctor"],
        used=UsedSoFar(
            deductible=data["used_deductible"] or ZERO,
            covered=data["used_covered"] or ZERO,
            covered_month=data["used_covered_month"] or ZERO,
            year=year,
            month=month,
        ),
        balance=data["balance"] or ZERO,
    )
