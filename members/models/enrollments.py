"""Enrollments (参保): scheme, employment and status over time."""

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.finality import TRACKED_AND_TAKEN_BACK
from agency.history import HistoricalRecords
from policies.engine.vocabulary import AccountScheme, Employment, InsuredStatus
from policies.labels import choices, label


class Enrollment(models.Model):
    """How a member is insured over a period (its upper end is excluded; open while it holds).

    A change of scheme, employment or status ends one enrollment and begins the next. `had_account_before` tells
    retirees who never had a personal account from the others (Zaozhuang 7).
    """

    region_path: ClassVar[str] = "member__region"
    finality: ClassVar[Any] = TRACKED_AND_TAKEN_BACK

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="enrollments", verbose_name=_("member"))
    period = DateRangeField(_("in force"))
    scheme = models.CharField(_("scheme"), max_length=16, choices=choices(AccountScheme))
    employment = models.CharField(_("employment"), max_length=16, choices=choices(Employment))
    status = models.CharField(_("status"), max_length=16, choices=choices(InsuredStatus))
    had_account_before = models.BooleanField(_("had a personal account before"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("enrollment")
        verbose_name_plural = _("enrollments")
        ordering = ("member_id", "period")
        constraints = [
            ExclusionConstraint(
                name="enrollments_of_a_member_never_overlap",
                expressions=[("member", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False) & Q(period__lower_inf=False),
                name="an_enrollment_has_a_first_day",
            ),
        ]

    def __str__(self) -> str:
        return self.named(self.scheme, self.employment, self.status)

    @staticmethod
    def named(scheme: str, employment: str, status: str) -> str:
        """Scheme, employment and status in the active language."""
        words = label(scheme, AccountScheme), label(employment, Employment), label(status, InsuredStatus)
        return " · ".join(words)
