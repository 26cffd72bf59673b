"""A message's bytes become an envelope and what it asks; what cannot be read is said in a sentence."""

import hashlib
import json
from decimal import Decimal
from typing import Any, NoReturn, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from interface.schema.fields import Part
from interface.schema.requests import Envelope

P = TypeVar("P", bound=Part)

# What stands after the name of a field, by pydantic's word for what is wrong with it.
_SENTENCES: dict[str, Promise] = {
    "missing": gettext_lazy("is missing"),
    "not_a_number": gettext_lazy("is no amount or number as it has to be"),
    "too_many_decimals": gettext_lazy("has too many decimals: an amount has two at most"),
    "not_a_moment": gettext_lazy("is no time: write it as 2026-03-01 10:30:00"),
    "not_a_text": gettext_lazy("is no text"),
    "strange_sign": gettext_lazy("holds a sign that no text has"),
    "string_too_short": gettext_lazy("is empty"),
    "string_too_long": gettext_lazy("is too long"),
    "string_pattern_mismatch": gettext_lazy("does not have the form that it has to have"),
    "too_long": gettext_lazy("has too many parts: send them in several messages"),
}
_OTHERWISE = gettext_lazy("is not what it has to be")


class NotUnderstood(Exception):
    """The text says what is wrong, for whoever keeps the sender's system."""


def read_envelope(body: bytes) -> Envelope:
    """The envelope, with `input` as it came. NotUnderstood."""
    try:
        told = json.loads(body.decode(), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise NotUnderstood(_("The message is no JSON in UTF-8.")) from error
    if not isinstance(told, dict):
        raise NotUnderstood(_("The message is no JSON object."))
    return read_part(Envelope, told)


def read_part(kind: type[P], told: Any, place: str = "") -> P:
    """A part of a message. NotUnderstood names the field that is wrong."""
    try:
        return kind.model_validate(told)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join([*([place] if place else []), *map(str, first["loc"])])
        said = _SENTENCES.get(first["type"], _OTHERWISE)
        raise NotUnderstood(f"{where} {said}".strip()) from None


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def digest_of(envelope: Envelope) -> str:
    """What the message asks, whatever its clock, its key and its spelling: the same for a repetition, and for no other.

    hexadecimal SHA-256.
    """
    asked = [envelope.infno, envelope.fixmedins_code, envelope.mdtrtarea_admvs, envelope.input]
    written = json.dumps(asked, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(written.encode()).hexdigest()
