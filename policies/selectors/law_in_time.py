"""A region's law as it changed: what held when, and what each version changed."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from agency.models import PoolingRegion
from policies.models import AveragePension, FigureState, LocalFigure, PensionState, PolicyVersion, VersionState


@dataclass(frozen=True, slots=True)
class LawOfADay:
    """What held on a day: the published version (None where there was none) and the approved local figures."""

    day: date
    version: PolicyVersion | None
    figures: list[LocalFigure]


def law_of_a_day(region: PoolingRegion, day: date) -> LawOfADay:
    held = versions_in_time(region).filter(state=VersionState.PUBLISHED, period__contains=day).first()
    return LawOfADay(day, held, list(figures_in_time(region).filter(period__contains=day)))


def versions_in_time(region: PoolingRegion) -> QuerySet[PolicyVersion]:
    """All that are law or may become it, the earliest first."""
    shown = PolicyVersion.objects.exclude(state=VersionState.DISCARDED).filter(region=region)
    return shown.select_related("instrument", "drafted_by", "submitted_by", "decided_by").order_by("period", "pk")


def figures_in_time(region: PoolingRegion) -> QuerySet[LocalFigure]:
    """The approved local figures, the earliest first."""
    approved = LocalFigure.objects.filter(region=region, state=FigureState.APPROVED)
    return approved.select_related("submitted_by", "decided_by").order_by("period", "pk")


def pensions_in_time(region: PoolingRegion) -> QuerySet[AveragePension]:
    """The average pensions that hold or held, the earliest year first, a corrected one before the correction."""
    known = AveragePension.objects.filter(region=region, state__in=(PensionState.APPROVED, PensionState.SUPERSEDED))
    return known.select_related("submitted_by", "decided_by").order_by("year", "pk")
