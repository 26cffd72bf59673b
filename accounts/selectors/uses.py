"""What an account may pay for family, and whom it pays for."""

from datetime import date

from accounts.models import DecisionState, FamilyUseAuthorization
from agency.models import PoolingRegion
from members.models import Member
from policies.engine.spending import account_use
from policies.engine.vocabulary import Beneficiary, Purpose, UseRule
from policies.selectors.versions import policy_in_force


def family_uses(region: PoolingRegion, day: date, *, rules: frozenset[UseRule]) -> list[Purpose]:
    """The purposes for which the region's rules on family use are among these. PolicyNotInForce without rules."""
    policy = policy_in_force(region, day)
    return [purpose for purpose in Purpose if account_use(policy, purpose, Beneficiary.FAMILY).rule in rules]


def is_authorized(holder: Member, relative: Member, day: date, purpose: Purpose) -> bool:
    """Whether the holder has an approved authorization for the relative on a day that covers the purpose."""
    return FamilyUseAuthorization.objects.filter(
        holder=holder,
        relative=relative,
        state=DecisionState.APPROVED,
        period__contains=day,
        scopes__contains=[purpose],
    ).exists()


def is_of_another_province(authorization: FamilyUseAuthorization) -> bool:
    """Whether relative and holder belong to regions of different provinces: the first two digits of a division code.

    Baoshan 18 expects relatives of the same province in principle (docs/interpretations/0047).
    """
    return authorization.relative.region.admdvs[:2] != authorization.holder.region.admdvs[:2]
