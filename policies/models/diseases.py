"""Diseases that may be registered, by the national codes (门诊慢特病病种代码)."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from agency.finality import Free


class Disease(models.Model):
    """A disease of one region's catalogue: its national code and Chinese name."""

    region_path: ClassVar[str] = "region"
    finality: ClassVar[Any] = Free("a row of the national catalogue, written anew with each pack")
    named_by: ClassVar[tuple[str, ...]] = ("code", "name")

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, related_name="diseases", verbose_name=_("pooling region")
    )
    code = models.CharField(_("code"), max_length=16)
    name = models.CharField(_("disease name"), max_length=64)

    class Meta:
        verbose_name = _("disease")
        verbose_name_plural = _("diseases")
        ordering = ("region_id", "code")
        constraints = [models.UniqueConstraint(fields=["region", "code"], name="a_disease_is_listed_once_per_region")]

    def __str__(self) -> str:
        return self.named(self.code, self.name)

    @staticmethod
    def named(code: str, name: str) -> str:
        """The code and the name."""
        return f"{code} {name}"
