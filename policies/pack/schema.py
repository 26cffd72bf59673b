"""The shape of a pack: its tables, keys and kinds of values. Those of the rules come from their models."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_noop
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, create_model

from policies.engine import vocabulary as v
from policies.models import RULE_MODELS, RuleRow
from policies.models.fields import TermField, is_yuan


def _exact(value: Any) -> Any:
    if value == "unset":
        return None
    if not isinstance(value, Decimal):
        raise ValueError(gettext_noop('write a decimal number such as 0.65 or 200.00, or "unset"'))
    return value


def _given(value: Any) -> Any:
    if not isinstance(value, Decimal):
        raise ValueError(gettext_noop("write a decimal number such as 0.50; no document leaves it open"))
    return value


def _rate(value: Decimal | None) -> Decimal | None:
    if value is not None and not 0 <= value <= 1:
        raise ValueError(gettext_noop("a rate lies between 0.00 and 1.00"))
    return value


def _money(value: Decimal | None) -> Decimal | None:
    if value is not None and (value < 0 or value.as_tuple().exponent != -2):
        raise ValueError(gettext_noop("an amount is yuan with two decimals, not negative"))
    return value


_ARTICLE, _READING = r"^第[一二三四五六七八九十]+条$", r"^(\d{4})?$"
_SLUG, _DIVISION = r"^[a-z][a-z0-9_-]*$", r"^\d{6}$"
# What a text of each pattern looks like, for people.
EXAMPLES = {_ARTICLE: "第七条", _READING: "0048", _SLUG: "pingliang", _DIVISION: "620800"}
Day = Annotated[date, Field(strict=True)]


class Strict(BaseModel):
    """Unknown keys are errors and nothing is coerced silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cited(Strict):
    """A row of law: its article ("第七条"), the words that carry the figure, and the reading ("" if plain)."""

    article: str = Field(pattern=_ARTICLE)
    phrase: str = Field(min_length=2, max_length=80)
    reading: str = Field(pattern=_READING)


class OfRow(Cited):
    """A row may rest on another document than the pack's own; the key is left out where it does not."""

    document: str = ""


def _rows(model: type[RuleRow]) -> Any:
    """The table of a kind of row: the fields of its model, under the names and in the words of packs."""
    packs = model.in_packs
    keys: Any = {}
    for field in model.fields_in_packs:
        kind: Any = _kind(field)
        if words := packs.words.get(field.name):
            kind = kind | Literal.__getitem__(tuple(words))
        default: Any = ...
        if field.name in packs.left_out:
            default = [field.get_default()] if field.name == packs.lists else field.get_default()
        keys[packs.key(field.name)] = (
            Annotated[list[kind], Field(min_length=1)] if field.name == packs.lists else kind,
            default,
        )
    row: Any = create_model(model.__name__, __base__=OfRow, **keys)
    return list[row]


def _kind(field: Any) -> Any:
    """What a pack may write for a field."""
    if isinstance(field, TermField):
        kind: Any = Literal.__getitem__(tuple(field.only)) if field.only else field.terms
        return kind | Literal["all"] if field.with_all else kind
    if isinstance(field, models.BooleanField):
        return StrictBool
    if isinstance(field, models.PositiveSmallIntegerField):
        least = max(each.limit_value for each in field.validators if isinstance(each, MinValueValidator))
        most = min(each.limit_value for each in field.validators if isinstance(each, MaxValueValidator))
        return Annotated[StrictInt, Field(ge=least, le=most)]
    if isinstance(field, models.DecimalField):
        figure = BeforeValidator(_exact if field.null else _given)
        return Annotated[Decimal | None, figure, AfterValidator(_money if is_yuan(field) else _rate)]
    return str


_tables: Any = {model.in_packs.table: (_rows(model), []) for model in RULE_MODELS}
_Tables: Any = create_model("_Tables", __base__=Strict, **_tables)


class Rules(_Tables):
    """Rows that hold in all the versions named: a list for each kind of rule row."""

    versions: list[str] = Field(min_length=1)


class Region(Strict):
    slug: str = Field(pattern=_SLUG)
    name: str
    name_en: str
    admdvs: str = Field(pattern=_DIVISION)


class ArticleRow(Strict):
    """One article of the instrument, and what the software makes of it; `note` says why where it does nothing."""

    number: str = Field(pattern=_ARTICLE)
    classification: v.ArticleClass
    note: str


class Instrument(Strict):
    """The document (文号) and the class of each of its articles."""

    number: str
    title: str
    issued_on: Day
    text: str  # Name of the file that holds the document's text, without its ending.
    articles: list[ArticleRow] = Field(min_length=1)


class OtherDocument(Strict):
    """A document beside the pack's own on which some rows rest."""

    number: str
    title: str
    issued_on: Day


class Version(Cited):
    """A period in which one complete set of rules holds; `until` is its last day, or "open"."""

    label: str
    since: Day
    until: Day | Literal["open"]


class Pack(Strict):
    region: Region
    instrument: Instrument
    documents: list[OtherDocument] = []
    version: list[Version] = Field(min_length=1)
    rules: list[Rules] = Field(min_length=1)
