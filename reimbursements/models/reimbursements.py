"""Manual reimbursement (零星报销): a member's papers on their way from the counter to the bank."""

from collections.abc import Sequence
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agency.append_only import APPEND_ONLY
from agency.fields import EncryptedTextField, masked
from agency.finality import DECISION, kept
from agency.history import HistoricalRecords
from agency.models import FourEyes
from agency.models.process import Process, decided, made
from claims.models import DocumentKind


class ReimbursementKind(models.TextChoices):
    """Why the claim was not settled directly at the provider."""

    GENERAL = "general", _("general")
    NO_CARD = "no_card", _("without the card at a designated provider")
    OUT_OF_AREA = "out_of_area", _("out of area")
    EMERGENCY = "emergency", _("emergency rescue")
    REFERRAL = "referral", _("referral out of area")


class ReimbursementState(models.TextChoices):
    """Registered at the counter; complete once every paper is there; submitted by the clerk.

    Another person approves it, returns it to the clerk, or refuses it. Finance takes an approved one into a payment
    batch; the bank pays it or fails to, and a failed one is put right and paid in another batch. One whose settlement
    was taken back is reversed. The clerk may withdraw one that nobody has approved, such as one of the wrong member.
    """

    REGISTERED = "registered", _("registered")
    COMPLETE = "complete", _("documents complete")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    REFUSED = "refused", _("refused")
    APPROVED = "approved", _("approved")
    IN_PAYMENT = "in_payment", _("in payment")
    PAID = "paid", _("paid")
    PAYMENT_FAILED = "payment_failed", _("payment failed")
    REVERSED = "reversed", _("reversed")
    WITHDRAWN = "withdrawn", _("withdrawn")


# Where the clerk's moves begin. A refused one is put right and submitted again, as a refused claim is settled once the
# reason is gone.
SUBMITTABLE = (ReimbursementState.COMPLETE, ReimbursementState.RETURNED, ReimbursementState.REFUSED)
EDITABLE = (ReimbursementState.REGISTERED, *SUBMITTABLE)
# Where it goes with a payment batch, the bank's answer, or a settlement that is taken back.
_ONWARDS: dict[str, Sequence[str]] = {
    ReimbursementState.APPROVED: (
        ReimbursementState.IN_PAYMENT,
        ReimbursementState.PAID,
        ReimbursementState.REVERSED,
    ),
    ReimbursementState.IN_PAYMENT: (
        ReimbursementState.APPROVED,
        ReimbursementState.PAID,
        ReimbursementState.PAYMENT_FAILED,
    ),
    ReimbursementState.PAYMENT_FAILED: (ReimbursementState.APPROVED, ReimbursementState.REVERSED),
    ReimbursementState.PAID: (ReimbursementState.APPROVED, ReimbursementState.REVERSED),
}
# Corrected where a payment failed, or none was needed before.
_PAYEE = ("payee_name", "payee_bank", "payee_account", "payee_corrected_by")


class Reimbursement(FourEyes):
    """The papers of one manual claim, and what becomes of them.

    `calculation` is what the supervisor sees and approves: the trial settlement when it was submitted. `completed_on`
    starts the office's time limit in working days: `due_on` is the usual end, `latest_on` the last day allowed.
    `accepted_without` says why papers of the checklist need no file, such as originals that were seen at the counter.
    """

    region_path: ClassVar[str] = "claim__region"
    named_by: ClassVar[tuple[str, ...]] = ("claim__claim_number",)
    process = Process(
        tones={
            ReimbursementState.REGISTERED: "info",
            ReimbursementState.COMPLETE: "info",
            ReimbursementState.SUBMITTED: "warning",
            ReimbursementState.RETURNED: "warning",
            ReimbursementState.REFUSED: "",
            ReimbursementState.APPROVED: "success",
            ReimbursementState.IN_PAYMENT: "info",
            ReimbursementState.PAID: "success",
            ReimbursementState.PAYMENT_FAILED: "danger",
            ReimbursementState.REVERSED: "",
            ReimbursementState.WITHDRAWN: "",
        },
        moves={
            "edit": made(*EDITABLE, needs_reason=True),
            "tell": made(ReimbursementState.REGISTERED),
            "complete": made(ReimbursementState.REGISTERED, to=ReimbursementState.COMPLETE, needs_reason=True),
            "submit": made(*SUBMITTABLE, to=ReimbursementState.SUBMITTED),
            "withdraw": made(*EDITABLE, to=ReimbursementState.WITHDRAWN, needs_reason=True),
            "approve": decided(ReimbursementState.APPROVED),
            "return": decided(ReimbursementState.RETURNED, needs_reason=True),
            "refuse": decided(ReimbursementState.REFUSED, needs_reason=True),
            "accept_late": decided(ReimbursementState.RETURNED, verb="claims.override_claim", needs_reason=True),
        },
    )

    claim = models.OneToOneField("claims.Claim", models.PROTECT, related_name="reimbursement", verbose_name=_("claim"))
    kind = models.CharField(_("kind"), max_length=16, choices=ReimbursementKind.choices)
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=ReimbursementState.choices,
        default=ReimbursementState.REGISTERED,
        editable=False,
    )
    completed_on = models.DateField(_("documents complete on"), null=True, editable=False)
    due_on = models.DateField(_("due on"), null=True, editable=False)
    latest_on = models.DateField(_("at the latest on"), null=True, editable=False)
    accepted_without = models.CharField(_("why papers have no file"), max_length=200, blank=True, editable=False)
    calculation = models.JSONField(_("calculation"), default=dict, editable=False)
    payee_name = models.CharField(_("payee"), max_length=64, blank=True)
    payee_bank = models.CharField(_("bank"), max_length=120, blank=True)
    payee_account = EncryptedTextField(_("bank account number"), keeps_token=True, blank=True)
    # Only a correction after the approval, which the supervisor did not see; finance is shown it.
    payee_corrected_by = models.ForeignKey(
        "agency.User",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("payee corrected by"),
    )
    history = HistoricalRecords()

    class Meta(FourEyes.Meta):
        abstract = False
        verbose_name = _("manual reimbursement")
        verbose_name_plural = _("manual reimbursements")
        ordering = ("-id",)
        permissions = [("approve_reimbursement", "Can decide a manual reimbursement")]
        constraints = [
            *FourEyes.Meta.constraints,
            models.CheckConstraint(
                # Whoever puts right what they refused is its author from then on, and the refusal is in the history.
                condition=~Q(state__in=["approved", "in_payment", "paid", "payment_failed", "reversed"])
                | Q(decided_by__isnull=False),
                name="a_reimbursement_is_decided_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["registered", "refused", "withdrawn"]) | Q(completed_on__isnull=False),
                name="a_reimbursement_is_examined_once_its_papers_are_there",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True, latest_on__isnull=True)
                | Q(due_on__isnull=False, latest_on__isnull=False, latest_on__gte=F("due_on")),
                name="the_usual_time_limit_lies_before_the_last",
            ),
        ]
        indexes = [*FourEyes.Meta.indexes, models.Index(fields=["state", "due_on"], name="reimbursements_by_due_day")]
        triggers = kept(
            {
                ReimbursementState.SUBMITTED: DECISION,
                ReimbursementState.APPROVED: ("state", *_PAYEE),
                ReimbursementState.IN_PAYMENT: ("state",),
                ReimbursementState.PAID: ("state",),
                ReimbursementState.PAYMENT_FAILED: ("state", *_PAYEE),
                ReimbursementState.REVERSED: (),
                ReimbursementState.WITHDRAWN: (),
            },
            onwards=_ONWARDS,
        )

    def __str__(self) -> str:
        return str(self.claim)

    @property
    def masked_account(self) -> str:
        """The bank account as screens show it."""
        return masked(self.payee_account, head=4, tail=4)


class MissingPapers(models.Model):
    """What a member was told to bring, all of it at once (一次性告知); written once for a reimbursement."""

    region_path: ClassVar[str] = "reimbursement__claim__region"

    reimbursement = models.OneToOneField(
        Reimbursement, models.CASCADE, related_name="missing_papers", verbose_name=_("manual reimbursement")
    )
    kinds = ArrayField(
        models.CharField(max_length=32, choices=DocumentKind.choices), verbose_name=_("papers that are missing")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    told_on = models.DateField(_("told on"))
    told_by = models.ForeignKey("agency.User", models.PROTECT, null=True, related_name="+", verbose_name=_("told by"))

    class Meta:
        verbose_name = _("notice of missing papers")
        verbose_name_plural = _("notices of missing papers")
        constraints = [
            models.CheckConstraint(condition=Q(kinds__len__gt=0), name="a_notice_names_a_missing_paper"),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.reimbursement} · {self.told_on}"
