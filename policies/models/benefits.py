"""Rules of benefits: terms, deductibles, rates, ceilings, exclusions."""

from enum import StrEnum
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policies.engine import vocabulary as v
from policies.labels import choices
from policies.models.rows import RuleRow

UNSET_HELP = _("Leave empty while the local document is missing; whatever needs the figure is refused.")


def term_field(label: Any, terms: type[StrEnum], **options: Any) -> Any:
    """A field that holds one of the engine's words (with_all: or "all")."""
    with_all = bool(options.pop("with_all", False))
    return models.CharField(label, max_length=32, choices=choices(terms, with_all=with_all), **options)


def share_is_a_fraction(field: str) -> models.CheckConstraint:
    """A rate or share lies between 0 and 1 (or is unset)."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0, f"{field}__lte": 1}),
        name=f"%(class)s_{field}_is_a_fraction",
    )


def amount_is_not_negative() -> models.CheckConstraint:
    """An amount of law is zero or more yuan (or unset)."""
    return models.CheckConstraint(
        condition=Q(amount__isnull=True) | Q(amount__gte=0), name="%(class)s_amount_is_not_negative"
    )


class BenefitTerms(RuleRow):
    """How a benefit works: its bases, and whose figures it borrows."""

    key_fields = ("benefit",)
    value_fields = (
        "deductible_basis",
        "deductible_accumulates",
        "ceiling_basis",
        "deductible_of",
        "rate_of",
        "beyond_ceiling",
    )

    benefit = term_field(_("benefit"), v.Benefit)
    deductible_basis = term_field(_("deductible is due"), v.DeductibleBasis)
    deductible_accumulates = term_field(_("toward the deductible counts"), v.DeductibleAccumulates)
    ceiling_basis = term_field(_("ceiling limits"), v.CeilingBasis)
    deductible_of = term_field(_("deductible of"), v.Benefit)
    rate_of = term_field(_("rate of"), v.Benefit)
    beyond_ceiling = term_field(_("beyond the ceiling, terms of"), v.Benefit, blank=True)

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("benefit")
        verbose_name_plural = _("benefits")
        constraints = [
            models.UniqueConstraint(fields=["version", "benefit"], name="a_version_has_one_set_of_terms_per_benefit")
        ]


class Deductible(RuleRow):
    """A deductible (起付标准) in yuan."""

    key_fields = ("benefit", "tier", "status")
    value_fields = ("amount",)

    benefit = term_field(_("benefit"), v.Benefit)
    tier = term_field(_("tier"), v.Tier)
    status = term_field(_("status"), v.InsuredStatus, with_all=True)
    amount = models.DecimalField(
        _("deductible"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=UNSET_HELP,
    )

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("deductible")
        verbose_name_plural = _("deductibles")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "benefit", "tier", "status"],
                name="one_deductible_per_benefit_tier_and_status",
            ),
            amount_is_not_negative(),
        ]


class DeductibleFactor(RuleRow):
    """From an age in full years on, the deductible is multiplied by this (减半)."""

    key_fields = ("benefit", "age_from")
    value_fields = ("factor",)

    benefit = term_field(_("benefit"), v.Benefit)
    age_from = models.PositiveSmallIntegerField(_("from age"))
    factor = models.DecimalField(_("factor"), max_digits=5, decimal_places=4)

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("deductible by age")
        verbose_name_plural = _("deductibles by age")
        constraints = [
            models.UniqueConstraint(fields=["version", "benefit", "age_from"], name="one_factor_per_benefit_and_age"),
            share_is_a_fraction("factor"),
        ]


class ReimbursementRate(RuleRow):
    """The share of what lies above the deductible that the fund pays (支付比例)."""

    key_fields = ("benefit", "tier", "status")
    value_fields = ("rate",)

    benefit = term_field(_("benefit"), v.Benefit)
    tier = term_field(_("tier"), v.Tier)
    status = term_field(_("status"), v.InsuredStatus, with_all=True)
    rate = models.DecimalField(
        _("reimbursement rate"), max_digits=5, decimal_places=4, null=True, blank=True, help_text=UNSET_HELP
    )

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("reimbursement rate")
        verbose_name_plural = _("reimbursement rates")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "benefit", "tier", "status"], name="one_rate_per_benefit_tier_and_status"
            ),
            share_is_a_fraction("rate"),
        ]


class CeilingScopeRow(RuleRow):
    """Payments of a benefit count in a scope: its own, inpatient, the annual maximum."""

    key_fields = ("benefit", "scope")

    benefit = term_field(_("benefit"), v.Benefit)
    scope = term_field(_("counts in"), v.CeilingScope)

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("what counts in a ceiling")
        verbose_name_plural = _("what counts in a ceiling")
        constraints = [
            models.UniqueConstraint(fields=["version", "benefit", "scope"], name="a_benefit_counts_once_in_a_scope")
        ]


class Ceiling(RuleRow):
    """The most that a scope pays in a month or a year (最高支付限额), in yuan."""

    key_fields = ("scope", "period_kind", "status", "scheme", "diseases_from")
    value_fields = ("amount",)

    scope = term_field(_("scope"), v.CeilingScope)
    period_kind = term_field(_("in"), v.CeilingPeriod)
    status = term_field(_("status"), v.InsuredStatus, with_all=True)
    scheme = term_field(_("scheme"), v.AccountScheme, with_all=True)
    diseases_from = models.PositiveSmallIntegerField(_("from registered diseases"), default=0)
    amount = models.DecimalField(
        _("ceiling"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=UNSET_HELP,
    )

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("ceiling")
        verbose_name_plural = _("ceilings")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "scope", "period_kind", "status", "scheme", "diseases_from"],
                name="one_ceiling_per_scope_period_status_and_scheme",
            ),
            amount_is_not_negative(),
        ]


class DeductibleExemption(RuleRow):
    """A disease that bears no deductible in the benefit, by its national code."""

    key_fields = ("benefit", "disease")

    benefit = term_field(_("benefit"), v.Benefit)
    disease = models.CharField(_("disease"), max_length=16)

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("disease without deductible")
        verbose_name_plural = _("diseases without deductible")
        constraints = [
            models.UniqueConstraint(fields=["version", "benefit", "disease"], name="a_disease_is_exempt_once")
        ]


class BenefitUpfrontShare(RuleRow):
    """The benefit's own share that is borne first, instead of the categories'."""

    key_fields = ("benefit",)
    value_fields = ("rate",)

    benefit = term_field(_("benefit"), v.Benefit)
    rate = models.DecimalField(
        _("upfront share"), max_digits=5, decimal_places=4, null=True, blank=True, help_text=UNSET_HELP
    )

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("upfront share of a benefit")
        verbose_name_plural = _("upfront shares of benefits")
        constraints = [
            models.UniqueConstraint(fields=["version", "benefit"], name="one_upfront_share_per_benefit"),
            share_is_a_fraction("rate"),
        ]


class StayLimit(RuleRow):
    """Beyond so many hours the treatment is a hospital stay."""

    key_fields = ("benefit",)
    value_fields = ("hours",)

    benefit = term_field(_("benefit"), v.Benefit)
    hours = models.PositiveSmallIntegerField(_("hours"))

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("longest stay")
        verbose_name_plural = _("longest stays")
        constraints = [models.UniqueConstraint(fields=["version", "benefit"], name="one_longest_stay_per_benefit")]


class ExclusionRow(RuleRow):
    """Lines with this mark stay outside the benefit and are borne by the member."""

    key_fields = ("benefit", "what")

    benefit = term_field(_("benefit"), v.Benefit)
    what = term_field(_("excluded"), v.Exclusion)

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")
        constraints = [
            models.UniqueConstraint(fields=["version", "benefit", "what"], name="an_exclusion_is_listed_once")
        ]
