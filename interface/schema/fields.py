"""The values of a message: texts, amounts and moments as providers' systems write them.

Amounts are numbers or texts with at most two decimals; they are read as `Decimal` and never pass through a float.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.utils.timezone import make_aware
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

MOMENT, DAY = "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"
_MOST_DIGITS = 24


class Part(BaseModel):
    """A part of a message. What is not listed is accepted and ignored; the message keeps it."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def _text(value: Any) -> str:
    """A text; whole numbers are taken as they are written, because many systems send codes as numbers."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise PydanticCustomError("not_a_text", "is no text")
    text = str(value).strip()
    if any(ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000 for sign in text):
        raise PydanticCustomError("strange_sign", "holds a sign that no text has")
    return text


def _optional_text(value: Any) -> str:
    return "" if value is None else _text(value)


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise PydanticCustomError("not_a_number", "is no number")
    text = str(value).strip()
    if len(text) > _MOST_DIGITS or not text.isascii() or not text.removeprefix("-").replace(".", "", 1).isdigit():
        raise PydanticCustomError("not_a_number", "is no number")
    return Decimal(text)


def _decimals(places: int) -> Any:
    def read(value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        number = _number(value)
        if number != round(number, places):
            raise PydanticCustomError("too_many_decimals", "has too many decimals", {"places": places})
        if abs(number) >= 10**10:
            raise PydanticCustomError("not_a_number", "is no number")
        return round(number, places)

    return read


def _moment(value: Any) -> datetime | None:
    """A moment of the provider's clock, or a day."""
    if value is None or value == "":
        return None
    for form in (MOMENT, DAY):
        try:
            return make_aware(datetime.strptime(_text(value), form))  # noqa: DTZ007 - made aware at once.
        except ValueError:
            continue
    raise PydanticCustomError("not_a_moment", "is no moment")


def _day(value: Any) -> date | None:
    moment = _moment(value)
    return None if moment is None else moment.date()


def _as(kind: str, **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": kind, **more})


# Texts that must be there, and those that may be missing, null or empty: what names or numbers something, and words.
Code = Annotated[str, Field(min_length=1, max_length=40), BeforeValidator(_text)]
MaybeCode = Annotated[str, Field(max_length=64), BeforeValidator(_optional_text)]
Text = Annotated[str, Field(min_length=1, max_length=200), BeforeValidator(_text)]
MaybeText = Annotated[str, Field(max_length=1_000), BeforeValidator(_optional_text)]
# The numbers of a message, as its sender gives them, and of a settlement, as we do.
MsgId = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{10,40}$")]
SetlId = Annotated[str, BeforeValidator(_text), Field(pattern=r"^[0-9]{1,18}$")]
_YUAN = _as("number", multipleOf=0.01)
Amount = Annotated[Decimal, BeforeValidator(_decimals(2)), _YUAN]
MaybeAmount = Annotated[Decimal | None, BeforeValidator(_decimals(2)), _YUAN]
Quantity = Annotated[Decimal | None, BeforeValidator(_decimals(4)), _as("number", multipleOf=0.0001)]
Price = Annotated[Decimal | None, BeforeValidator(_decimals(6)), _as("number", multipleOf=0.000001)]
_MOMENT_SCHEMA = _as("string", examples=["2026-03-01 10:30:00"])
_DAY_SCHEMA = _as("string", examples=["2026-03-01"])
Moment = Annotated[datetime, BeforeValidator(_moment), _MOMENT_SCHEMA]
MaybeMoment = Annotated[datetime | None, BeforeValidator(_moment), _MOMENT_SCHEMA]
Day = Annotated[date, BeforeValidator(_day), _DAY_SCHEMA]
