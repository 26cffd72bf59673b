"""Settling anew what a version published for past days concerns: drafted, submitted by one person, approved by another.

What comes out otherwise is calculated by workers before anybody submits it, and settled anew by workers once it is
approved (`claims.services.batch_work`), member by member.
"""

import hashlib
import json
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agency.exceptions import DomainError, SubmissionVoided
from agency.models import JobState, User
from agency.services.approval import note_author
from agency.services.history import tracked_save
from agency.services.jobs import queue_job, send_job
from agency.services.moves import arrive, decide, locked, refuse, submit
from claims.models import BatchState, BatchYear, ResettlementBatch, YearState
from claims.selectors.former_law import OPEN, years_of_former_law
from claims.services.batch_plans import comes_out_as_planned
from policies.models import PolicyVersion, VersionState

ZERO = Decimal("0.00")
TASK = "claims.tasks.work_on_resettlements"
_LIST_AT_ONCE = 5000
# Years that are calculated once more before an approval, until one is found that comes out as planned.
_LOOKED_AT = 100


def _payload(batch: ResettlementBatch) -> dict[str, Any]:
    """What a second person decides on; of the years a digest, for there may be a hundred thousand."""
    digest = hashlib.sha256()
    years = batch.years.order_by("pk").values_list("member", "year", "state", "plan", "sentence")
    for row in years.iterator():
        digest.update(json.dumps(row, sort_keys=True).encode())
    return {
        "version": batch.version_id,
        "reason": batch.reason,
        "left_out_for": batch.left_out_for,
        "years": digest.hexdigest(),
    }


@transaction.atomic
def draft_batch(version: PolicyVersion, *, actor: User, reason: str) -> ResettlementBatch:
    """List what was settled under the law that held before, and have workers calculate it anew.

    DomainError without a reason, for a version that is not published, where nothing of it was settled before or a batch
    of it is open.
    """
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."))
    version = PolicyVersion.objects.select_for_update(of=("self",), no_key=True).get(pk=version.pk)
    if version.state != VersionState.PUBLISHED:
        raise DomainError(_("Only what a published version concerns is settled anew."))
    if ResettlementBatch.objects.filter(version=version, state__in=OPEN).exists():
        raise DomainError(_("A batch of this version is open already. Finish or discard it first."))
    batch = ResettlementBatch(region=version.region, version=version, reason=reason.strip())
    note_author(batch, actor.pk)
    tracked_save(batch, actor, reason)
    if not _list_years(batch):
        raise DomainError(_("No settlement of its days was made under the law that held before."))
    _send(batch, "plan_resettlements", actor)
    tracked_save(batch, actor, "listed")
    return batch


@transaction.atomic
def plan_again(batch: ResettlementBatch, *, actor: User, reason: str = "") -> ResettlementBatch:
    """Forget what was calculated and have it calculated as everything is now, such as after a correction."""
    batch = locked(batch, "plan_again", "version", "region")
    batch.years.all().delete()
    batch.left_out_for, batch.concerned, batch.difference, batch.pooled_difference = "", 0, ZERO, ZERO
    note_author(batch, actor.pk)
    if not _list_years(batch):
        raise DomainError(_("No settlement of its days was made under the law that held before."))
    _send(batch, "plan_resettlements", actor)
    return arrive(batch, actor, reason.strip() or "calculated again")


@transaction.atomic
def leave_out(batch: ResettlementBatch, *, actor: User, reason: str) -> ResettlementBatch:
    """Leave the years that cannot be calculated to a later batch; the reason is required.

    DomainError where all can be calculated.
    """
    batch = locked(batch, "leave_out")
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."))
    if not batch.years.filter(state=YearState.FAULTY).update(state=YearState.LEFT_OUT):
        raise DomainError(_("Everything of this batch can be calculated."))
    batch.left_out_for = reason.strip()
    note_author(batch, actor.pk)
    return arrive(batch, actor, reason)


@transaction.atomic
def submit_batch(batch: ResettlementBatch, *, actor: User) -> ResettlementBatch:
    """Hand the batch to another person.

    DomainError while a year of it cannot be calculated and is not left out, and where nothing comes out otherwise.
    """
    batch = locked(batch, "submit")
    faulty = batch.years.filter(state=YearState.FAULTY).count()
    if faulty:
        raise DomainError(
            ngettext(
                "%(count)s member's year cannot be calculated. Correct its claims and calculate again, or leave it "
                "out.",
                "%(count)s members' years cannot be calculated. Correct their claims and calculate again, or leave "
                "them out.",
                faulty,
            )
            % {"count": faulty}
        )
    if not batch.concerned:
        raise DomainError(_("Nothing comes out otherwise under the new version. Discard the batch."))
    return submit(batch, _payload(batch), actor)


@transaction.atomic
def approve_batch(batch: ResettlementBatch, *, actor: User, reason: str = "", seen: str = "") -> ResettlementBatch:
    """Have workers settle anew what was submitted, member by member.

    SamePersonDecides; SubmissionVoided where it is not what was submitted or seen, and where none of its first years
    comes out as planned any more. A year that comes out otherwise by the time its turn comes stays as it is and belongs
    to the next batch.
    """
    batch = locked(batch, "approve", "version", "region")
    decide(batch, _payload(batch), actor, reason, seen)
    first = batch.years.filter(state=YearState.OTHERWISE).order_by("pk")[:_LOOKED_AT]
    if not any(comes_out_as_planned(batch, year) for year in first):
        raise SubmissionVoided(
            _("By now it comes out otherwise than when it was calculated. Refuse it and draft it again.")
        )
    _send(batch, "settle_anew", actor)
    return arrive(batch, actor, reason or batch.reason)


def refuse_batch(batch: ResettlementBatch, *, actor: User, reason: str, seen: str = "") -> ResettlementBatch:
    """Leave every settlement as it is; the reason is required. What it listed may be drafted again."""
    return refuse(batch, actor=actor, reason=reason, seen=seen)


@transaction.atomic
def discard_batch(batch: ResettlementBatch, *, actor: User, reason: str) -> ResettlementBatch:
    """Give up a batch that nobody has submitted; the reason is required."""
    batch = locked(batch, "discard")
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."))
    return arrive(batch, actor, reason)


@transaction.atomic
def go_on(batch: ResettlementBatch, *, actor: User, reason: str = "") -> ResettlementBatch:
    """Queue the work again that broke off. What is done stays done; nothing where it is still being worked on."""
    batch = locked(batch, "go_on", "region")
    if batch.job is None or batch.job.state in (JobState.FAILED, JobState.DONE):
        _send(batch, "plan_resettlements" if batch.state == BatchState.PLANNING else "settle_anew", actor)
    return arrive(batch, actor, reason.strip() or "queued again")


def _list_years(batch: ResettlementBatch) -> int:
    """A row for each member's year; returns how many."""
    listed = [
        BatchYear(batch=batch, member_id=member, year=year) for member, year in years_of_former_law(batch.version)
    ]
    BatchYear.objects.bulk_create(listed, batch_size=_LIST_AT_ONCE)
    return len(listed)


def _send(batch: ResettlementBatch, kind: str, actor: User) -> None:
    batch.job = queue_job(kind, region=batch.region, actor=actor, subject=str(batch))
    send_job(batch.job, TASK, batch.pk, 0)
