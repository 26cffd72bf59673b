"""Settling a region's registered claims, one after the other, as a job."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from django.db import OperationalError, transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import Job, JobState, PoolingRegion, User
from agency.services.jobs import fail_job, finish_job, log_job, queue_job, send_job, start_job, tally_job
from claims.models import Claim, ClaimState, SettlementChannel
from claims.services.settlement import settle_claims
from policies.engine.errors import MissingLaw
from policies.engine.outcome import Refusal

TASK = "claims.tasks.settle_registered_claims"
# A worker that dies takes at most this many claims' progress with it into the next attempt, in well under a minute.
CHUNK_SIZE = 200
SETTLED, REFUSED, LEFT = "settled", "refused", "left_registered"


class Place(NamedTuple):
    """Where a chunk ended: the last claim's day of service and id."""

    served_on: date
    claim_id: int


def _open_claims(region_id: int | None) -> QuerySet[Claim]:
    """Direct settlements that wait; a manual claim waits for the approval of its reimbursement instead."""
    return Claim.objects.filter(region_id=region_id, state=ClaimState.REGISTERED, channel=SettlementChannel.DIRECT)


def registered_claims(region: PoolingRegion) -> int:
    """How many claims of a region wait to be settled; manual ones wait for a decision and do not count."""
    return _open_claims(region.pk).count()


@transaction.atomic
def queue_settlement(region: PoolingRegion, *, today: date, actor: User | None) -> Job:
    """Have the workers settle the region's claims that are registered now, in the order of service; later ones wait.

    today: the day of settlement. The job counts claims; its result says how many were settled and refused, and how
    many could be neither and stay registered, each with a line in the log.
    """
    last_claim = _open_claims(region.pk).aggregate(last=Max("pk"))["last"] or 0
    job = queue_job("settle_claims", region=region, actor=actor)
    send_job(job, TASK, today.isoformat(), last_claim, None, 0)
    return job


def settle_chunk(job: Job, *, today: date, last_claim: int, after: Place | None) -> Place | None:
    """Settle the next CHUNK_SIZE of the job's claims in one transaction.

    last_claim: the highest id that belongs to the job. after: where the chunk before ended. Returns where this one
    ended, None when no claim is left; then the job is finished. Doing it again finds the claims settled and changes
    nothing.
    """
    if job.state == JobState.QUEUED:
        start_job(job, total=_waiting(job, last_claim).count())
    claims = _next_claims(job, last_claim, after)
    try:
        _settle(claims, job, today)
    except (OSError, OperationalError):
        # The database or the network is away: the task is tried again.
        raise
    except Exception:
        fail_job(job, _("The settlement broke off because of a fault in the program. Queue it again."))
        raise
    if len(claims) == CHUNK_SIZE:
        return Place(claims[-1].served_on, claims[-1].pk)
    _finish(job, last_claim)
    return None


def _waiting(job: Job, last_claim: int) -> QuerySet[Claim]:
    return _open_claims(job.region_id).filter(pk__lte=last_claim)


def _next_claims(job: Job, last_claim: int, after: Place | None) -> list[Claim]:
    waiting = _waiting(job, last_claim)
    if after is not None:
        later = Q(served_on__gt=after.served_on) | Q(served_on=after.served_on, pk__gt=after.claim_id)
        waiting = waiting.filter(later)
    return list(waiting.select_related("member__region", "provider").order_by("served_on", "pk")[:CHUNK_SIZE])


@transaction.atomic
def _settle(claims: list[Claim], job: Job, today: date) -> None:
    """Settle claims and count them together, so that a second worker with the same chunk neither settles nor counts
    them again.
    """
    counts: Counter[str] = Counter()
    for claim, outcome in zip(claims, settle_claims(claims, today=today, actor=job.requested_by), strict=True):
        if isinstance(outcome, MoveNotAllowed):
            # Settled at the desk in between, which is as good.
            continue
        if isinstance(outcome, DomainError):
            log_job(job, f"{claim.claim_number}: {outcome}")
        elif isinstance(outcome, MissingLaw):
            log_job(job, _("%(number)s: the rules in force do not decide this claim.") % {"number": claim.claim_number})
        else:
            counts[REFUSED if isinstance(outcome, Refusal) else SETTLED] += 1
    tally_job(job, counts)


def _finish(job: Job, last_claim: int) -> None:
    with transaction.atomic():
        job = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
        if job.state != JobState.RUNNING:
            return
        left = _waiting(job, last_claim).count()
        if left:
            log_job(job, _("%(count)s claims could not be settled and stay registered.") % {"count": left})
        finish_job(job, job.result | {LEFT: left})
