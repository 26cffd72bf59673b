"""Rules of benefits: terms, deductibles, rates, ceilings."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from policies.engine import vocabulary as v
from policies.models.fields import (
    amount_is_not_negative,
    share_field,
    share_is_a_fraction,
    term_field,
    whole_field,
    yuan_field,
)
from policies.models.rows import InPacks, RuleRow, one_row_per


class BenefitTerms(RuleRow):
    """How a benefit works: its bases, and whose figures it borrows."""

    in_packs = InPacks("benefit", words={"beyond_ceiling": {"none": {}}})

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
        constraints = [one_row_per("benefit", name="a_version_has_one_set_of_terms_per_benefit")]


class Deductible(RuleRow):
    """A deductible (起付标准) in yuan."""

    in_packs = InPacks("deductible", lists="tier")

    benefit = term_field(_("benefit"), v.Benefit)
    tier = term_field(_("tier"), v.Tier)
    status = term_field(_("status"), v.InsuredStatus, with_all=True)
    amount = yuan_field(_("deductible"))

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("deductible")
        verbose_name_plural = _("deductibles")
        constraints = [
            one_row_per("benefit", "tier", "status", name="one_deductible_per_benefit_tier_and_status"),
            amount_is_not_negative(),
        ]


class DeductibleFactor(RuleRow):
    """From an age in full years on, the deductible is multiplied by this (减半)."""

    in_packs = InPacks("deductible_factor")

    benefit = term_field(_("benefit"), v.Benefit)
    age_from = whole_field(_("from age"), least=0, most=120)
    factor = models.DecimalField(_("factor"), max_digits=5, decimal_places=4)

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("deductible by age")
        verbose_name_plural = _("deductibles by age")
        constraints = [
            one_row_per("benefit", "age_from", name="one_factor_per_benefit_and_age"),
            share_is_a_fraction("factor"),
        ]


class DeductibleExemption(RuleRow):
    """A disease that bears no deductible in the benefit, by its national code."""

    in_packs = InPacks("deductible_exemption", lists="disease")

    benefit = term_field(_("benefit"), v.Benefit)
    disease = models.CharField(_("disease"), max_length=16)

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("disease without deductible")
        verbose_name_plural = _("diseases without deductible")
        constraints = [one_row_per("benefit", "disease", name="a_disease_is_exempt_once")]


class BenefitUpfrontShare(RuleRow):
    """The benefit's own share that is borne first, instead of the categories'."""

    in_packs = InPacks("benefit_upfront_share")

    benefit = term_field(_("benefit"), v.Benefit)
    rate = share_field(_("upfront share"))

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("upfront share of a benefit")
        verbose_name_plural = _("upfront shares of benefits")
        constraints = [
            one_row_per("benefit", name="one_upfront_share_per_benefit"),
            share_is_a_fraction("rate"),
        ]


class StayLimit(RuleRow):
    """Beyond so many hours the treatment is a hospital stay."""

    in_packs = InPacks("stay_limit")

    benefit = term_field(_("benefit"), v.Benefit)
    hours = whole_field(_("hours"), least=1, most=240)

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("longest stay")
        verbose_name_plural = _("longest stays")
        constraints = [one_row_per("benefit", name="one_longest_stay_per_benefit")]


class ReimbursementRate(RuleRow):
    """The share of what lies above the deductible that the fund pays (支付比例)."""

    in_packs = InPacks("rate", lists="tier")

    benefit = term_field(_("benefit"), v.Benefit)
    tier = term_field(_("tier"), v.Tier)
    status = term_field(_("status"), v.InsuredStatus, with_all=True)
    rate = share_field(_("reimbursement rate"))

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("reimbursement rate")
        verbose_name_plural = _("reimbursement rates")
        constraints = [
            one_row_per("benefit", "tier", "status", name="one_rate_per_benefit_tier_and_status"),
            share_is_a_fraction("rate"),
        ]


class CeilingScopeRow(RuleRow):
    """Payments of a benefit count in a scope: its own, inpatient, the annual maximum."""

    in_packs = InPacks("ceiling_scope")

    benefit = term_field(_("benefit"), v.Benefit)
    scope = term_field(_("counts in"), v.CeilingScope)

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("what counts in a ceiling")
        verbose_name_plural = _("what counts in a ceiling")
        constraints = [one_row_per("benefit", "scope", name="a_benefit_counts_once_in_a_scope")]


class Ceiling(RuleRow):
    """The most that a scope pays in a month or a year (最高支付限额), in yuan."""

    in_packs = InPacks("ceiling", names={"period_kind": "period"})

    scope = term_field(_("scope"), v.CeilingScope)
    period_kind = term_field(_("in"), v.CeilingPeriod)
    status = term_field(_("status"), v.InsuredStatus, with_all=True)
    scheme = term_field(_("scheme"), v.AccountScheme, with_all=True)
    diseases_from = whole_field(_("from registered diseases"), least=0, most=9, default=0)
    amount = yuan_field(_("ceiling"))

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("ceiling")
        verbose_name_plural = _("ceilings")
        constraints = [
            one_row_per(
                "scope",
                "period_kind",
                "status",
                "scheme",
                "diseases_from",
                name="one_ceiling_per_scope_period_status_and_scheme",
            ),
            amount_is_not_negative(),
        ]
