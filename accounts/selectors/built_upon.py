"""What accounts build on the rows that files bring in."""

from collections.abc import Mapping, Sequence

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import EntryKind, LedgerEntry
from files.importing.outcomes import BuiltUpon
from members.models import Contribution


def credited(contributions: Sequence[int]) -> Mapping[int, str]:
    """Contributions whose month was credited since to their member's account."""
    posted = LedgerEntry.objects.filter(
        credit__member=OuterRef("member"), month=OuterRef("month"), kind=EntryKind.MONTHLY_CREDIT
    )
    months = Contribution.objects.filter(Exists(posted), pk__in=contributions).values_list("pk", "month")
    said = _("The month %(month)s was credited since. Correct the base instead.")
    return {pk: said % {"month": f"{month:%Y-%m}"} for pk, month in months}


BUILT_UPON = (BuiltUpon("contributions", credited),)
