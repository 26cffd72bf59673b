"""Rules of the personal account: what is credited each month, and what it may pay."""

from django.db import models
from django.db.models import F, Q
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


class PriorAccount(models.TextChoices):
    """Whether a retiree had a personal account before the reform."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    ALL = "all", _("all")


class CreditRule(RuleRow):
    """How one kind of member is credited each month.

    Ages are in full years, `age_until` exclusive. `rate` is a fraction of the base, the average pension of
    `pension_year` (of `stand_in_year` until that is final) or the member's basis; `amount` is yuan a month, the
    whole of it for `full_months` of contributions where the method counts them. Null is an unset figure where the
    method needs one.
    """

    in_packs = InPacks(
        "credit", words={"rate": {"none": {}}, "amount": {"none": {}}}, optional=("full_months", "schedule")
    )
    range_end = "age_until"

    component = term_field(_("component"), v.CreditComponent)
    status = term_field(_("status"), v.InsuredStatus, with_all=True)
    employment = term_field(_("employment"), v.Employment, with_all=True)
    scheme = term_field(_("scheme"), v.AccountScheme, with_all=True)
    prior_account = term_field(_("account before"), PriorAccount)
    age_from = whole_field(_("from age"), least=0, most=200)
    age_until = whole_field(_("below age"), least=0, most=200)
    method = term_field(_("method"), v.CreditMethod)
    fund = term_field(_("paid from"), v.CreditFund)
    rate = share_field(_("rate"), decimal_places=5)
    amount = yuan_field(_("amount a month"))
    full_months = whole_field(_("full contribution months"), least=0, most=600, default=0)
    schedule = term_field(_("when it is credited"), v.CreditSchedule, default=v.CreditSchedule.MONTHLY)
    pension_year = models.PositiveSmallIntegerField(_("average pension of"), null=True, blank=True)
    stand_in_year = models.PositiveSmallIntegerField(_("until it is final, of"), null=True, blank=True)
    needs_contribution = models.BooleanField(_("needs the month's contribution"))

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("credit rule")
        verbose_name_plural = _("credit rules")
        constraints = [
            one_row_per(
                "component",
                "status",
                "employment",
                "scheme",
                "prior_account",
                "age_from",
                name="one_credit_rule_per_kind_of_member",
            ),
            models.CheckConstraint(condition=Q(age_from__lt=F("age_until")), name="credit_ages_are_a_range"),
            models.CheckConstraint(
                condition=Q(method="share_of_average_pension", pension_year__isnull=False, stand_in_year__isnull=False)
                | ~Q(method="share_of_average_pension") & Q(pension_year__isnull=True, stand_in_year__isnull=True),
                name="pension_years_belong_to_the_average_pension",
            ),
            models.CheckConstraint(
                condition=Q(method="proportional_amount", full_months__gt=0)
                | ~Q(method="proportional_amount") & Q(full_months=0),
                name="full_months_belong_to_the_proportional_amount",
            ),
            models.CheckConstraint(
                condition=Q(schedule="monthly") | Q(needs_contribution=False),
                name="what_is_credited_in_advance_waits_for_no_contribution",
            ),
            amount_is_not_negative(),
            share_is_a_fraction("rate"),
        ]

    def is_unset(self, name: str) -> bool:
        """A share needs a rate, and a fixed amount an amount, also where it is in proportion."""
        of_an_amount = (v.CreditMethod.FIXED_AMOUNT, v.CreditMethod.PROPORTIONAL_AMOUNT)
        needed = {"rate": self.method.startswith("share_of_"), "amount": self.method in of_an_amount}
        return getattr(self, name) is None and needed.get(name, False)


class AccountUse(RuleRow):
    """Whether the personal account may pay a purpose for the holder or for family."""

    in_packs = InPacks("account_use", lists="purpose", complete=True)

    purpose = term_field(_("purpose"), v.Purpose)
    beneficiary = term_field(_("for"), v.Beneficiary)
    rule = term_field(_("rule"), v.UseRule)

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("account use")
        verbose_name_plural = _("account uses")
        constraints = [one_row_per("purpose", "beneficiary", name="one_rule_per_purpose")]


class ClosingRule(RuleRow):
    """Whether an account may be closed and paid out for a reason."""

    in_packs = InPacks("closing", lists="reason", complete=True)

    reason = term_field(_("reason"), v.ClosingReason)
    rule = term_field(_("rule"), v.UseRule)

    class Meta(RuleRow.Meta):
        abstract = False
        verbose_name = _("closing of accounts")
        verbose_name_plural = _("closing of accounts")
        constraints = [one_row_per("reason", name="one_rule_per_closing_reason")]
