"""How many general outpatient visits the pure engine adjudicates in a second: `make bench`.

The floor is measured in the same run: the decimal arithmetic that one such visit cannot do without. The ratio says what
rules, explanations and bookkeeping cost above it, on whatever machine this runs.
"""

import os
import time
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from config.development import prefer_development

ROUNDS = 5
VISITS = 20_000
CENT = Decimal("0.01")


def best_rate(work: Callable[[], None], visits: int) -> float:
    """Visits a second in the fastest of some rounds, which is the one least disturbed by others."""
    best = 0.0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        best = max(best, visits / (time.perf_counter() - began))
    return best


def floor() -> None:
    """The sums, products and roundings of a bill with three lines, a deductible, a rate and a ceiling."""
    amounts = (Decimal("120.50"), Decimal("80.00"), Decimal("300.00"))
    share, rate = Decimal("0.10"), Decimal("0.60")
    standard, ceiling, used = Decimal("200.00"), Decimal("2500.00"), Decimal("300.00")
    for _ in range(VISITS):
        total = amounts[0] + amounts[1] + amounts[2]
        upfront = (amounts[1] * share).quantize(CENT, ROUND_HALF_UP)
        covered = total - upfront
        deductible = min(covered, standard)
        above = covered - deductible
        paid = min((above * rate).quantize(CENT, ROUND_HALF_UP), ceiling - used)
        if total - paid < 0:
            raise AssertionError


def main() -> None:
    """Print visits a second with and without steps, and their ratios to the floor."""
    prefer_development(os.environ)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from agency.models import PoolingRegion
    from policies.engine.adjudication import adjudicate
    from policies.engine.facts import Circumstances, ContributionState, Line, Person, Usage, Visit
    from policies.engine.vocabulary import AccountScheme, Benefit, CatalogCategory, InsuredStatus, ItemKind, Tier
    from policies.selectors.versions import policy_in_force

    day = date(2023, 6, 30)
    policies = [
        policy_in_force(region, day)
        for region in PoolingRegion.objects.filter(policy_versions__isnull=False).distinct()
    ]
    person = Person(date(1980, 5, 1), InsuredStatus.ACTIVE, AccountScheme.COMBINED, ContributionState.ON_TIME)
    lines = (
        Line(ItemKind.DRUG, CatalogCategory.A, Decimal("120.50")),
        Line(ItemKind.DRUG, CatalogCategory.B, Decimal("80.00"), upfront_rate=Decimal("0.10")),
        Line(ItemKind.TREATMENT, CatalogCategory.A, Decimal("300.00")),
    )
    visit = Visit(day, "a", Tier.SECONDARY, Benefit.GENERAL_OUTPATIENT, lines)
    used = {"general_outpatient": Decimal("300.00")}
    usage, circumstances = Usage(Decimal("50.00"), Decimal("50.00"), used, {}), Circumstances()

    def run(explain: bool) -> Callable[[], None]:
        def work() -> None:
            for _ in range(VISITS // len(policies)):
                for policy in policies:
                    adjudicate(policy, person, visit, circumstances, usage, explain=explain)

        return work

    bottom = best_rate(floor, VISITS)
    print(f"floor (decimal arithmetic alone): {bottom:,.0f} visits/s")
    for name, explain in (("with steps", True), ("without steps", False)):
        rate = best_rate(run(explain), VISITS)
        print(f"adjudication {name}: {rate:,.0f} visits/s, {bottom / rate:.1f} × the floor's time")


if __name__ == "__main__":
    main()
