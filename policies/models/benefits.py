"""Rules of benefits: terms, deductibles, rates, ceilings."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policies.engine import vocabulary as v
from policies.models.fields import (
    amount_field,
    amount_is_not_negative,
    share_field,
    share_is_a_fraction,
    term_field,
    whole_field,
    yuan_field,
)
from policies.models.rows import InPacks, RuleRow, one_row_per

OLDEST = 120


def employment_field() -> Any:
    """Whom the row is for, where the document tells employees from flexible workers."""
    return term_field(_("employment"), v.Employment, with_all=True, default=v.ALL)


def age_field() -> Any:
    """From which age in full years the row holds, where the document tells ages apart."""
    return whole_field(_("from age"), least=0, most=OLDEST, default=0)


def age_is_possible() -> models.CheckConstraint:
    """An age from which a row holds is one that somebody may reach."""
    return models.CheckConstraint(condition=Q(age_from__lte=OLDEST), name="%(class)s_age_is_possible")


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
    """A deductible (起付标准) in yuan. Of rows for several ages the one for the highest that is reached holds."""

    in_packs = InPacks("deductible", lists="tier", apart=("employment", "age_from"))

    benefit = term_field(_("benefit"), v.Benefit)
    tier = term_field(_("tier"), v.Tier)
    status = term_field(_("status"), v.InsuredStatus, with_all=True)
    employment = employment_field()
    age_from = age_field()
    amount = yuan_field(_("deductible"))

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("deductible")
        verbose_name_plural = _("deductibles")
        constraints = [
            one_row_per(
                "benefit",
                "tier",
                "status",
                "employment",
                "age_from",
                name="one_deductible_per_benefit_tier_and_kind_of_member",
            ),
            amount_is_not_negative(),
            age_is_possible(),
        ]


class DeductibleFactor(RuleRow):
    """From an age in full years on, the deductible is multiplied by this (减半)."""

    in_packs = InPacks("deductible_factor")

    benefit = term_field(_("benefit"), v.Benefit)
    age_from = whole_field(_("from age"), least=0, most=OLDEST)
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
    """The share of what lies above the deductible that the fund pays (支付比例).

    Of rows for several ages the one for the highest that is reached holds. Rows for several amounts of spending are
    bands: each holds for the part of the year's covered spending, deductibles included, from its amount to the next.
    """

    in_packs = InPacks("rate", lists="tier", apart=("employment", "age_from", "spent_from"))

    benefit = term_field(_("benefit"), v.Benefit)
    tier = term_field(_("tier"), v.Tier)
    status = term_field(_("status"), v.InsuredStatus, with_all=True)
    employment = employment_field()
    age_from = age_field()
    spent_from = amount_field(_("of the year's covered spending above"), default=0)
    rate = share_field(_("reimbursement rate"))

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("reimbursement rate")
        verbose_name_plural = _("reimbursement rates")
        constraints = [
            one_row_per(
                "benefit",
                "tier",
                "status",
                "employment",
                "age_from",
                "spent_from",
                name="one_rate_per_benefit_tier_kind_of_member_and_band",
            ),
            share_is_a_fraction("rate"),
            age_is_possible(),
            amount_is_not_negative("spent_from"),
        ]


class RateAddition(RuleRow):
    """Points that are added to the benefit's rate (提高…个百分点), as a fraction: 0.05 for five."""

    in_packs = InPacks("rate_addition", lists="tier")

    benefit = term_field(_("benefit"), v.Benefit)
    ground = term_field(_("for"), v.RateGround)
    tier = term_field(_("tier"), v.Tier)
    points = share_field(_("points added"))

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("addition to a rate")
        verbose_name_plural = _("additions to rates")
        constraints = [
            one_row_per("benefit", "ground", "tier", name="one_addition_per_benefit_ground_and_tier"),
            share_is_a_fraction("points"),
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
    """The most that a scope pays in a month or a year (最高支付限额), in yuan; or that there is none (上不封顶).

    Of rows for several ages the one for the highest that is reached holds. One for a tier holds beside one for all
    tiers, and limits what was paid at any tier (`counts` is `all_tiers`), or only what was paid at the tiers that the
    same words of the document name (`own_tier`).
    """

    in_packs = InPacks(
        "ceiling",
        lists="tier",
        names={"period_kind": "period"},
        words={"amount": {"unlimited": {"is_open": True}}},
        apart=("employment", "age_from", "tier", "counts"),
    )

    scope = term_field(_("scope"), v.CeilingScope)
    period_kind = term_field(_("in"), v.CeilingPeriod)
    status = term_field(_("status"), v.InsuredStatus, with_all=True)
    scheme = term_field(_("scheme"), v.AccountScheme, with_all=True)
    diseases_from = whole_field(_("from registered diseases"), least=0, most=9, default=0)
    employment = employment_field()
    age_from = age_field()
    tier = term_field(_("tier"), v.Tier, with_all=True, default=v.ALL)
    counts = term_field(_("counted is what was paid at"), v.CeilingCounts, default=v.CeilingCounts.ALL_TIERS)
    is_open = models.BooleanField(_("no ceiling"), default=False)
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
                "employment",
                "age_from",
                "tier",
                "counts",
                name="one_ceiling_per_scope_period_and_kind_of_member",
            ),
            amount_is_not_negative(),
            age_is_possible(),
            models.CheckConstraint(
                condition=Q(is_open=False) | Q(amount__isnull=True), name="an_open_ceiling_has_no_amount"
            ),
            models.CheckConstraint(
                condition=~Q(tier=v.ALL) | Q(counts=v.CeilingCounts.ALL_TIERS),
                name="a_ceiling_that_counts_one_tier_names_it",
            ),
        ]
