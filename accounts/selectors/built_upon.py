"""What accounts build on the rows that files bring in."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from accounts.models import EntryKind, LedgerEntry
from files.importing.outcomes import BuiltUpon
from members.models import CivilServantBasis, Contribution, Enrollment
from policies.engine.vocabulary import CreditComponent

_CREDIT = EntryKind.MONTHLY_CREDIT


def credited(contributions: Sequence[int]) -> Mapping[int, str]:
    """Contributions whose month was credited since to their member's account."""
    posted = LedgerEntry.objects.filter(credit__member=OuterRef("member"), month=OuterRef("month"), kind=_CREDIT)
    months = Contribution.objects.filter(Exists(posted), pk__in=contributions).values_list("pk", "month")
    said = _("The month %(month)s was credited since. Correct the base instead.")
    return {pk: said % {"month": f"{month:%Y-%m}"} for pk, month in months}


def credited_since_enrolled(enrollments: Sequence[int]) -> Mapping[int, str]:
    """Enrollments during which a month was credited to their member's account."""
    posted = LedgerEntry.objects.filter(
        credit__member=OuterRef("member"), month__gte=OuterRef("first_month"), kind=_CREDIT
    )
    begun = Enrollment.objects.alias(first_month=TruncMonth(F("period__startswith")))
    return _credited_from(begun.filter(Exists(posted), pk__in=enrollments), "period__startswith")


def credited_since_based(bases: Sequence[int]) -> Mapping[int, str]:
    """Civil servants' bases of which a month's subsidy was credited to their member's account."""
    posted = LedgerEntry.objects.filter(
        credit__member=OuterRef("member"),
        month__gte=OuterRef("since"),
        component=CreditComponent.CIVIL_SERVANT,
        kind=_CREDIT,
    )
    return _credited_from(CivilServantBasis.objects.filter(Exists(posted), pk__in=bases), "since")


def _credited_from(rows: QuerySet[Any], first_day: str) -> Mapping[int, str]:
    said = _("Months from %(month)s on were credited since. Correct it on the member's page instead.")
    return {pk: said % {"month": f"{day:%Y-%m}"} for pk, day in rows.values_list("pk", first_day)}


BUILT_UPON = (
    BuiltUpon("contributions", credited),
    BuiltUpon("enrollments", credited_since_enrolled),
    BuiltUpon("retirements", credited_since_enrolled),
    BuiltUpon("civil_servant_bases", credited_since_based),
)
