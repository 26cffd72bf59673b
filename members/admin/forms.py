"""What is asked for each thing that a clerk does with a member."""

from typing import Any

from django.forms import Script
from django.utils.translation import gettext_lazy as _

from agency.admin.fields import (
    ChoiceField,
    CountField,
    DayField,
    DivisionField,
    MonthField,
    PersonalNumberField,
    ReasonField,
    RegionField,
    SearchField,
    SwitchField,
    TextField,
    YuanField,
)
from agency.admin.forms import DeskForm, ReasonedForm
from members.documents import PASSPORTS
from members.models import FamilyDoctorContract, IdentityDocument, Sex
from members.models.contributions import BasisKind
from members.models.members import MOST_MONTHS
from members.services.diseases import REGISTRABLE
from policies.engine.vocabulary import AccountScheme, Employment, InsuredStatus, OutOfAreaKind
from policies.labels import LABELS, choices
from policies.models import Disease

_NOT_SAID = _("Needed where the identity number does not say it.")
REGISTRABLE_CHOICES = [(benefit.value, LABELS[benefit]) for benefit in REGISTRABLE]


class RegisterForm(DeskForm):
    """A person, by a document. The page asks for sex and date of birth where the number does not say them; without its
    script it always does.
    """

    class Media:
        js = (Script("members/register.js", defer=True),)

    field_order = (
        "region",
        "member_number",
        "document_kind",
        "identity_number",
        "name",
        "sex",
        "birth_date",
        "phone",
        "employer",
        "old_retiree_credit",
    )
    region = RegionField()
    member_number = TextField(label=_("Member number"), max_length=32)
    document_kind = ChoiceField(
        label=_("Kind of document"),
        choices=IdentityDocument.choices,
        initial=IdentityDocument.RESIDENT_CARD,
        required=False,
    )
    document_kind.widget.attrs["data-telling"] = " ".join(kind for kind in IdentityDocument if kind not in PASSPORTS)
    identity_number = PersonalNumberField(label=_("Identity number"), max_length=40)
    name = TextField(label=_("Name"), max_length=64)
    sex = ChoiceField(label=_("Sex"), choices=Sex.choices, required=False, help_text=_NOT_SAID)
    birth_date = DayField(label=_("Date of birth"), required=False, help_text=_NOT_SAID)
    phone = PersonalNumberField(label=_("Phone"), max_length=20, required=False)
    employer = TextField(label=_("Employer"), max_length=120, required=False)
    old_retiree_credit = YuanField(label=_("Old retiree standard, yuan a month"), required=False)


class EnrollForm(ReasonedForm):
    """How the member is insured, and since when."""

    since = DayField(label=_("Since"))
    scheme = ChoiceField(label=_("Scheme"), choices=choices(AccountScheme))
    employment = ChoiceField(label=_("Employment"), choices=choices(Employment))
    status = ChoiceField(label=_("Status"), choices=choices(InsuredStatus))
    had_account_before = SwitchField(label=_("Had a personal account before"), initial=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        """The first enrollment changes nothing that asks for a reason."""
        super().__init__(*args, **options)
        if self.obj is None or not self.obj.enrollments.exists():  # type: ignore[attr-defined]
            del self.fields["reason"]


class SchemeForm(ReasonedForm):
    """Another scheme from a day on."""

    scheme = ChoiceField(label=_("New scheme"), choices=choices(AccountScheme))
    since = DayField(label=_("Since"))


class RetireForm(ReasonedForm):
    """The day retirement benefits start."""

    retired_from = DayField(label=_("Retired from"))


class TerminateForm(ReasonedForm):
    """The last day of the insurance."""

    last_day = DayField(label=_("Last day"))


class ContributionForm(ReasonedForm):
    """The month the money is for, its base, and the day it arrived."""

    month = MonthField(label=_("Month"))
    base = YuanField(label=_("Contribution base"), min_value=None)
    received_on = DayField(
        label=_("Received on"), required=False, help_text=_("Empty: on time, on the month's last day.")
    )
    reason = ReasonField(required=False, help_text=_("Only where it corrects a month that is recorded."))


class DeathForm(ReasonedForm):
    died_on = DayField(label=_("Date of death"))


class PeriodForm(DeskForm):
    """First and last day, both inside."""

    since = DayField(label=_("First day"))
    until = DayField(label=_("Last day"), required=False, help_text=_("Empty while it lasts."))


class OutOfAreaForm(PeriodForm):
    """A registration for care outside the region."""

    field_order = ("kind", "place", "since", "until")
    kind = ChoiceField(label=_("Kind"), choices=choices(OutOfAreaKind))
    place = DivisionField(
        label=_("Place of registration"),
        help_text=_("Six-digit division code of the city, for a municipality its own (such as 310000)."),
    )


class FamilyDoctorForm(PeriodForm):
    """The institution whose family doctor is signed, and the days."""

    field_order = ("provider", "since", "until")
    provider = SearchField(source=FamilyDoctorContract._meta.get_field("provider"), label=_("Institution"))


class DiseaseForm(PeriodForm):
    """A disease of the region's catalogue and the benefit it is registered for."""

    field_order = ("code", "benefit", "since", "until")
    code = ChoiceField(label=_("Disease"), choices=[])
    benefit = ChoiceField(label=_("Benefit"), choices=REGISTRABLE_CHOICES)

    def __init__(self, *args: Any, **options: Any) -> None:
        """Offer the catalogue of the member's region."""
        super().__init__(*args, **options)
        listed = Disease.objects.filter(region_id=getattr(self.obj, "region_id", None)).order_by("code")
        code: Any = self.fields["code"]
        code.choices = [("", _("Choose…")), *((disease.code, str(disease)) for disease in listed)]


class EndForm(ReasonedForm):
    """The last day of something that has begun."""

    last_day = DayField(label=_("Last day"))


class CivilServantForm(ReasonedForm):
    """What the civil-servant subsidy is a share of."""

    since = MonthField(label=_("From month"))
    kind = ChoiceField(label=_("Kind"), choices=BasisKind.choices)
    amount = YuanField(label=_("Yuan a month"))


class ContributionMonthsForm(ReasonedForm):
    """For how many months a retiree contributed."""

    months = CountField(
        min_value=0,
        max_value=MOST_MONTHS,
        label=_("Contribution months"),
        required=False,
        help_text=_("Deemed months included. Empty: not known."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """Start from what is recorded."""
        super().__init__(*args, **options)
        self.initial.setdefault("months", getattr(self.obj, "contribution_months", None))


class OldStandardForm(ReasonedForm):
    """A retiree's fixed monthly amount of before the reform."""

    amount = YuanField(label=_("Yuan a month"), required=False, help_text=_("Empty: there is none."))

    def __init__(self, *args: Any, **options: Any) -> None:
        """Start from what is recorded."""
        super().__init__(*args, **options)
        self.initial.setdefault("amount", getattr(self.obj, "old_retiree_credit", None))
