"""Monitoring (Pingliang 20, Dazhou 19, Zaozhuang 19): the office's limits, and flags that a person decides."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.finality import TRACKED, kept
from agency.history import HistoricalRecords


class MonitoringStandard(models.Model):
    """From where on a region's office looks at a pattern. No regulation names these; each office sets its own.

    Two visits are far apart where `kilometres` or more lie between providers that were seen within `minutes`. A member
    visits often with more than `consecutive_days` days in a row, splits a bill with more than `visits_a_day` visits to
    one provider on a day. An account looks like cash-out where it paid `payments` times or more at one pharmacy within
    `payment_days` days, together `payments_yuan` or more.
    """

    region_path: ClassVar[str] = "region"
    finality: ClassVar[Any] = TRACKED

    region = models.OneToOneField(
        "agency.PoolingRegion", models.CASCADE, related_name="monitoring", verbose_name=_("pooling region")
    )
    minutes = models.PositiveSmallIntegerField(_("minutes between two visits"), default=60)
    kilometres = models.PositiveSmallIntegerField(_("kilometres between two visits"), default=50)
    consecutive_days = models.PositiveSmallIntegerField(_("days in a row with visits"), default=5)
    visits_a_day = models.PositiveSmallIntegerField(_("visits to one provider on a day"), default=2)
    payments = models.PositiveSmallIntegerField(_("account payments at one pharmacy"), default=5)
    payment_days = models.PositiveSmallIntegerField(_("within days"), default=7)
    payments_yuan = models.DecimalField(_("together, yuan"), max_digits=12, decimal_places=2, default=1000)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("monitoring standard")
        verbose_name_plural = _("monitoring standards")
        ordering = ("region_id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    minutes__gt=0,
                    kilometres__gt=0,
                    consecutive_days__gt=0,
                    visits_a_day__gt=0,
                    payments__gt=1,
                    payment_days__gt=0,
                    payments_yuan__gt=0,
                ),
                name="monitoring_limits_are_positive",
            )
        ]

    def __str__(self) -> str:
        return str(self.region)


class FlagKind(models.TextChoices):
    """What looked unusual."""

    FAR_APART = "far_apart", _("at two providers far apart within a short time")
    MANY_DAYS = "many_days", _("visits on many consecutive days")
    SPLIT_BILL = "split_bill", _("several bills of one provider on one day")
    CASH_OUT = "cash_out", _("account payments that look like cash-out")
    DURING_STAY = "during_stay", _("outpatient claim during a hospital stay")
    AFTER_DEATH = "after_death", _("claim after death")


class FlagState(models.TextChoices):
    """Open until a person decides: confirmed as improper, or dismissed; each with a reason."""

    OPEN = "open", _("undecided")
    CONFIRMED = "confirmed", _("confirmed")
    DISMISSED = "dismissed", _("dismissed")


class ReviewFlag(models.Model):
    """A pattern that somebody should look at. It blocks nothing.

    `facts` are the figures that raised it, as text by name, from which the explanation is written in the reader's
    language. `key` names the pattern and what it was found in, so that it is raised once.
    """

    region_path: ClassVar[str] = "region"
    named_by: ClassVar[tuple[str, ...]] = ("kind", "pk")

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, related_name="+", verbose_name=_("pooling region")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=FlagKind.choices)
    key = models.CharField(max_length=120, unique=True)
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="flags", verbose_name=_("member"))
    provider = models.ForeignKey(
        "providers.Provider", models.PROTECT, null=True, related_name="flags", verbose_name=_("provider")
    )
    claims = models.ManyToManyField("claims.Claim", related_name="flags", verbose_name=_("claims"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    facts = models.JSONField(_("facts"), default=dict)
    raised_at = models.DateTimeField(_("raised at"), auto_now_add=True)
    state = models.CharField(
        _("state"), max_length=16, choices=FlagState.choices, default=FlagState.OPEN, editable=False
    )
    decided_by = models.ForeignKey(
        "agency.User", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decision_reason = models.CharField(_("reason for the decision"), max_length=300, blank=True, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("review flag")
        verbose_name_plural = _("review flags")
        ordering = ("-id",)
        permissions = [("decide_reviewflag", "Can decide a review flag")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", decided_by__isnull=True, decided_at__isnull=True, decision_reason="")
                | ~Q(state="open") & Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decision_reason=""),
                name="a_flag_is_decided_with_a_reason",
            ),
            models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="a_flag_has_its_days"),
        ]
        indexes = [models.Index(fields=["region", "state"], name="flags_by_state")]
        triggers = kept({FlagState.CONFIRMED: (), FlagState.DISMISSED: ()})

    def __str__(self) -> str:
        return self.named(self.kind, self.pk)

    @staticmethod
    def named(kind: str, pk: int) -> str:
        """What is suspected, and the number."""
        return f"{FlagKind(kind).label} #{pk}"
