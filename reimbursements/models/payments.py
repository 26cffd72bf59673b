"""Payment batches: approved reimbursements on their way through the bank."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agency.fields import EncryptedTextField, masked
from agency.finality import DECISION, kept
from agency.history import HistoricalRecords
from agency.models import FourEyes, PoolingRegion
from agency.models.process import Process, decided, made


class BatchState(models.TextChoices):
    """Drafted by finance, submitted, approved by another person; closed once the bank has answered for every item.

    A draft, or a submitted one, may be discarded: its reimbursements wait for another batch.
    """

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    APPROVED = "approved", _("approved")
    CLOSED = "closed", pgettext_lazy("payment batch", "closed")
    DISCARDED = "discarded", _("discarded")


class PaymentBatch(FourEyes):
    """What the bank is asked to pay at once. `number` counts the batches of a region."""

    region_path: ClassVar[str] = "region"
    named_by: ClassVar[tuple[str, ...]] = ("region__name", "region__name_en", "number")
    process = Process(
        tones={
            BatchState.DRAFT: "info",
            BatchState.SUBMITTED: "warning",
            BatchState.APPROVED: "warning",
            BatchState.CLOSED: "success",
            BatchState.DISCARDED: "",
        },
        moves={
            "submit": made(BatchState.DRAFT, to=BatchState.SUBMITTED),
            "approve": decided(BatchState.APPROVED),
            "return": decided(BatchState.DRAFT, needs_reason=True),
            "discard": made(BatchState.DRAFT, BatchState.SUBMITTED, to=BatchState.DISCARDED, needs_reason=True),
            "take_file": made(BatchState.APPROVED),
            "read_answer": made(BatchState.APPROVED, BatchState.CLOSED),
        },
    )

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, related_name="+", verbose_name=_("pooling region")
    )
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(
        _("state"), max_length=16, choices=BatchState.choices, default=BatchState.DRAFT, editable=False
    )
    drafted_by = models.ForeignKey(
        "agency.User",
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=pgettext_lazy("payment batch", "drafted by"),
    )
    created_at = models.DateTimeField(_("drafted at"), auto_now_add=True)
    history = HistoricalRecords()

    class Meta(FourEyes.Meta):
        abstract = False
        verbose_name = _("payment batch")
        verbose_name_plural = _("payment batches")
        ordering = ("-id",)
        permissions = [("approve_paymentbatch", "Can approve a payment batch")]
        constraints = [
            *FourEyes.Meta.constraints,
            models.UniqueConstraint(fields=["region", "number"], name="payment_batches_of_a_region_are_numbered"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "closed"]) | Q(decided_by__isnull=False),
                name="a_payment_batch_is_approved_by_another_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "closed"]) | ~Q(decided_by=F("drafted_by")),
                name="a_payment_batch_is_not_approved_by_its_drafter",
            ),
        ]
        triggers = kept(
            {
                BatchState.SUBMITTED: DECISION,
                BatchState.APPROVED: ("state",),
                BatchState.CLOSED: (),
                BatchState.DISCARDED: (),
            },
            onwards={BatchState.APPROVED: (BatchState.CLOSED,)},
        )

    def __str__(self) -> str:
        return self.named(self.region.name, self.region.name_en, self.number)

    @staticmethod
    def named(name: str, name_en: str, number: int) -> str:
        """The region and its number there."""
        return f"{PoolingRegion.named(name, name_en)} #{number}"


class ItemState(models.TextChoices):
    """Waiting for the bank; paid or failed as the bank's file says; dropped with a batch that was discarded."""

    WAITING = "waiting", _("waiting for the bank")
    PAID = "paid", _("paid")
    FAILED = "failed", _("failed")
    DROPPED = "dropped", _("dropped")


class PaymentItem(models.Model):
    """One reimbursement in a batch: the amount in yuan and the payee as they were when the batch was drafted.

    With a re-settlement it pays what the member gets more than was paid before.
    """

    region_path: ClassVar[str] = "batch__region"

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="items", verbose_name=_("payment batch"))
    reimbursement = models.ForeignKey(
        "reimbursements.Reimbursement", models.PROTECT, related_name="payments", verbose_name=_("manual reimbursement")
    )
    resettlement = models.ForeignKey(
        "claims.Resettlement",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="payments",
        verbose_name=_("re-settlement"),
    )
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    payee_name = models.CharField(_("payee"), max_length=64)
    payee_bank = models.CharField(_("bank"), max_length=120)
    payee_account = EncryptedTextField(_("bank account number"), keeps_token=True)
    state = models.CharField(
        _("state"), max_length=16, choices=ItemState.choices, default=ItemState.WAITING, editable=False
    )
    bank_reference = models.CharField(_("bank's reference"), max_length=64, blank=True, editable=False)
    failure = models.CharField(_("why it failed"), max_length=200, blank=True, editable=False)
    answered_on = models.DateField(_("answered by the bank on"), null=True, editable=False)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ("batch_id", "id")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_payment_is_positive"),
            models.UniqueConstraint(
                fields=["reimbursement"],
                condition=Q(state__in=["waiting", "paid"], resettlement__isnull=True),
                name="a_reimbursement_is_paid_once",
            ),
            models.UniqueConstraint(
                fields=["resettlement"],
                condition=Q(state__in=["waiting", "paid"]),
                name="a_difference_is_paid_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "dropped"], answered_on__isnull=True)
                | Q(state__in=["paid", "failed"], answered_on__isnull=False),
                name="the_bank_answers_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") & ~Q(failure="") | ~Q(state="failed") & Q(failure=""),
                name="a_failed_payment_says_why",
            ),
        ]
        triggers = kept(
            {ItemState.PAID: (), ItemState.FAILED: (), ItemState.DROPPED: ()},
            always=("state", "bank_reference", "failure", "answered_on"),
        )

    def __str__(self) -> str:
        return f"{self.payee_name} {self.amount}"

    @property
    def masked_account(self) -> str:
        """The bank account as screens show it."""
        return masked(self.payee_account, head=4, tail=4)
