"""What somebody should say a word about before a draft becomes law: changes that are unusual, or look turned about.

Only what the draft changes is looked at; what the law before had already, somebody has published.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import DecimalField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agency.declarations import declared
from policies.engine import vocabulary as v
from policies.models import RULE_MODELS, PolicyVersion, ReimbursementRate, RuleRow
from policies.models.fields import is_yuan
from policies.selectors.books import Book, read_books
from policies.selectors.versions import base_of

Key = tuple[Any, ...]
_WITH_FIGURES = [
    model for model in RULE_MODELS if any(isinstance(field, DecimalField) for field in model._meta.concrete_fields)
]
_BY_TIER = [tier for tier in v.Tier if tier != v.Tier.PHARMACY]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that needs a reason. `key` names it with its figures, so that a reason holds for these alone."""

    key: str
    sentence: str | Promise


@dataclass(frozen=True, slots=True)
class About:
    """A draft, and its rules with figures beside those that they replace: (new, old) of each that differs, either may
    be None. Nothing is changed by the first version of a region. book: all its rules, where they were read.
    """

    version: PolicyVersion
    changed: Sequence[tuple[Any, Any]]
    book: Book | None = None


Look = Callable[[About], Iterator[Doubt]]


def warnings_about(version: PolicyVersion, books: tuple[Book, Book] | None = None) -> list[Doubt]:
    """Every warning about a draft. books: its rules and those that it is compared with, where they were read."""
    about, found = About(version, []), []
    base = base_of(version)
    if base is not None:
        books = books or _both(version, base)
        book, before = books
        changed = [pair for model in _WITH_FIGURES for pair in _changed(before[model], book[model])]
        about = About(version, changed, book)
        large = _large(about, version.region.notable_rule_change)
        found = [*large, *_turned_about(book[ReimbursementRate], before[ReimbursementRate])]
    looks: list[Look] = declared("law_warnings")
    return [*found, *(warning for look in looks for warning in look(about))]


def _both(version: PolicyVersion, base: PolicyVersion) -> tuple[Book, Book]:
    book, before = read_books(version, base)
    return book, before


def _key(row: RuleRow) -> Key:
    return tuple(getattr(row, name) for name in row.unique_fields)


def _changed(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    old, new = ({_key(row): row for row in rows} for rows in (before, after))
    for key in dict.fromkeys([*old, *new]):
        former, row = old.get(key), new.get(key)
        if former is None or row is None or any(getattr(former, n) != getattr(row, n) for n in row.value_fields):
            yield row, former


def _large(about: About, limit: Decimal) -> Iterator[Doubt]:
    """Figures that change by more than the office finds usual."""
    for row, former in about.changed:
        if row is None or former is None:
            continue
        for field in row._meta.concrete_fields:
            old, new = getattr(former, field.name), getattr(row, field.name)
            if not isinstance(field, DecimalField) or not old or new is None or abs(new - old) <= old * limit:
                continue
            key = ":".join(["large", str(row._meta.model_name), *map(str, _key(row)), field.name, f"{old}-{new}"])
            facts = {"rule": row, "field": field.verbose_name, "old": _said(old, field), "new": _said(new, field)}
            yield Doubt(key, _("%(rule)s, %(field)s: %(old)s → %(new)s, an unusually large change") % facts)


def _turned_about(rows: Sequence[Any], former: Sequence[Any]) -> Iterator[Doubt]:
    """Retired members with a lower rate than active ones, and a lower tier with a lower rate than a higher one."""
    rates, before = _by_member(rows), _by_member(former)
    next_higher = dict(pairwise(_BY_TIER))
    for less, (rate, row) in rates.items():
        kind, tier, status = less
        higher = (kind, next_higher.get(tier), status)
        others = {higher: _("%(rule)s: %(less)s, less than at the next higher tier, %(more)s")}
        if status == v.InsuredStatus.RETIRED:
            active = (kind, tier, v.InsuredStatus.ACTIVE)
            others[active] = _("%(rule)s: %(less)s for retired members, less than for active ones, %(more)s")
        for other, sentence in others.items():
            more = rates[other][0] if other in rates else None
            if rate is None or more is None or rate >= more:
                continue
            if _rate(before, less) == rate and _rate(before, other) == more:
                continue
            key = ":".join(["turned", *map(str, kind), tier, status, *map(str, other[1:]), f"{rate}-{more}"])
            yield Doubt(key, sentence % {"rule": row, "less": _percent(rate), "more": _percent(more)})


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"


def _said(figure: Decimal, field: Any) -> str:
    return f"{figure:,.2f}" if is_yuan(field) else _percent(figure)


def _rate(rates: Mapping[Key, tuple[Decimal | None, Any]], key: Key) -> Decimal | None:
    return rates[key][0] if key in rates else None


def _by_member(rows: Sequence[Any]) -> dict[Key, tuple[Decimal | None, Any]]:
    """Rates by what tells them apart, tier and status; a row for all holds for both."""
    found: dict[Key, tuple[Decimal | None, Any]] = {}
    apart = [name for name in ReimbursementRate.unique_fields if name not in ("tier", "status")]
    for row in rows:
        kind = tuple(getattr(row, name) for name in apart)
        for status in v.InsuredStatus if row.status == v.ALL else (row.status,):
            found[kind, v.Tier(row.tier), v.InsuredStatus(status)] = (row.rate, row)
    return found
