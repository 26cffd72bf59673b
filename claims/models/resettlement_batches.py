"""Batches of re-settlements: what was settled under the law that held before a version was published for past days."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.finality import DECISION, kept
from agency.history import HistoricalRecords
from agency.models import FourEyes
from agency.models.process import SUBMITTED, Process, decided, made
from members.models import Member
from policies.models import PolicyVersion


class BatchState(models.TextChoices):
    """Planning while workers calculate; a draft to look at; submitted; settling once another person approved; settled.
    Or refused, or discarded.
    """

    PLANNING = "planning", _("being calculated")
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    SETTLING = "settling", _("being settled")
    SETTLED = "settled", _("settled")
    REFUSED = "refused", _("refused")
    DISCARDED = "discarded", _("discarded")


class ResettlementBatch(FourEyes):
    """The members' years that a version published for past days concerns, settled anew under it once approved.

    `concerned` counts the years that come out otherwise, `difference` is what the payees get more for them, and
    `pooled_difference` what the funds pay more, yuan: what an account pays less comes back to it.
    `left_out_for` is why years that cannot be calculated are left out.
    """

    region_path: ClassVar[str] = "region"
    named_by: ClassVar[tuple[str, ...]] = ("pk", *(f"version__{name}" for name in PolicyVersion.named_by))
    process = Process(
        tones={
            BatchState.PLANNING: "info",
            BatchState.DRAFT: "info",
            BatchState.SUBMITTED: "warning",
            BatchState.SETTLING: "warning",
            BatchState.SETTLED: "success",
            BatchState.REFUSED: "",
            BatchState.DISCARDED: "",
        },
        moves={
            "plan_again": made(BatchState.DRAFT, to=BatchState.PLANNING),
            "leave_out": made(BatchState.DRAFT, needs_reason=True),
            "submit": made(BatchState.DRAFT, to=SUBMITTED),
            "approve": decided(BatchState.SETTLING),
            "refuse": decided(BatchState.REFUSED, needs_reason=True),
            "discard": made(BatchState.PLANNING, BatchState.DRAFT, to=BatchState.DISCARDED, needs_reason=True),
            "go_on": made(BatchState.PLANNING, BatchState.SETTLING),
        },
    )

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, related_name="+", verbose_name=_("pooling region")
    )
    version = models.ForeignKey(
        "policies.PolicyVersion", models.PROTECT, related_name="+", verbose_name=_("policy version")
    )
    reason = models.CharField(_("reason"), max_length=200)
    left_out_for = models.CharField(_("left out because"), max_length=200, blank=True, editable=False)
    concerned = models.PositiveIntegerField(_("members' years concerned"), default=0, editable=False)
    difference = models.DecimalField(_("difference"), max_digits=16, decimal_places=2, default=0, editable=False)
    pooled_difference = models.DecimalField(
        _("more from the funds"), max_digits=16, decimal_places=2, default=0, editable=False
    )
    state = models.CharField(
        _("state"), max_length=16, choices=BatchState.choices, default=BatchState.PLANNING, editable=False
    )
    job = models.ForeignKey(
        "agency.Job", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("job")
    )
    history = HistoricalRecords()

    class Meta(FourEyes.Meta):
        abstract = False
        verbose_name = _("batch of re-settlements")
        verbose_name_plural = _("batches of re-settlements")
        ordering = ("-id",)
        permissions = [("approve_resettlementbatch", "Can approve a batch of re-settlements")]
        constraints = [
            *FourEyes.Meta.constraints,
            models.UniqueConstraint(
                fields=["version"],
                # One by one: what PostgreSQL makes of a list it writes otherwise once it is dumped and restored.
                condition=Q(state="planning") | Q(state="draft") | Q(state="submitted") | Q(state="settling"),
                name="a_version_has_one_open_batch_of_resettlements",
            ),
            models.CheckConstraint(
                condition=~Q(state="settling") & ~Q(state="settled") | Q(decided_by__isnull=False),
                name="a_batch_is_settled_anew_after_approval",
            ),
        ]
        triggers = kept(
            {
                BatchState.SUBMITTED: (*DECISION, "job"),
                BatchState.SETTLING: ("state", "job", "concerned", "difference", "pooled_difference"),
                BatchState.SETTLED: (),
                BatchState.REFUSED: (),
                BatchState.DISCARDED: (),
            },
            onwards={
                BatchState.PLANNING: (BatchState.DRAFT, BatchState.DISCARDED),
                BatchState.SETTLING: (BatchState.SETTLED,),
            },
        )

    def __str__(self) -> str:
        """Its number, and the version that it carries out."""
        return f"#{self.pk} {self.version}"

    @staticmethod
    def named(pk: int, *version: str) -> str:
        """The same of their columns."""
        return f"#{pk} {PolicyVersion.named(*version)}"


class YearState(models.TextChoices):
    """Listed until it is calculated; then otherwise, the same, or a fault that somebody mends or leaves out.

    What comes out otherwise is settled anew after approval, or skipped where it would be something else by then.
    """

    LISTED = "listed", _("not calculated yet")
    OTHERWISE = "otherwise", _("comes out otherwise")
    SAME = "same", _("comes out the same")
    FAULTY = "faulty", _("cannot be calculated")
    LEFT_OUT = "left_out", _("left out")
    SETTLED = "settled", _("settled anew")
    SKIPPED = "skipped", _("not settled anew")


class BatchYear(models.Model):
    """One member's year of a batch: what is calculated, and later settled anew, whole or not at all.

    `plan` has each settlement that comes out otherwise with its amounts before and after, and what goes to whoever got
    the balance of a closed account. The differences are those of the batch. `sentence` says what keeps the year from
    being settled anew.
    """

    region_path: ClassVar[str] = "member__region"
    named_by: ClassVar[tuple[str, ...]] = ("member__name", "member__member_number", "year")

    batch = models.ForeignKey(ResettlementBatch, models.CASCADE, related_name="years", verbose_name=_("batch"))
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="+", verbose_name=_("member"))
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(_("state"), max_length=16, choices=YearState.choices, default=YearState.LISTED)
    plan = models.JSONField(_("what it changes"), default=dict)
    difference = models.DecimalField(_("difference"), max_digits=12, decimal_places=2, default=0)
    pooled_difference = models.DecimalField(_("more from the funds"), max_digits=12, decimal_places=2, default=0)
    sentence = models.TextField(_("why not"), blank=True)

    class Meta:
        verbose_name = _("member's year of a batch")
        verbose_name_plural = _("members' years of batches")
        ordering = ("batch_id", "id")
        constraints = [
            models.UniqueConstraint(fields=["batch", "member", "year"], name="a_batch_has_a_members_year_once"),
        ]
        indexes = [models.Index(fields=["batch", "state", "id"], name="years_of_a_batch_by_state")]
        triggers = kept(
            {YearState.SETTLED: (), YearState.SKIPPED: ()},
            deleted_in=(
                YearState.LISTED,
                YearState.OTHERWISE,
                YearState.SAME,
                YearState.FAULTY,
                YearState.LEFT_OUT,
            ),
        )

    def __str__(self) -> str:
        return self.named(self.member.name, self.member.member_number, self.year)

    @staticmethod
    def named(name: str, member_number: str, year: int) -> str:
        """The member and the year."""
        return f"{Member.named(name, member_number)} {year}"
