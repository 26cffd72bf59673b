"""A region's months, added up: what pages show of millions of entries and claims without reading them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.finality import COUNTED
from policies.engine.vocabulary import Benefit, CreditComponent, Tier
from policies.labels import choices


def _yuan(label: Any) -> Any:
    return models.DecimalField(label, max_digits=16, decimal_places=2)


class RegionMonth(models.Model):
    """One region's month, given by its first day, as its rows were at `as_of`. Written by `desk.services.months` alone.

    `members`: insured on the month's last day. `accounts_credited`: personal accounts with a standing credit for the
    month. `balance`: what all personal accounts held at its end, yuan. `claims_waiting`: served in the month and not
    settled yet. `refusals`: how many claims are refused, by reason.
    """

    region_path: ClassVar[str] = "region"
    finality: ClassVar[Any] = COUNTED

    region = models.ForeignKey(
        "agency.PoolingRegion", models.CASCADE, related_name="+", verbose_name=_("pooling region")
    )
    month = models.DateField(_("month"))
    members = models.PositiveIntegerField(_("insured members"))
    accounts_credited = models.PositiveIntegerField(_("accounts credited"))
    balance = _yuan(_("balance"))
    claims_waiting = models.PositiveIntegerField(_("claims waiting"))
    refusals = models.JSONField(_("refusals"), default=dict)
    as_of = models.DateTimeField(_("added up at"))

    class Meta:
        verbose_name = _("month of the fund")
        verbose_name_plural = _("months of the fund")
        ordering = ("region_id", "month")
        constraints = [
            models.UniqueConstraint(fields=["region", "month"], name="a_regions_month_is_added_up_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="a_regions_month_begins_on_the_first"),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.month:%Y-%m}"


class MonthPayment(models.Model):
    """What the visits of a month at one tier for one benefit cost, and who paid it, yuan; standing settlements."""

    region_path: ClassVar[str] = "of__region"
    finality: ClassVar[Any] = COUNTED

    of = models.ForeignKey(RegionMonth, models.CASCADE, related_name="payments")
    tier = models.CharField(_("tier"), max_length=16, choices=choices(Tier))
    benefit = models.CharField(_("benefit"), max_length=32, choices=choices(Benefit))
    claims = models.PositiveIntegerField(_("claims"))
    expense = _yuan(_("expense"))
    fund = _yuan(_("paid by the fund"))
    account = _yuan(_("from accounts"))
    cash = _yuan(_("cash"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "tier", "benefit"], name="a_months_payments_are_added_up_once"),
            models.CheckConstraint(
                condition=Q(expense=models.F("fund") + models.F("account") + models.F("cash")),
                name="a_months_expense_is_paid_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} · {self.get_benefit_display()} {self.fund}"


class MonthCredit(models.Model):
    """The standing credits for a month as one component, yuan."""

    region_path: ClassVar[str] = "of__region"
    finality: ClassVar[Any] = COUNTED

    of = models.ForeignKey(RegionMonth, models.CASCADE, related_name="credits")
    component = models.CharField(_("component"), max_length=32, choices=choices(CreditComponent))
    credits = models.PositiveIntegerField(_("number of credits"))
    amount = _yuan(_("yuan"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "component"], name="a_months_credits_are_added_up_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_component_display()} {self.amount}"
