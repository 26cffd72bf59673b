"""A claim with its lines."""

from collections.abc import Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from django import forms
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from agency.admin.actions import page_url
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
from claims.models import Claim, ClaimLine
from claims.selectors.offered import last_provider_of
from claims.services.new_claims import Bill, bill_of
from policies.engine.vocabulary import Benefit, CatalogCategory, ItemKind, OutOfAreaKind, Tier
from policies.labels import LABELS, choices

# A bill of more lines is split: the page would become slow.
MOST_LINES = 200
# Inpatient care lends its terms and is not claimed here.
CLAIMED = [(benefit.value, LABELS[benefit]) for benefit in Benefit if benefit != Benefit.INPATIENT]
# As a clerk has it in the hand.
_BILL_ORDER = (
    "benefit",
    "served_on",
    "served_at",
    "disease",
    "stay_hours",
    "prescribing_tier",
    "out_of_area",
    "place",
    "invoice_number",
    "account_holder",
    "pay_from_account",
)


class RegionForm(DeskForm):
    region = RegionField()


class LineForm(forms.Form):
    """One line of the bill: the `LINE_FIELDS`."""

    kind = ChoiceField(label=_("Kind"), choices=choices(ItemKind), initial=ItemKind.DRUG.value, coerce=ItemKind)
    category = ChoiceField(
        label=_("Category"), choices=choices(CatalogCategory), initial=CatalogCategory.A.value, coerce=CatalogCategory
    )
    name = TextField(label=_("Item"), max_length=120, required=False)
    code = TextField(label=_("Catalogue code"), max_length=64, required=False)
    amount = YuanField(label=_("Amount, yuan"))
    over_limit = YuanField(label=_("Above the price limit"), required=False)
    upfront_rate = PercentField(label=_("Upfront share of the catalogue, %"), required=False)
    is_negotiated = SwitchField(label=_("Negotiated drug"))
    is_prenatal = SwitchField(label=_("Prenatal"))
    is_chinese_medicine = SwitchField(label=_("Chinese medicine"))
    is_examination = SwitchField(label=_("Examination"))

    def __init__(self, *args: Any, **options: Any) -> None:
        """The column's heading is the label of every row's field."""
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label
            field.help_text = ""

    def clean_over_limit(self) -> Decimal:
        """Nothing lies above the limit where nothing is entered."""
        return self.cleaned_data["over_limit"] or Decimal("0.00")


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


class VisitForm(DeskForm):
    """What the rules ask about a visit; the lines of its bill are typed or pasted from a spreadsheet."""

    benefit = ChoiceField(label=_("Benefit"), choices=CLAIMED, initial=Benefit.GENERAL_OUTPATIENT.value, coerce=Benefit)
    served_on = DayField(label=_("Served on"))
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
        coerce=Tier,
    )
    out_of_area = ChoiceField(
        label=_("Out of area"), choices=choices(OutOfAreaKind), required=False, coerce=OutOfAreaKind
    )
    place = DivisionField(
        label=_("Place of service"),
        required=False,
        help_text=_("Only outside the region: six-digit division code of the city or county."),
    )
    pay_from_account = SwitchField(label=_("Pay the patient's share from the account"))

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

    def all_valid(self) -> bool:
        """The visit and every line that was filled in; the lines join the cleaned data."""
        if not (self.is_valid() & self.lines.is_valid()):
            return False
        self.cleaned_data["lines"] = [ClaimLine(**form.cleaned_data) for form in self.lines if form.has_changed()]
        return True


class BillForm(VisitForm, ReasonedForm):
    """What is entered of a visit, with the fields of `Bill`. Alone it corrects what stands on a claim.

    The page says, while somebody types, what it would come to.
    """

    # What says nothing about the amount; a trial does without it.
    UNTRIED: ClassVar[tuple[str, ...]] = ("reason",)

    field_order: Sequence[str] = _BILL_ORDER
    served_at = TimeField(
        label=_("Time of service"),
        required=False,
        help_text=_("Only where it is known; nothing that is paid depends on it."),
    )
    invoice_number = TextField(
        label=_("Invoice number"),
        max_length=64,
        required=False,
        help_text=_("Without it a manual claim is not submitted. Spaces and the size of letters do not matter."),
    )
    account_holder = SearchField(
        source=Claim._meta.get_field("account_holder"),
        label=_("Relative whose account pays"),
        required=False,
        help_text=_("Only a relative who has authorized the patient."),
    )

    @property
    def try_url(self) -> str:
        """Where a trial is asked for: of the row whose bill is corrected, or of a claim that does not exist yet."""
        return page_url(self.obj, "try") if self.obj is not None else reverse("admin:claims_claim_try")

    def for_trial(self) -> "BillForm":
        """The same form, asking for nothing that a trial does without."""
        for name in self.UNTRIED:
            self.fields[name].required = False
        return self


AnyBill = TypeVar("AnyBill", bound=Bill)


def entered(kind: type[AnyBill], data: dict[str, Any]) -> AnyBill:
    """The bill, or the claim, that a form of its fields says."""
    return kind(**{field.name: data[field.name] for field in fields(kind)})


def standing(claim: Claim) -> dict[str, Any]:
    """What a correction begins with."""
    bill = bill_of(claim)
    lines = [line.entered() | {"over_limit": line.over_limit or None} for line in bill.lines]
    return bill.facts() | {"lines": lines}


class ClaimForm(BillForm):
    """A visit and its bill, with the fields of `NewClaim`."""

    UNTRIED = ("claim_number",)

    # What is entered for the first time changes nothing.
    reason = None  # type: ignore[assignment]

    field_order = (
        "member",
        "provider",
        "claim_number",
        "benefit",
        "served_on",
        "served_at",
        "filed_on",
        *_BILL_ORDER,
    )
    member = SearchField(source=Claim._meta.get_field("member"), label=_("Member"))
    provider = SearchField(source=Claim._meta.get_field("provider"), label=_("Provider"))
    claim_number = TextField(label=_("Claim number"), max_length=64)
    filed_on = DayField(
        label=_("Filed on"), required=False, help_text=_("Only for manual reimbursement: the day it was handed in.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """Offer what the next in line most often brings: a visit of today, to the provider of the claim before."""
        super().__init__(*args, **options)
        if self.is_bound:
            return
        today = localdate()
        # What is handed in on paper was served before.
        if "filed_on" not in self.request.GET:
            self.fields["served_on"].initial = today
        self.fields["provider"].initial = last_provider_of(self.request.user, today, self.request.GET.get("member", ""))

    def clean(self) -> dict[str, Any]:
        """A disease of another region's list is told beside its field; the service refuses it as well."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        member, disease = data.get("member"), data.get("disease")
        if member and disease and member.region_id != disease.region_id:
            self.add_error("disease", _("This disease stands in another region's catalogue."))
        return data
