"""A person's year in memory: what the settlements so far have used, for tests of the engine alone."""

from collections import defaultdict
from decimal import Decimal

from policies.engine.adjudication import adjudicate
from policies.engine.deductibles import deductible_key, drug_of
from policies.engine.facts import Circumstances, Person, Usage, Visit, tier_of, tier_scope
from policies.engine.outcome import Outcome, Refusal
from policies.engine.policy import Policy


class Year:
    """Adjudicates visits one after another and keeps their usage."""

    def __init__(self, policy: Policy, person: Person) -> None:
        self.policy, self.person = policy, person
        self.rows: dict[tuple[int, str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 4)

    def usage(self, visit: Visit) -> Usage:
        key = deductible_key(self.policy.benefits[visit.benefit], visit)
        borne = covered = covered_month = Decimal(0)
        drugs: dict[str, Decimal] = defaultdict(Decimal)
        sums: list[dict[str, Decimal]] = [defaultdict(Decimal) for _ in range(4)]
        for (month, scope, row_key), (deductible, row_covered, paid, counted) in self.rows.items():
            if scope == visit.benefit and row_key == key:
                borne += deductible
            if scope == visit.benefit and (drug := drug_of(row_key)) is not None:
                drugs[drug] += deductible
            tier = tier_of(row_key)
            if row_key and tier is None:
                continue
            if scope == visit.benefit:
                covered += row_covered
                covered_month += row_covered if month == visit.served_on.month else 0
            place = scope if tier is None else tier_scope(scope, tier)
            sums[0][place] += paid
            sums[2][place] += counted
            if month == visit.served_on.month:
                sums[1][place] += paid
                sums[3][place] += counted
        return Usage(borne, covered, sums[0], sums[1], sums[2], sums[3], drugs, covered_month)

    def settle(self, visit: Visit, circumstances: Circumstances | None = None) -> Outcome | Refusal:
        outcome = adjudicate(self.policy, self.person, visit, circumstances or Circumstances(), self.usage(visit))
        if isinstance(outcome, Outcome):
            for change in outcome.usage:
                row = self.rows[visit.served_on.month, change.scope, change.key]
                moved = (change.deductible, change.covered, change.paid, change.counted)
                self.rows[visit.served_on.month, change.scope, change.key] = [
                    a + b for a, b in zip(row, moved, strict=True)
                ]
        return outcome
