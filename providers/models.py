"""Providers (医药机构) and their agreements."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from policies.engine.vocabulary import Tier
from policies.labels import choices


class ProviderKind(models.TextChoices):
    """A medical institution or a retail pharmacy."""

    MEDICAL_INSTITUTION = "medical_institution", _("medical institution")
    RETAIL_PHARMACY = "retail_pharmacy", _("retail pharmacy")


class Provider(models.Model):
    """An institution or pharmacy that a region's members go to; `code` is its number in the region (定点机构编号)."""

    region_path: ClassVar[str] = "region"

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, related_name="providers", verbose_name=_("pooling region")
    )
    code = models.CharField(_("provider code"), max_length=32)
    name = models.CharField(_("provider name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=32, choices=ProviderKind.choices)
    is_out_of_area = models.BooleanField(_("outside the region"), default=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        ordering = ("region_id", "code")
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="a_provider_code_is_used_once_per_region")
        ]

    def __str__(self) -> str:
        """The provider's name."""
        return self.name


class Agreement(models.Model):
    """The tier a provider has, and whether it is designated for outpatient pooling, over a period.

    Service dates outside every agreement find the provider not designated.
    """

    region_path: ClassVar[str] = "provider__region"

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="agreements", verbose_name=_("provider"))
    period = DateRangeField(_("in force"))
    tier = models.CharField(_("tier"), max_length=16, choices=choices(Tier))
    is_designated = models.BooleanField(_("designated for outpatient pooling"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ("provider_id", "period")
        constraints = [
            ExclusionConstraint(
                name="agreements_of_a_provider_never_overlap",
                expressions=[("provider", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False) & Q(period__lower_inf=False),
                name="an_agreement_has_a_first_day",
            ),
        ]

    def __str__(self) -> str:
        """Tier and first day."""
        return f"{self.get_tier_display()} · {self.period.lower}"
