"""What the agency and a provider settle with each other: monthly statements, audit deductions, the year's clearing."""

from decimal import Decimal
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from agency.fields import EncryptedTextField, masked
from agency.models import FourEyes


def _yuan(label: Any) -> Any:
    return models.DecimalField(label, max_digits=14, decimal_places=2, default=0)


class StatementState(models.TextChoices):
    """Drafted; submitted; approved by another person; paid by finance."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    APPROVED = "approved", _("approved")
    PAID = "paid", _("paid")


# What is done with an approved row: it is paid, to a bank account that may have been confirmed since.
_MAY_CHANGE = (
    "state",
    "paid_on",
    "paid_by_id",
    "bank_reference",
    "payee_bank",
    "payee_account",
    "payee_confirmed_by_id",
)
_APPROVED = pgtrigger.Q(old__state__in=["approved", "paid"])
KEPT_ONCE_APPROVED = (
    pgtrigger.Protect(name="approved_rows_are_kept", operation=pgtrigger.Delete, condition=_APPROVED),
    pgtrigger.Trigger(
        name="approved_figures_are_kept",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=_APPROVED,
        func=f"""
            IF OLD.state = 'paid' OR NEW.state NOT IN ('approved', 'paid')
                OR to_jsonb(NEW) - '{{{",".join(_MAY_CHANGE)}}}'::text[]
                    <> to_jsonb(OLD) - '{{{",".join(_MAY_CHANGE)}}}'::text[] THEN
                RAISE EXCEPTION 'what was approved is kept, and what was paid never changes';
            END IF;
            RETURN NEW;
        """,
    ),
)


class PaidToProvider(FourEyes):
    """What is approved and then paid to a provider in one transfer; finance names the bank's reference.

    The bank account is the one that was approved with it, or another that was confirmed since. It is paid to no other.
    """

    state = models.CharField(
        _("state"), max_length=16, choices=StatementState.choices, default=StatementState.DRAFT, editable=False
    )
    approved_on = models.DateField(_("approved on"), null=True, editable=False)
    paid_on = models.DateField(_("paid on"), null=True, editable=False)
    paid_by = models.ForeignKey(
        "agency.User", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("paid by")
    )
    bank_reference = models.CharField(_("bank's reference"), max_length=64, blank=True, editable=False)
    payee_bank = models.CharField(_("bank"), max_length=120, blank=True, editable=False)
    payee_account = EncryptedTextField(_("bank account number"), blank=True, editable=False)
    payee_confirmed_by = models.ForeignKey(
        "agency.User",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("bank account confirmed by"),
    )

    class Meta(FourEyes.Meta):
        abstract = True
        constraints = [
            *FourEyes.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "paid"]) | Q(decided_by__isnull=False),
                name="%(class)s_is_approved_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(state="paid", paid_on__isnull=False, paid_by__isnull=False)
                | ~Q(state="paid") & Q(paid_on__isnull=True, paid_by__isnull=True, bank_reference=""),
                name="%(class)s_is_paid_on_a_day_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(paid_by__isnull=True) | ~Q(paid_by=F("submitted_by")) & ~Q(paid_by=F("decided_by")),
                name="%(class)s_is_paid_by_a_third_person",
            ),
            models.CheckConstraint(
                condition=Q(paid_on__isnull=True) | Q(approved_on__isnull=True) | Q(paid_on__gte=F("approved_on")),
                name="%(class)s_is_paid_once_it_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(payee_confirmed_by__isnull=True)
                | Q(paid_by__isnull=True)
                | ~Q(paid_by=F("payee_confirmed_by")),
                name="%(class)s_account_is_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | ~Q(payee_bank="") & ~Q(payee_account=""),
                name="%(class)s_is_paid_to_a_bank_account",
            ),
        ]

    @property
    def masked_account(self) -> str:
        """The bank account as screens show it."""
        return masked(self.payee_account, head=4, tail=4)


class ProviderStatement(PaidToProvider):
    """A provider's month (月结): everything that was posted for it until the month's end and is in no statement yet.

    Yuan. `pooled` and `account` are what the funds and personal accounts owe for claims, less what was taken back;
    `spent` what accounts paid beside claims; `deducted` what audits took off; `retained` the share of the pooled
    payment that is kept until the year's clearing (预留金); `carried` what an earlier statement left below zero.
    `payable` is their sum; below zero nothing is paid, and the next statement carries it.
    """

    region_path: ClassVar[str] = "provider__region"

    provider = models.ForeignKey(
        "providers.Provider", models.PROTECT, related_name="statements", verbose_name=_("provider")
    )
    month = models.DateField(_("month"))
    claims = models.PositiveIntegerField(_("claims"), default=0)
    total = _yuan(_("total of the bills"))
    pooled = _yuan(_("pooled payment"))
    account = _yuan(_("from personal accounts"))
    spent = _yuan(_("spent from accounts beside claims"))
    deducted = _yuan(_("deductions by audit"))
    retained = _yuan(_("retention"))
    carried = _yuan(_("carried forward"))
    payable = _yuan(_("payable"))
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
            models.CheckConstraint(
                condition=Q(deducted__gte=0, carried__lte=0), name="what_a_statement_takes_off_is_named_so"
            ),
        ]
        triggers = KEPT_ONCE_APPROVED

    def __str__(self) -> str:
        """Provider and month."""
        return f"{self.provider} {self.month:%Y-%m}"

    @property
    def due(self) -> Decimal:
        """What is paid for it, yuan: nothing where it is below zero."""
        return max(self.payable, Decimal("0.00"))


class StatementEntry(models.Model):
    """A ledger entry in a statement; every entry stands in one statement at most, for good once it is submitted."""

    region_path: ClassVar[str] = "statement__provider__region"

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
                        SELECT FROM claims_providerstatement
                        WHERE id IN (OLD.statement_id, NEW.statement_id) AND state <> 'draft'
                    ) THEN
                        RAISE EXCEPTION 'the entries of a statement are kept once it is submitted';
                    END IF;
                    RETURN coalesce(NEW, OLD);
                """,
            )
        ]

    def __str__(self) -> str:
        """The entry."""
        return str(self.entry)


class DeductionKind(models.TextChoices):
    """Found by the review of claims, or by an inspection at the provider."""

    REVIEW = "review", _("review of claims")
    INSPECTION = "inspection", _("inspection")


# Kinds of deduction of the national platform (扣款类型).
DEDUCTION_CODES = {DeductionKind.REVIEW: "10", DeductionKind.INSPECTION: "20"}


class AuditDeduction(models.Model):
    """What an audit takes off a provider's payment, yuan; taken by the statement of the month it is noted in or later.

    `claim` where it rests on one. Withdrawn with a reason while no statement took it.
    """

    region_path: ClassVar[str] = "provider__region"

    provider = models.ForeignKey(
        "providers.Provider", models.PROTECT, related_name="deductions", verbose_name=_("provider")
    )
    claim = models.ForeignKey(
        "claims.Claim", models.PROTECT, null=True, blank=True, related_name="deductions", verbose_name=_("claim")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=DeductionKind.choices)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    finding = models.CharField(_("what was found"), max_length=300)
    found_on = models.DateField(_("found on"))
    noted_by = models.ForeignKey(
        "agency.User", models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("noted by")
    )
    statement = models.ForeignKey(
        ProviderStatement,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="deductions",
        verbose_name=_("provider statement"),
    )
    withdrawn_reason = models.CharField(_("why it was withdrawn"), max_length=200, blank=True, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("audit deduction")
        verbose_name_plural = _("audit deductions")
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_deduction_is_positive"),
            models.CheckConstraint(condition=~Q(finding=""), name="a_deduction_says_what_was_found"),
            models.UniqueConstraint(
                fields=["provider", "claim", "kind", "amount", "finding", "found_on"],
                condition=Q(withdrawn_reason=""),
                nulls_distinct=False,
                name="a_deduction_is_noted_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_reason="") | Q(statement__isnull=True),
                name="a_deduction_that_was_taken_is_not_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        """Provider and amount."""
        return f"{self.provider} {self.amount}"


class YearClearing(PaidToProvider):
    """What becomes of a provider's retention of a year (年终清算): released to it, or kept by the fund with a reason.

    Yuan. The other figures are the year's, summed over its approved statements.
    """

    region_path: ClassVar[str] = "provider__region"

    provider = models.ForeignKey(
        "providers.Provider", models.PROTECT, related_name="clearings", verbose_name=_("provider")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    pooled = _yuan(_("pooled payment"))
    deducted = _yuan(_("deductions by audit"))
    paid = _yuan(_("paid"))
    retained = _yuan(_("retention"))
    released = _yuan(_("released"))
    kept = _yuan(_("kept by the fund"))
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
                condition=Q(retained=F("released") + F("kept"), released__gte=0, kept__gte=0),
                name="what_was_retained_is_released_or_kept",
            ),
            models.CheckConstraint(
                condition=Q(kept=0) | ~Q(assessment=""), name="what_the_fund_keeps_of_a_retention_has_a_reason"
            ),
        ]
        triggers = KEPT_ONCE_APPROVED

    def __str__(self) -> str:
        """Provider and year."""
        return f"{self.provider} {self.year}"

    @property
    def due(self) -> Decimal:
        """What is paid for it, yuan."""
        return self.released
