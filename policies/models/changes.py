"""Changes of law that reach back into months already credited."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from agency.finality import kept


class LawChangeCause(models.TextChoices):
    """A new average pension, or a version published for days that are over."""

    AVERAGE_PENSION = "average_pension", _("average pension")
    POLICY_VERSION = "policy_version", _("policy version")


class LawChange(models.Model):
    """Every member of the region may be due another credit for the months from `first_month` on.

    Pending until the next credit run takes it up.
    """

    region_path: ClassVar[str] = "region"

    region = models.ForeignKey("agency.PoolingRegion", models.CASCADE, related_name="law_changes")
    first_month = models.DateField(_("from month"))
    last_month = models.DateField(_("until month"), null=True)
    cause = models.CharField(_("cause"), max_length=32, choices=LawChangeCause.choices)
    pending = models.BooleanField(_("waits for the next credit run"), default=True)
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("change of law")
        verbose_name_plural = _("changes of law")
        indexes = [
            models.Index(fields=["region"], condition=models.Q(pending=True), name="pending_law_changes"),
        ]
        triggers = kept(always=("pending",))

    def __str__(self) -> str:
        return f"{self.get_cause_display()} {self.first_month:%Y-%m}"
