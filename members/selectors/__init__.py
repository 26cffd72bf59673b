"""Questions about members."""

from datetime import date

from agency.fields import search_hash
from agency.models import PoolingRegion
from members.models import Enrollment, Member


def find_by_identity(region: PoolingRegion, identity_number: str) -> Member | None:
    """The region's member with this identity number."""
    return Member.objects.filter(region=region, identity_hash=search_hash(identity_number)).first()


def enrollment_on(member: Member, day: date) -> Enrollment | None:
    """The member's enrollment in force on a day; none after death."""
    if member.died_on is not None and day > member.died_on:
        return None
    return Enrollment.objects.filter(member=member, period__contains=day).first()
