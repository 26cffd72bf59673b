"""A simulation, and the parts in which workers do it."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agency.finality import QUEUED, Free


class SimulationState(models.TextChoices):
    """Queued: waits for a worker. Running: its parts are being done. Done: the report is there. Failed: a fault of the
    program. Cancelled: a person has ended it.
    """

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class Simulation(models.Model):
    """What a policy version would have cost in months that are over, on the members and claims as they were.

    The version is applied to the settled visits of the months and to their credits, whatever its own period, and
    compared with the law that was in force, or with `compared_with`. Nothing is settled or posted.

    `content_hash` and `compared_hash` are the digests of the rules that were calculated with: a version edited since
    makes the report stale. `result` holds the sums, yuan as text (`simulation.services.tallies`).
    """

    region_path: ClassVar[str] = "region"
    finality: ClassVar[Any] = Free("a calculation of what would have been")

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, related_name="+", verbose_name=_("pooling region")
    )
    version = models.ForeignKey(
        "policies.PolicyVersion", models.PROTECT, related_name="simulations", verbose_name=_("policy version")
    )
    compared_with = models.ForeignKey(
        "policies.PolicyVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("compared with"),
    )
    first_month = models.DateField(_("first month"))
    last_month = models.DateField(_("last month"))
    state = models.CharField(_("state"), max_length=16, choices=SimulationState.choices, default=SimulationState.QUEUED)
    job = models.ForeignKey("agency.Job", models.PROTECT, related_name="+", verbose_name=_("job"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("requested at"), auto_now_add=True)
    # The facts as they were known on this day: what is paid later counts as not paid.
    as_of = models.DateField(_("on the facts of"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    content_hash = models.CharField(max_length=64)
    compared_hash = models.CharField(max_length=64, blank=True)
    result = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("simulation")
        verbose_name_plural = _("simulations")
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(first_month__day=1, last_month__day=1, first_month__lte=F("last_month")),
                name="a_simulation_is_of_whole_months",
            ),
            models.CheckConstraint(
                condition=Q(compared_with__isnull=True) | ~Q(compared_with=F("version")),
                name="a_version_is_compared_with_another",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.version.label} {self.first_month:%Y-%m}–{self.last_month:%Y-%m}"


class PartState(models.TextChoices):
    """Waiting for a worker; done with its sums in one transaction."""

    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")


class SimulationPart(models.Model):
    """A range of member ids that one task does in one transaction, both ends inside; gone once the report is there."""

    region_path: ClassVar[str] = "simulation__region"
    finality: ClassVar[Any] = QUEUED

    simulation = models.ForeignKey(Simulation, models.CASCADE, related_name="parts")
    first_member = models.BigIntegerField()
    last_member = models.BigIntegerField()
    state = models.CharField(max_length=16, choices=PartState.choices, default=PartState.WAITING)
    result = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["simulation", "first_member"], name="parts_of_a_simulation_are_disjoint")
        ]

    def __str__(self) -> str:
        return f"{self.first_member}–{self.last_member}"
