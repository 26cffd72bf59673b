"""Worked cases of a region, and which of them a draft is meant to change."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.finality import TRACKED
from agency.history import HistoricalRecords
from policies.models import PolicyVersion


class WorkedCase(models.Model):
    """A visit of somebody described, with what it comes to by the regulation, calculated by hand.

    On a fixed day, or so many days after the first day of the draft that is tried. `facts` is the patient, what they
    used, the visit and its lines as `simulation.case_format` writes them; they are only ever read together. `expected`
    has amounts by name, yuan as text, or the reason of a refusal: what it does not name is not compared. A case that is
    withdrawn is tried no more and frees its name; nothing is deleted.
    """

    region_path: ClassVar[str] = "region"
    finality: ClassVar[Any] = TRACKED
    named_by: ClassVar[tuple[str, ...]] = ("name",)

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, related_name="worked_cases", verbose_name=_("pooling region")
    )
    name = models.CharField(_("name of the case"), max_length=120)
    served_on = models.DateField(_("served on"), null=True, blank=True)
    days_after_start = models.PositiveSmallIntegerField(_("days after the draft's first day"), null=True, blank=True)
    facts = models.JSONField(_("facts"))
    expected = models.JSONField(_("expected"))
    article = models.CharField(_("article"), max_length=32, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    written_by = models.ForeignKey("agency.User", models.PROTECT, related_name="+", verbose_name=_("written by"))
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("worked case")
        verbose_name_plural = _("worked cases")
        ordering = ("region_id", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"],
                condition=Q(is_withdrawn=False),
                name="a_worked_case_has_a_name_of_its_own_in_its_region",
            ),
            models.CheckConstraint(
                condition=Q(served_on__isnull=True) ^ Q(days_after_start__isnull=True),
                name="a_worked_case_is_on_a_day_or_after_the_drafts_first",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_worked_case_has_a_name"),
            models.CheckConstraint(condition=~Q(expected={}), name="a_worked_case_expects_something"),
        ]

    def __str__(self) -> str:
        return self.name

    def day_under(self, first_day: date) -> date:
        """The day of service where a version is tried that begins on first_day."""
        return self.served_on or first_day + timedelta(days=self.days_after_start or 0)


class ExpectedChange(models.Model):
    """That a draft is meant to change what a worked case comes to, and why; otherwise its change is a surprise.

    `digest` names the draft's rules and the case as they were (`simulation.services.case_runs`): an edit of either
    makes this stale, and the reason is asked for anew.
    """

    region_path: ClassVar[str] = "case__region"
    finality: ClassVar[Any] = TRACKED

    case = models.ForeignKey(WorkedCase, models.PROTECT, related_name="changes", verbose_name=_("worked case"))
    version = models.ForeignKey(
        PolicyVersion, models.PROTECT, related_name="expected_changes", verbose_name=_("policy version")
    )
    digest = models.CharField(max_length=64, editable=False)
    reason = models.CharField(_("reason"), max_length=100)
    marked_by = models.ForeignKey("agency.User", models.PROTECT, related_name="+", verbose_name=_("marked by"))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("expected change")
        verbose_name_plural = _("expected changes")
        ordering = ("version_id", "case_id")
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="a_change_is_expected_once_per_version"),
            models.CheckConstraint(condition=~Q(reason=""), name="an_expected_change_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.case} · {self.version}"
