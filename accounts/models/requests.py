"""What is asked for about an account beside its closing: freezing it, moving a balance in, taking a payment back."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.family import DecisionState
from agency.finality import KEPT_ONCE_DECIDED
from agency.history import HistoricalRecords
from agency.models import FourEyes
from agency.models.process import REQUEST


class RequestKind(models.TextChoices):
    """Freeze: the account pays nothing until it is unfrozen. Transfer in: the balance that another agency sends along
    with the member. Refund: a payment returns to the account it came from.
    """

    FREEZE = "freeze", _("freeze the account")
    UNFREEZE = "unfreeze", _("unfreeze the account")
    TRANSFER_IN = "transfer_in", _("transfer in")
    REFUND = "refund", _("refund")


class AccountRequest(FourEyes):
    """Something asked for about a member's account, and its decision; approved, it is done at once.

    `amount` (yuan) and `other_agency` belong to a transfer in, `entry` to a refund: the spending that is taken back.
    `document` names the paper it rests on.
    """

    region_path: ClassVar[str] = "member__region"
    process = REQUEST

    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="account_requests", verbose_name=_("member")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=RequestKind.choices)
    effective_on = models.DateField(_("effective on"))
    document = models.CharField(_("document it rests on"), max_length=200)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    other_agency = models.CharField(_("other agency"), max_length=120, blank=True)
    entry = models.ForeignKey(
        "accounts.LedgerEntry", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entry")
    )
    state = models.CharField(
        _("state"), max_length=16, choices=DecisionState.choices, default=DecisionState.SUBMITTED, editable=False
    )
    history = HistoricalRecords()

    class Meta(FourEyes.Meta):
        abstract = False
        verbose_name = _("account request")
        verbose_name_plural = _("account requests")
        ordering = ("-id",)
        permissions = [("approve_accountrequest", "Can decide an account request")]
        constraints = [
            *FourEyes.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind="transfer_in", amount__isnull=False, amount__gt=0) & ~Q(other_agency="")
                | ~Q(kind="transfer_in") & Q(amount__isnull=True, other_agency=""),
                name="a_transfer_in_names_amount_and_agency",
            ),
            models.CheckConstraint(
                condition=Q(kind="refund", entry__isnull=False) | ~Q(kind="refund") & Q(entry__isnull=True),
                name="a_refund_names_the_payment",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(decided_by__isnull=False),
                name="an_account_request_holds_after_approval",
            ),
            models.UniqueConstraint(
                fields=["member", "kind", "entry"],
                condition=Q(state="submitted") & ~Q(kind="transfer_in"),
                nulls_distinct=False,
                name="an_account_request_waits_once",
            ),
            models.UniqueConstraint(
                fields=["member", "other_agency", "document"],
                condition=Q(kind="transfer_in", state__in=["submitted", "approved"]),
                name="a_balance_is_transferred_in_once",
            ),
        ]
        triggers = KEPT_ONCE_DECIDED

    def __str__(self) -> str:
        return f"{self.member} · {self.get_kind_display()}"
