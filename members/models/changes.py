"""What changed about a member's months: the credit runs take these up."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from agency.finality import QUEUED


class ChangeCause(models.TextChoices):
    """Why a month may be due another credit."""

    CONTRIBUTION = "contribution", _("contribution")
    ENROLLMENT = "enrollment", _("enrollment")
    DEATH = "death", _("death")
    CIVIL_SERVANT_BASIS = "civil_servant_basis", _("civil servant basis")
    OLD_STANDARD = "old_standard", _("old standard")
    CONTRIBUTION_MONTHS = "contribution_months", _("contribution months")
    RECOVERY = "recovery", _("recovery")


class EntitlementChange(models.Model):
    """The months of one member whose credit may differ, from a fact that became known on `known_on`.

    A queue: the first credit run on or after that day takes the row away, and keeps the months it has to look at again
    as marks of its own. `last_month` is empty where every later month is touched.
    """

    region_path: ClassVar[str] = "member__region"
    finality: ClassVar[Any] = QUEUED

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="entitlement_changes")
    first_month = models.DateField(_("from month"))
    last_month = models.DateField(_("until month"), null=True)
    cause = models.CharField(_("cause"), max_length=32, choices=ChangeCause.choices)
    known_on = models.DateField(_("known on"))

    class Meta:
        verbose_name = _("change of entitlement")
        verbose_name_plural = _("changes of entitlement")

    def __str__(self) -> str:
        return f"{self.get_cause_display()} {self.first_month:%Y-%m}"
