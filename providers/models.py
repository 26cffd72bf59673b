"""Providers (医药机构) and their agreements."""

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agency.divisions import a_division_or_none
from agency.fields import EncryptedTextField, masked
from agency.finality import TRACKED_AND_TAKEN_BACK
from agency.history import HistoricalRecords
from policies.engine.vocabulary import CatalogCategory, ItemKind, Tier
from policies.labels import choices


class ProviderKind(models.TextChoices):
    """A medical institution or a retail pharmacy."""

    MEDICAL_INSTITUTION = "medical_institution", _("medical institution")
    RETAIL_PHARMACY = "retail_pharmacy", _("retail pharmacy")


class HospitalGrade(models.TextChoices):
    """A hospital's grade (医院等级) by the national platform's code (hosp_lv); its tier has to fit."""

    THREE_SPECIAL = "01", _("grade III, special")
    THREE_A = "02", _("grade III A")
    THREE_B = "03", _("grade III B")
    THREE_C = "04", _("grade III C")
    TWO_A = "05", _("grade II A")
    TWO_B = "06", _("grade II B")
    TWO_C = "07", _("grade II C")
    ONE_A = "08", _("grade I A")
    ONE_B = "09", _("grade I B")
    ONE_C = "10", _("grade I C")
    NONE = "11", _("not graded")


# Which grades have which tier (docs/interpretations/0048); a pharmacy has none.
GRADES = {
    Tier.PRIMARY: (HospitalGrade.ONE_A, HospitalGrade.ONE_B, HospitalGrade.ONE_C, HospitalGrade.NONE),
    Tier.SECONDARY: (HospitalGrade.TWO_A, HospitalGrade.TWO_B, HospitalGrade.TWO_C),
    Tier.TERTIARY_C: (HospitalGrade.THREE_C,),
    Tier.TERTIARY_B: (HospitalGrade.THREE_B,),
    Tier.TERTIARY_A: (HospitalGrade.THREE_SPECIAL, HospitalGrade.THREE_A),
}


def _grade_fits_tier() -> Q:
    fits = Q(grade="")
    for tier, grades in GRADES.items():
        fits |= Q(tier=tier.value, grade__in=[grade.value for grade in grades])
    return fits


class Provider(models.Model):
    """An institution or pharmacy that a region's members go to; `code` is its number in the region (定点机构编号)."""

    region_path: ClassVar[str] = "region"
    finality: ClassVar[Any] = TRACKED_AND_TAKEN_BACK
    named_by: ClassVar[tuple[str, ...]] = ("name",)

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, related_name="providers", verbose_name=_("pooling region")
    )
    code = models.CharField(_("provider code"), max_length=32)
    name = models.CharField(_("provider name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=32, choices=ProviderKind.choices)
    is_out_of_area = models.BooleanField(_("outside the region"), default=False)
    # Where it lies (医保区划), as a division code; nothing that is paid depends on it.
    division = models.CharField(_("administrative division"), max_length=6, blank=True)
    payee_bank = models.CharField(_("bank"), max_length=120, blank=True)
    payee_account = EncryptedTextField(_("bank account number"), blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        ordering = ("region_id", "code")
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="a_provider_code_is_used_once_per_region"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False)
                & Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="a_place_has_latitude_and_longitude",
            ),
            models.CheckConstraint(condition=a_division_or_none("division"), name="a_providers_division_is_a_division"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_account(self) -> str:
        """The bank account as screens show it."""
        return masked(self.payee_account, head=4, tail=4)


class Agreement(models.Model):
    """The tier a provider has, its grade, and what it is designated for, over a period.

    Service dates outside every agreement find the provider not designated. A dual-channel pharmacy sells negotiated
    drugs on the terms of the prescribing institution. An internet hospital has tier and grade of the hospital
    behind it (Baoshan 28; interpretation 0060).
    """

    region_path: ClassVar[str] = "provider__region"
    finality: ClassVar[Any] = TRACKED_AND_TAKEN_BACK

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="agreements", verbose_name=_("provider"))
    period = DateRangeField(_("in force"))
    tier = models.CharField(_("tier"), max_length=16, choices=choices(Tier))
    grade = models.CharField(_("hospital grade"), max_length=2, choices=HospitalGrade.choices, blank=True)
    is_designated = models.BooleanField(_("designated for outpatient pooling"), default=True)
    is_dual_channel = models.BooleanField(_("dual channel for negotiated drugs"), default=False)
    # Agreed with the provider, not a figure of law: the share of the pooled payment kept until the year is cleared.
    retention_rate = models.DecimalField(_("retention"), max_digits=5, decimal_places=4, default=0)
    hospital = models.ForeignKey(
        Provider,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="internet_agreements",
        verbose_name=_("hospital behind the internet hospital"),
    )
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
            models.CheckConstraint(
                condition=Q(retention_rate__gte=0, retention_rate__lt=1), name="a_retention_is_a_fraction"
            ),
            models.CheckConstraint(
                condition=Q(hospital__isnull=True) | ~Q(hospital=F("provider")),
                name="no_hospital_stands_behind_itself",
            ),
            models.CheckConstraint(condition=_grade_fits_tier(), name="a_grade_fits_its_tier"),
        ]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} · {self.period.lower}"


class CatalogItem(models.Model):
    """A drug, service or consumable of the region's catalogue over a period (医保目录).

    `upfront_rate` is the share of a category B item that the patient pays first, `price_limit` what the catalogue
    names as the most for one unit, yuan, for reference: the line of a claim says what lies above it. Both are empty
    where the catalogue names none.
    """

    region_path: ClassVar[str] = "region"
    finality: ClassVar[Any] = TRACKED_AND_TAKEN_BACK

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, related_name="+", verbose_name=_("pooling region")
    )
    code = models.CharField(_("catalogue code"), max_length=64)
    name = models.CharField(_("item name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=16, choices=choices(ItemKind))
    category = models.CharField(_("category"), max_length=1, choices=choices(CatalogCategory))
    upfront_rate = models.DecimalField(_("upfront share"), max_digits=5, decimal_places=4, null=True, blank=True)
    price_limit = models.DecimalField(_("price limit"), max_digits=12, decimal_places=2, null=True, blank=True)
    is_negotiated = models.BooleanField(_("negotiated drug"), default=False)
    period = DateRangeField(_("in force"))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("catalogue item")
        verbose_name_plural = _("catalogue items")
        ordering = ("region_id", "code", "period")
        constraints = [
            ExclusionConstraint(
                name="entries_of_a_catalogue_item_never_overlap",
                expressions=[
                    ("region", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(upfront_rate__isnull=True) | Q(upfront_rate__gte=0, upfront_rate__lte=1),
                name="an_upfront_share_is_a_fraction",
            ),
            models.CheckConstraint(
                condition=Q(price_limit__isnull=True) | Q(price_limit__gt=0), name="a_price_limit_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False) & Q(period__lower_inf=False),
                name="a_catalogue_item_has_a_first_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
