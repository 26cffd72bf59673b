"""A version that is published for days that are over, and the batch that settles anew what it concerns."""

from datetime import date
from decimal import Decimal

from agency.models import User
from claims.models import ResettlementBatch
from claims.services.resettlement_batches import approve_batch, draft_batch, submit_batch
from claims.tasks import work_on_resettlements
from policies.engine.vocabulary import Benefit, InsuredStatus, Tier
from policies.models import PolicyVersion, ReimbursementRate
from policies.services.rule_changes import change_rule
from policies.services.versions import draft_version, publish_version, submit_version
from tests.builder.law import explained
from tests.builder.people import region, retiree
from tests.builder.settlements import settled
from tests.builder.staff import REASON, staff

FIRST_DAY = date(2023, 7, 1)
KNOWN = date(2023, 10, 9)


def published(
    maker: User,
    checker: User,
    slug: str = "pingliang",
    *,
    rate: str = "0.75",
    tier: Tier = Tier.PRIMARY,
    status: InsuredStatus = InsuredStatus.RETIRED,
    first_day: date = FIRST_DAY,
    today: date = KNOWN,
) -> PolicyVersion:
    """Another general outpatient rate, known only when its first days are over."""
    draft = waiting(maker, slug, rate=rate, tier=tier, status=status, first_day=first_day)
    publish_version(draft, actor=checker, today=today, reason=REASON)
    draft.refresh_from_db()
    return draft


def waiting(
    maker: User,
    slug: str = "pingliang",
    *,
    rate: str = "0.75",
    tier: Tier = Tier.PRIMARY,
    status: InsuredStatus = InsuredStatus.RETIRED,
    first_day: date = FIRST_DAY,
) -> PolicyVersion:
    """The same, waiting for another person to publish it."""
    source = PolicyVersion.objects.filter(region=region(slug)).order_by("period").last()
    assert source is not None
    draft = draft_version(source, label="late", first_day=first_day, last_day=None, actor=maker, reason=REASON)
    row = ReimbursementRate.objects.get(version=draft, benefit=Benefit.GENERAL_OUTPATIENT, tier=tier, status=status)
    change_rule(row, {"rate": Decimal(rate)}, actor=maker, reason=REASON)
    submit_version(draft, actor=maker, reasons=explained(draft))
    draft.refresh_from_db()
    return draft


def worked_on(batch: ResettlementBatch) -> ResettlementBatch:
    """As workers do: one message after the other, until nothing is left."""
    batch.refresh_from_db()
    job = batch.job
    assert job is not None
    arguments: list[int] = []
    while job.arguments != arguments:
        arguments = job.arguments
        work_on_resettlements(job.pk, *arguments)
        job.refresh_from_db()
    batch.refresh_from_db()
    return batch


def planned(version: PolicyVersion, maker: User) -> ResettlementBatch:
    """A draft to look at."""
    return worked_on(draft_batch(version, actor=maker, reason=REASON))


def settled_anew(version: PolicyVersion, maker: User, checker: User) -> ResettlementBatch:
    """The whole way."""
    batch = submit_batch(planned(version, maker), actor=maker)
    return worked_on(approve_batch(batch, actor=checker))


def years_of(batch: ResettlementBatch) -> list[tuple[str, str]]:
    """The state and the difference of each of its members' years."""
    return [(each.state, str(each.difference)) for each in batch.years.order_by("member", "year")]


def concerning_a_visit(maker: User) -> PolicyVersion:
    """The version, after a retiree's visit of its days was settled: 400.00, for which 10.00 are due now."""
    settled(retiree(), "400.00", served_on=FIRST_DAY)
    return published(maker, staff("publisher"))
