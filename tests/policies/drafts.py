"""Drafts of a region's next rules, for the tests of what becomes of them."""

from datetime import date

from agency.models import User
from policies.engine.vocabulary import Benefit, InsuredStatus, Tier
from policies.models import PolicyVersion, ReimbursementRate
from policies.services.versions import draft_version
from tests.builder import REASON, region

TODAY = date(2024, 11, 20)
FIRST = date(2025, 1, 1)
KEY = (Benefit.GENERAL_OUTPATIENT, Tier.SECONDARY, InsuredStatus.ACTIVE)


def draft_of(
    slug: str, officer: User, *, first_day: date = FIRST, last_day: date | None = None, label: str = "new"
) -> PolicyVersion:
    """A draft from the region's newest version."""
    source = PolicyVersion.objects.filter(region=region(slug)).order_by("period").last()
    assert source is not None
    return draft_version(source, label=label, first_day=first_day, last_day=last_day, actor=officer, reason=REASON)


def rate_of(version: PolicyVersion) -> ReimbursementRate:
    """The general outpatient rate of active members at secondary institutions."""
    return ReimbursementRate.objects.get(version=version, benefit=KEY[0], tier=KEY[1], status=KEY[2])
