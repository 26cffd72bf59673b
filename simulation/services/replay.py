"""A member's visits once more, on both sides of a comparison, each on what the ones before it left."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from policies.engine.absence import is_registered
from policies.engine.adjudication import adjudicate
from policies.engine.deductibles import deductible_key, drug_of
from policies.engine.errors import MissingFact, MissingLaw, OtherBenefit
from policies.engine.facts import Circumstances, Usage, Visit, tier_of, tier_scope
from policies.engine.outcome import Outcome, Refusal, UsageChange
from policies.engine.policy import BenefitRules, Policy
from policies.engine.vocabulary import DeductibleBasis, RefusalReason
from simulation.selectors.law import Law
from simulation.selectors.visits import Settled

ZERO = Decimal("0.00")
_PER_DRUG = DeductibleBasis.PER_DRUG


class Fault(StrEnum):
    """Why nobody can calculate a visit: the law does not decide it, a fact is missing, or it is another benefit's."""

    MISSING_LAW = "missing_law"
    MISSING_FACT = "missing_fact"
    OTHER_BENEFIT = "other_benefit"


Result = Outcome | Refusal | Fault


class Replayed(NamedTuple):
    """A visit with what it comes to on both sides."""

    settled: Settled
    before: Result
    after: Result


class _Year:
    """What a member used in a year, in the form in which the engine asks for it."""

    __slots__ = ("borne", "covered", "covered_month", "drugs", "months", "year")

    def __init__(self) -> None:
        # Deductibles by benefit and key; spending by benefit; paid and counted by scope, of the year and by month.
        self.borne: dict[tuple[str, str], Decimal] = {}
        self.covered: dict[str, Decimal] = {}
        self.covered_month: dict[tuple[str, int], Decimal] = {}
        self.drugs: dict[str, dict[str, Decimal]] = {}
        self.year: tuple[dict[str, Decimal], dict[str, Decimal]] = ({}, {})
        self.months: dict[int, tuple[dict[str, Decimal], dict[str, Decimal]]] = {}

    def copied(self) -> "_Year":
        """The same amounts, which move by themselves from now on."""
        year = _Year()
        year.borne, year.covered = self.borne.copy(), self.covered.copy()
        year.covered_month = self.covered_month.copy()
        year.drugs = {benefit: drugs.copy() for benefit, drugs in self.drugs.items()}
        year.year = (self.year[0].copy(), self.year[1].copy())
        year.months = {month: (paid.copy(), counted.copy()) for month, (paid, counted) in self.months.items()}
        return year

    def usage(self, benefit: str, key: str | None, month: int) -> Usage:
        """As `claims.selectors.facts.usage_of`; the mappings are the member's own and are only read."""
        paid_month, counted_month = self.months.get(month, _NOTHING)
        paid_year, counted_year = self.year
        return Usage(
            ZERO if key is None else self.borne.get((benefit, key), ZERO),
            self.covered.get(benefit, ZERO),
            paid_year,
            paid_month,
            counted_year,
            counted_month,
            self.drugs.get(benefit, _NO_DRUGS),
            self.covered_month.get((benefit, month), ZERO),
        )

    def move(self, month: int, changes: Iterable[UsageChange]) -> None:
        """Add what a visit used."""
        paid_year, counted_year = self.year
        of_month = self.months.get(month)
        if of_month is None:
            of_month = self.months[month] = ({}, {})
        paid_month, counted_month = of_month
        for scope, key, deductible, covered, paid, counted in changes:
            if deductible:
                self.borne[scope, key] = self.borne.get((scope, key), ZERO) + deductible
            if key:
                drug = drug_of(key)
                if drug is not None:
                    drugs = self.drugs.setdefault(scope, {})
                    drugs[drug] = drugs.get(drug, ZERO) + deductible
                tier = tier_of(key)
                if tier is None:
                    continue
                # What a scope paid at one tier counts for the ceilings of that tier alone.
                scope = tier_scope(scope, tier)  # noqa: PLW2901
            elif covered:
                self.covered[scope] = self.covered.get(scope, ZERO) + covered
                self.covered_month[scope, month] = self.covered_month.get((scope, month), ZERO) + covered
            if paid:
                paid_year[scope] = paid_year.get(scope, ZERO) + paid
                paid_month[scope] = paid_month.get(scope, ZERO) + paid
            if counted:
                counted_year[scope] = counted_year.get(scope, ZERO) + counted
                counted_month[scope] = counted_month.get(scope, ZERO) + counted


_NOTHING: tuple[dict[str, Decimal], dict[str, Decimal]] = ({}, {})
_NO_DRUGS: dict[str, Decimal] = {}


class Side:
    """One side's law, and what the member used so far under it."""

    def __init__(self, policies: Mapping[date, Policy]) -> None:
        self.policies = policies
        self.years: dict[int, _Year] = {}

    def calculate(self, settled: Settled, *, explain: bool) -> Result:
        """What a visit comes to on what the ones before it left.

        As `claims.services.adjudication`, of a visit that was settled: its invoice was paid by itself alone.
        """
        visit = settled.visit
        policy = self.policies.get(visit.served_on)
        if policy is None:
            return Refusal(RefusalReason.NOT_IN_FORCE, None)
        rules = policy.benefits.get(visit.benefit)
        if rules is None:
            return Refusal(RefusalReason.TERMS_UNSET, policy.in_force)
        if rules.deductible_basis == _PER_DRUG and not all(line.drug for line in visit.lines):
            return Fault.MISSING_FACT
        circumstances = circumstances_of(policy, settled)
        try:
            return adjudicate(policy, settled.person, visit, circumstances, self._usage(rules, visit), explain=explain)
        except MissingLaw:
            return Fault.MISSING_LAW
        except MissingFact:
            return Fault.MISSING_FACT
        except OtherBenefit:
            return Fault.OTHER_BENEFIT

    def take(self, settled: Settled, result: Result) -> None:
        """Let later visits find what this one leaves."""
        if isinstance(result, Outcome):
            day = settled.visit.served_on
            self._year(day.year).move(day.month, result.usage)

    def usage_before(self, policy: Policy, settled: Settled) -> Usage:
        """What the next visit is calculated on."""
        return self._usage(policy.benefits[settled.visit.benefit], settled.visit)

    def _usage(self, rules: BenefitRules, visit: Visit) -> Usage:
        day = visit.served_on
        return self._year(day.year).usage(visit.benefit, deductible_key(rules, visit), day.month)

    def _year(self, number: int) -> _Year:
        year = self.years.get(number)
        if year is None:
            year = self.years[number] = _Year()
        return year


def circumstances_of(policy: Policy, settled: Settled) -> Circumstances:
    """As `claims.selectors.facts.circumstances_of`, of a visit whose invoice nobody else has been paid for."""
    if settled.is_plain:
        return _PLAIN[settled.agreed.is_designated, settled.agreed.is_dual_channel]
    visit, held, away = settled.visit, settled.registrations, settled.visit.out_of_area
    return Circumstances(
        settled.agreed.is_designated,
        settled.agreed.is_dual_channel,
        settled.in_hospital,
        settled.in_special_nursing,
        away is not None and is_registered(policy, away, settled.place, settled.away),
        settled.late_filing_accepted,
        False,
        sum(benefit == visit.benefit for benefit, _code in held) if held else 0,
        frozenset(benefit for benefit, code in held if code == visit.disease) if held else _NONE,
        settled.died,
        bool(settled.family_doctors),
        int(visit.provider) in settled.family_doctors,
    )


_NONE: frozenset[str] = frozenset()
# Of most visits: nothing is special but what was agreed with the provider, and in one way or the other.
_PLAIN = {(designated, dual): Circumstances(designated, dual) for designated in (True, False) for dual in (True, False)}


def replay(visits: Sequence[Settled], law: Law, explained: Container[int] = frozenset()) -> list[Replayed]:
    """One member's visits in the order of settlement. explained: ids of the claims whose outcomes have their steps.

    What both sides calculate from the same figures on the same accumulators is calculated once.
    """
    before, after = Side(law.before), Side(law.after)
    # As long as nothing was used otherwise, both have the same accumulators.
    after.years = before.years
    replayed = []
    left = len(visits)
    for settled in visits:
        left -= 1
        explain = settled.claim_id in explained
        first = second = before.calculate(settled, explain=explain)
        if after.years is not before.years or not law.calculates_alike(settled.visit, settled.person):
            second = after.calculate(settled, explain=explain)
        replayed.append(Replayed(settled, first, second))
        if not left:
            # Nobody asks what the last one leaves.
            break
        if second is not first and after.years is before.years and _usage(first) != _usage(second):
            after.years = {number: year.copied() for number, year in before.years.items()}
        before.take(settled, first)
        if after.years is not before.years:
            after.take(settled, second)
    return replayed


def _usage(result: Result) -> tuple[UsageChange, ...]:
    return result.usage if isinstance(result, Outcome) else ()
