"""From rows of deductibles, rates and ceilings to the engine's figures; local figures fill what they leave unset."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import Any

from policies.engine import vocabulary as v
from policies.engine.citation import Citation
from policies.engine.figures import Addition, Apart, CeilingTerm, Figure, Key
from policies.models import Ceiling, FigureKind, LocalFigure

Cite = Callable[[Any], Citation]
Ceilings = dict[tuple[v.CeilingScope, v.InsuredStatus, v.AccountScheme], tuple[CeilingTerm, ...]]


def plain(rows: Iterable[Any], field: str, cite: Cite) -> dict[Key, Figure]:
    """The figures of rows that tell members apart by status alone."""
    return {key: Figure(getattr(row, field), cite(row)) for row in rows if not row.told_apart for key in _keys(row)}


def apart(rows: Iterable[Any], field: str, cite: Cite) -> dict[Key, tuple[Apart, ...]]:
    """The figures of the other rows."""
    found: dict[Key, list[Apart]] = defaultdict(list)
    for row in rows:
        if row.told_apart:
            spent_from = getattr(row, "spent_from", Decimal("0.00"))
            term = Apart(Figure(getattr(row, field), cite(row)), row.employment, row.age_from, spent_from)
            for key in _keys(row):
                found[key].append(term)
    return {key: tuple(terms) for key, terms in found.items()}


def additions(rows: Iterable[Any], cite: Cite) -> dict[tuple[v.Benefit, v.Tier], tuple[Addition, ...]]:
    """What is added to the rates of a benefit at a tier, in the order of the rows."""
    found: dict[tuple[v.Benefit, v.Tier], list[Addition]] = defaultdict(list)
    for row in rows:
        term = Addition(v.RateGround(row.ground), Figure(row.points, cite(row)))
        found[v.Benefit(row.benefit), v.Tier(row.tier)].append(term)
    return {key: tuple(terms) for key, terms in found.items()}


def _keys(row: Any) -> Iterator[Key]:
    for status in _statuses(row.status):
        yield v.Benefit(row.benefit), v.Tier(row.tier), status


def _statuses(value: str) -> list[v.InsuredStatus]:
    return list(v.InsuredStatus) if value == v.ALL else [v.InsuredStatus(value)]


def _schemes(value: str) -> list[v.AccountScheme]:
    return list(v.AccountScheme) if value == v.ALL else [v.AccountScheme(value)]


def ceilings_by_key(rows: Sequence[Ceiling], cite: Cite) -> Ceilings:
    """The ceilings of each scope, status and scheme, in the order of the rows."""
    ceilings: dict[Any, list[CeilingTerm]] = defaultdict(list)
    for row in rows:
        term = CeilingTerm(
            scope=v.CeilingScope(row.scope),
            period=v.CeilingPeriod(row.period_kind),
            amount=row.amount,
            citation=cite(row),
            diseases_from=row.diseases_from,
            employment=row.employment,
            age_from=row.age_from,
            tier=row.tier,
            pot=_pot(row, rows),
            is_open=row.is_open,
        )
        for status, scheme in product(_statuses(row.status), _schemes(row.scheme)):
            ceilings[term.scope, status, scheme].append(term)
    return {key: tuple(terms) for key, terms in ceilings.items()}


_ONE_CEILING = (
    *("scope", "period_kind", "status", "scheme", "diseases_from", "employment", "age_from"),
    *("amount", "article", "phrase"),
)


def _pot(row: Ceiling, rows: Iterable[Ceiling]) -> frozenset[v.Tier]:
    """The tiers that share a ceiling of their own: those of which the same words give the same amount."""
    if row.counts != v.CeilingCounts.OWN_TIER:
        return frozenset()
    return frozenset(
        v.Tier(each.tier)
        for each in rows
        if each.counts == row.counts and all(getattr(each, name) == getattr(row, name) for name in _ONE_CEILING)
    )


def of_kind(figures: Sequence[LocalFigure], kind: FigureKind) -> list[LocalFigure]:
    """The figures of a kind, the most exact first; the one of a tier goes before the one of a status."""
    found = [figure for figure in figures if figure.kind == kind]
    return sorted(found, key=lambda figure: ((figure.tier == v.ALL) + (figure.status == v.ALL), figure.tier == v.ALL))


def _local(figure: LocalFigure) -> Citation:
    return Citation(figure.document_number, figure.article, figure.phrase, "")


def filled(rows: dict[Key, Figure], figures: list[LocalFigure]) -> dict[Key, Figure]:
    """The rows, with the first local figure that fits where the regulation sets none."""
    for key, row in rows.items():
        benefit, tier, status = key
        if row.value is not None:
            continue
        for figure in figures:
            if figure.benefit == benefit and figure.tier in (v.ALL, tier) and figure.status in (v.ALL, status):
                rows[key] = Figure(figure.value, _local(figure))
                break
    return rows


def filled_ceilings(rows: Ceilings, figures: list[LocalFigure]) -> Ceilings:
    """The same for ceilings. Those of a tier, an employment or an age are the regulation's alone."""
    for (scope, status, scheme), terms in rows.items():
        local = next((f for f in figures if f.benefit == scope and f.status in (v.ALL, status)), None)
        if local is not None:
            rows[scope, status, scheme] = tuple(
                term._replace(amount=local.value, citation=_local(local)) if _is_left_open(term) else term
                for term in terms
            )
    return rows


def _is_left_open(term: CeilingTerm) -> bool:
    everybody = term.employment == v.ALL and term.tier == v.ALL and not term.age_from
    return term.amount is None and not term.is_open and everybody
