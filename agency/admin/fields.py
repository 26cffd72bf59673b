"""Form fields and their widgets in the admin's looks."""

import re
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    DATETIME_CLASSES,
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from agency.divisions import DIVISION_REFUSED, is_division
from agency.models import PoolingRegion

REASON_LENGTH = 100
_MONTH = re.compile(r"(\d{4})-(\d{2})")


class TextField(forms.CharField):
    widget = UnfoldAdminTextInputWidget


class PersonalNumberField(TextField):
    """The number of a person's document, phone or bank account: no browser keeps it, nor does the draft of a form."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "autocomplete": "off", "data-unkept": True}


class PasswordField(forms.CharField):
    """A new password, not shown while it is typed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            strip=False, widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}), **options
        )


class DivisionField(TextField):
    """The six digits of an administrative division code."""

    def __init__(self, **options: Any) -> None:
        """Take what text fields take."""
        options.setdefault("max_length", 6)
        super().__init__(**options)

    def validate(self, value: str) -> None:
        """Of the form of a code."""
        super().validate(value)
        if value and not is_division(value):
            raise ValidationError(DIVISION_REFUSED)


class ReasonField(forms.CharField):
    """Why a change is made; kept beside the change for ever."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Reason for the change"))
        options.setdefault("max_length", REASON_LENGTH)
        options.setdefault("widget", UnfoldAdminTextareaWidget(attrs={"rows": 2}))
        super().__init__(**options)


class DayField(forms.DateField):
    """A day, entered with the browser's own calendar or typed as year-month-day."""

    def __init__(self, **options: Any) -> None:
        """Take what date fields take."""
        widget = forms.DateInput(attrs={"type": "date", "class": " ".join(DATETIME_CLASSES)}, format="%Y-%m-%d")
        options.setdefault("widget", widget)
        options.setdefault("input_formats", ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"])
        super().__init__(**options)


class TimeField(forms.TimeField):
    """A time of day, entered with the browser's own clock or typed as hours and minutes."""

    def __init__(self, **options: Any) -> None:
        """Take what time fields take."""
        widget = forms.TimeInput(attrs={"type": "time", "class": " ".join(DATETIME_CLASSES)}, format="%H:%M")
        options.setdefault("widget", widget)
        options.setdefault("input_formats", ["%H:%M", "%H:%M:%S"])
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """With the seconds of a time that has any, so that sending the form again keeps them."""
        return f"{value:%H:%M:%S}" if isinstance(value, time) and value.second else value


def parse_month(text: str) -> date | None:
    """The first day of a month written as "2024-01"; None for anything else."""
    match = _MONTH.fullmatch(text)
    if match is None or not 1 <= int(match[2]) <= 12 or not 1900 <= int(match[1]) <= 2199:
        return None
    return date(int(match[1]), int(match[2]), 1)


class MonthField(forms.CharField):
    """A month, as its first day."""

    def __init__(self, **options: Any) -> None:
        """Take what text fields take."""
        widget = forms.TextInput(attrs={"type": "month", "class": " ".join(DATETIME_CLASSES), "placeholder": "2024-01"})
        options.setdefault("widget", widget)
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        """The month's first day; None where it may be and is empty."""
        text = super().clean(value)
        if not text:
            return None
        month = parse_month(text)
        if month is None:
            raise ValidationError(_("Enter a month as year-month, such as 2024-01."))
        return month

    def prepare_value(self, value: Any) -> Any:
        """The month as browsers want it."""
        return f"{value:%Y-%m}" if isinstance(value, date) else value


class YuanField(forms.DecimalField):
    """An amount of yuan with at most two decimals, not negative."""

    widget = UnfoldAdminDecimalFieldWidget

    def __init__(self, **options: Any) -> None:
        """Take what decimal fields take."""
        options.setdefault("max_digits", 12)
        options.setdefault("decimal_places", 2)
        options.setdefault("min_value", 0)
        super().__init__(**options)


class PercentField(forms.DecimalField):
    """A share, entered in percent and given as a fraction between 0 and 1."""

    widget = UnfoldAdminDecimalFieldWidget

    def __init__(self, *, fraction_places: int = 4, **options: Any) -> None:
        """fraction_places: decimals that the fraction may have."""
        options.setdefault("max_digits", fraction_places + 1)
        super().__init__(min_value=0, max_value=100, decimal_places=fraction_places - 2, **options)
        self.help_text = options.get("help_text") or _("in percent")

    def clean(self, value: Any) -> Any:
        entered = super().clean(value)
        return None if entered is None else entered / 100

    def prepare_value(self, value: Any) -> Any:
        """A stored fraction in percent; what was typed, as it was typed."""
        if not isinstance(value, Decimal):
            return value
        try:
            return f"{(value * 100).normalize():f}"
        except InvalidOperation:
            return value


class CountField(forms.IntegerField):
    widget = UnfoldAdminIntegerFieldWidget


class ChoiceField(forms.TypedChoiceField):
    """One of a few words. Without a default the clerk has to choose. `coerce` makes a term of the word."""

    def __init__(self, *, choices: Any, **options: Any) -> None:
        """choices: what a model field of these words has."""
        listed = list(choices)
        if options.get("initial") is None:
            listed = [("", _("Choose…")), *listed]
        super().__init__(choices=listed, widget=UnfoldAdminSelectWidget(), **options)


class ChoicesField(forms.MultipleChoiceField):
    """Some of a few words, each with a box to tick."""

    widget = UnfoldAdminCheckboxSelectMultipleWidget


class SwitchField(forms.BooleanField):
    widget = UnfoldBooleanSwitchWidget

    def __init__(self, **options: Any) -> None:
        """Not required: off is an answer."""
        options.setdefault("required", False)
        super().__init__(**options)


class UploadField(forms.FileField):
    widget = UnfoldAdminFileFieldWidget


class RegionField(forms.ModelChoiceField):
    """One of the regions in which the person may do what the form is for; the form fills it in."""

    def __init__(self, **options: Any) -> None:
        """Empty until a form gives it its person's regions."""
        options.setdefault("label", _("Pooling region"))
        options.setdefault("empty_label", _("Choose…"))
        super().__init__(PoolingRegion.objects.none(), widget=UnfoldAdminSelectWidget(), **options)


class SearchField(forms.ModelChoiceField):
    """A row found by typing, among those that the person may do this with.

    source: the foreign key whose target is searched; the target's admin page answers.
    """

    def __init__(self, source: Any, **options: Any) -> None:
        """Take what choice fields take."""
        model: type[models.Model] = source.remote_field.model
        options.setdefault("label", source.verbose_name)
        super().__init__(model._default_manager.none(), widget=AutocompleteSelect(source, admin.site), **options)
