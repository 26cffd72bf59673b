"""What the desk warns of beside the rooms: books that do not agree."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agency.admin.alerts import Alert
from agency.admin.formats import day
from agency.admin.views import page_url
from agency.models import Job, JobState, PoolingRegion

# The clock verifies every night; one night may be missed.
VERIFIED_WITHIN = timedelta(days=2)


def books_alerts(verifications: Iterable[tuple[PoolingRegion, Job | None]]) -> Iterable[Alert]:
    """Books that differ, and books that nobody has verified for days; of the last verification of each region."""
    for region, job in verifications:
        if job is not None and job.state == JobState.FAILED:
            differing = job.result.get("differences")
            sentence = (
                _("%(region)s: the verification of the books broke off.") % {"region": region}
                if differing is None
                else _("%(region)s: the books do not agree, %(count)s rows differ.")
                % {"region": region, "count": f"{differing:,}"}
            )
            yield Alert(sentence, differing or 1, "danger", page_url(job))
        elif _is_old(job):
            yield Alert(_not_verified(region, job), 1, "warning", reverse("admin:agency_job_verify_books"))


def _is_old(job: Job | None) -> bool:
    return job is None or (job.finished_at or job.created_at) < timezone.now() - VERIFIED_WITHIN


def _not_verified(region: PoolingRegion, job: Job | None) -> str:
    if job is None:
        return _("%(region)s: the books were never verified.") % {"region": region}
    when = day(timezone.localdate(job.finished_at or job.created_at))
    return _("%(region)s: the books were last verified on %(day)s.") % {"region": region, "day": when}
