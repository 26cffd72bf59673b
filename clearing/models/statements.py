"""What the agency and a provider settle with each other: monthly statements, and the year's clearing."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agency.finality import NEVER_TRUNCATED, Guarded
from agency.history import HistoricalRecords
from clearing.models.provider_payments import KEPT_ONCE_SUBMITTED, PaidToProvider, StatementState, yuan_field


class ProviderStatement(PaidToProvider):
    """A provider's month (月结): everything that was posted for it until the month's end and is in no statement yet.

    Yuan. `pooled` and `account` are what the funds and personal accounts owe for claims, less what was taken back;
    `spent` what accounts paid beside claims; `deducted` what audits took off; `retained` the share of the pooled
    payment that is kept until the year's clearing (预留金), given back with a payment that is taken back; `carried`
    what an earlier statement left below zero. `payable` is their sum; below zero nothing is paid: the provider pays it
    back, a clearing sets a retention off against it, and what is left the next statement carries.
    """

    region_path: ClassVar[str] = "provider__region"
    named_by: ClassVar[tuple[str, ...]] = ("provider__name", "month")

    provider = models.ForeignKey(
        "providers.Provider", models.PROTECT, related_name="statements", verbose_name=_("provider")
    )
    month = models.DateField(_("month"))
    claims = models.PositiveIntegerField(_("claims with a payment"), default=0)
    total = yuan_field(_("total of the bills"))
    pooled = yuan_field(_("pooled payment"))
    account = yuan_field(_("from personal accounts"))
    spent = yuan_field(_("spent from accounts beside claims"))
    deducted = yuan_field(_("deductions by audit"))
    retained = yuan_field(_("retention"))
    carried = yuan_field(_("carried forward"))
    payable = yuan_field(_("payable"))
    history = HistoricalRecords()

    class Meta(PaidToProvider.Meta):
        abstract = False
        verbose_name = _("provider statement")
        verbose_name_plural = _("provider statements")
        ordering = ("-month", "provider_id")
        permissions = [
            ("approve_providerstatement", "Can approve a provider statement"),
            ("pay_providerstatement", "Can pay a provider statement"),
        ]
        constraints = [
            *PaidToProvider.Meta.constraints,
            models.UniqueConstraint(fields=["provider", "month"], name="a_provider_has_one_statement_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="a_statement_names_its_month_by_the_first_day"),
            models.CheckConstraint(
                condition=Q(
                    payable=F("pooled") + F("account") + F("spent") - F("deducted") - F("retained") + F("carried")
                ),
                name="a_statement_adds_up",
            ),
            models.CheckConstraint(condition=Q(carried__lte=0), name="a_statement_carries_what_is_owed"),
            models.CheckConstraint(
                condition=Q(pooled__gte=0, retained__gte=0, retained__lte=F("pooled"))
                | Q(pooled__lt=0, retained__lte=0, retained__gte=F("pooled")),
                name="a_retention_is_a_part_of_the_pooled_payment",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(payable__lt=0) | ~Q(payee_bank="") & ~Q(payee_account=""),
                name="a_statement_is_paid_to_a_bank_account",
            ),
        ]
        triggers = KEPT_ONCE_SUBMITTED

    def __str__(self) -> str:
        return self.named(self.provider.name, self.month)

    @staticmethod
    def named(provider: str, month: date) -> str:
        """The provider and the month."""
        return f"{provider} {month:%Y-%m}"

    @property
    def due(self) -> Decimal:
        """What is paid for it, yuan: nothing where it is below zero."""
        return max(self.payable, Decimal("0.00"))

    @property
    def owed(self) -> Decimal:
        """What the provider owes by it, yuan, less what clearings have set off against it; nothing once paid back."""
        if self.state == StatementState.PAID:
            return Decimal("0.00")
        decided = self.set_offs.filter(state__in=[StatementState.APPROVED, StatementState.PAID])
        set_off: Decimal = decided.aggregate(sum=models.Sum("set_off", default=Decimal("0.00")))["sum"]
        return max(-self.payable - set_off, Decimal("0.00"))


class StatementEntry(models.Model):
    """A ledger entry in a statement; every entry stands in one statement at most, for good once it is submitted."""

    region_path: ClassVar[str] = "statement__provider__region"
    finality: ClassVar[Any] = Guarded("entries change with a draft alone", deleted=True)

    statement = models.ForeignKey(ProviderStatement, models.PROTECT, related_name="entries")
    entry = models.OneToOneField("accounts.LedgerEntry", models.PROTECT, related_name="statement_entry")

    class Meta:
        verbose_name = _("entry of a statement")
        verbose_name_plural = _("entries of statements")
        triggers = [
            pgtrigger.Trigger(
                name="entries_change_with_a_draft_alone",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (
                        SELECT FROM clearing_providerstatement
                        WHERE id IN (OLD.statement_id, NEW.statement_id) AND state <> 'draft'
                    ) THEN
                        RAISE EXCEPTION 'the entries of a statement are kept once it is submitted';
                    END IF;
                    RETURN coalesce(NEW, OLD);
                """,
            ),
            NEVER_TRUNCATED,
        ]

    def __str__(self) -> str:
        return str(self.entry)


class YearClearing(PaidToProvider):
    """What becomes of a provider's retention of a year (年终清算): kept by the fund with a reason, set off against what
    the provider owes by its newest statement, or released to it.

    Yuan. The other figures are the year's, summed over its approved statements; `carried` is what the year before left
    below zero, `paid` what was paid for the year's statements less what the provider paid back.
    """

    region_path: ClassVar[str] = "provider__region"

    provider = models.ForeignKey(
        "providers.Provider", models.PROTECT, related_name="clearings", verbose_name=_("provider")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    pooled = yuan_field(_("pooled payment"))
    account = yuan_field(_("from personal accounts"))
    spent = yuan_field(_("spent from accounts beside claims"))
    deducted = yuan_field(_("deductions by audit"))
    carried = yuan_field(_("carried forward"))
    paid = yuan_field(_("paid"))
    retained = yuan_field(_("retention"))
    released = yuan_field(_("released"))
    kept = yuan_field(_("kept by the fund"))
    set_off = yuan_field(_("set off against what the provider owes"))
    against = models.ForeignKey(
        ProviderStatement,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="set_offs",
        verbose_name=_("set off against the statement"),
    )
    assessment = models.CharField(_("outcome of the yearly assessment"), max_length=300, blank=True)
    history = HistoricalRecords()

    class Meta(PaidToProvider.Meta):
        abstract = False
        verbose_name = _("year's clearing")
        verbose_name_plural = _("years' clearings")
        ordering = ("-year", "provider_id")
        permissions = [
            ("approve_yearclearing", "Can approve a year's clearing"),
            ("pay_yearclearing", "Can pay a year's clearing"),
        ]
        constraints = [
            *PaidToProvider.Meta.constraints,
            models.UniqueConstraint(fields=["provider", "year"], name="a_provider_is_cleared_once_a_year"),
            models.CheckConstraint(
                condition=Q(
                    retained=F("released") + F("kept") + F("set_off"), released__gte=0, kept__gte=0, set_off__gte=0
                ),
                name="what_was_retained_is_released_or_kept",
            ),
            models.CheckConstraint(
                condition=Q(set_off=0) | Q(against__isnull=False), name="what_is_set_off_names_the_debt"
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | ~Q(payee_bank="") & ~Q(payee_account=""),
                name="a_clearing_is_paid_to_a_bank_account",
            ),
            models.CheckConstraint(
                condition=Q(kept=0) | ~Q(assessment=""), name="what_the_fund_keeps_of_a_retention_has_a_reason"
            ),
        ]
        triggers = KEPT_ONCE_SUBMITTED

    def __str__(self) -> str:
        return f"{self.provider} {self.year}"

    @property
    def due(self) -> Decimal:
        """What is paid for it, yuan."""
        return self.released

    @property
    def outstanding(self) -> Decimal:
        """What of the year's statements is still to be paid, yuan; below zero what the provider owes."""
        gained = self.pooled + self.account + self.spent - self.deducted - self.retained
        return gained + self.carried - self.paid
