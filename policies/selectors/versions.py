"""Which version holds on a day."""

from datetime import date

from agency.models import PoolingRegion
from policies.engine.errors import PolicyNotInForce
from policies.engine.policy import Policy
from policies.models import PolicyVersion, VersionState
from policies.selectors.building import build_policy

# Published versions never change, so their rules are read once per process.
_published: dict[int, Policy] = {}


def version_in_force(region: PoolingRegion, day: date) -> PolicyVersion:
    """The published version of a region on a day. PolicyNotInForce where there is none."""
    version = (
        PolicyVersion.objects.select_related("instrument", "region")
        .filter(region=region, state=VersionState.PUBLISHED, period__contains=day)
        .first()
    )
    if version is None:
        raise PolicyNotInForce(f"{region.slug} {day}")
    return version


def policy_of(version: PolicyVersion) -> Policy:
    """A version's rules, for the engine."""
    if version.state != VersionState.PUBLISHED:
        return build_policy(version)
    found = _published.get(version.pk)
    if found is None:
        found = _published[version.pk] = build_policy(version)
    return found


def policy_in_force(region: PoolingRegion, day: date) -> Policy:
    """The rules of a region on a day. PolicyNotInForce where there are none."""
    return policy_of(version_in_force(region, day))
