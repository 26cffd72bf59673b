"""What taking a settlement back changes in later ones, and what comes back to accounts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, QuerySet
from django.db.models.functions import Coalesce

from claims.models import Claim, Settlement
from policies.engine.outcome import Refusal

AMOUNTS = tuple(field.name for field in Settlement._meta.concrete_fields if isinstance(field, DecimalField))
_POOLED = ("pooled", "pooled_inpatient")


def standing() -> QuerySet[Settlement]:
    """Settlements that were not taken back and take none back."""
    return Settlement.objects.filter(reverses__isnull=True, reversed_by__isnull=True)


def paid_on(settlement: Settlement) -> Decimal:
    """Yuan that the funds and accounts paid: to the provider, or to the member for a claim filed by hand."""
    return settlement.pooled + settlement.pooled_inpatient + settlement.account + settlement.family_account


def planned(before: Settlement, after: Settlement | Refusal) -> dict[str, Any]:
    """One line of a plan as JSON; amounts, in yuan, as text, so that no reader turns them into floats."""
    line: dict[str, Any] = {"settlement": before.pk, "claim": before.claim_id, "before": _written(before)}
    if isinstance(after, Refusal):
        return line | {"refused": after.reason.value, "difference": f"{-paid_on(before):.2f}"}
    return line | {"after": _written(after), "difference": f"{paid_on(after) - paid_on(before):.2f}"}


def pooled_difference(line: Mapping[str, Any]) -> Decimal:
    """Yuan that the funds pay more by a line of a plan."""
    after = line.get("after", {})
    return sum((Decimal(after.get(name, 0)) - Decimal(line["before"][name]) for name in _POOLED), Decimal("0.00"))


def _written(settlement: Settlement) -> dict[str, str]:
    return {name: f"{getattr(settlement, name):.2f}" for name in AMOUNTS}


def back_to_accounts(plan: Sequence[Mapping[str, Any]], gone: Settlement | None = None) -> dict[int, Decimal]:
    """Yuan that come back to an account, by its holder's id, where a plan is carried out. Never negative: an account
    pays no more for a claim settled anew than before. gone: what is taken back with nothing in its place.
    """
    lines = [*([{"claim": gone.claim_id, "before": _written(gone)}] if gone else []), *plan]
    claims = Claim.objects.filter(pk__in=[line["claim"] for line in lines])
    holders = dict(claims.values_list("pk", Coalesce("account_holder", "member")))
    amounts: dict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        amounts[holders[line["claim"]]] += _from_account(line["before"]) - _from_account(line.get("after", {}))
    return dict(amounts)


def _from_account(amounts: Mapping[str, str]) -> Decimal:
    return sum((Decimal(amounts.get(name, 0)) for name in ("account", "family_account")), Decimal("0.00"))
