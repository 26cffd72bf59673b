"""Forms that know who fills them in."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest

from agency.admin.fields import ReasonField, RegionField, SearchField
from agency.admin.panels import Table
from agency.admin.permissions import permitted_regions
from agency.models import FourEyes
from agency.scoping import scoped


class DeskForm(forms.Form):
    """A form of the desk. `obj` is what the page is about, None where something new is entered.

    Its choices of regions and rows are those with which the person may do what the form is for.
    """

    @property
    def sentences(self) -> Sequence[Any]:
        """What the person should know before pressing, shown above the fields."""
        return ()

    @property
    def tables(self) -> Sequence[Table]:
        """The figures to it, below the sentences."""
        return ()

    def __init__(
        self, *args: Any, request: HttpRequest, permission: str, obj: models.Model | None = None, **options: Any
    ) -> None:
        """Fill the choices of the person."""
        self.request, self.permission, self.obj = request, permission, obj
        super().__init__(*args, **options)
        for field in self.fields.values():
            if isinstance(field, RegionField):
                field.queryset = permitted_regions(request.user, permission)
                if len(field.queryset) == 1:
                    field.initial = field.queryset[0].pk
            elif isinstance(field, SearchField):
                rows: Any = field.queryset.model._default_manager.all()  # type: ignore[union-attr]
                field.queryset = scoped(rows, request.user, permission)

    def begin_with(self, offered: Mapping[str, str]) -> None:
        """Take what a link offers for the fields; what the house fills in stands, what no field reads is left."""
        for name in set(offered) & set(self.fields) - set(self.initial):
            with suppress(ValidationError):
                self.fields[name].clean(offered[name])
                self.initial[name] = offered[name]

    def all_valid(self) -> bool:
        """Whether the form, and what hangs on it, can be handed to a service."""
        return self.is_valid()

    def refuse(self, error: ValidationError | str) -> None:
        """Show why a service would not do it, beside the field where it names one."""
        if not isinstance(error, ValidationError) or not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, problems in error.error_dict.items():
            self.add_error(name if name in self.fields else None, problems)


class ConfirmForm(DeskForm):
    """Nothing to enter: are you sure?"""


class ReasonedForm(DeskForm):
    """Anything that changes a tracked row says why. Forms with more fields put the reason last."""

    reason = ReasonField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])


class DecisionForm(DeskForm):
    """A decision that agrees needs no reason, but may have one.

    `seen` is the digest of the submission that the person looked at; the buttons of the page carry it here, and the
    service compares it once it holds the lock.
    """

    reason = ReasonField(required=False, max_length=100)
    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **options: Any) -> None:
        """Whoever comes here by another way decides on what is there now."""
        super().__init__(*args, **options)
        if isinstance(self.obj, FourEyes):
            self.fields["seen"].initial = self.obj.payload_hash
