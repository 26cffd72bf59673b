"""What is settled anew after a reversal."""

from agency.models import User
from claims.models import Reversal, Settlement
from claims.services.reversal import approve_reversal, request_reversal
from members.models import Member
from tests.builder.reimbursements import ANSWERED


def taken_back(settlement: Settlement, maker: User, checker: User) -> Reversal:
    reversal = request_reversal(settlement, actor=maker, reason="wrong member")
    approve_reversal(reversal, actor=checker, today=ANSWERED)
    return reversal


def standing(member: Member) -> list[tuple[str, str]]:
    """The deductible and the pooled payment of every settlement that stands, in the order of settlement."""
    found = Settlement.objects.filter(member=member, reverses=None, reversed_by=None).order_by("pk")
    return [(str(each.deductible), str(each.pooled)) for each in found]


def anew(settlement: Settlement) -> Settlement:
    """What stands of its claim."""
    return Settlement.objects.get(claim=settlement.claim_id, reverses=None, reversed_by=None)


def differences(reversal: Reversal) -> list[str]:
    return [str(each.difference) for each in reversal.resettlements.order_by("pk")]
