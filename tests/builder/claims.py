"""Claims as they are registered."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from claims.models import Claim
from claims.services.registration import NewLine, register_claim
from members.models import Member
from policies.engine.vocabulary import Benefit, CatalogCategory, ItemKind, Tier
from tests.builder.providers import a_provider
from tests.builder.staff import REASON

DAY = date(2023, 3, 1)
_numbers = count(1)


def a_claim(member: Member, amount: str = "300.00", *, tier: Tier | None = None, **overrides: Any) -> Claim:
    """A bill for drugs of category A of one day, at a new provider: of primary tier for general outpatient care, and
    of secondary tier for a benefit of its own, unless said otherwise.
    """
    if overrides.get("provider") is None:
        general = overrides.get("benefit", Benefit.GENERAL_OUTPATIENT) == Benefit.GENERAL_OUTPATIENT
        overrides["provider"] = a_provider(member.region, tier or (Tier.PRIMARY if general else Tier.SECONDARY))
    facts: dict[str, Any] = {
        "claim_number": f"C{next(_numbers)}",
        "served_on": DAY,
        "today": date(2025, 12, 31),
        "lines": [NewLine(ItemKind.DRUG, CatalogCategory.A, Decimal(amount))],
        "reason": REASON,
    } | overrides
    if facts.get("filed_on"):
        facts.setdefault("invoice_number", f"I{facts['claim_number']}")
    return register_claim(member, **facts)
