"""The rules of a draft in tables, typed in place: several cells at once, under one citation."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Script
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agency.admin.actions import DeskRequest, Done, FormAction, form_page
from agency.admin.fields import ChoiceField, TextField
from agency.admin.forms import ReasonedForm
from agency.admin.views import row_view
from policies import models
from policies.admin.differences import book_of
from policies.admin.entering import entered, says
from policies.admin.figures import spoken_fields
from policies.admin.grids import DROP, NEW, Grid, Key, Tables, Typed, is_pivot
from policies.models import Instrument, PolicyVersion, RuleRow
from policies.selectors.versions import base_of
from policies.services.instruments import Passage
from policies.services.rule_changes import RuleChange, change_rules


@dataclass(frozen=True, slots=True)
class Family:
    """Kinds of rules that are edited on one page."""

    name: str
    title: Promise
    models: Sequence[type[RuleRow]]


FAMILIES = {
    family.name: family
    for family in (
        Family("rates", gettext_lazy("Edit the rates"), (models.ReimbursementRate, models.RateAddition)),
        Family("deductibles", gettext_lazy("Edit the deductibles"), (models.Deductible, models.DeductibleFactor)),
        Family("ceilings", gettext_lazy("Edit the ceilings"), (models.Ceiling,)),
        Family(
            "shares",
            gettext_lazy("Edit the shares borne first"),
            (models.UpfrontShare, models.BenefitUpfrontShare, models.OutOfAreaShare),
        ),
        Family("credits", gettext_lazy("Edit the credits"), (models.CreditRule,)),
    )
}


def tables_url(version: PolicyVersion, family: str) -> str:
    """Where a family of a draft's rules is edited."""
    return reverse("admin:policies_policyversion_tables", args=[version.pk, family])


class TablesForm(ReasonedForm):
    """Cells of tables, and what they rest on, once for all that is changed."""

    class Media:
        js = (Script("policies/tables.js", defer=True),)

    instrument = ChoiceField(label=gettext_lazy("Document"), choices=())
    article = TextField(label=gettext_lazy("Article"), max_length=32, required=False, help_text="第七条")
    phrase = TextField(
        label=gettext_lazy("Words of the article that carry the figures"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("As they are printed; not needed where a figure is only put back to what it was."),
    )
    reading = TextField(
        label=gettext_lazy("Reading"),
        max_length=4,
        required=False,
        help_text=gettext_lazy("Number of the note in which it is said how an unclear text is read"),
    )

    def __init__(self, *args: Any, family: Family, **options: Any) -> None:
        self.family = family
        super().__init__(*args, **options)
        version: Any = self.obj
        documents = Instrument.objects.filter(region_id=version.region_id).order_by("-issued_on")
        self.documents = {str(each.pk): each for each in documents}
        self.fields["instrument"].choices = [  # type: ignore[attr-defined]
            (pk, f"{each.number} {each.title}") for pk, each in self.documents.items()
        ]
        self.fields["instrument"].initial = str(version.instrument_id)
        self.order_fields(["instrument", "article", "phrase", "reading", "reason"])
        base = base_of(version)
        self.book = book_of(version)
        self.base = book_of(base) if base is not None else {model: [] for model in self.book}
        self.seen_before = self._seen()
        self.typed = self._typed()
        self.problems: dict[str, str] = {}
        self.changes: list[RuleChange] = []

    def _seen(self) -> dict[str, str]:
        """What the cells showed when the page was opened, as the page sends it back."""
        try:
            told = json.loads(self.data.get("cells", "{}"))
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}

    def _typed(self) -> dict[str, str]:
        """What is no longer as it was shown."""
        return {
            name: self.data[name].strip()
            for name in self.data
            if ":" in name and self.data[name].strip() != self.seen_before.get(name, "")
        }

    def tables_of(self, model: type[RuleRow]) -> Tables:
        """A kind's tables, with what was typed in them."""
        return Tables(model, self.book[model], self.base[model], Typed(self.typed, self.problems))

    @property
    def grids(self) -> list[Grid]:
        """All tables of the family, those that are wholly unset last."""
        found = [grid for model in self.family.models for grid in self.tables_of(model).grids()]
        return sorted(found, key=lambda grid: grid.is_unset)

    @property
    def blanks(self) -> list[tuple[Any, Any]]:
        """For each kind the fields of a rule that is not there yet."""
        return [(model._meta.verbose_name, self.tables_of(model).blank()) for model in self.family.models]

    @property
    def cells(self) -> str:
        """What the page shows now, to be sent back with it."""
        lines = [line for grid in self.grids for line in grid.lines]
        return json.dumps({cell.name: cell.stored for line in lines for cell in line.cells}, ensure_ascii=False)

    @property
    def entry(self) -> int:
        """The newest entry of the draft's history."""
        newest: Any = self.obj.history.order_by("-history_id").first()  # type: ignore[union-attr]
        return newest.history_id if newest else 0

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        by_rule: dict[tuple[type[RuleRow], str], dict[str, str]] = defaultdict(dict)
        kinds = {str(model._meta.model_name): model for model in self.family.models}
        for name, text in self.typed.items():
            kind, key, field = name.split(":") if name.count(":") == 2 else ("", "", "")
            if kind in kinds:
                by_rule[kinds[kind], key][field] = text
            elif kind == NEW and key in kinds:
                by_rule[kinds[key], NEW][field] = text
        for (model, key), texts in by_rule.items():
            self.changes += self._new(model, texts) if key == NEW else self._changed(model, key, texts)
        if self.problems:
            raise ValidationError(_("Some cells cannot be read. They are marked; nothing was saved."))
        if not self.changes and not self.errors:
            raise ValidationError(_("Nothing was changed."))
        data["changes"] = self.changes
        return data

    def _read(self, model: type[RuleRow], prefix: str, texts: dict[str, str]) -> dict[str, Any]:
        """The fields that texts set; what cannot be read is noted beside its cell."""
        values: dict[str, Any] = {}
        for name, text in texts.items():
            try:
                values |= entered(model, name, text)
            except ValidationError as error:
                self.problems[f"{prefix}:{name}"] = " ".join(error.messages)
        return values

    def _new(self, model: type[RuleRow], texts: dict[str, str]) -> Iterator[RuleChange]:
        kind = model._meta.model_name
        filled = {name: text for name, text in texts.items() if text}
        if not filled:
            return
        asked = {name: filled.get(name, "") for name in (*model.key_fields, *spoken_fields(model))}
        values = self._read(model, f"{NEW}:{kind}", asked)
        if not self.problems:
            key = {name: values.pop(name) for name in model.unique_fields}
            yield RuleChange(model, key, values, seen=None)

    def _changed(self, model: type[RuleRow], key_text: str, texts: dict[str, str]) -> Iterator[RuleChange]:
        prefix = f"{model._meta.model_name}:{key_text}"
        try:
            key = _key(model, key_text)
        except ValidationError:
            return
        names = [name for name in texts if name in spoken_fields(model)]
        is_dropped = DROP in texts or (is_pivot(model) and names and not texts[names[0]])
        values = {} if is_dropped else self._read(model, prefix, {name: texts[name] for name in names})
        if any(f"{prefix}:{name}" in self.problems for name in names):
            return
        former = next((row for row in self.base[model] if _is_of(row, key)), None)
        stored = next((row for row in self.book[model] if _is_of(row, key)), None)
        yield RuleChange(
            model,
            key,
            None if is_dropped else values,
            seen=self._shown(model, prefix, names),
            restored=_puts_back(former, stored, None if is_dropped else values),
        )

    def _shown(self, model: type[RuleRow], prefix: str, names: list[str]) -> dict[str, Any] | None:
        """The values that a rule had when the page was opened; None where it was not there."""
        before = {name: self.seen_before.get(f"{prefix}:{name}", "") for name in names}
        if is_pivot(model) and not any(before.values()):
            return None
        told: dict[str, Any] = {}
        for name, text in before.items():
            told |= entered(model, name, text)
        return told


def _key(model: type[RuleRow], text: str) -> dict[str, Any]:
    """A rule's key from the name of its cell. ValidationError for one that there cannot be."""
    parts: Key = tuple(text.split("~"))
    if len(parts) != len(model.unique_fields):
        raise ValidationError("key")
    fields: Any = [model._meta.get_field(name) for name in model.unique_fields]
    return {field.name: field.clean(part, None) for field, part in zip(fields, parts, strict=True)}


def _is_of(row: RuleRow, key: dict[str, Any]) -> bool:
    return says(row, key)


def _puts_back(former: RuleRow | None, stored: RuleRow | None, values: dict[str, Any] | None) -> bool:
    """Whether a rule becomes what it is in the version compared with."""
    if former is None or values is None:
        return former is None and values is None
    after = {name: getattr(stored, name) for name in former.value_fields} if stored else {}
    return all((after | values).get(name) == getattr(former, name) for name in former.value_fields)


@row_view("tables/<slug:family>/", name="tables")
def tables(page: Any, request: HttpRequest, version: PolicyVersion, family: str) -> HttpResponse:
    """Edit a family of a draft's rules."""
    if family not in FAMILIES:
        raise Http404
    found = FAMILIES[family]
    action = FormAction(
        title=found.title,
        permission=f"policies.change_{found.models[0]._meta.model_name}",
        form=TablesForm,
        description=gettext_lazy(
            "Type in any cell: 55%, 55 or 0.55; yuan with two decimals; “unset” where the local document is missing. An"
            " emptied cell drops its rule. Enter and the arrow keys go from cell to cell."
        ),
        submit=gettext_lazy("Save"),
        danger=False,
        template="policies/tables.html",
        applies=None,
    )
    return form_page(page, request, action, version, _save, family=found)


def _save(page: Any, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]) -> Done:
    document = Instrument.objects.get(region_id=version.region_id, pk=data["instrument"])
    done = change_rules(
        version,
        data["changes"],
        Passage(document, *(data[name].strip() for name in ("article", "phrase", "reading"))),
        actor=request.user,
        reason=data["reason"],
        seen_entry=_number(request.POST.get("entry", "")),
    )
    said = ngettext("%(count)s rule was changed.", "%(count)s rules were changed.", done.rules) % {"count": done.rules}
    if done.is_checked:
        return Done(said)
    unchecked = _("The text of %(document)s is not kept here, so the words could not be looked for in it.")
    return Done(f"{said} {unchecked % {'document': document.number}}", level=messages.WARNING)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
