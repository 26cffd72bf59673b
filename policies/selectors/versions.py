"""Which version holds on a day."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet

from agency.models import PoolingRegion
from policies.engine.errors import PolicyNotInForce
from policies.engine.policy import Policy
from policies.engine.vocabulary import CreditSchedule
from policies.models import CreditRule, FigureState, LocalFigure, PolicyVersion, VersionState
from policies.selectors.building import build_policy

# Published versions and approved local figures never change, so what they make together is read once per process.
_published: dict[tuple[int, ...], Policy] = {}


def version_in_force(region: PoolingRegion, day: date) -> PolicyVersion:
    """The published version of a region on a day. PolicyNotInForce where there is none."""
    version = (
        PolicyVersion.objects.select_related("instrument", "region")
        .filter(region=region, state=VersionState.PUBLISHED, period__contains=day)
        .annotate(figure_ids=ArraySubquery(_figures_in_force(day)))
        .first()
    )
    if version is None:
        raise PolicyNotInForce(f"{region.slug} {day}")
    return version


def _figures_in_force(day: date) -> QuerySet[LocalFigure, int]:
    figures = LocalFigure.objects.filter(region=OuterRef("region"), state=FigureState.APPROVED, period__contains=day)
    return figures.order_by("pk").values_list("pk", flat=True)


def base_of(version: PolicyVersion) -> PolicyVersion | None:
    """What a version is compared with: the one it was copied from, otherwise the one before it."""
    if version.copied_from_id:
        return version.copied_from
    return (
        PolicyVersion.objects.filter(
            region_id=version.region_id,
            state=VersionState.PUBLISHED,
            period__startswith__lt=version.period.lower,
        )
        .order_by("-period")
        .first()
    )


def policy_of(version: PolicyVersion) -> Policy:
    """A version's rules, for the engine; with the local figures of the day where `version_in_force` found it."""
    if version.state != VersionState.PUBLISHED:
        return build_policy(version)
    figure_ids: list[int] = getattr(version, "figure_ids", [])
    key = (version.pk, *figure_ids)
    policy = _published.get(key)
    if policy is None:
        figures = list(LocalFigure.objects.filter(pk__in=figure_ids)) if figure_ids else []
        policy = _published[key] = build_policy(version, figures)
    return policy


def policy_in_force(region: PoolingRegion, day: date) -> Policy:
    """The rules of a region on a day. PolicyNotInForce where there are none."""
    return policy_of(version_in_force(region, day))


def months_in_advance(region: PoolingRegion, month: date) -> list[date]:
    """The months after this one, up to December, for which some member is credited in advance.

    month: a first day. A month without rules is left out.
    """
    ahead = CreditRule.objects.filter(
        version__region=region, version__state=VersionState.PUBLISHED, schedule=CreditSchedule.YEAR_IN_ADVANCE
    )
    # The month's last day decides, as for every credit (docs/interpretations/0030).
    lasts = [
        (date(month.year, later, 1), date(month.year, later, monthrange(month.year, later)[1]))
        for later in range(month.month + 1, 13)
    ]
    periods = list(ahead.values_list("version__period", flat=True).distinct())
    return [first for first, last in lasts if any(last in period for period in periods)]


def policies_in_force(region: PoolingRegion, days: Iterable[date]) -> dict[date, Policy]:
    """The rules of a region on each of these days; days without rules are left out. One query, two where the region has
    local figures, however many days.
    """
    approved = LocalFigure.objects.filter(region=region, state=FigureState.APPROVED).order_by("pk")
    versions = list(
        PolicyVersion.objects.select_related("instrument", "region")
        .filter(region=region, state=VersionState.PUBLISHED)
        .annotate(has_figures=Exists(approved))
    )
    figures = list(approved) if any(version.has_figures for version in versions) else []
    by_day = {}
    for day in set(days):
        version = next((each for each in versions if day in each.period), None)
        if version is not None:
            version.figure_ids = [each.pk for each in figures if day in each.period]  # type: ignore[attr-defined]
            by_day[day] = policy_of(version)
    return by_day
