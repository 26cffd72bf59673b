"""What the form of a new claim offers to begin with."""

from datetime import date, datetime, time
from typing import Any

from django.utils.timezone import make_aware

from claims.models import Claim
from members.models import Member


def last_provider_of(user: Any, today: date, member: str = "") -> int | None:
    """Id of the provider of the claim that this person registered last, today; None where they registered none.

    member: the id of the one whom the next claim is for, where it is known; of another region's provider, None.
    """
    registered: Any = Claim.history.filter(
        history_user=user, history_type="+", history_date__gte=make_aware(datetime.combine(today, time.min))
    )
    last = registered.order_by("-history_date", "-history_id").values("provider_id", "region_id").first()
    if last is None:
        return None
    if member.isdecimal() and not Member.objects.filter(pk=member, region=last["region_id"]).exists():
        return None
    found: int = last["provider_id"]
    return found
