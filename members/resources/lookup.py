"""The members that a file's rows are about, fetched for the whole file."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from agency.models import PoolingRegion
from files.importing.resource import Problem, fetch
from members.documents import possible_hashes
from members.models import Member

# What lists call these two numbers beside our own labels.
MEMBER_NUMBERS = ("人员编号", "个人编码", "医保编号")
IDENTITY_NUMBERS = (
    "身份证号",
    "身份证号码",
    "身份证",
    "公民身份号码",
    "公民身份证号码",
    "证件号",
    "证件号码",
    "身份证件号码",
    "有效证件号码",
)


class MemberLookup:
    """Members of one region by their number, or by the number of whatever document they have.

    Only what services ask of a member is fetched: decrypting the rest would take longer than everything else.
    """

    def __init__(self, region: PoolingRegion, numbers: Iterable[str] = (), identities: Iterable[str] = ()) -> None:
        """numbers and identities: as the file has them; empty ones are passed over."""
        members = Member.objects.filter(region=region).defer("identity_number", "phone").select_related("region")
        self.by_number: dict[str, Member] = {
            member.member_number: member for member in fetch(members, "member_number", filter(None, numbers))
        }
        hashes = (each for number in identities for each in possible_hashes(number))
        self.by_identity: dict[str, Member] = {
            member.identity_hash: member for member in fetch(members, "identity_hash", hashes)
        }

    def with_number(self, number: str) -> Member | None:
        """The member with a member number."""
        return self.by_number.get(number)

    def with_identity(self, number: str) -> list[Member]:
        """The members with an identity number; two where each has it in another kind of passport."""
        return [self.by_identity[each] for each in possible_hashes(number) if each in self.by_identity]


def unknown_member(column: str) -> Problem:
    """The problem of a row whose member the region does not have."""
    return Problem(column, _("The region has no such member. Import or register the member first."))
