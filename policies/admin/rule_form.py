"""The form of one rule of a draft."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, DecimalField, PositiveSmallIntegerField
from django.utils.translation import gettext_lazy as _

from agency.admin.fields import ChoiceField, CountField, PercentField, SwitchField, TextField, YuanField
from agency.admin.forms import ReasonedForm
from policies.admin.figures import SHARES
from policies.engine import vocabulary as v
from policies.labels import choices
from policies.models import Conduct, RuleRow
from policies.models.conduct import ConductKey

_WAYS = {
    ConductKey.PHARMACY_TERMS: v.PharmacyTerms,
    ConductKey.SENIOR_FROM: v.SeniorFrom,
    ConductKey.CONVERSION_FROM: v.ConversionFrom,
    ConductKey.REGISTRATION_PLACE: v.RegistrationPlace,
    ConductKey.REGISTRATION: v.Registration,
    ConductKey.CONDITION: v.Condition,
    ConductKey.LOWEST_TIER: v.Tier,
    ConductKey.DEDUCTIBLE_TIER: v.Tier,
    ConductKey.NEVER_WITH: v.Benefit,
}


class RuleForm(ReasonedForm):
    """A rule's figures, article, phrase and reading. Only what was changed goes to the service."""

    def __init__(self, *args: Any, row: RuleRow, **options: Any) -> None:
        """row: the rule to change."""
        self.row = row
        names = [*row.value_fields, "article", "phrase", "reading"]
        options["initial"] = {name: getattr(row, name) for name in names}
        super().__init__(*args, **options)
        for name in names:
            self.fields[name] = field_for(row, name)
        self.order_fields([*names, "reason"])

    def changes(self) -> dict[str, Any]:
        """Fields whose value differs from the stored one."""
        entered = {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        return {name: value for name, value in entered.items() if value != getattr(self.row, name)}

    def clean(self) -> dict[str, Any]:
        """Something must change."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not self.changes():
            raise ValidationError(_("Nothing was changed."))
        return data


def field_for(row: RuleRow, name: str) -> forms.Field:
    """The form field of a rule's field."""
    field: Any = row._meta.get_field(name)
    common: dict[str, Any] = {
        "label": str(field.verbose_name),
        "required": not (field.blank or isinstance(field, BooleanField)),
        "help_text": field.help_text,
    }
    if isinstance(field, BooleanField):
        return SwitchField(**common)
    if isinstance(field, DecimalField):
        if name in SHARES:
            return PercentField(fraction_places=field.decimal_places, **common)
        return YuanField(**common)
    if isinstance(field, PositiveSmallIntegerField):
        return CountField(min_value=0, **common)
    if isinstance(row, Conduct) and name == "value":
        return ChoiceField(choices=choices(_WAYS[ConductKey(row.key)]), **common)
    if field.choices:
        return ChoiceField(choices=field.choices, **common)
    return TextField(max_length=field.max_length, **common)
