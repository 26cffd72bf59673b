"""Average basic pensions (基本养老金平均水平), published by the city a year at a time."""

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agency.finality import DECISION, kept
from agency.history import HistoricalRecords
from agency.models import FourEyes
from agency.models.process import REQUEST, SUBMITTED, Process

# Beyond this share of the figures before, whoever submits a figure and whoever approves it confirm it with a reason. It
# is the office's own caution and no rule of law (docs/decisions/0019-average-pensions-are-approved.md).
UNUSUAL_CHANGE = Decimal("0.15")


class PensionState(models.TextChoices):
    """Submitted by one person; approved (credits rest on it) or refused by another; superseded by a corrected figure
    of the same year, once that was approved.
    """

    SUBMITTED = "submitted", _("submitted")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    SUPERSEDED = "superseded", _("superseded")


def _usual(before: str) -> Q:
    """Within the usual change of a figure before, or without such a figure."""
    least, most = F(before) * (1 - UNUSUAL_CHANGE), F(before) * (1 + UNUSUAL_CHANGE)
    return Q((f"{before}__isnull", True)) | Q(monthly__gte=least, monthly__lte=most)


class AveragePension(FourEyes):
    """One region's average basic pension of one year: yuan a month, provisional until final.

    It keeps what it was compared with when it was submitted: the figure of the latest earlier year, and the one that
    the year itself had. `reason` is why it was recorded; `confirmed_reason` why it is right although it differs by more
    than is usual, and empty where it does not.
    """

    region_path: ClassVar[str] = "region"
    process = Process({**REQUEST.tones, "superseded": ""}, REQUEST.moves)

    region = models.ForeignKey(
        "agency.PoolingRegion",
        models.PROTECT,
        related_name="average_pensions",
        verbose_name=_("pooling region"),
    )
    year = models.PositiveSmallIntegerField(_("year"))
    monthly = models.DecimalField(_("yuan a month"), max_digits=12, decimal_places=2)
    is_final = models.BooleanField(_("final"))
    source = models.CharField(_("document"), max_length=200, blank=True)
    reason = models.CharField(_("reason for the change"), max_length=100, blank=True)
    confirmed_reason = models.CharField(_("why the unusual figure is right"), max_length=100, blank=True)
    earlier_year = models.PositiveSmallIntegerField(_("compared with the year"), null=True, editable=False)
    earlier_monthly = models.DecimalField(
        _("its figure, yuan a month"), max_digits=12, decimal_places=2, null=True, editable=False
    )
    monthly_before = models.DecimalField(
        _("figure of the same year before, yuan a month"), max_digits=12, decimal_places=2, null=True, editable=False
    )
    state = models.CharField(
        _("state"), max_length=16, choices=PensionState.choices, default=PensionState.SUBMITTED, editable=False
    )
    history = HistoricalRecords()

    class Meta(FourEyes.Meta):
        abstract = False
        verbose_name = _("average basic pension")
        verbose_name_plural = _("average basic pensions")
        ordering = ("region_id", "-year", "-id")
        permissions = [("approve_averagepension", "Can approve an average basic pension")]
        constraints = [
            *FourEyes.Meta.constraints,
            models.UniqueConstraint(
                fields=["region", "year"],
                condition=Q(state="approved"),
                name="one_average_pension_per_region_and_year",
            ),
            models.UniqueConstraint(
                fields=["region", "year"],
                condition=Q(state="submitted"),
                name="one_average_pension_waits_per_region_and_year",
            ),
            models.CheckConstraint(condition=Q(monthly__gt=0), name="an_average_pension_is_positive"),
            models.CheckConstraint(
                condition=~Q(confirmed_reason="") | _usual("earlier_monthly") & _usual("monthly_before"),
                name="an_unusual_average_pension_is_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_reason="") | ~Q(decision_reason="") | Q(state="submitted"),
                name="an_unusual_average_pension_is_decided_with_a_reason",
            ),
        ]
        # Figures from before a second person was asked have nobody who decided them, and stand.
        triggers = [
            *kept(
                {SUBMITTED: DECISION, "refused": (), "superseded": ()},
                onwards={"approved": ("superseded",)},
                deleted_in=(SUBMITTED,),
            ),
            pgtrigger.Protect(
                name="an_average_pension_begins_submitted",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.state <> 'submitted'"),
            ),
            pgtrigger.Protect(
                name="an_average_pension_holds_after_approval",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'approved' AND NEW.state = 'approved'"
                    " AND (OLD.state <> 'submitted' OR NEW.submitted_by_id IS NULL OR NEW.decided_by_id IS NULL)"
                ),
            ),
            pgtrigger.Trigger(
                name="an_approved_average_pension_is_only_superseded",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state = 'approved' OR OLD.state = 'superseded'"),
                func=(
                    "IF (to_jsonb(NEW) - 'state') IS DISTINCT FROM (to_jsonb(OLD) - 'state')"
                    " OR NEW.state <> OLD.state AND NEW.state <> 'superseded' THEN"
                    " RAISE EXCEPTION 'an approved average pension never changes, it is only superseded'; END IF;"
                    " RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.year}: {self.monthly}"

    @property
    def times_the_year_before(self) -> Decimal | None:
        """How many times the figure of the latest earlier year this one is."""
        return self.monthly / self.earlier_monthly if self.earlier_monthly else None

    @property
    def times_the_figure_before(self) -> Decimal | None:
        """How many times the figure that the same year had this one is."""
        return self.monthly / self.monthly_before if self.monthly_before else None
