"""What taking a settlement back changes in later ones, and what comes back to accounts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField
from django.db.models.functions import Coalesce

from claims.models import Claim, Settlement
from policies.engine.outcome import Refusal

AMOUNTS = tuple(field.name for field in Settlement._meta.concrete_fields if isinstance(field, DecimalField))


def paid_on(settlement: Settlement) -> Decimal:
    """Yuan that the funds and accounts paid: to the provider, or to the member for a claim filed by hand."""
    return settlement.pooled + settlement.pooled_inpatient + settlement.account + settlement.family_account


def planned(before: Settlement, after: Settlement | Refusal) -> dict[str, Any]:
    """One line of a reversal's plan as JSON; amounts, in yuan, as text, so that no reader turns them into floats."""
    line: dict[str, Any] = {"settlement": before.pk, "claim": before.claim_id, "before": _written(before)}
    if isinstance(after, Refusal):
        return line | {"refused": after.reason.value, "difference": f"{-paid_on(before):.2f}"}
    return line | {"after": _written(after), "difference": f"{paid_on(after) - paid_on(before):.2f}"}


def _written(settlement: Settlement) -> dict[str, str]:
    return {name: f"{getattr(settlement, name):.2f}" for name in AMOUNTS}


def back_to_accounts(settlement: Settlement, plan: Sequence[Mapping[str, Any]]) -> dict[int, Decimal]:
    """Yuan that come back to an account, by its holder's id, where a settlement is taken back with what its reversal's
    plan changes. Never negative: an account pays no more for a claim settled anew than before.
    """
    lines = [{"claim": settlement.claim_id, "before": _written(settlement)}, *plan]
    claims = Claim.objects.filter(pk__in=[line["claim"] for line in lines])
    holders = dict(claims.values_list("pk", Coalesce("account_holder", "member")))
    amounts: dict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        amounts[holders[line["claim"]]] += _from_account(line["before"]) - _from_account(line.get("after", {}))
    return dict(amounts)


def _from_account(amounts: Mapping[str, str]) -> Decimal:
    return sum((Decimal(amounts.get(name, 0)) for name in ("account", "family_account")), Decimal("0.00"))
