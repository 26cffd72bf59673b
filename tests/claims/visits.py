"""Claims for benefits of their own, made by the same services as in the office."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from agency.models import User
from claims.models import Claim, Settlement
from claims.services.registration import NewLine, register_claim
from claims.services.settlement import settle_claim
from members.models import Member
from members.services.diseases import approve_disease_registration, submit_disease_registration
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import Benefit, CatalogCategory, InsuredStatus, ItemKind, Tier
from policies.models import FigureKind
from policies.services.figures import approve_local_figure, propose_local_figure
from tests import house

DAY = date(2023, 6, 15)
HYPERTENSION, DIABETES = "M03900", "M01600"
CHRONIC, SPECIAL = Benefit.CHRONIC_DISEASE, Benefit.SPECIAL_DISEASE
_numbers = count(1)


def retiree(slug: str = "baoshan", born: date = date(1960, 5, 1)) -> Member:
    return house.insured(house.region(slug), status=InsuredStatus.RETIRED, birth_date=born)


def disease(
    member: Member, maker: User, checker: User, code: str = HYPERTENSION, benefit: Benefit = CHRONIC, **days: date
) -> None:
    registration = submit_disease_registration(
        member, code=code, benefit=benefit, actor=maker, reason=house.REASON, **({"since": date(2023, 3, 1)} | days)
    )
    approve_disease_registration(registration, actor=checker)


def figures(maker: User, checker: User, slug: str, benefit: str, **values: str) -> None:
    """Local figures of a benefit, from 2023 on."""
    for kind, value in values.items():
        figure = propose_local_figure(
            house.region(slug),
            kind=FigureKind(kind),
            benefit=benefit,
            value=Decimal(value),
            first_day=date(2023, 1, 1),
            document_number="本地文件1号",
            article="第二条",
            phrase="本地标准",
            actor=maker,
            reason=house.REASON,
        )
        approve_local_figure(figure, actor=checker)


def a_claim(member: Member, amount: str = "1000.00", **overrides: Any) -> Claim:
    tier = overrides.pop("tier", Tier.SECONDARY)
    facts: dict[str, Any] = {
        "provider": overrides.pop("provider", None) or house.a_provider(member.region, tier),
        "claim_number": f"B{next(_numbers)}",
        "served_on": DAY,
        "today": date(2025, 12, 31),
        "lines": [NewLine(ItemKind.DRUG, CatalogCategory.A, Decimal(amount))],
        "reason": house.REASON,
    } | overrides
    return register_claim(member, **facts)


def settled(member: Member, amount: str = "1000.00", **overrides: Any) -> Settlement:
    outcome = settle_claim(a_claim(member, amount, **overrides), today=date(2025, 12, 31))
    assert isinstance(outcome, Settlement), outcome
    return outcome


def refused(member: Member, amount: str = "1000.00", **overrides: Any) -> Refusal:
    outcome = settle_claim(a_claim(member, amount, **overrides), today=date(2025, 12, 31))
    assert isinstance(outcome, Refusal), outcome
    return outcome
