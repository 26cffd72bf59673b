"""Rules of the personal account: what is credited each month, and what it may pay."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from policies.engine import vocabulary as v
from policies.models.benefits import UNSET_HELP, amount_is_not_negative, share_is_a_fraction, term_field
from policies.models.rows import RuleRow


class PriorAccount(models.TextChoices):
    """Whether a retiree had a personal account before the reform."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    ALL = "all", _("all")


class CreditRule(RuleRow):
    """How one kind of member is credited each month.

    Ages are in full years, `age_until` exclusive. `rate` is a fraction of the base, the average pension of
    `pension_year` (of `stand_in_year` until that is final) or the member's basis; `amount` is yuan a month. Null is
    an unset figure where the method needs one.
    """

    key_fields = ("component", "status", "employment", "scheme", "prior_account", "age_from", "age_until")
    value_fields = (
        "method",
        "fund",
        "rate",
        "amount",
        "pension_year",
        "stand_in_year",
        "needs_contribution",
    )

    component = term_field(_("component"), v.CreditComponent)
    status = term_field(_("status"), v.InsuredStatus, with_all=True)
    employment = term_field(_("employment"), v.Employment, with_all=True)
    scheme = term_field(_("scheme"), v.AccountScheme, with_all=True)
    prior_account = models.CharField(_("account before"), max_length=32, choices=PriorAccount.choices)
    age_from = models.PositiveSmallIntegerField(_("from age"))
    age_until = models.PositiveSmallIntegerField(_("below age"))
    method = term_field(_("method"), v.CreditMethod)
    fund = term_field(_("paid from"), v.CreditFund)
    rate = models.DecimalField(_("rate"), max_digits=6, decimal_places=5, null=True, blank=True, help_text=UNSET_HELP)
    amount = models.DecimalField(
        _("amount a month"), max_digits=12, decimal_places=2, null=True, blank=True, help_text=UNSET_HELP
    )
    pension_year = models.PositiveSmallIntegerField(_("average pension of"), null=True, blank=True)
    stand_in_year = models.PositiveSmallIntegerField(_("until it is final, of"), null=True, blank=True)
    needs_contribution = models.BooleanField(_("needs the month's contribution"))

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("credit rule")
        verbose_name_plural = _("credit rules")
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "version",
                    "component",
                    "status",
                    "employment",
                    "scheme",
                    "prior_account",
                    "age_from",
                ],
                name="one_credit_rule_per_kind_of_member",
            ),
            models.CheckConstraint(condition=Q(age_from__lt=F("age_until")), name="credit_ages_are_a_range"),
            models.CheckConstraint(
                condition=Q(method="share_of_average_pension", pension_year__isnull=False, stand_in_year__isnull=False)
                | ~Q(method="share_of_average_pension") & Q(pension_year__isnull=True, stand_in_year__isnull=True),
                name="pension_years_belong_to_the_average_pension",
            ),
            amount_is_not_negative(),
            share_is_a_fraction("rate"),
        ]


class ClosingRule(RuleRow):
    """Whether an account may be closed and paid out for a reason."""

    key_fields = ("reason",)
    value_fields = ("rule",)

    reason = term_field(_("reason"), v.ClosingReason)
    rule = term_field(_("rule"), v.UseRule)

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("closing of accounts")
        verbose_name_plural = _("closing of accounts")
        constraints = [models.UniqueConstraint(fields=["version", "reason"], name="one_rule_per_closing_reason")]


class AccountUse(RuleRow):
    """Whether the personal account may pay a purpose for the holder or for family."""

    key_fields = ("purpose", "beneficiary")
    value_fields = ("rule",)

    purpose = term_field(_("purpose"), v.Purpose)
    beneficiary = term_field(_("for"), v.Beneficiary)
    rule = term_field(_("rule"), v.UseRule)

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("account use")
        verbose_name_plural = _("account uses")
        constraints = [
            models.UniqueConstraint(fields=["version", "purpose", "beneficiary"], name="one_rule_per_purpose")
        ]
