"""A claim with its lines."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agency.admin.fields import (
    ChoiceField,
    CountField,
    DayField,
    DivisionField,
    PercentField,
    RegionField,
    SearchField,
    SwitchField,
    TextField,
    TimeField,
    YuanField,
)
from agency.admin.forms import DeskForm, ReasonedForm
from claims.admin.pasting import pasting
from claims.models import Claim
from claims.services.registration import NewLine
from members.models import Member
from policies.engine.vocabulary import Benefit, CatalogCategory, ItemKind, OutOfAreaKind, Tier
from policies.labels import LABELS, choices
from providers.models import Provider

# A bill of more lines is split: the page would become slow.
MOST_LINES = 200
# Inpatient care lends its terms and is not claimed here.
CLAIMED = [(benefit.value, LABELS[benefit]) for benefit in Benefit if benefit != Benefit.INPATIENT]


class RegionForm(DeskForm):
    region = RegionField()


class LineForm(forms.Form):
    """One line of the bill."""

    kind = ChoiceField(label=_("Kind"), choices=choices(ItemKind), initial=ItemKind.DRUG.value)
    category = ChoiceField(label=_("Category"), choices=choices(CatalogCategory), initial=CatalogCategory.A.value)
    name = TextField(label=_("Item"), max_length=120, required=False)
    code = TextField(label=_("Catalogue code"), max_length=64, required=False)
    amount = YuanField(label=_("Amount, yuan"))
    over_limit = YuanField(label=_("Above the price limit"), required=False)
    upfront_rate = PercentField(label=_("Upfront share of the catalogue, %"), required=False)
    is_negotiated = SwitchField(label=_("Negotiated drug"))
    is_prenatal = SwitchField(label=_("Prenatal"))
    is_examination = SwitchField(label=_("Examination"))

    def __init__(self, *args: Any, **options: Any) -> None:
        """The column's heading is the label of every row's field."""
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label
            field.help_text = ""

    def line(self) -> NewLine:
        """As the service takes it."""
        data = self.cleaned_data
        return NewLine(
            kind=ItemKind(data["kind"]),
            category=CatalogCategory(data["category"]),
            amount=data["amount"],
            over_limit=data["over_limit"] or Decimal("0.00"),
            upfront_rate=data["upfront_rate"],
            code=data["code"],
            name=data["name"],
            is_negotiated=data["is_negotiated"],
            is_prenatal=data["is_prenatal"],
            is_examination=data["is_examination"],
        )


class BillLines(forms.BaseFormSet):
    """The rows of a bill; those that were left alone do not count, wherever they stand."""

    def initial_form_count(self) -> int:
        """None: a row that was there before may be emptied, too."""
        return 0

    def total_form_count(self) -> int:
        """As many as were sent; otherwise those that are there and some to fill in."""
        if self.is_bound:
            return super().total_form_count()
        return len(self.initial or ()) + self.extra


Lines: Any = forms.formset_factory(LineForm, formset=BillLines, extra=3, max_num=MOST_LINES, absolute_max=MOST_LINES)


class BillForm(ReasonedForm):
    """A bill: what stands above its lines, and the lines, typed or pasted from a spreadsheet.

    `try_url` is where the page asks, while somebody types, what it would come to.
    """

    # What says nothing about the amount; a trial does without it.
    UNTRIED: ClassVar[tuple[str, ...]] = ("reason",)

    class Media:
        js = tuple(forms.Script(f"desk/{name}.js", defer=True) for name in ("spelling", "bill", "trial"))

    def __init__(self, *args: Any, **options: Any) -> None:
        """The lines come with the same request."""
        super().__init__(*args, **options)
        # Rows that were sent are compared with empty ones, not with those that stood there before.
        rows = {"data": self.data} if self.is_bound else {"initial": self.initial.get("lines")}
        self.lines = Lines(**rows, prefix="lines")

    @property
    def pasting(self) -> dict[str, Any]:
        """How pasted cells are read."""
        return pasting()

    @property
    def try_url(self) -> str:
        """Where a trial is asked for."""
        raise NotImplementedError

    def all_valid(self) -> bool:
        """The visit and every line that was filled in; the lines join the cleaned data."""
        if not (self.is_valid() & self.lines.is_valid()):
            return False
        self.cleaned_data["lines"] = [form.line() for form in self.lines if form.has_changed()]
        return True

    def for_trial(self) -> "BillForm":
        """The same form, asking for nothing that a trial does without."""
        for name in self.UNTRIED:
            self.fields[name].required = False
        return self


def entered(data: dict[str, Any]) -> tuple[Member, Provider, dict[str, Any]]:
    """Whose claim at which provider, and the facts as the services take them."""
    facts = {name: value for name, value in data.items() if name not in ("member", "provider", "reason")}
    tier, away, disease = facts["prescribing_tier"], facts["out_of_area"], facts["disease"]
    facts |= {
        "benefit": Benefit(facts["benefit"]),
        "prescribing_tier": Tier(tier) if tier else None,
        "out_of_area": OutOfAreaKind(away) if away else None,
        "disease": disease.code if disease else "",
    }
    return data["member"], data["provider"], facts


class ClaimForm(BillForm):
    """A visit and its bill."""

    UNTRIED = (*BillForm.UNTRIED, "claim_number")

    field_order = (
        "member",
        "provider",
        "claim_number",
        "benefit",
        "served_on",
        "served_at",
        "filed_on",
        "disease",
        "stay_hours",
        "prescribing_tier",
        "out_of_area",
        "place",
        "invoice_number",
        "account_holder",
        "pay_from_account",
        "reason",
    )
    member = SearchField(source=Claim._meta.get_field("member"), label=_("Member"))
    provider = SearchField(source=Claim._meta.get_field("provider"), label=_("Provider"))
    claim_number = TextField(label=_("Claim number"), max_length=64)
    benefit = ChoiceField(label=_("Benefit"), choices=CLAIMED, initial=Benefit.GENERAL_OUTPATIENT.value)
    served_on = DayField(label=_("Served on"))
    served_at = TimeField(
        label=_("Time of service"),
        required=False,
        help_text=_("Only where it is known; nothing that is paid depends on it."),
    )
    filed_on = DayField(
        label=_("Filed on"), required=False, help_text=_("Only for manual reimbursement: the day it was handed in.")
    )
    disease = SearchField(
        source=Claim._meta.get_field("disease"),
        label=_("Disease"),
        required=False,
        help_text=_("Only for a benefit that registers diseases."),
    )
    stay_hours = CountField(
        label=_("Hours of the stay"), required=False, min_value=0, max_value=9999, help_text=_("Only for day surgery.")
    )
    prescribing_tier = ChoiceField(
        label=_("Tier of the prescriber"),
        choices=choices(Tier),
        required=False,
        help_text=_("Only for a pharmacy that filled a prescription."),
    )
    out_of_area = ChoiceField(label=_("Out of area"), choices=choices(OutOfAreaKind), required=False)
    place = DivisionField(
        label=_("Place of service"),
        required=False,
        help_text=_("Only outside the region: six-digit division code of the city or county."),
    )
    invoice_number = TextField(label=_("Invoice number"), max_length=64, required=False)
    account_holder = SearchField(
        source=Claim._meta.get_field("account_holder"),
        label=_("Relative whose account pays"),
        required=False,
        help_text=_("Only a relative who has authorized the patient."),
    )
    pay_from_account = SwitchField(label=_("Pay the patient's share from the account"))

    @property
    def try_url(self) -> str:
        """Of a claim that does not exist yet."""
        return reverse("admin:claims_claim_try")

    def clean(self) -> dict[str, Any]:
        """Regions list the same diseases; the one chosen is of the member's own list."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        member, disease = data.get("member"), data.get("disease")
        if member and disease and member.region_id != disease.region_id:
            self.add_error("disease", _("This disease stands in another region's catalogue."))
        return data
