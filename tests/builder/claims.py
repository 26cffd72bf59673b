"""Claims as they are registered."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from claims.models import Claim, ClaimLine
from claims.services.new_claims import NewClaim
from claims.services.registration import register_claim
from members.models import Member
from policies.engine.vocabulary import Benefit, CatalogCategory, ItemKind, Tier
from policies.models import Disease
from tests.builder.providers import a_provider
from tests.builder.staff import REASON

DAY = date(2023, 3, 1)
_numbers = count(1)


def a_line(
    amount: str | Decimal,
    kind: ItemKind = ItemKind.DRUG,
    category: CatalogCategory = CatalogCategory.A,
    **more: Any,
) -> ClaimLine:
    """A line of a bill, not saved."""
    return ClaimLine(kind=kind, category=category, amount=Decimal(amount), **more)


def a_claim(member: Member, amount: str = "300.00", *, tier: Tier | None = None, **overrides: Any) -> Claim:
    """A bill for drugs of category A of one day, at a new provider: of primary tier for general outpatient care, and
    of secondary tier for a benefit of its own, unless said otherwise.

    overrides: facts of `NewClaim`, the disease also by its code.
    """
    if overrides.get("provider") is None:
        general = overrides.get("benefit", Benefit.GENERAL_OUTPATIENT) == Benefit.GENERAL_OUTPATIENT
        overrides["provider"] = a_provider(member.region, tier or (Tier.PRIMARY if general else Tier.SECONDARY))
    facts: dict[str, Any] = {
        "claim_number": f"C{next(_numbers)}",
        "served_on": DAY,
        "today": date(2025, 12, 31),
        "lines": [a_line(amount)],
        "reason": REASON,
    } | overrides
    if facts.get("filed_on"):
        facts.setdefault("invoice_number", f"I{facts['claim_number']}")
    if isinstance(code := facts.get("disease"), str):
        facts["disease"] = Disease.objects.get(region=member.region, code=code) if code else None
    how = {name: facts.pop(name) for name in ("today", "actor", "reason") if name in facts}
    return register_claim(NewClaim(member=member, **facts), **how)
