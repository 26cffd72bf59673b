"""Monthly credit runs (按月计入)."""

from datetime import date
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.finality import COUNTED, DECISION, QUEUED, Free, Guarded, kept
from agency.history import HistoricalRecords
from agency.models import FourEyes, PoolingRegion
from agency.models.process import Process, decided, made
from policies.engine.vocabulary import CreditComponent
from policies.labels import choices


class RunState(models.TextChoices):
    """draft → checked → submitted → posting → posted; a draft, checked or returned run may be discarded."""

    DRAFT = "draft", _("draft")
    CHECKED = "checked", _("checked")
    SUBMITTED = "submitted", _("submitted")
    POSTING = "posting", _("posting")
    POSTED = "posted", _("posted")
    DISCARDED = "discarded", _("discarded")


# The cause of looking at a month because the run is for it, and not because something changed.
WHOLE_MONTH = "month"
# The cause of looking at a later month of the year because some are credited for it in advance.
IN_ADVANCE = "advance"

OPEN_STATES = (RunState.DRAFT, RunState.CHECKED, RunState.SUBMITTED, RunState.POSTING)


class CreditRun(FourEyes):
    """One region's credits for one month, as known on `as_of`.

    `sequence` counts the runs of the same month: a later one posts what has changed. `summary` is what the check
    found: members and yuan by kind and fund, and how many cannot be credited for which reason. `approved` is the
    decision on it.
    """

    region_path: ClassVar[str] = "region"
    named_by: ClassVar[tuple[str, ...]] = ("region__name", "region__name_en", "month", "sequence")
    process = Process(
        tones={
            RunState.DRAFT: "info",
            RunState.CHECKED: "info",
            RunState.SUBMITTED: "warning",
            RunState.POSTING: "warning",
            RunState.POSTED: "success",
            RunState.DISCARDED: "",
        },
        moves={
            "ask_for_check": made(RunState.DRAFT, RunState.CHECKED, to=RunState.DRAFT),
            "check": made(RunState.DRAFT, RunState.CHECKED, to=RunState.CHECKED),
            "submit": made(RunState.CHECKED, to=RunState.SUBMITTED),
            "approve": decided(RunState.POSTING),
            "return": decided(RunState.CHECKED, needs_reason=True),
            "discard": made(RunState.DRAFT, RunState.CHECKED, to=RunState.DISCARDED, needs_reason=True),
        },
    )

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, related_name="credit_runs", verbose_name=_("pooling region")
    )
    month = models.DateField(_("month"))
    sequence = models.PositiveSmallIntegerField(_("run of the month"))
    as_of = models.DateField(_("facts known on"))
    state = models.CharField(
        _("state"), max_length=16, choices=RunState.choices, default=RunState.DRAFT, editable=False
    )
    summary = models.JSONField(_("what the check found"), default=dict, editable=False)
    entry_count = models.PositiveIntegerField(_("entries posted"), default=0, editable=False)
    amount = models.DecimalField(_("yuan posted"), max_digits=16, decimal_places=2, default=0, editable=False)
    job = models.ForeignKey(
        "agency.Job", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("job")
    )
    posted_at = models.DateTimeField(_("posted at"), null=True, editable=False)
    history = HistoricalRecords()

    class Meta(FourEyes.Meta):
        abstract = False
        verbose_name = _("credit run")
        verbose_name_plural = _("credit runs")
        ordering = ("-month", "region_id", "-sequence")
        permissions = [("approve_creditrun", "Can approve a credit run")]
        constraints = [
            *FourEyes.Meta.constraints,
            models.UniqueConstraint(fields=["region", "month", "sequence"], name="runs_of_a_month_are_numbered"),
            models.UniqueConstraint(
                fields=["region"],
                condition=Q(state__in=["draft", "checked", "submitted", "posting"]),
                name="a_region_has_one_open_credit_run",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="a_run_is_for_a_whole_month"),
            models.CheckConstraint(
                condition=~Q(state__in=["posting", "posted"]) | Q(decided_by__isnull=False),
                name="a_run_is_posted_after_approval",
            ),
        ]
        triggers = kept(
            {
                RunState.SUBMITTED: (*DECISION, "job"),
                RunState.POSTING: ("state", "job", "entry_count", "amount", "posted_at"),
                RunState.POSTED: (),
                RunState.DISCARDED: (),
            },
            onwards={RunState.POSTING: (RunState.POSTED,)},
        )

    def __str__(self) -> str:
        return self.named(self.region.name, self.region.name_en, self.month, self.sequence)

    @staticmethod
    def named(region: str, region_en: str, month: date, sequence: int) -> str:
        """The region, the month, the number of the run in it."""
        return f"{PoolingRegion.named(region, region_en)} {month:%Y-%m} #{sequence}"


class CreditRunMonth(models.Model):
    """A month that a run looks at for every member: its own, posted ones that a change of law touches, and those to
    come for which members are credited in advance.
    """

    region_path: ClassVar[str] = "run__region"
    finality: ClassVar[Any] = QUEUED

    run = models.ForeignKey(CreditRun, models.CASCADE, related_name="months")
    month = models.DateField(_("month"))
    cause = models.CharField(_("cause"), max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "month"], name="a_run_looks_at_a_month_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class CreditMark(models.Model):
    """One member's posted month that has to be looked at again, and why; the run that took it up."""

    region_path: ClassVar[str] = "member__region"
    finality: ClassVar[Any] = QUEUED

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    month = models.DateField(_("month"))
    cause = models.CharField(_("cause"), max_length=32)
    run = models.ForeignKey(CreditRun, models.SET_NULL, null=True, related_name="marks")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "month", "run"], nulls_distinct=False, name="a_month_is_marked_once_per_run"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


# A row per member and month is looked at once per statement, not once per row: there are millions.
_KEPT = (
    pgtrigger.Trigger(
        name="a_checked_credit_never_changes",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Truncate,
        func="RAISE EXCEPTION 'what a check found never changes';",
    ),
    pgtrigger.Trigger(
        name="a_checked_credit_comes_with_a_check",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="come"),
        func="""
            IF EXISTS (SELECT FROM accounts_creditrun AS run
                WHERE run.id IN (SELECT run_id FROM come) AND run.state NOT IN ('draft', 'checked')) THEN
                RAISE EXCEPTION 'nothing is added to what was submitted';
            END IF;
            RETURN NULL;
        """,
    ),
    pgtrigger.Trigger(
        name="a_checked_credit_stays_until_it_is_posted",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        referencing=pgtrigger.Referencing(old="gone"),
        func="""
            IF EXISTS (SELECT FROM accounts_creditrun AS run
                WHERE run.id IN (SELECT run_id FROM gone) AND run.state IN ('submitted', 'posting')) THEN
                RAISE EXCEPTION 'nothing is taken from what was submitted';
            END IF;
            RETURN NULL;
        """,
    ),
)


class CheckedCredit(models.Model):
    """What a check found for a member's month and component, yuan; the approved run posts these rows and nothing else.

    `amount` is due for the month, `credited` what the account had got for it, `waived` what decisions left with the
    member. amount − credited is posted; what was credited above amount + waived is listed. A row comes with the check,
    goes with the next one, or once the run is posted or discarded; the ledger then holds what it said.
    """

    region_path: ClassVar[str] = "run__region"
    finality: ClassVar[Any] = Guarded("what a check found never changes, and stays until it is posted", deleted=True)

    pk = models.CompositePrimaryKey("run_id", "member_id", "month", "component")
    # Written a million at once from rows that exist, and read by the primary key: neither needs a check or an index.
    run = models.ForeignKey(
        CreditRun, models.CASCADE, related_name="checked_credits", db_constraint=False, db_index=False
    )
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    month = models.DateField(_("month"))
    component = models.CharField(_("component"), max_length=16, choices=choices(CreditComponent))
    amount = models.DecimalField(_("entitled to"), max_digits=14, decimal_places=2)
    credited = models.DecimalField(_("credited"), max_digits=14, decimal_places=2)
    waived = models.DecimalField(_("waived before"), max_digits=14, decimal_places=2)
    fund = models.CharField(max_length=32, null=True)  # noqa: DJ001  As the rule has it; null where none applies.
    rule = models.ForeignKey(
        "policies.CreditRule", models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    basis = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    cause = models.CharField(_("cause"), max_length=32)

    class Meta:
        triggers = _KEPT

    def __str__(self) -> str:
        """The month and what is due."""
        return f"{self.month:%Y-%m} {self.amount}"


class ChunkState(models.TextChoices):
    """Waiting for a worker; posted with its entries in one transaction."""

    WAITING = "waiting", _("waiting")
    POSTED = "posted", _("posted")


class CreditChunk(models.Model):
    """A range of member ids that one task posts in one transaction, both ends inside."""

    region_path: ClassVar[str] = "run__region"
    finality: ClassVar[Any] = Free("which part of a run is posted; the ledger says what was")

    run = models.ForeignKey(CreditRun, models.CASCADE, related_name="chunks")
    first_member = models.BigIntegerField(_("first member"))
    last_member = models.BigIntegerField(_("last member"))
    state = models.CharField(_("state"), max_length=16, choices=ChunkState.choices, default=ChunkState.WAITING)
    entry_count = models.PositiveIntegerField(_("entries posted"), default=0)
    amount = models.DecimalField(_("yuan posted"), max_digits=16, decimal_places=2, default=0)
    posted_at = models.DateTimeField(_("posted at"), null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "first_member"], name="chunks_of_a_run_are_disjoint")]

    def __str__(self) -> str:
        return f"{self.first_member}–{self.last_member}"


class ExceptionReason(models.TextChoices):
    """Why a member who would be credited for the run's month cannot be; or why what is due goes to somebody else."""

    NO_CONTRIBUTION = "no_contribution", _("no contribution received")
    NO_AVERAGE_PENSION = "no_average_pension", _("no average pension known")
    NO_OLD_STANDARD = "no_old_standard", _("no old standard imported")
    NO_CONTRIBUTION_MONTHS = "no_contribution_months", _("no contribution months entered")
    NO_CIVIL_SERVANT_BASIS = "no_civil_servant_basis", _("no civil servant basis since the change of status")
    UNSET_FIGURE = "unset_figure", _("a figure of the local document is not set")
    ACCOUNT_CLOSED = "account_closed", _("account closed: paid to whoever got its balance")


class CreditException(models.Model):
    """A member whose account cannot be credited in a run, and why."""

    region_path: ClassVar[str] = "run__region"
    finality: ClassVar[Any] = COUNTED

    run = models.ForeignKey(CreditRun, models.CASCADE, related_name="exceptions", verbose_name=_("credit run"))
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+", verbose_name=_("member"))
    component = models.CharField(_("component"), max_length=16, choices=choices(CreditComponent))
    reason = models.CharField(_("reason"), max_length=32, choices=ExceptionReason.choices)

    class Meta:
        verbose_name = _("member not creditable")
        verbose_name_plural = _("members not creditable")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "member", "component"], name="a_member_is_listed_once_per_run_and_component"
            )
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
