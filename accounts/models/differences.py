"""Credits above entitlement: what a later fact shows to have been too much, listed for a decision."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agency.finality import DECISION, kept
from agency.history import HistoricalRecords
from agency.models import FourEyes
from agency.models.process import Process, decided, made
from policies.engine.vocabulary import CreditComponent
from policies.labels import choices


class DifferenceState(models.TextChoices):
    """Listed by a run; submitted for recovery or waiver; recovered or waived by another person.

    A listed one lapses when a later run finds nothing too much any more; a refused submission is listed again.
    """

    LISTED = "listed", _("listed")
    SUBMITTED = "submitted", _("submitted")
    RECOVERED = "recovered", _("recovered")
    WAIVED = "waived", _("waived")
    LAPSED = "lapsed", _("lapsed")


OPEN_DIFFERENCES = (DifferenceState.LISTED, DifferenceState.SUBMITTED)


class Remedy(models.TextChoices):
    """What is to be done about a credit above entitlement."""

    RECOVER = "recover", _("recover from the balance")
    WAIVE = "waive", _("waive")


# What a run finds, and what a submission writes.
_FOUND = ("credited", "entitled", "waived", "cause")
_SUBMISSION = ("authors", "submitted_by", "submitted_at", "payload_hash")


class CreditDifference(FourEyes):
    """More was credited for a member's month than is due now: never taken silently.

    `credited` is what the account got for the month and kept, `entitled` what is due, `waived` what earlier decisions
    left with the member; the rest is too much. `taken` is what a recovery took, at most what the account held.
    `closing` is the closing that set it off before it paid out.
    """

    region_path: ClassVar[str] = "run__region"
    # Runs list them with statements that write no history; the decisions have one.
    has_whole_history: ClassVar[bool] = False
    process = Process(
        tones={
            DifferenceState.LISTED: "info",
            DifferenceState.SUBMITTED: "warning",
            DifferenceState.RECOVERED: "success",
            DifferenceState.WAIVED: "success",
            DifferenceState.LAPSED: "",
        },
        moves={
            "submit": made(DifferenceState.LISTED, to=DifferenceState.SUBMITTED, needs_reason=True),
            "approve": decided(""),
            "refuse": decided(DifferenceState.LISTED, needs_reason=True),
        },
    )

    run = models.ForeignKey(
        "accounts.CreditRun", models.CASCADE, related_name="differences", verbose_name=_("credit run")
    )
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+", verbose_name=_("member"))
    month = models.DateField(_("month"))
    component = models.CharField(_("component"), max_length=16, choices=choices(CreditComponent))
    credited = models.DecimalField(_("credited"), max_digits=14, decimal_places=2)
    entitled = models.DecimalField(_("entitled to"), max_digits=14, decimal_places=2)
    # The credit run's statement lists differences; what it does not name is the database's.
    waived = models.DecimalField(_("waived before"), max_digits=14, decimal_places=2, db_default=Decimal("0.00"))
    cause = models.CharField(_("cause"), max_length=32)
    state = models.CharField(
        _("state"), max_length=16, choices=DifferenceState.choices, db_default=DifferenceState.LISTED, editable=False
    )
    remedy = models.CharField(_("remedy"), max_length=16, choices=Remedy.choices, blank=True, db_default="")
    taken = models.DecimalField(_("recovered"), max_digits=14, decimal_places=2, null=True, editable=False)
    closing = models.ForeignKey(
        "accounts.AccountClosing",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="set_off",
        verbose_name=_("set off with the closing"),
    )
    decision_reason = models.TextField(_("reason for the decision"), blank=True, editable=False, db_default="")
    payload_hash = models.CharField(max_length=64, blank=True, editable=False, db_default="")
    history = HistoricalRecords()

    class Meta(FourEyes.Meta):
        abstract = False
        verbose_name = _("credit above entitlement")
        verbose_name_plural = _("credits above entitlement")
        ordering = ("-id",)
        permissions = [("approve_creditdifference", "Can decide about a credit above entitlement")]
        constraints = [
            *FourEyes.Meta.constraints,
            models.UniqueConstraint(
                fields=["member", "month", "component"],
                condition=Q(state__in=["listed", "submitted"]),
                name="a_difference_is_open_once",
            ),
            models.CheckConstraint(
                condition=Q(credited__gt=F("entitled") + F("waived")), name="a_listed_difference_is_negative"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "recovered", "waived"]) | ~Q(remedy=""),
                name="a_decided_difference_names_its_remedy",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["recovered", "waived"], decided_by__isnull=False)
                | ~Q(state__in=["recovered", "waived"]),
                name="a_difference_is_decided_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="recovered",
                    taken__isnull=False,
                    taken__gt=0,
                    taken__lte=F("credited") - F("entitled") - F("waived"),
                )
                | ~Q(state="recovered") & Q(taken__isnull=True),
                name="a_recovery_takes_at_most_what_was_too_much",
            ),
            models.CheckConstraint(
                condition=Q(closing__isnull=True) | Q(state="recovered"), name="a_closing_sets_off_by_recovering"
            ),
        ]
        triggers = kept(
            {
                # A run that finds other amounts writes them, which voids what was submitted.
                DifferenceState.SUBMITTED: (*DECISION, *_FOUND, *_SUBMISSION, "remedy", "taken", "closing"),
                DifferenceState.RECOVERED: (),
                DifferenceState.WAIVED: (),
                DifferenceState.LAPSED: (),
            },
            onwards={
                DifferenceState.LISTED: (DifferenceState.SUBMITTED, DifferenceState.LAPSED, DifferenceState.RECOVERED),
                DifferenceState.SUBMITTED: (
                    DifferenceState.RECOVERED,
                    DifferenceState.WAIVED,
                    DifferenceState.LAPSED,
                ),
            },
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.credited} → {self.entitled}"

    @property
    def excess(self) -> Decimal:
        """What is too much, yuan > 0."""
        return self.credited - self.entitled - self.waived
