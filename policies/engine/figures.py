"""Figures of law, and which of several holds for a member at a provider."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from policies.engine import vocabulary as v
from policies.engine.citation import Citation
from policies.engine.money import ZERO

Key = tuple[v.Benefit, v.Tier, v.InsuredStatus]


class Figure(NamedTuple):
    """A figure of law: yuan or a fraction. `value` is None while the region has not set it."""

    value: Decimal | None
    citation: Citation


class Apart(NamedTuple):
    """A figure for some of those whom its key names, or for part of their spending.

    employment: "all", or whom it is for. age_from: full years; of those reached the highest counts. spent_from: yuan of
    the year's covered spending above which it holds, up to where the next one begins.
    """

    figure: Figure
    employment: str = v.ALL
    age_from: int = 0
    spent_from: Decimal = ZERO


class Band(NamedTuple):
    """The rate of the year's covered spending above an amount, yuan, up to where the next band begins."""

    spent_from: Decimal
    rate: Figure


class Addition(NamedTuple):
    """Points that are added to a rate, a fraction, and for what."""

    ground: v.RateGround
    points: Figure


class CeilingTerm(NamedTuple):
    """The most that a scope pays in a period, yuan; None while unset, or where it `is_open` and pays without end.

    It holds from so many registered diseases on (Baoshan 10); of several the one for the most diseases counts. So it is
    with the age, in full years. tier: "all", or the one it holds at. pot: the tiers of which the payments are counted,
    empty where it counts those of all.
    """

    scope: v.CeilingScope
    period: v.CeilingPeriod
    amount: Decimal | None
    citation: Citation
    diseases_from: int = 0
    employment: str = v.ALL
    age_from: int = 0
    tier: str = v.ALL
    pot: frozenset[v.Tier] = frozenset()
    is_open: bool = False


def figures_held(
    figures: Mapping[Key, Figure], apart: Mapping[Key, tuple[Apart, ...]], key: Key, employment: str, age: int
) -> tuple[Band, ...]:
    """The figures of a key for an employment and an age, by the spending from which each holds. KeyError for none."""
    held = [*([Apart(figures[key])] if key in figures else []), *apart.get(key, ())]
    held = [each for each in held if each.employment in (v.ALL, employment) and each.age_from <= age]
    reached = max((each.age_from for each in held), default=0)
    bands = sorted(
        (Band(each.spent_from, each.figure) for each in held if each.age_from == reached),
        key=lambda band: band.spent_from,
    )
    if not bands or bands[0].spent_from or len({band.spent_from for band in bands}) < len(bands):
        raise KeyError(key)
    return tuple(bands)


def ceilings_held(terms: Iterable[CeilingTerm], tier: v.Tier, employment: str, age: int) -> tuple[CeilingTerm, ...]:
    """The ceilings at a tier for an employment and an age; of several ages the one for the highest reached."""
    held = [
        term
        for term in terms
        if term.tier in (v.ALL, tier) and term.employment in (v.ALL, employment) and term.age_from <= age
    ]
    reached: dict[tuple[Any, ...], int] = {}
    for term in held:
        reached[_kind(term)] = max(term.age_from, reached.get(_kind(term), 0))
    return tuple(term for term in held if term.age_from == reached[_kind(term)])


def _kind(term: CeilingTerm) -> tuple[Any, ...]:
    """What ceilings have in common that differ by age alone."""
    return term.scope, term.period, term.diseases_from, term.tier, bool(term.pot)


def scopes_by_tier(
    ceilings: Iterable[tuple[CeilingTerm, ...]], scopes: Iterable[v.CeilingScope]
) -> frozenset[v.CeilingScope]:
    """Of the scopes those with a ceiling, whoever it is for, that counts what was paid at some tiers alone."""
    counted = {term.scope for terms in ceilings for term in terms if term.pot}
    return frozenset(counted.intersection(scopes))
