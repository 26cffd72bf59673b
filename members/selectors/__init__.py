"""Questions about members."""

from datetime import date

from agency.models import PoolingRegion
from members.documents import possible_hashes
from members.models import Enrollment, Member


def find_by_identity(region: PoolingRegion, identity_number: str) -> Member | None:
    """The region's member with this number of whatever document; None as well where there are two."""
    found = Member.objects.filter(region=region, identity_hash__in=possible_hashes(identity_number))[:2]
    return found[0] if len(found) == 1 else None


def enrollment_on(member: Member, day: date) -> Enrollment | None:
    """The member's enrollment in force on a day; none after death."""
    if member.died_on is not None and day > member.died_on:
        return None
    return Enrollment.objects.filter(member=member, period__contains=day).first()
