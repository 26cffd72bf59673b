"""The ledger: accounts, and entries that move one positive amount from one account to another."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agency.append_only import APPEND_ONLY
from agency.finality import Free
from agency.models import PoolingRegion
from members.models import Member
from policies.engine.vocabulary import CreditComponent, Purpose
from policies.labels import choices


class AccountKind(models.TextChoices):
    """A member's personal account, or one of the region's books that money comes from and goes to."""

    PERSONAL = "personal", _("personal account")
    CONTRIBUTION_INCOME = "contribution_income", _("contribution income")
    POOLED_FUND = "pooled_fund", _("pooled fund")
    CIVIL_SERVANT_FUND = "civil_servant_fund", _("civil servant subsidy fund")
    PROVIDER_PAYABLE = "provider_payable", _("payable to providers")
    MEMBER_PAYABLE = "member_payable", _("payable to members")
    PREMIUM_PAYABLE = "premium_payable", _("payable to insurers")
    TRANSFERS = "transfers", _("transfers with other agencies")
    INTEREST = "interest", _("interest of the funds")
    BANK = "bank", _("paid out through the bank")


class AccountState(models.TextChoices):
    """Open; frozen by a decision: credited, but paying nothing until it is unfrozen; closed after death, emigration
    or transfer: nothing moves any more.
    """

    OPEN = "open", _("open")
    FROZEN = "frozen", _("frozen")
    CLOSED = "closed", _("closed")


class LedgerAccount(models.Model):
    """A personal account with a balance in yuan, or a fund's book without one (its rows say what it holds).

    The balance is written by `accounts.services.ledger` and the credit run alone, in the transaction of the entries
    it sums up.
    """

    region_path: ClassVar[str] = "region"
    finality: ClassVar[Any] = Free("its entries say what it holds, and the books are compared with them")
    named_by: ClassVar[tuple[str, ...]] = (
        "kind",
        "region__name",
        "region__name_en",
        "member__name",
        "member__member_number",
    )

    region = models.ForeignKey(
        "agency.PoolingRegion",
        models.PROTECT,
        related_name="ledger_accounts",
        verbose_name=_("pooling region"),
    )
    kind = models.CharField(_("kind"), max_length=32, choices=AccountKind.choices)
    member = models.OneToOneField(
        "members.Member",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="account",
        verbose_name=_("member"),
    )
    balance = models.DecimalField(_("balance"), max_digits=14, decimal_places=2, null=True)
    state = models.CharField(_("state"), max_length=16, choices=AccountState.choices, default=AccountState.OPEN)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        permissions = [("spend_account", "Can pay from a personal account")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="personal", member__isnull=False, balance__isnull=False)
                | ~Q(kind="personal") & Q(member__isnull=True, balance__isnull=True),
                name="a_personal_account_has_a_member_and_a_balance",
            ),
            models.CheckConstraint(
                condition=Q(balance__isnull=True) | Q(balance__gte=0), name="a_balance_is_never_below_zero"
            ),
            models.UniqueConstraint(
                fields=["region", "kind"],
                condition=~Q(kind="personal"),
                name="a_region_has_one_book_of_each_kind",
            ),
        ]
        # Lists ask for what is rare among a million accounts; what most of them are, a list finds as it is.
        indexes = [
            models.Index(fields=["kind", "id"], condition=~Q(kind="personal"), name="books_by_kind"),
            models.Index(fields=["state", "id"], condition=~Q(state="open"), name="accounts_not_open"),
        ]

    def __str__(self) -> str:
        if self.member is not None:
            return str(self.member)
        return self.named(self.kind, self.region.name, self.region.name_en, None, None)

    @staticmethod
    def named(kind: str, region: str, region_en: str, name: str | None, member_number: str | None) -> str:
        """The holder, or the book's name."""
        if name is not None and member_number is not None:
            return Member.named(name, member_number)
        return f"{AccountKind(kind).label} · {PoolingRegion.named(region, region_en)}"


class EntryKind(models.TextChoices):
    """Why money moved."""

    MONTHLY_CREDIT = "monthly_credit", _("monthly credit")
    TRUE_UP = "true_up", _("true-up")
    POOLED_PAYMENT = "pooled_payment", _("pooled payment")
    INPATIENT_PAYMENT = "inpatient_payment", _("pooled payment on inpatient terms")
    ACCOUNT_PAYMENT = "account_payment", _("patient's share paid from the account")
    SPENDING = "spending", _("spending")
    REVERSAL = "reversal", _("reversal")
    INHERITANCE = "inheritance", _("inheritance")
    WITHDRAWAL = "withdrawal", _("lump-sum withdrawal")
    TRANSFER_OUT = "transfer_out", _("transfer out")
    TRANSFER_IN = "transfer_in", _("transfer in")
    RECOVERY = "recovery", _("recovery of a credit above entitlement")
    INTEREST = "interest", _("yearly interest")
    PAYOUT = "payout", _("paid out to the member")
    REPAYMENT = "repayment", _("paid back by the member")
    PROVIDER_PAYMENT = "provider_payment", _("paid to the provider")
    PROVIDER_REPAYMENT = "provider_repayment", _("paid back by the provider")
    DEDUCTION = "deduction", _("deducted from a provider's payment")


# Income and expense types of the national platform (账户收支类型).
ENTRY_CODES = {
    EntryKind.MONTHLY_CREDIT: "101",
    EntryKind.TRUE_UP: "110",
    EntryKind.ACCOUNT_PAYMENT: "201",
    EntryKind.SPENDING: "201",
    EntryKind.REVERSAL: "109",
    EntryKind.INHERITANCE: "208",
    EntryKind.WITHDRAWAL: "203",
    EntryKind.TRANSFER_OUT: "207",
    EntryKind.TRANSFER_IN: "107",
    EntryKind.RECOVERY: "202",
    EntryKind.INTEREST: "102",
}


class LedgerEntry(models.Model):
    """One positive amount, yuan, moved from the debit account to the credit account; reversed at most once.

    `month` is the month a credit is for and `component` the part of it; `rule` and `basis` say what it was taken of,
    and a true-up keeps the entitlement before and after. A recovery names month and component of the credit it takes
    back. Spending names its purpose, the provider unless it was a premium, and the beneficiary where it was not for the
    holder. `cause` names what brought it about ("settlement:17"). `key` is unique: the same thing is never posted
    twice.
    """

    region_path: ClassVar[str] = "region"

    # An index that is in the order of lists as well stands for its own.
    region = models.ForeignKey("agency.PoolingRegion", models.PROTECT, related_name="+", db_index=False)
    debit = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="debits", verbose_name=_("from"))
    credit = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="credits", verbose_name=_("to"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    kind = models.CharField(_("kind"), max_length=32, choices=EntryKind.choices)
    month = models.DateField(_("for month"), null=True)
    component = models.CharField(_("component"), max_length=16, choices=choices(CreditComponent), blank=True)
    posted_on = models.DateField(_("posted on"))
    posted_at = models.DateTimeField(_("posted at"), auto_now_add=True)
    # Nobody is looked for by who posted or by which rule: an index for either would only slow a run of millions.
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("posted by"),
    )
    cause = models.CharField(_("cause"), max_length=64)
    # The credit run's statement, which pays nothing, leaves it to the database.
    purpose = models.CharField(_("purpose"), max_length=32, choices=choices(Purpose), blank=True, db_default="")
    beneficiary = models.ForeignKey(
        "members.Member", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("for whom")
    )
    provider = models.ForeignKey(
        "providers.Provider", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("provider")
    )
    rule = models.ForeignKey(
        "policies.CreditRule", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("rule")
    )
    basis = models.DecimalField(_("basis"), max_digits=14, decimal_places=2, null=True)
    entitlement_before = models.DecimalField(_("credited before"), max_digits=14, decimal_places=2, null=True)
    entitlement_after = models.DecimalField(_("entitled to"), max_digits=14, decimal_places=2, null=True)
    key = models.CharField(max_length=96, unique=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name=_("reverses")
    )

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_entry_moves_a_positive_amount"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="an_entry_moves_between_two_accounts"),
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False) | ~Q(kind="reversal") & Q(reverses__isnull=True),
                name="a_reversal_names_what_it_reverses",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["monthly_credit", "true_up"])
                | Q(month__isnull=False, rule__isnull=False) & ~Q(component=""),
                name="a_credit_names_month_component_and_rule",
            ),
            models.CheckConstraint(
                condition=~Q(kind="recovery") | Q(month__isnull=False) & ~Q(component=""),
                name="a_recovery_names_month_and_component",
            ),
            models.CheckConstraint(
                condition=~Q(kind="spending") | Q(purpose__endswith="_premium") | Q(provider__isnull=False),
                name="spending_names_the_provider_that_is_owed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["credit", "month", "component"],
                condition=Q(kind__in=["monthly_credit", "true_up"]),
                include=["amount"],
                name="credits_of_an_account",
            ),
            models.Index(
                fields=["debit", "month", "component"],
                condition=Q(kind="recovery"),
                include=["amount"],
                name="recoveries_from_an_account",
            ),
            models.Index(fields=["cause"], name="entries_by_cause"),
            models.Index(fields=["region", "id"], name="entries_of_a_region"),
            # Lists ask for one kind, also for one of which there are few. Of a credit run's millions these have a few.
            models.Index(
                fields=["kind", "id"],
                condition=~Q(kind="monthly_credit"),
                include=["region"],
                name="other_entries_by_kind",
            ),
            models.Index(
                fields=["component", "id"],
                condition=Q(component="civil_servant"),
                include=["region"],
                name="civil_servants_entries",
            ),
            models.Index(
                fields=["provider", "posted_on"], condition=Q(provider__isnull=False), name="entries_of_a_provider"
            ),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
