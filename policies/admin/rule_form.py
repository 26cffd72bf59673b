"""The form of one rule of a draft, at an address of its own below the version's."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, DecimalField, PositiveSmallIntegerField
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from agency.admin.actions import DeskRequest, FormAction, form_page
from agency.admin.fields import ChoiceField, CountField, PercentField, SwitchField, TextField, YuanField
from agency.admin.forms import ReasonedForm
from agency.admin.views import row_view
from policies.admin.figures import rule_name
from policies.labels import choices
from policies.models import RULE_MODELS, Conduct, PolicyVersion, RuleRow
from policies.models.conduct import WAYS
from policies.models.fields import is_yuan
from policies.services import rule_changes as service


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
        if is_yuan(field):
            return YuanField(**common)
        return PercentField(fraction_places=field.decimal_places, **common)
    if isinstance(field, PositiveSmallIntegerField):
        return CountField(min_value=0, **common)
    if isinstance(row, Conduct) and name == "value":
        return ChoiceField(choices=choices(WAYS[row.key]), **common)
    if field.choices:
        return ChoiceField(choices=field.choices, **common)
    return TextField(max_length=field.max_length, **common)


@row_view("rule/<slug:kind>/<int:row_id>/", name="rule")
def rule(page: Any, request: HttpRequest, version: PolicyVersion, kind: str, row_id: int) -> HttpResponse:
    """Change one rule of a draft."""
    model = next((model for model in RULE_MODELS if model._meta.model_name == kind), None)
    row = model._default_manager.filter(version=version, pk=row_id).first() if model else None
    if row is None:
        raise Http404
    row.version = version
    action = FormAction(
        title=str(row._meta.verbose_name),
        permission=f"policies.change_{kind}",
        form=RuleForm,
        description=rule_name(row),
        submit=_("Save"),
        danger=False,
        template="agency/form_page.html",
        applies=None,
    )
    return form_page(page, request, action, version, _changed(row), row=row)


def _changed(row: RuleRow) -> Any:
    def perform(page: Any, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]) -> str:
        entered = {name: value for name, value in data.items() if name != "reason"}
        changes = {name: value for name, value in entered.items() if value != getattr(row, name)}
        service.change_rule(row, changes, actor=request.user, reason=data["reason"])
        return _("%(rule)s was changed.") % {"rule": rule_name(row)}

    return perform
