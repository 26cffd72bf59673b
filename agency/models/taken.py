"""Who is at which of the cases that wait."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from agency.finality import TRACKED_AND_TAKEN_BACK
from agency.history import HistoricalRecords
from agency.scoping import region_or_everywhere


class TakenCase(models.Model):
    """One person has taken what waits for a permission about one row, so that no two do it at once.

    `row` names it by its model and its key ("members.diseaseregistration:17"). It goes once the row has moved on, is
    given back, or changes hands; the history keeps who had it, and why not any more.
    """

    region_path: ClassVar[str] = region_or_everywhere("region")
    finality: ClassVar[Any] = TRACKED_AND_TAKEN_BACK

    row = models.CharField(_("case"), max_length=120)
    permission = models.CharField(max_length=100)
    region = models.ForeignKey(
        "agency.PoolingRegion", models.CASCADE, null=True, related_name="+", verbose_name=_("pooling region")
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="taken_cases", verbose_name=_("taken by")
    )
    since = models.DateTimeField(_("since"))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("taken case")
        verbose_name_plural = _("taken cases")
        permissions = [("hand_over_takencase", "Can hand over what a colleague has taken")]
        constraints = [
            models.UniqueConstraint(fields=["row", "permission"], name="a_case_is_taken_by_one_person"),
        ]

    def __str__(self) -> str:
        return f"{self.holder} · {self.row}"

    @staticmethod
    def name_of(obj: Model) -> str:
        """The row's name in `row`."""
        return f"{obj._meta.label_lower}:{obj.pk}"
