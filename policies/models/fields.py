"""The kinds of values that a row of law holds. Packs are read by the same descriptions (`policies.pack.schema`)."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policies.labels import choices

Terms = type[StrEnum] | type[models.TextChoices]

UNSET_HELP = _("Leave empty while the local document is missing; whatever needs the figure is refused.")


class TermField(models.CharField):
    """One of the engine's words. For migrations it is the CharField that the database has.

    `terms` and `only` say which words; they are None and empty in a copy that Django made from the choices.
    """

    def __init__(
        self, *args: Any, terms: Terms | None = None, only: Collection[str] = (), with_all: bool = False, **options: Any
    ) -> None:
        """only: the terms that a row may name, where it is not every one. with_all: or "all"."""
        self.terms, self.only, self.with_all = terms, only, with_all
        if terms is not None:
            named = terms.choices if issubclass(terms, models.TextChoices) else choices(terms, with_all=with_all)
            options |= {"max_length": 32, "choices": [pair for pair in named if not only or pair[0] in only]}
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options


def term_field(label: Any, terms: Terms, **options: Any) -> Any:
    return TermField(label, terms=terms, **options)


def yuan_field(label: Any) -> Any:
    """An amount of law, yuan; null while the local document is missing."""
    return models.DecimalField(
        label,
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=UNSET_HELP,
    )


def amount_field(label: Any, **options: Any) -> Any:
    """An amount that every row has, yuan."""
    return models.DecimalField(label, max_digits=12, decimal_places=2, validators=[MinValueValidator(0)], **options)


def share_field(label: Any, *, decimal_places: int = 4) -> Any:
    """A share or rate, a fraction; null while the local document is missing."""
    return models.DecimalField(
        label,
        max_digits=decimal_places + 1,
        decimal_places=decimal_places,
        null=True,
        blank=True,
        help_text=UNSET_HELP,
    )


def is_yuan(field: Any) -> bool:
    """Whether a decimal of law is an amount; the others are shares."""
    return bool(field.decimal_places == 2)


def whole_field(label: Any, *, least: int, most: int, **options: Any) -> Any:
    """A whole number between two bounds, both included."""
    return models.PositiveSmallIntegerField(
        label, validators=[MinValueValidator(least), MaxValueValidator(most)], **options
    )


def share_is_a_fraction(field: str) -> models.CheckConstraint:
    """A rate or share lies between 0 and 1 (or is unset)."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0, f"{field}__lte": 1}),
        name=f"%(class)s_{field}_is_a_fraction",
    )


def amount_is_not_negative(field: str = "amount") -> models.CheckConstraint:
    """An amount of law is zero or more yuan (or unset)."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0}),
        name=f"%(class)s_{field}_is_not_negative",
    )
