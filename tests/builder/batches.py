"""A month of claims of one member, settled by workers."""

from datetime import date

from agency.models import Job, PoolingRegion, Role
from claims.models import Claim
from claims.services.batches import Place, queue_settlement, settle_chunk
from members.models import Member
from policies.engine.vocabulary import Tier
from providers.models import Provider
from tests import builder
from tests.builder.claims import a_claim

MARCH, TODAY = date(2023, 3, 1), date(2023, 4, 10)


class Desk:
    """A region with a member and a primary institution."""

    def __init__(self) -> None:
        self.region: PoolingRegion = builder.region("kaifeng")
        self.member: Member = builder.insured(self.region)
        builder.contributions(self.member, MARCH, MARCH)
        self.clinic: Provider = builder.a_provider(self.region)
        self.pharmacy: Provider = builder.a_provider(self.region, Tier.PHARMACY)
        self.clerk = builder.staff("clerk", Role.CLERK)

    def claim(self, number: str, day: int, provider: Provider | None = None, amount: str = "100.00") -> Claim:
        """A claim of one line in March."""
        where, on = provider or self.clinic, MARCH.replace(day=day)
        return a_claim(self.member, amount, provider=where, claim_number=number, served_on=on)

    def queue(self) -> Job:
        """A job; the message to the workers is sent when the test's transaction ends, which it never does."""
        return queue_settlement(self.region, today=TODAY, actor=self.clerk)

    def chunk(self, job: Job, after: Place | None = None) -> Place | None:
        """What a worker does with the job's next message."""
        return settle_chunk(Job.objects.get(pk=job.pk), today=TODAY, last_claim=2**60, after=after)
