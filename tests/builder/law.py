"""Local figures: what the regulations leave to documents of the region, and what the rules say with it."""

from datetime import date
from decimal import Decimal
from typing import Any

from agency.models import User
from policies.engine.policy import Figure
from policies.engine.vocabulary import Benefit, InsuredStatus, Tier
from policies.models import FigureKind, LocalFigure
from policies.selectors.versions import policy_in_force
from policies.services.figures import approve_local_figure, propose_local_figure
from tests.builder.people import region
from tests.builder.staff import REASON

FIRST, LAST = date(2023, 3, 1), date(2023, 9, 30)
DAY = date(2023, 6, 30)
ACTIVE, RETIRED = InsuredStatus
INPATIENT, CHRONIC = Benefit.INPATIENT, Benefit.CHRONIC_DISEASE


def proposed(maker: User, slug: str = "baoshan", **overrides: Any) -> LocalFigure:
    """An inpatient rate of 85 % at all tiers, from FIRST to LAST, unless said otherwise."""
    facts: dict[str, Any] = {
        "kind": FigureKind.RATE,
        "benefit": INPATIENT,
        "value": Decimal("0.85"),
        "first_day": FIRST,
        "last_day": LAST,
        "document_number": "保医保发〔2023〕7号",
        "article": "第三条",
        "phrase": "报销85%",
        "actor": maker,
        "reason": REASON,
    } | overrides
    return propose_local_figure(region(slug), **facts)


def approved(maker: User, checker: User, slug: str = "baoshan", **overrides: Any) -> LocalFigure:
    return approve_local_figure(proposed(maker, slug, **overrides), actor=checker)


def figures(maker: User, checker: User, slug: str, benefit: Benefit, **values: str) -> None:
    """Figures of a benefit by their kinds, at all tiers, from 2023 on."""
    known: dict[str, Any] = {"document_number": "本地文件1号", "article": "第二条", "phrase": "本地标准"}
    known |= {"benefit": benefit, "first_day": date(2023, 1, 1), "last_day": None}
    for kind, value in values.items():
        approved(maker, checker, slug, kind=FigureKind(kind), value=Decimal(value), **known)


def rate_on(
    day: date,
    tier: Tier = Tier.SECONDARY,
    status: InsuredStatus = ACTIVE,
    slug: str = "baoshan",
    benefit: Benefit = INPATIENT,
) -> Figure:
    return policy_in_force(region(slug), day).rates[benefit, tier, status]


def baoshan_inpatient(maker: User, checker: User) -> None:
    """What Baoshan leaves open for inpatient care."""
    figures(maker, checker, "baoshan", Benefit.INPATIENT, deductible="800.00", rate="0.85", ceiling="60000.00")
