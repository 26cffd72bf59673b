"""What audits take off a provider's payment."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.finality import kept
from agency.history import HistoricalRecords


class DeductionKind(models.TextChoices):
    """Found by the review of claims, or by an inspection at the provider."""

    REVIEW = "review", _("review of claims")
    INSPECTION = "inspection", _("inspection")


# Kinds of deduction of the national platform (扣款类型).
DEDUCTION_CODES = {DeductionKind.REVIEW: "10", DeductionKind.INSPECTION: "20"}


class AuditDeduction(models.Model):
    """What an audit takes off a provider's payment, yuan; taken by the statement of the month it is noted in or later.

    `claim` where it rests on one. Withdrawn with a reason while no statement took it. One that was approved is given
    back by another row that names it in `gives_back`, with the reason as its finding: a later statement adds it.
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
        "clearing.ProviderStatement",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="deductions",
        verbose_name=_("provider statement"),
    )
    withdrawn_reason = models.CharField(_("why it was withdrawn"), max_length=200, blank=True, editable=False)
    gives_back = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="given_back_by", verbose_name=_("gives back")
    )
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
                condition=Q(withdrawn_reason="", gives_back__isnull=True),
                nulls_distinct=False,
                name="a_deduction_is_noted_once",
            ),
            models.UniqueConstraint(
                fields=["gives_back"], condition=Q(withdrawn_reason=""), name="a_deduction_is_given_back_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_reason="") | Q(statement__isnull=True),
                name="a_deduction_that_was_taken_is_not_withdrawn",
            ),
        ]
        triggers = kept(always=("statement", "withdrawn_reason"), once={"OLD.withdrawn_reason <> ''": ()})

    def __str__(self) -> str:
        return f"{self.provider} {self.amount}"

    @property
    def taken_off(self) -> Decimal:
        """What it takes off a statement, yuan; below zero where it gives back."""
        return self.signed(self.amount, self.gives_back_id)

    @staticmethod
    def signed(amount: Decimal, gives_back: int | None) -> Decimal:
        """The same of a deduction's columns."""
        return amount if gives_back is None else -amount
