"""Average basic pensions (基本养老金平均水平), published by the city a year at a time."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class AveragePension(models.Model):
    """One region's average basic pension of one year: yuan a month, provisional until final."""

    region_path: ClassVar[str] = "region"

    region = models.ForeignKey(
        "agency.PoolingRegion",
        models.PROTECT,
        related_name="average_pensions",
        verbose_name=_("pooling region"),
    )
    year = models.PositiveSmallIntegerField(_("year"))
    monthly = models.DecimalField(_("yuan a month"), max_digits=12, decimal_places=2)
    is_final = models.BooleanField(_("final"))
    source = models.CharField(_("document"), max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("average basic pension")
        verbose_name_plural = _("average basic pensions")
        ordering = ("region_id", "-year")
        constraints = [
            models.UniqueConstraint(fields=["region", "year"], name="one_average_pension_per_region_and_year"),
            models.CheckConstraint(condition=models.Q(monthly__gt=0), name="an_average_pension_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.year}: {self.monthly}"
