"""Reversals (冲正): asked for by one person, approved by another."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.finality import KEPT_ONCE_DECIDED
from agency.history import HistoricalRecords
from agency.models import FourEyes
from agency.models.process import REQUEST


class ReversalState(models.TextChoices):
    """Submitted with a reason; approved (the counter-rows are written) or refused by another person."""

    SUBMITTED = "submitted", _("submitted")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")


class Reversal(FourEyes):
    """The request to take a settlement back, and its decision; or, with `provider`, that the provider took back what it
    had settled at its counter, which nobody at the office decides.

    `plan` is what the approver sees and approves: each later settlement of the year that would come out otherwise, with
    its amounts before and after.
    """

    region_path: ClassVar[str] = "settlement__member__region"
    process = REQUEST

    settlement = models.ForeignKey(
        "claims.Settlement", models.PROTECT, related_name="reversals", verbose_name=_("settlement")
    )
    provider = models.ForeignKey(
        "providers.Provider",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("taken back by the provider"),
    )
    reason = models.CharField(_("reason"), max_length=200)
    plan = models.JSONField(_("what it changes"), default=list, editable=False)
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=ReversalState.choices,
        default=ReversalState.SUBMITTED,
        editable=False,
    )
    history = HistoricalRecords()

    class Meta(FourEyes.Meta):
        abstract = False
        verbose_name = _("reversal")
        verbose_name_plural = _("reversals")
        ordering = ("-id",)
        permissions = [("approve_reversal", "Can approve a reversal")]
        constraints = [
            *FourEyes.Meta.constraints,
            models.UniqueConstraint(
                fields=["settlement"],
                condition=Q(state__in=["submitted", "approved"]),
                name="a_settlement_is_reversed_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(decided_by__isnull=False, provider__isnull=True)
                | Q(decided_by__isnull=True, submitted_by__isnull=True, provider__isnull=False),
                name="a_reversal_is_decided_by_another_or_is_the_providers",
            ),
        ]
        triggers = KEPT_ONCE_DECIDED

    def __str__(self) -> str:
        """Its number, as what follows from it says it, and whose settlement it takes back."""
        return f"#{self.pk} {self.settlement.claim} · {self.get_state_display()}"
