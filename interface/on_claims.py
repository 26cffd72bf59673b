"""What live visits have to do with claims: one may have been settled again under another number."""

from collections.abc import Collection

from agency.models import PoolingRegion
from claims.models import Claim, ClaimState
from claims.rooms_above import RoomAbove
from interface.models import VisitClaim


class LiveVisits(RoomAbove):
    def settled_again(self, region: PoolingRegion, numbers: Collection[str]) -> dict[str, Claim]:
        """The newest claim of each visit that stands; a file knows the visit by its own number."""
        rows = VisitClaim.objects.filter(visit__number__in=numbers, claim__state=ClaimState.SETTLED)
        found = rows.filter(claim__region=region).select_related("visit", "claim").order_by("pk")
        return {each.visit.number: each.claim for each in found}
