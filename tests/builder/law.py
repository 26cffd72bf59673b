"""Average pensions, and local figures: what the regulations leave to documents of the region, and what the rules say
with it.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from agency.models import PoolingRegion, User
from policies.engine.figures import Figure
from policies.engine.vocabulary import Benefit, InsuredStatus, Tier
from policies.models import AveragePension, FigureKind, LocalFigure, PolicyVersion
from policies.selectors.checks import warnings_about
from policies.selectors.versions import policy_in_force
from policies.services.figures import approve_local_figure, propose_local_figure
from policies.services.pensions import approve_average_pension, submit_average_pension
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


def average_pension(
    region: PoolingRegion, year: int, monthly: Decimal | int, *, is_final: bool = True
) -> AveragePension:
    """A region's average pension in force, recorded and approved by two people; whatever it is, they are sure."""
    officers = [User.objects.get_or_create(username=name)[0] for name in ("statistician", "second-statistician")]
    pension = submit_average_pension(
        region,
        year=year,
        monthly=Decimal(monthly),
        is_final=is_final,
        today=date(year, 12, 31),
        actor=officers[0],
        reason=REASON,
        confirmed_reason=REASON,
    )
    return approve_average_pension(pension, actor=officers[1], reason=REASON)


def explained(draft: PolicyVersion) -> dict[str, str]:
    """A reason for whatever the checks warn of."""
    return {doubt.key: REASON for doubt in warnings_about(draft)}
