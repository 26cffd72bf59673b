"""Visits for benefits of their own, for tests of the engine alone.

Inpatient figures are invented (tests/policies/configured.py) and set where the regulations leave them open.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from agency.models import PoolingRegion
from policies.engine.adjudication import adjudicate
from policies.engine.facts import Circumstances, ContributionState, Line, Person, Usage, Visit
from policies.engine.outcome import Outcome, Refusal
from policies.engine.policy import Policy
from policies.engine.vocabulary import AccountScheme, Benefit, CatalogCategory, InsuredStatus, ItemKind, Tier
from policies.selectors.versions import policy_in_force
from tests.policies.configured import configured

DAY = date(2023, 6, 30)
GENERAL, CHRONIC, SPECIAL = Benefit.GENERAL_OUTPATIENT, Benefit.CHRONIC_DISEASE, Benefit.SPECIAL_DISEASE
TWO, RESCUE = Benefit.HYPERTENSION_DIABETES, Benefit.EMERGENCY_RESCUE
NEGOTIATED, DAY_SURGERY = Benefit.NEGOTIATED_DRUG, Benefit.DAY_SURGERY
TERTIARY = (Tier.TERTIARY_C, Tier.TERTIARY_B, Tier.TERTIARY_A)


def law(slug: str) -> Policy:
    return policy_in_force(PoolingRegion.objects.get(slug=slug), DAY)


def baoshan() -> Policy:
    """Baoshan's rules with inpatient terms."""
    return configured(law("baoshan"))


def person(born: date = date(1980, 5, 1), status: InsuredStatus = InsuredStatus.ACTIVE) -> Person:
    return Person(born, status, AccountScheme.COMBINED, ContributionState.ON_TIME)


def visit(benefit: Benefit, amount: str, tier: Tier = Tier.SECONDARY, **more: Any) -> Visit:
    drug = Line(ItemKind.DRUG, CatalogCategory.A, Decimal(amount), negotiated=benefit == NEGOTIATED, drug="X")
    return Visit(DAY, "a", tier, benefit, (drug,))._replace(**more)


def registered(*benefits: Benefit, diseases: int = 1, **more: Any) -> Circumstances:
    return Circumstances(registered_in=frozenset(benefits), diseases=diseases)._replace(**more)


def paid(
    policy: Policy,
    what: Visit,
    circumstances: Circumstances | None = None,
    usage: Usage | None = None,
    who: Person | None = None,
) -> Outcome:
    found = adjudicate(policy, who or person(), what, circumstances or registered(what.benefit), usage or Usage())
    assert isinstance(found, Outcome), found
    return found


def refused(policy: Policy, what: Visit, circumstances: Circumstances | None = None) -> Refusal:
    found = adjudicate(policy, person(), what, circumstances or Circumstances(), Usage())
    assert isinstance(found, Refusal), found
    return found
