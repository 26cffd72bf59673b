"""What personal accounts would be credited month by month, found by the engine and posted nowhere.

Each member is asked about once for all months in which nothing changes that decides the credit: how they are insured,
the base, the rules, the age. Months are numbers with a bit for each (`simulation.selectors.insured`).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from agency.models import PoolingRegion
from policies.engine.credits import CreditFacts, Pension, credit_age, credit_by, credit_rule
from policies.engine.errors import MissingLaw
from policies.engine.policy import CreditTerm, Policy
from policies.engine.vocabulary import (
    AccountScheme,
    ConversionFrom,
    CreditComponent,
    CreditMethod,
    Employment,
    InsuredStatus,
)
from policies.selectors.pensions import pensions_of
from simulation.selectors.insured import Enrolled, Insured, insured_in

ZERO = Decimal("0.00")
_STATUSES = {each.value: each for each in InsuredStatus}
_EMPLOYMENTS = {each.value: each for each in Employment}
_SCHEMES = {each.value: each for each in AccountScheme}
_NONE, _RETIRED = CreditMethod.NONE, InsuredStatus.RETIRED

# How many are credited and how much, by the months in which they are.
_Sums = dict[int, list[Any]]


def credits_of(
    region: PoolingRegion,
    members: tuple[int, int],
    as_of: date,
    before: Mapping[date, Policy],
    after: Mapping[date, Policy],
) -> dict[str, Any]:
    """What the members with ids in a range are due on both sides.

    before, after: the rules by month, given by its first day. as_of: contributions received later do not count.

    `credited` has by month, status, employment, scheme, component and fund, joined by blanks, how many members are
    credited and how much, before and after; `undecided`, by side, how many credits no rule or several decide.
    """
    months = sorted({*before, *after})
    sides = {"before": before, "after": after}
    laws: dict[int, _Credits] = {}
    pensions = pensions_of(region)
    for number, month in enumerate(months):
        for policy in {id(each[month]): each[month] for each in sides.values() if month in each}.values():
            law = laws.setdefault(id(policy), _Credits(policy, months, pensions))
            law.asked |= 1 << number
    for member in insured_in(region.pk, members, months, as_of):
        for law in laws.values():
            law.add(member)
    credited: dict[str, list[Any]] = {}
    undecided = dict.fromkeys(sides, 0)
    for place, (side, by_month) in enumerate(sides.items()):
        for number, month in enumerate(months):
            if month not in by_month:
                continue
            law = laws[id(by_month[month])]
            undecided[side] += law.undecided_in(1 << number)
            for kind, count, amount in law.credited_in(1 << number):
                cell = credited.setdefault(f"{month:%Y-%m} {kind}", [0, "0.00", 0, "0.00"])
                cell[2 * place : 2 * place + 2] = count, str(amount)
    return {"credited": credited, "undecided": undecided}


class _Kind:
    """Members who are insured alike and of an age in the same band: the rules for them, and what they come to."""

    def __init__(self, name: str, terms: Iterable[CreditTerm | None]) -> None:
        """terms: None for a component that the law leaves undecided."""
        self.name = name
        self.terms: list[tuple[CreditTerm, _Sums]] = []
        self.undecided: dict[int, int] = {}
        self.open = 0
        for term in terms:
            if term is None:
                self.open += 1
            elif term.method != _NONE:
                self.terms.append((term, {}))


class _Credits:
    """What one version's rules give in the months that it is asked about."""

    def __init__(self, policy: Policy, months: Sequence[date], pensions: Mapping[int, Pension]) -> None:
        self.policy, self.months, self.pensions = policy, months, pensions
        self.asked = 0
        self.kinds: dict[tuple[Any, ...], _Kind] = {}
        self.last_days = [(month + timedelta(days=31)).replace(day=1) - timedelta(days=1) for month in months]
        self.converts_next_month = policy.conversion_from == ConversionFrom.NEXT_MONTH

    @cached_property
    def ages(self) -> list[int]:
        """The ages at which another rule holds."""
        return sorted({age for term in self.policy.credits for age in (term.age_from, term.age_until)})

    def add(self, member: Insured) -> None:
        """Add what a member is due in all of the months."""
        for covered, enrolled in self._insured(member):
            for alike_in, band in self._bands(member.birth_date, covered & self.asked):
                kind = self._kind(member, enrolled, band)
                if kind.open:
                    kind.undecided[alike_in] = kind.undecided.get(alike_in, 0) + kind.open
                for months, facts in self._facts(member, enrolled, alike_in) if kind.terms else ():
                    for term, sums in kind.terms:
                        amount = credit_by(term, facts, self.pensions).amount
                        if amount > ZERO:
                            held = sums.get(months)
                            if held is None:
                                held = sums[months] = [0, ZERO]
                            held[0] += 1
                            held[1] += amount

    def undecided_in(self, month: int) -> int:
        """How many credits of a month no rule or several decide. month: its bit."""
        return sum(count for kind in self.kinds.values() for held, count in kind.undecided.items() if held & month)

    def credited_in(self, month: int) -> Iterator[tuple[str, int, Decimal]]:
        """The kinds that are credited in a month with how many members and yuan. month: its bit."""
        found: dict[str, list[Any]] = {}
        for kind in self.kinds.values():
            for term, sums in kind.terms:
                for held, (count, amount) in sums.items():
                    if held & month:
                        cell = found.setdefault(f"{kind.name} {term.component} {term.fund}", [0, ZERO])
                        cell[0] += count
                        cell[1] += amount
        for name, (count, amount) in found.items():
            yield name, count, amount

    def _insured(self, member: Insured) -> Iterable[tuple[int, Enrolled]]:
        """By which enrollment the member is credited in which months, as `accounts.selectors.credits` says."""
        held, whole = member.enrollments, (1 << len(self.months)) - 1
        if member.died_on is None and len(held) == 1:
            only = held[0]
            if only.first_day <= self.months[0] and (only.end is None or only.end > self.last_days[-1]):
                return ((whole, only),)
        found: dict[int, int] = {}
        for number, (month, last_day) in enumerate(zip(self.months, self.last_days, strict=True)):
            deciding = self._deciding(member, month, last_day)
            if deciding is not None:
                found[deciding] = found.get(deciding, 0) | 1 << number
        return [(months, held[place]) for place, months in found.items()]

    def _deciding(self, member: Insured, month: date, last_day: date) -> int | None:
        """The place of the enrollment that decides a month."""
        died_on = member.died_on
        if died_on is not None and died_on < month:
            return None
        ending = _place_on(member.enrollments, min(last_day, died_on or last_day))
        if ending is None or not self.converts_next_month:
            return ending
        opening = _place_on(member.enrollments, month)
        return ending if opening is None else opening

    def _bands(self, birth_date: date, months: int) -> Iterable[tuple[int, int]]:
        """The months by the band of ages that the member is in."""
        first, last = (
            bisect_right(self.ages, credit_age(self.policy, birth_date, month))
            for month in (self.months[0], self.months[-1])
        )
        if first == last:
            return ((months, first),) if months else ()
        found: dict[int, int] = {}
        for number, month in enumerate(self.months):
            if months & 1 << number:
                band = bisect_right(self.ages, credit_age(self.policy, birth_date, month))
                found[band] = found.get(band, 0) | 1 << number
        return [(held, band) for band, held in found.items()]

    def _kind(self, member: Insured, enrolled: Enrolled, band: int) -> _Kind:
        key = (enrolled.status, enrolled.employment, enrolled.scheme, enrolled.had_account_before, band)
        kind = self.kinds.get(key)
        if kind is None:
            facts = _facts_of(member, enrolled, None, None, False)
            # All ages of a band have the same rules.
            age = self.ages[band - 1] if band else -1
            terms = [self._term(component, facts, age) for component in CreditComponent]
            name = f"{enrolled.status} {enrolled.employment} {enrolled.scheme}"
            kind = self.kinds[key] = _Kind(name, terms)
        return kind

    def _term(self, component: CreditComponent, facts: CreditFacts, age: int) -> CreditTerm | None:
        try:
            return credit_rule(self.policy, component, facts, age)
        except MissingLaw:
            return None

    def _facts(self, member: Insured, enrolled: Enrolled, months: int) -> Iterator[tuple[int, CreditFacts]]:
        """What is paid for in which of the months."""
        for since, basis, lacks in self._civil_servant(member, enrolled, months):
            left = since
            for base, received in member.bases:
                paid = left & received
                if paid:
                    left &= ~paid
                    yield paid, _facts_of(member, enrolled, base, basis, lacks)
            if left:
                yield left, _facts_of(member, enrolled, None, basis, lacks)

    def _civil_servant(
        self, member: Insured, enrolled: Enrolled, months: int
    ) -> Iterable[tuple[int, Decimal | None, bool]]:
        """The months by the sum that the subsidy is a share of, and whether there is one of the other status alone."""
        if not member.sums:
            return ((months, None, False),)
        is_retired = _STATUSES[enrolled.status] == _RETIRED
        found: dict[tuple[Decimal | None, bool], int] = {}
        for number, month in enumerate(self.months):
            if months & 1 << number:
                held = [each for each in member.sums if each.since <= month]
                fitting = [each.amount for each in held if each.is_pension == is_retired]
                key = (fitting[0] if fitting else None, bool(held) and not fitting)
                found[key] = found.get(key, 0) | 1 << number
        return [(held, *key) for key, held in found.items()]


def _place_on(enrollments: Sequence[Enrolled], day: date) -> int | None:
    return next((place for place, each in enumerate(enrollments) if each.holds_on(day)), None)


def _facts_of(
    member: Insured, enrolled: Enrolled, base: Decimal | None, basis: Decimal | None, lacks_basis: bool
) -> CreditFacts:
    return CreditFacts(
        member.birth_date,
        _STATUSES[enrolled.status],
        _EMPLOYMENTS[enrolled.employment],
        _SCHEMES[enrolled.scheme],
        enrolled.had_account_before,
        base,
        member.old_retiree_credit,
        basis,
        lacks_basis,
        member.contribution_months,
    )
