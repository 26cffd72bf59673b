"""Long tasks and how far they are."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agency.finality import Free
from agency.scoping import region_or_everywhere


class JobState(models.TextChoices):
    """Queued by a person or the clock; running once a worker took it; done or failed at the end."""

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class Job(models.Model):
    """One long task: who asked, how far it is, what it said, how it ended.

    `done` and `total` count the job's own units (rows, chunks); `total` is 0 until it is known. The log and the result
    hold counts and row numbers, never personal data.
    """

    region_path: ClassVar[str] = region_or_everywhere("region")
    finality: ClassVar[Any] = Free("how far the work is; what it did is in rows of its own")

    kind = models.CharField(_("kind"), max_length=64)
    region = models.ForeignKey(
        "agency.PoolingRegion",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pooling region"),
    )
    state = models.CharField(_("state"), max_length=16, choices=JobState.choices, default=JobState.QUEUED)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("total"), default=0)
    log = models.TextField(_("log"), blank=True)
    result = models.JSONField(_("result"), default=dict, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requested by"),
    )
    # How its next step was sent to the workers, so that the clock can send it again; empty where nothing is sent.
    task = models.CharField(max_length=100, blank=True, editable=False)
    arguments = models.JSONField(default=list, blank=True, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("requested at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(total=0) | models.Q(done__lte=models.F("total")),
                name="job_never_does_more_than_its_total",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} {self.subject}".strip()

    @property
    def percent(self) -> int:
        """How far the job is, 0 to 100."""
        return self.percent_of(self.state, self.done, self.total)

    @staticmethod
    def percent_of(state: str, done: int, total: int) -> int:
        """The same of a job's columns."""
        if state == JobState.DONE:
            return 100
        return done * 100 // total if total else 0
