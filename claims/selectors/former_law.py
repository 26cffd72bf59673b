"""Settlements of days for which another version was published since: they rest on the law that held before."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet, Sum
from django.db.models.functions import Coalesce, ExtractYear

from claims.models import BatchState, BatchYear, ResettlementBatch, Settlement, YearState
from claims.selectors.resettlements import standing
from policies.models import PolicyVersion

# What a batch has found to come out the same, or settled anew, is done with; what it left out or skipped is not.
_DONE_WITH = (YearState.SAME, YearState.SETTLED)
OPEN = (BatchState.PLANNING, BatchState.DRAFT, BatchState.SUBMITTED, BatchState.SETTLING)


@dataclass(frozen=True, slots=True)
class FormerLaw:
    """How many settlements, of how many members, stand under the law that held before; what the funds paid, yuan."""

    settlements: int
    members: int
    pooled: Decimal


def of_former_law(version: PolicyVersion) -> QuerySet[Settlement]:
    """Those that stand, of days of the version, made under another one, and that no batch has dealt with."""
    dealt_with = BatchYear.objects.filter(
        batch__version=version, member=OuterRef("member"), year=OuterRef("of_year"), state__in=_DONE_WITH
    ).exclude(batch__state__in=OPEN)
    rows: Any = standing()
    found: QuerySet[Settlement] = (
        rows.filter(member__region=version.region_id, served_on__contained_by=version.period)
        .exclude(version=version)
        .annotate(of_year=ExtractYear("served_on", output_field=IntegerField()))
        .exclude(Exists(dealt_with))
    )
    return found


def former_law(version: PolicyVersion) -> FormerLaw:
    """How much of it there is; also for one that is not published yet."""
    found = of_former_law(version).aggregate(
        settlements=Count("pk"),
        members=Count("member", distinct=True),
        pooled=Sum(F("pooled") + F("pooled_inpatient"), default=Decimal("0.00")),
    )
    return FormerLaw(**found)


def years_of_former_law(version: PolicyVersion) -> list[tuple[int, int]]:
    """The members' years that have such settlements: the member's id, and the year."""
    rows: Any = of_former_law(version)
    return list(rows.order_by("member", "of_year").values_list("member", "of_year").distinct())


def places_of_former_law(version: PolicyVersion, member_id: int, year: int) -> list[int]:
    """The places in the order of settlement of those of a member's year."""
    rows: Any = of_former_law(version)
    found = rows.filter(member=member_id, of_year=year)
    return list(found.values_list(Coalesce("in_place_of", "pk"), flat=True))


def open_batch(version: PolicyVersion) -> ResettlementBatch | None:
    """The batch that is being made of them; there is one at most."""
    return ResettlementBatch.objects.filter(version=version, state__in=OPEN).first()
