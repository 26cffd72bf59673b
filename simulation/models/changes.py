"""The claims that would have changed most."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from agency.finality import QUEUED


class LargestChange(models.Model):
    """One claim that comes out otherwise under the simulated version, with both calculations as they were then.

    `before` and `after` are what the fund pays, yuan; `calculation_…` the whole of it: amounts and steps, or why
    nothing is paid (`simulation.services.largest`); they are kept, as a draft that is edited calculates otherwise.
    """

    region_path: ClassVar[str] = "simulation__region"
    finality: ClassVar[Any] = QUEUED

    simulation = models.ForeignKey("simulation.Simulation", models.CASCADE, related_name="changes")
    place = models.PositiveSmallIntegerField(_("place"))
    claim = models.ForeignKey("claims.Claim", models.CASCADE, related_name="+", verbose_name=_("claim"))
    before = models.DecimalField(_("before"), max_digits=12, decimal_places=2)
    after = models.DecimalField(_("after"), max_digits=12, decimal_places=2)
    calculation_before = models.JSONField(default=dict)
    calculation_after = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("changed claim")
        verbose_name_plural = _("changed claims")
        ordering = ("simulation_id", "place")
        constraints = [
            models.UniqueConstraint(fields=["simulation", "place"], name="changes_are_in_an_order"),
            models.UniqueConstraint(fields=["simulation", "claim"], name="a_claim_changes_once_in_a_simulation"),
        ]

    def __str__(self) -> str:
        return f"{self.place}. {self.claim}"
