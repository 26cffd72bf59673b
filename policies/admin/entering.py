"""Figures as they are typed into a table of rules, and as the table shows them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, DecimalField
from django.utils.translation import gettext as _
from django.utils.translation import override

from agency.admin.formats import percent
from policies.admin.figures import field_label, word_of
from policies.models import RuleRow
from policies.models.fields import is_yuan

# Understood in whichever language the table was opened.
_UNSET = frozenset({"unset", "未录入", "未定"})
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*(%?)")
_YUAN = re.compile(r"¥?\s*(\d+(?:,\d{3})*(?:\.\d+)?)\s*元?")
YES, NO = "yes", "no"


def unset_word() -> str:
    """What stands for a figure that the local document has still to give."""
    return _("unset")


def shown(row: RuleRow, name: str) -> str:
    """What a cell begins with: "55%", "1,000.00", "unset", a stored term."""
    field: Any = row._meta.get_field(name)
    value = getattr(row, name)
    if word := word_of(row, name):
        return word
    if isinstance(field, BooleanField):
        return YES if value else NO
    if value is None:
        return unset_word() if row.is_unset(name) else ""
    if isinstance(field, DecimalField):
        return f"{value:,.2f}" if is_yuan(field) else percent(value)
    return str(value)


def entered(model: type[RuleRow], name: str, text: str) -> dict[str, Any]:
    """The fields that a typed text sets. ValidationError that says how it is written."""
    field: Any = model._meta.get_field(name)
    typed = unicodedata.normalize("NFKC", text).strip()
    words = model.in_packs.words.get(name, {})
    switches = {
        switch: model._meta.get_field(switch).get_default()  # type: ignore[union-attr]
        for others in words.values()
        for switch in others
    }
    for word, others in words.items():
        if others and typed in (word, *_spellings(model, others)):
            return {name: None, **switches, **others}
    return {name: _value(field, typed), **switches}


def _spellings(model: type[RuleRow], switches: Iterable[str]) -> Iterator[str]:
    """How the word in place of a figure reads in either language."""
    for language in ("zh-hans", "en"):
        with override(language):
            yield ", ".join(field_label(model, switch) for switch in switches)


def _value(field: Any, typed: str) -> Any:
    if isinstance(field, BooleanField):
        return typed == YES
    if isinstance(field, DecimalField):
        if typed in (*_UNSET, unset_word(), "") and field.null:
            return None
        return yuan_of(typed) if is_yuan(field) else share_of(typed, field.decimal_places)
    if typed == "" and field.null:
        return None
    return field.clean(typed, None)


def share_of(typed: str, places: int = 4) -> Decimal:
    """A share typed in percent (55, 55%) or as a fraction (0.55). What is below 1 without the sign is a fraction.

    ValidationError above 100 %, for 1 without the sign, and for more decimals than the law has.
    """
    match = _SHARE.fullmatch(typed)
    if match is None:
        raise ValidationError(_("Write a share as 55%, 55 or 0.55."))
    number, sign = Decimal(match[1]), match[2]
    if number == 1 and not sign:
        raise ValidationError(_("1 may mean 1% or 100%. Write it with the sign."))
    fraction = number / 100 if sign or number > 1 else number
    if fraction > 1:
        raise ValidationError(_("That is more than 100%. The fund never pays more than there is to pay."))
    return _exact(fraction, places)


def yuan_of(typed: str) -> Decimal:
    """Yuan with at most two decimals: 1000, 1,000.00, ¥1000, 1000元. ValidationError for anything else."""
    match = _YUAN.fullmatch(typed)
    if match is None:
        raise ValidationError(_("Write an amount in yuan, such as 1,000.00."))
    return _exact(Decimal(match[1].replace(",", "")), 2)


def _exact(number: Decimal, places: int) -> Decimal:
    try:
        exact = number.quantize(Decimal(1).scaleb(-places))
    except InvalidOperation as error:
        raise ValidationError(_("That is too large.")) from error
    if exact != number:
        raise ValidationError(_("That has more decimals than a figure of law has."))
    return exact


def says(row: RuleRow, values: Mapping[str, Any]) -> bool:
    """Whether the row has these values already."""
    return all(getattr(row, name) == value for name, value in values.items())
