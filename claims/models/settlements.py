"""Settlements: immutable outcomes of claims, and the accumulators they move."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agency.append_only import APPEND_ONLY
from agency.finality import COUNTED


def _yuan(label: Any) -> Any:
    return models.DecimalField(label, max_digits=12, decimal_places=2)


class Settlement(models.Model):
    """What a claim came to, in yuan; or, with `reverses`, the counter-row that takes a settlement back (冲正).

    A counter-row repeats the amounts of what it reverses. `in_place_of` is the claim's first settlement, where the
    reversal of another claim had it settled anew: it keeps that one's place in the order of settlement. `steps` is the
    calculation: a list of code, amounts, parameter and the article each step rests on, rendered in the reader's
    language by `claims.selectors.explanations`.
    """

    region_path: ClassVar[str] = "member__region"

    claim = models.ForeignKey("claims.Claim", models.PROTECT, related_name="settlements", verbose_name=_("claim"))
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="settlements")
    version = models.ForeignKey(
        "policies.PolicyVersion", models.PROTECT, related_name="+", verbose_name=_("policy version")
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name=_("reverses")
    )
    in_place_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("in the place of")
    )
    served_on = models.DateField(_("served on"))
    settled_on = models.DateField(_("settled on"))
    settled_at = models.DateTimeField(_("settled at"), auto_now_add=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("settled by")
    )
    total = _yuan(_("total"))
    self_paid = _yuan(_("self-paid"))
    over_limit = _yuan(_("above the price limit"))
    upfront_share = _yuan(_("upfront share"))
    covered = _yuan(_("policy-covered amount"))
    out_of_area_share = _yuan(_("out-of-area share"))
    deductible = _yuan(_("deductible"))
    pooled = _yuan(_("pooled payment"))
    pooled_inpatient = _yuan(_("pooled payment on inpatient terms"))
    patient_share = _yuan(_("patient's share"))
    account = _yuan(_("from the personal account"))
    family_account = _yuan(_("from a relative's account"))
    cash = _yuan(_("cash"))
    warnings = models.JSONField(_("warnings"), default=list)
    steps = models.JSONField(_("steps"), default=list)

    class Meta:
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    total=F("self_paid") + F("over_limit") + F("upfront_share") + F("covered"),
                ),
                name="the_bill_is_the_sum_of_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(total=F("pooled") + F("pooled_inpatient") + F("patient_share")),
                name="payments_and_patient_share_add_up_to_the_bill",
            ),
            models.CheckConstraint(
                condition=Q(patient_share=F("account") + F("family_account") + F("cash")),
                name="the_patient_share_is_paid_from_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(
                    total__gt=0,
                    self_paid__gte=0,
                    over_limit__gte=0,
                    upfront_share__gte=0,
                    covered__gte=0,
                    out_of_area_share__gte=0,
                    deductible__gte=0,
                    pooled__gte=0,
                    pooled_inpatient__gte=0,
                    patient_share__gte=0,
                    account__gte=0,
                    family_account__gte=0,
                    cash__gte=0,
                ),
                name="no_amount_of_a_settlement_is_negative",
            ),
        ]
        indexes = [models.Index(fields=["member", "served_on"], name="settlements_of_a_member")]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"#{self.pk} {self.claim}"


class UsageAmounts(models.Model):
    """Amounts that accumulate, yuan: deductible borne, covered, paid, and the expense that payments stood for.

    `scope` is a ceiling scope or benefit; `key` is empty for the year's and month's own row and names the provider
    and day where a deductible is due once a day.
    """

    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(_("month"))
    scope = models.CharField(_("scope"), max_length=32)
    key = models.CharField(_("deductible of"), max_length=80, blank=True)
    deductible = _yuan(_("deductible"))
    covered = _yuan(_("policy-covered amount"))
    paid = _yuan(_("paid"))
    counted = _yuan(_("expense paid for"))

    class Meta:
        abstract = True


class SettlementUsage(UsageAmounts):
    """What one settlement added to an accumulator; the row of a reversal carries the negative amounts."""

    region_path: ClassVar[str] = "settlement__member__region"

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="usage")

    class Meta:
        verbose_name = _("usage of a settlement")
        verbose_name_plural = _("usage of settlements")
        constraints = [
            models.UniqueConstraint(
                fields=["settlement", "scope", "key"], name="a_settlement_moves_an_accumulator_once"
            )
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.scope} {self.paid}"


class BenefitUsage(UsageAmounts):
    """What a member used of a benefit in a month: the sum of the usage of their settlements. Never below zero."""

    region_path: ClassVar[str] = "member__region"
    finality: ClassVar[Any] = COUNTED

    member = models.ForeignKey("members.Member", models.PROTECT, related_name="benefit_usage", verbose_name=_("member"))

    class Meta:
        verbose_name = _("benefit usage")
        verbose_name_plural = _("benefit usage")
        ordering = ("member_id", "-year", "-month", "scope")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "year", "month", "scope", "key"],
                name="one_accumulator_per_month_scope_and_key",
            ),
            models.CheckConstraint(
                condition=Q(deductible__gte=0, covered__gte=0, paid__gte=0, counted__gte=0),
                name="usage_is_never_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d} {self.scope}"
