"""A provider's books of some days beside ours (对账), and what somebody decides about what differs."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agency.finality import Free


def _yuan(label: Any, **options: Any) -> Any:
    return models.DecimalField(label, max_digits=14, decimal_places=2, **options)


class Reconciliation(models.Model):
    """The totals of days that a provider told with 3201 beside ours of that moment; asked again, the last ones hold.

    Amounts are yuan; what takes a settlement back counts below zero, and as one settlement less.
    """

    region_path: ClassVar[str] = "provider__region"
    finality: ClassVar[Any] = Free("compared again as often as the provider asks; the messages have what was told")
    named_by: ClassVar[tuple[str, ...]] = ("provider__name", "first_day", "last_day")

    provider = models.ForeignKey(
        "providers.Provider", models.PROTECT, related_name="reconciliations", verbose_name=_("provider")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    their_total = _yuan(_("bills, theirs"))
    their_fund = _yuan(_("from the funds, theirs"))
    their_account = _yuan(_("from accounts, theirs"))
    their_settlements = models.IntegerField(_("settlements, theirs"))
    our_total = _yuan(_("bills, ours"))
    our_fund = _yuan(_("from the funds, ours"))
    our_account = _yuan(_("from accounts, ours"))
    our_settlements = models.IntegerField(_("settlements, ours"))
    compared_at = models.DateTimeField(_("compared at"))

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        ordering = ("-last_day", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "first_day", "last_day"], name="days_of_a_provider_are_reconciled_once"
            ),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="days_come_in_their_order"),
        ]

    def __str__(self) -> str:
        return self.named(self.provider.name, self.first_day, self.last_day)

    @staticmethod
    def named(provider: str, first_day: date, last_day: date) -> str:
        """The provider and the day, or the first and the last."""
        return f"{provider} {first_day}" if first_day == last_day else f"{provider} {first_day} – {last_day}"

    @property
    def agrees(self) -> bool:
        """Whether both sides had the same totals."""
        return (self.their_total, self.their_fund, self.their_account, self.their_settlements) == (
            self.our_total,
            self.our_fund,
            self.our_account,
            self.our_settlements,
        )


class RowKind(models.TextChoices):
    """In our books only, in the provider's only, or in both with other amounts."""

    HERE_ONLY = "here_only", _("in our books only")
    THERE_ONLY = "there_only", _("in the provider's books only")
    DIFFERENT = "different", _("with other amounts")


class ReconciliationRow(models.Model):
    """A row that differed when 3202 was asked last. It stays until both sides agree; somebody decides what is done.

    One that agrees by now goes, unless somebody had decided about it. A decision goes when the row's amounts change.
    """

    region_path: ClassVar[str] = "reconciliation__provider__region"
    finality: ClassVar[Any] = Free("what differs by now, as the messages tell it again", deleted=True)
    named_by: ClassVar[tuple[str, ...]] = ("setl_id",)

    reconciliation = models.ForeignKey(
        Reconciliation, models.PROTECT, related_name="rows", verbose_name=_("reconciliation")
    )
    kind = models.CharField(_("what differs"), max_length=16, choices=RowKind.choices)
    setl_id = models.CharField(_("settlement's number"), max_length=20)
    mdtrt_id = models.CharField(_("visit number"), max_length=40)
    settlement = models.ForeignKey(
        "claims.Settlement", models.PROTECT, null=True, related_name="+", verbose_name=_("settlement")
    )
    their_total = _yuan(_("bills, theirs"), null=True)
    their_fund = _yuan(_("from the funds, theirs"), null=True)
    their_account = _yuan(_("from accounts, theirs"), null=True)
    our_total = _yuan(_("bills, ours"), null=True)
    our_fund = _yuan(_("from the funds, ours"), null=True)
    our_account = _yuan(_("from accounts, ours"), null=True)
    agrees = models.BooleanField(_("agrees by now"), default=False)
    decided_by = models.ForeignKey(
        "agency.User", models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    finding = models.CharField(_("what was found"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("difference of a reconciliation")
        verbose_name_plural = _("differences of reconciliations")
        ordering = ("-reconciliation_id", "id")
        constraints = [
            models.UniqueConstraint(fields=["reconciliation", "setl_id"], name="a_row_of_the_books_differs_once"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, finding="")
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(finding=""),
                name="a_difference_is_decided_with_a_finding",
            ),
            models.CheckConstraint(
                condition=Q(kind="here_only", their_total__isnull=True, our_total__isnull=False)
                | Q(kind="there_only", their_total__isnull=False, our_total__isnull=True)
                | Q(kind="different", their_total__isnull=False, our_total__isnull=False),
                name="a_difference_has_the_sides_that_it_says",
            ),
        ]
        indexes = [
            models.Index(
                fields=["reconciliation"],
                condition=Q(decided_by__isnull=True, agrees=False),
                name="undecided_differences",
            )
        ]

    def __str__(self) -> str:
        return f"{self.setl_id} {self.get_kind_display()}"
