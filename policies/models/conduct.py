"""Rules of conduct: shares borne first, exclusions, refusals, deadlines, ways of the region."""

from enum import StrEnum
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policies.engine import vocabulary as v
from policies.labels import LABELS, choices
from policies.models.fields import share_field, share_is_a_fraction, term_field, whole_field
from policies.models.rows import InPacks, RuleRow, one_row_per


class UpfrontShare(RuleRow):
    """The share of a category B line that the member bears first (先行自付)."""

    in_packs = InPacks(
        "upfront_share", lists="kind", words={"rate": {"catalogue": {"from_catalogue": True}}}, complete=True
    )

    kind = term_field(_("kind"), v.ItemKind)
    from_catalogue = models.BooleanField(_("comes with the catalogue entry"), default=False)
    rate = share_field(_("upfront share"))

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("upfront share")
        verbose_name_plural = _("upfront shares")
        constraints = [
            one_row_per("kind", name="one_upfront_share_per_kind"),
            share_is_a_fraction("rate"),
            models.CheckConstraint(
                condition=Q(from_catalogue=False) | Q(rate__isnull=True),
                name="an_upfront_share_is_the_regions_or_the_catalogues",
            ),
        ]


class OutOfAreaShare(RuleRow):
    """The share of the covered amount that is borne first outside the region."""

    in_packs = InPacks("out_of_area_share", lists="kind", complete=True)

    kind = term_field(_("out-of-area kind"), v.OutOfAreaKind)
    rate = share_field(_("share borne first"))

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("out-of-area share")
        verbose_name_plural = _("out-of-area shares")
        constraints = [
            one_row_per("kind", name="one_out_of_area_share_per_kind"),
            share_is_a_fraction("rate"),
        ]


class OutOfAreaBenefit(RuleRow):
    """Whether the benefit is had outside the region by whoever is away for this reason (Kaifeng 22, Baoshan 25).

    A region that pays nothing without a registration decides it for every kind; the others need not.
    """

    in_packs = InPacks("out_of_area_benefit", lists="kind")

    kind = term_field(_("out-of-area kind"), v.OutOfAreaKind)
    opens = models.BooleanField(_("has the benefit elsewhere"))

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("out-of-area benefit")
        verbose_name_plural = _("out-of-area benefits")
        constraints = [
            one_row_per("kind", name="one_out_of_area_benefit_per_kind"),
        ]


class ExclusionRow(RuleRow):
    """Lines with this mark stay outside the benefit and are borne by the member."""

    in_packs = InPacks("exclusion")

    benefit = term_field(_("benefit"), v.Benefit)
    what = term_field(_("excluded"), v.Exclusion)

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")
        constraints = [one_row_per("benefit", "what", name="an_exclusion_is_listed_once")]


# What a region decides about; the engine's other refusals follow from the rest of the law.
CIRCUMSTANCES = (
    v.RefusalReason.ARREARS,
    v.RefusalReason.HOSPITAL_STAY,
    v.RefusalReason.SPECIAL_NURSING,
    v.RefusalReason.NOT_DESIGNATED,
    v.RefusalReason.NOT_DUAL_CHANNEL,
    v.RefusalReason.OUT_OF_AREA_UNREGISTERED,
)


class RefusalRule(RuleRow):
    """What a circumstance does to a general outpatient claim."""

    in_packs = InPacks("refusal")

    reason = term_field(_("circumstance"), v.RefusalReason, only=CIRCUMSTANCES)
    effect = term_field(_("effect"), v.Effect)

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("refusal")
        verbose_name_plural = _("refusals")
        constraints = [one_row_per("reason", name="one_effect_per_circumstance")]


class FilingDeadline(RuleRow):
    """Out-of-area costs of a year are filed by this day of the next year."""

    in_packs = InPacks("filing_deadline")

    month = whole_field(_("month"), least=1, most=12)
    day = whole_field(_("day"), least=1, most=31)

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("filing deadline")
        verbose_name_plural = _("filing deadlines")
        constraints = [one_row_per(name="a_version_has_one_filing_deadline")]

    def __str__(self) -> str:
        return f"{self.month:02d}-{self.day:02d}"


class ConductKey(models.TextChoices):
    """The ways in which regions differ, each with its own set of values."""

    PHARMACY_TERMS = "pharmacy_terms", _("terms at a pharmacy")
    SENIOR_FROM = "senior_from", _("an age counts in credits")
    CONVERSION_FROM = "conversion_from", _("retirement counts in credits")
    REGISTRATION_PLACE = "registration_place", _("reach of an out-of-area registration")
    REGISTRATION = "registration", _("registration of the disease")
    CONDITION = "condition", _("condition of the benefit")
    LOWEST_TIER = "lowest_tier", _("lowest tier of provider")
    DEDUCTIBLE_TIER = "deductible_tier", _("deductible as at tier")
    NEVER_WITH = "never_with", _("never beside")


WAYS_OF_A_REGION: dict[str, type[StrEnum]] = {
    ConductKey.PHARMACY_TERMS: v.PharmacyTerms,
    ConductKey.SENIOR_FROM: v.SeniorFrom,
    ConductKey.CONVERSION_FROM: v.ConversionFrom,
    ConductKey.REGISTRATION_PLACE: v.RegistrationPlace,
}
WAYS_OF_A_BENEFIT: dict[str, type[StrEnum]] = {
    ConductKey.REGISTRATION: v.Registration,
    ConductKey.CONDITION: v.Condition,
    ConductKey.LOWEST_TIER: v.Tier,
    ConductKey.DEDUCTIBLE_TIER: v.Tier,
    ConductKey.NEVER_WITH: v.Benefit,
}
WAYS = WAYS_OF_A_REGION | WAYS_OF_A_BENEFIT


class Conduct(RuleRow):
    """One way of the region, for one benefit or for all."""

    in_packs = InPacks("conduct")

    benefit = term_field(_("benefit"), v.Benefit, with_all=True)

    key = term_field(_("matter"), ConductKey)
    value = models.CharField(
        _("way"),
        max_length=32,
        choices=[pair for terms in dict.fromkeys(WAYS.values()) for pair in choices(terms)],
    )

    def get_value_display(self) -> str:  # type: ignore[no-redef]
        """The way in words; terms of different matters may be spelled alike."""
        return str(LABELS[WAYS[self.key](self.value)])

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("way of the region")
        verbose_name_plural = _("ways of the region")
        constraints = [
            one_row_per("key", "benefit", name="one_way_per_matter"),
            models.CheckConstraint(
                condition=reduce(or_, (Q(key=key, value__in=list(terms)) for key, terms in WAYS.items())),
                name="a_way_fits_its_matter",
            ),
        ]
