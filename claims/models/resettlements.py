"""What was settled anew, for a settlement that was taken back or for a law of past days, and the money that follows."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.finality import kept
from agency.models import FourEyes
from claims.models.claims import SettlementChannel


class Resettlement(models.Model):
    """One claim of an approved reversal, or of a member's year of an approved batch: the settlement that was taken
    back, and the one in its place, if any.

    `difference` is what the payee gets more, or less, than before, in yuan: the provider of a direct settlement, where
    the next statement accounts for it, or the member of a manual reimbursement, to whom it is paid in a batch or from
    whom it is recovered. `recovered_on` is set once the member has paid back. Of the claim that was reversed itself
    nothing stands in the place.
    """

    region_path: ClassVar[str] = "claim__region"

    reversal = models.ForeignKey(
        "claims.Reversal", models.PROTECT, null=True, related_name="resettlements", verbose_name=_("reversal")
    )
    batch_year = models.ForeignKey(
        "claims.BatchYear",
        models.PROTECT,
        null=True,
        related_name="resettlements",
        verbose_name=_("member's year of a batch"),
    )
    claim = models.ForeignKey("claims.Claim", models.PROTECT, related_name="resettlements", verbose_name=_("claim"))
    before = models.OneToOneField(
        "claims.Settlement", models.PROTECT, related_name="resettled_as", verbose_name=_("before")
    )
    after = models.OneToOneField(
        "claims.Settlement", models.PROTECT, null=True, related_name="resettlement_of", verbose_name=_("after")
    )
    payee = models.CharField(_("channel"), max_length=16, choices=SettlementChannel.choices)
    was_paid_out = models.BooleanField(_("was paid out before"), default=False)
    difference = models.DecimalField(_("difference"), max_digits=12, decimal_places=2)
    recovered_on = models.DateField(_("recovered on"), null=True)
    recovered_by = models.ForeignKey(
        "agency.User", models.PROTECT, null=True, related_name="+", verbose_name=_("recovery recorded by")
    )
    recovery_reference = models.CharField(_("receipt of the recovery"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("re-settlement")
        verbose_name_plural = _("re-settlements")
        ordering = ("reversal_id", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(reversal__isnull=False, batch_year__isnull=True)
                | Q(reversal__isnull=True, batch_year__isnull=False),
                name="a_resettlement_follows_from_a_reversal_or_from_a_batch",
            ),
            models.CheckConstraint(
                condition=Q(recovered_on__isnull=True, recovered_by__isnull=True, recovery_reference="")
                | Q(recovered_on__isnull=False, recovered_by__isnull=False, difference__lt=0, was_paid_out=True)
                & ~Q(recovery_reference=""),
                name="what_was_paid_too_much_is_recovered_with_a_receipt",
            ),
            models.CheckConstraint(
                condition=Q(was_paid_out=False) | Q(payee="manual"), name="only_members_are_paid_out_by_the_claim"
            ),
        ]
        triggers = kept(
            always=("recovered_on", "recovered_by", "recovery_reference"), once={"OLD.recovered_on IS NOT NULL": ()}
        )

    def __str__(self) -> str:
        return f"{self.claim} {self.difference:+}"

    @property
    def decision(self) -> FourEyes:
        """What two people decided: the reversal, or the batch."""
        decided: FourEyes = self.reversal or self.batch_year.batch  # type: ignore[union-attr]
        return decided
