"""Files of direct settlements: taken in, gone on with where they were left, their differences reviewed."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import PurePath
from typing import IO

from celery import current_app
from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed, NotPermitted
from agency.models import Job, JobState, PoolingRegion, User
from agency.services.cases import let_go
from agency.services.jobs import queue_job
from clearing.models import SettledChunk, SettledFile, SettledRecord
from clearing.services.file_text import headings_known_in, opened_rows

JOB = "settled_file"
TASK = "clearing.tasks.read_settled_file"
LARGEST_MB: int = settings.UPLOAD_MEGABYTES["settled_file"]
# A chunk takes some seconds. Where none was done for this long, and something is left, its message or worker was lost;
# where it was not, a chunk that is sent twice is passed by.
STALE_AFTER = timedelta(seconds=30)
_PIECE = 1024 * 1024
_NAME_LENGTH = 120


def take_file(region: PoolingRegion, *, content: IO[bytes], name: str, today: date, actor: User | None) -> SettledFile:
    """Keep a file of settled records (CSV of at most 500 MB, or a workbook) and have the workers settle them.

    today: the day of settlement. name: the file's own name, shown to people only. NotPermitted where the actor may not
    take files for the region; DomainError for a file that is too large, whose header lacks a column, or that was taken
    before.
    """
    if actor is not None and not actor.has_perm("clearing.add_settledfile", region):
        raise NotPermitted(_("You may not import this in %(region)s.") % {"region": region})
    digest = _checked_digest(content, headings_known_in(region.pk))
    refuse_taken(region, digest)
    with transaction.atomic():
        shown = _shown_name(name)
        job = queue_job(JOB, region=region, actor=actor, subject=shown)
        file = SettledFile(region=region, name=shown, digest=digest, job=job, settled_on=today, uploaded_by=actor)
        content.seek(0)
        file.file.save("settled.csv", File(content), save=False)
        try:
            file.save()
        except BaseException:
            # Without its row nobody would ever find the file again.
            file.file.delete(save=False)
            raise
        _send(file)
    return file


def refuse_taken(region: PoolingRegion, digest: str) -> None:
    """DomainError where the region has taken the content with this digest before."""
    earlier = SettledFile.objects.filter(region=region, digest=digest).first()
    if earlier is not None:
        raise DomainError(_("This file was taken before, as %(name)s.") % {"name": earlier.name}, field="content")


def _checked_digest(content: IO[bytes], known: Mapping[str, str]) -> str:
    """The SHA-256 of the content. DomainError where it is too large or its header does not name the columns."""
    hashed, size = hashlib.sha256(), 0
    content.seek(0)
    while piece := content.read(_PIECE):
        size += len(piece)
        if size > LARGEST_MB * 1024**2:
            raise DomainError(_("The file is larger than %(size)s MB.") % {"size": LARGEST_MB}, field="content")
        hashed.update(piece)
    with opened_rows(content, known):
        return hashed.hexdigest()


def _shown_name(name: str) -> str:
    """The file's name without folders and without signs that do not print."""
    last = PurePath(name.replace("\\", "/")).name
    return "".join(sign for sign in last if sign.isprintable()).strip()[-_NAME_LENGTH:] or "settled.csv"


def _send(file: SettledFile) -> None:
    # Sent by name: tasks stand above services.
    transaction.on_commit(lambda: current_app.send_task(TASK, args=[file.pk]), robust=True)


@transaction.atomic
def continue_file(file: SettledFile, *, actor: User) -> None:
    """Go on with a file that broke off; what is settled stays. MoveNotAllowed for one that did not."""
    job = Job.objects.select_for_update(of=("self",), no_key=True).get(pk=file.job_id)
    if job.state != JobState.FAILED:
        raise MoveNotAllowed(_("This file did not break off."))
    job.state = JobState.RUNNING if file.chunks.exists() else JobState.QUEUED
    job.finished_at = None
    job.save(update_fields=["state", "finished_at"])
    _send(file)


def lost_files(now: datetime) -> list[int]:
    """Ids of the files with something left to do that nobody does: no chunk of any file was done for STALE_AFTER."""
    since = now - STALE_AFTER
    if SettledChunk.objects.filter(done_at__gte=since).exists():
        return []
    queued = Q(job__state=JobState.QUEUED, job__created_at__lt=since)
    running = Q(job__state=JobState.RUNNING, job__started_at__lt=since)
    return list(SettledFile.objects.filter(queued | running).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def review_difference(record: SettledRecord, *, finding: str, actor: User) -> SettledRecord:
    """Record what somebody found out about a difference, once.

    DomainError without a finding, or where nothing differs; MoveNotAllowed for one that was reviewed.
    """
    if not finding.strip():
        raise DomainError(_("Say what you found."), field="finding")
    record = SettledRecord.objects.select_for_update(of=("self",), no_key=True).get(pk=record.pk)
    if not record.differs:
        raise DomainError(_("Both calculations agree; there is nothing to review."))
    if record.reviewed_by_id is not None:
        raise MoveNotAllowed(_("Somebody has reviewed this difference already."))
    record.finding, record.reviewed_by, record.reviewed_at = finding.strip()[:300], actor, timezone.now()
    record.save(update_fields=["finding", "reviewed_by", "reviewed_at"])
    if not record.file.records.filter(differs=True, reviewed_by__isnull=True).exists():
        let_go(record.file, actor)
    return record
