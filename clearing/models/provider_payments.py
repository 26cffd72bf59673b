"""What statements and clearings of providers have in common: approved, kept as approved, and paid in one transfer."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agency.fields import EncryptedTextField, masked
from agency.finality import DECISION, kept
from agency.models import FourEyes
from agency.models.process import Move, Process, Whose, decided, made


def yuan_field(label: Any) -> Any:
    """An amount that begins at nought."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, default=0)


class StatementState(models.TextChoices):
    """Drafted; submitted; approved by another person; paid by finance, or below zero paid back by the provider."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    APPROVED = "approved", _("approved")
    PAID = "paid", _("paid")


# What the decision writes beside itself, and what is done with an approved row: it is paid, to a bank account that may
# have been confirmed since.
_PAYEE = ("payee_bank", "payee_account")
KEPT_ONCE_SUBMITTED = kept(
    {
        StatementState.SUBMITTED: (*DECISION, "approved_on", *_PAYEE),
        StatementState.APPROVED: ("state", "paid_on", "paid_by", "bank_reference", *_PAYEE, "payee_confirmed_by"),
        StatementState.PAID: (),
    },
    deleted_in=(StatementState.DRAFT,),
)


class PaidToProvider(FourEyes):
    """What is approved and then paid to a provider in one transfer; finance names the bank's reference.

    The bank account is the one that was approved with it, or another that was confirmed since. It is paid to no other.
    """

    process = Process(
        tones={
            StatementState.DRAFT: "info",
            StatementState.SUBMITTED: "warning",
            StatementState.APPROVED: "warning",
            StatementState.PAID: "success",
        },
        moves={
            "edit": made(StatementState.DRAFT, verb="add"),
            "submit": made(StatementState.DRAFT, to=StatementState.SUBMITTED, verb="add"),
            "approve": decided(StatementState.APPROVED),
            "return": decided(StatementState.DRAFT, needs_reason=True),
            "confirm_payee": made(StatementState.APPROVED, verb="approve", needs_reason=True),
            "pay": Move((StatementState.APPROVED,), StatementState.PAID, Whose.THIRD, "pay"),
        },
    )

    state = models.CharField(
        _("state"), max_length=16, choices=StatementState.choices, default=StatementState.DRAFT, editable=False
    )
    approved_on = models.DateField(_("approved on"), null=True, editable=False)
    paid_on = models.DateField(_("paid on"), null=True, editable=False)
    paid_by = models.ForeignKey(
        "agency.User", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("paid by")
    )
    bank_reference = models.CharField(_("bank's reference"), max_length=64, blank=True, editable=False)
    payee_bank = models.CharField(_("bank"), max_length=120, blank=True, editable=False)
    payee_account = EncryptedTextField(_("bank account number"), keeps_token=True, blank=True, editable=False)
    payee_confirmed_by = models.ForeignKey(
        "agency.User",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("bank account confirmed by"),
    )

    class Meta(FourEyes.Meta):
        abstract = True
        constraints = [
            *FourEyes.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "paid"]) | Q(decided_by__isnull=False),
                name="%(class)s_is_approved_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(state="paid", paid_on__isnull=False, paid_by__isnull=False)
                | ~Q(state="paid") & Q(paid_on__isnull=True, paid_by__isnull=True, bank_reference=""),
                name="%(class)s_is_paid_on_a_day_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(paid_by__isnull=True) | ~Q(paid_by=F("submitted_by")) & ~Q(paid_by=F("decided_by")),
                name="%(class)s_is_paid_by_a_third_person",
            ),
            models.CheckConstraint(
                condition=Q(paid_on__isnull=True) | Q(approved_on__isnull=True) | Q(paid_on__gte=F("approved_on")),
                name="%(class)s_is_paid_once_it_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(payee_confirmed_by__isnull=True)
                | Q(paid_by__isnull=True)
                | ~Q(paid_by=F("payee_confirmed_by")),
                name="%(class)s_account_is_confirmed_by_another",
            ),
        ]

    @property
    def payee(self) -> Any:
        """Whose bank account the money goes to: as it was approved, or before that the provider's of now."""
        return self if self.state in (StatementState.APPROVED, StatementState.PAID) else self.provider  # type: ignore[attr-defined]

    @property
    def masked_account(self) -> str:
        """The bank account as screens show it."""
        return masked(self.payee_account, head=4, tail=4)
