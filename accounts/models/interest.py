"""Yearly interest on personal accounts, where a region pays it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.finality import DECISION, kept
from agency.history import HistoricalRecords
from agency.models import FourEyes
from agency.models.process import Process, decided


class InterestState(models.TextChoices):
    """Submitted with its rate; posting once another person approved it; posted at the end. Or refused."""

    SUBMITTED = "submitted", _("submitted")
    POSTING = "posting", _("posting")
    POSTED = "posted", _("posted")
    REFUSED = "refused", _("refused")


class YearlyInterest(FourEyes):
    """One region's interest for one year: a yearly rate with the document it stands in, on each day's balance.

    `entry_count` and `amount` (yuan) are what was posted. A region pays none unless its switch is on
    (`PoolingRegion.pays_account_interest`).
    """

    region_path: ClassVar[str] = "region"
    process = Process(
        tones={
            InterestState.SUBMITTED: "warning",
            InterestState.POSTING: "warning",
            InterestState.POSTED: "success",
            InterestState.REFUSED: "",
        },
        moves={
            "approve": decided(InterestState.POSTING),
            "refuse": decided(InterestState.REFUSED, needs_reason=True),
        },
    )

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, related_name="+", verbose_name=_("pooling region")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    rate = models.DecimalField(_("yearly rate"), max_digits=7, decimal_places=6)
    source = models.CharField(_("document it stands in"), max_length=200)
    state = models.CharField(
        _("state"), max_length=16, choices=InterestState.choices, default=InterestState.SUBMITTED, editable=False
    )
    entry_count = models.PositiveIntegerField(_("entries posted"), default=0, editable=False)
    amount = models.DecimalField(_("yuan posted"), max_digits=16, decimal_places=2, default=0, editable=False)
    job = models.ForeignKey(
        "agency.Job", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("job")
    )
    history = HistoricalRecords()

    class Meta(FourEyes.Meta):
        abstract = False
        verbose_name = _("yearly interest")
        verbose_name_plural = _("yearly interest")
        ordering = ("-year", "region_id", "-id")
        permissions = [("approve_yearlyinterest", "Can approve yearly interest")]
        constraints = [
            *FourEyes.Meta.constraints,
            models.CheckConstraint(condition=Q(rate__gt=0, rate__lt=1), name="an_interest_rate_is_a_share_of_one"),
            models.UniqueConstraint(
                fields=["region", "year"], condition=~Q(state="refused"), name="a_year_bears_interest_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["posting", "posted"]) | Q(decided_by__isnull=False),
                name="interest_is_posted_after_approval",
            ),
        ]
        triggers = kept(
            {
                InterestState.SUBMITTED: (*DECISION, "job"),
                InterestState.POSTING: ("state", "job", "entry_count", "amount"),
                InterestState.POSTED: (),
                InterestState.REFUSED: (),
            },
            onwards={InterestState.POSTING: (InterestState.POSTED,)},
        )

    def __str__(self) -> str:
        return f"{self.region} {self.year}"
