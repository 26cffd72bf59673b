"""Which rules a visit is calculated by, on each side of a comparison."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any

from agency.models import PoolingRegion
from policies.engine.citation import Citation
from policies.engine.errors import MissingLaw
from policies.engine.facts import Person, Visit
from policies.engine.policy import Policy
from policies.engine.vocabulary import Tier
from policies.models import FigureState, LocalFigure, PolicyVersion
from policies.selectors.books import Book, read_book
from policies.selectors.building import build_policy
from policies.selectors.versions import policies_in_force

# What the adjudication of a visit finds by its benefit (`Policy.terms`), and what it does not read.
_BY_BENEFIT = frozenset({"benefits", "deductibles", "rates", "ceilings"})
_NOT_READ = frozenset({"version_id", "first_day", "credits", "uses", "closings", "_terms"})
_COMPARED = tuple(each.name for each in fields(Policy) if each.name not in _BY_BENEFIT | _NOT_READ)


# By benefit, tier, status and scheme, whether both sides calculate alike.
_Alike = dict[tuple[Any, ...], bool]


@dataclass(frozen=True)
class Law:
    """The rules by day on both sides; a day without rules is not in it."""

    before: Mapping[date, Policy]
    after: Mapping[date, Policy]

    @cached_property
    def _alike(self) -> dict[date, tuple[Policy | None, Policy | None, _Alike]]:
        """Both sides by day with what is known of them; days with the same two policies share that."""
        known: dict[tuple[int, int], _Alike] = {}
        days = {}
        for day in {*self.before, *self.after}:
            before, after = self.before.get(day), self.after.get(day)
            days[day] = (before, after, known.setdefault((id(before), id(after)), {}))
        return days

    def calculates_alike(self, visit: Visit, person: Person) -> bool:
        """Whether both sides have the same figures and ways for such a visit of such a person, found once and kept.

        What a rule rests on counts as well; False where it is not certain, as at a pharmacy, whose terms may be those
        of the prescriber.
        """
        before, after, known = self._alike[visit.served_on]
        key = (visit.benefit, visit.tier, person.status, person.scheme)
        alike = known.get(key)
        if alike is None:
            alike = known[key] = before is after or _alike(before, after, visit, person)
        return alike

    def credits_by(self, day: date) -> tuple[Policy | None, Policy | None]:
        """The rules by which accounts are credited on both sides; the same where they give the same."""
        before, after = self.before.get(day), self.after.get(day)
        if before is not None and after is not None and _credit_rules(before) == _credit_rules(after):
            after = before
        return before, after


_NOWHERE = Citation("", "", "", "")


def _credit_rules(policy: Policy) -> tuple[Any, ...]:
    """All that decides credits, but for the rows it came from and where it stands."""
    terms = {term._replace(rule_id=0, citation=_NOWHERE) for term in policy.credits}
    return policy.senior_from, policy.conversion_from, terms


def _alike(before: Policy | None, after: Policy | None, visit: Visit, person: Person) -> bool:
    status, scheme = person.status, person.scheme
    if before is None or after is None or status is None or scheme is None or visit.tier == Tier.PHARMACY:
        return False
    if any(getattr(before, name) != getattr(after, name) for name in _COMPARED):
        return False
    if before.by_employment or before.ages:
        # The terms are told apart by more than is asked here.
        return all(getattr(before, name) == getattr(after, name) for name in _BY_BENEFIT)
    try:
        terms = [policy.terms(visit.benefit, visit.tier, status, scheme) for policy in (before, after)]
    except MissingLaw:
        return False
    return terms[0] == terms[1]


def policies_by_version(version: PolicyVersion, days: Iterable[date], book: Book | None = None) -> dict[date, Policy]:
    """A version's rules on each of these days, whatever its own period, with the local figures of the day.

    book: the rules, where they were read.

    MissingLaw where the version does not decide a way of the region.
    """
    figures = list(LocalFigure.objects.filter(region=version.region_id, state=FigureState.APPROVED).order_by("pk"))
    book = book or read_book(version)
    built: dict[tuple[int, ...], Policy] = {}
    by_day = {}
    for day in set(days):
        held = [figure for figure in figures if day in figure.period]
        key = tuple(figure.pk for figure in held)
        if key not in built:
            built[key] = build_policy(version, held, book)
        by_day[day] = built[key]
    return by_day


def law_of(
    region: PoolingRegion,
    version: PolicyVersion,
    compared_with: PolicyVersion | None,
    days: Iterable[date],
    days_outside: Iterable[date],
) -> Law:
    """Both sides' rules. days: on which the version is tried. days_outside: on which the law in force holds on both.

    compared_with: None for the law in force.
    """
    inside, outside = set(days), set(days_outside)
    in_force = policies_in_force(region, outside if compared_with else inside | outside)
    before = in_force | policies_by_version(compared_with, inside) if compared_with else in_force
    kept = {day: policy for day, policy in in_force.items() if day in outside}
    return Law(before, kept | policies_by_version(version, inside))
