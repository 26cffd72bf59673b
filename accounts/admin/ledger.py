"""The ledger, read-only: accounts and the entries that moved money."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet, Sum, Window
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from accounts.admin.account_requests import ask_for_refund
from accounts.admin.explanation import CreditStepsPanel, explanation, take_home
from accounts.admin.national import ACCOUNT_MOVES
from accounts.admin.statements import statement, statement_csv, take_statement
from accounts.admin.year_end import year_end_accounts, year_end_page, year_end_totals
from accounts.models import AccountKind, AccountState, LedgerAccount, LedgerEntry
from accounts.selectors.statements import moves
from agency.admin import column
from agency.admin.base import ComposedAdmin
from agency.admin.column import Column
from agency.admin.filters import RegionFilter
from agency.admin.formats import NOTHING, day, instant, yuan
from agency.admin.panels import RowsPanel
from members.admin.search import search_by_member

STATE_TONES = {AccountState.OPEN: "success", AccountState.FROZEN: "warning", AccountState.CLOSED: ""}


def entries_of(account: LedgerAccount) -> QuerySet[LedgerEntry]:
    """What moved in or out of an account, newest first; of a personal one with the balance after each entry."""
    entries = moves(account).select_related("debit__member", "credit__member", "debit__region", "credit__region")
    if account.kind == AccountKind.PERSONAL:
        # In the order of posting, as the balance was then; a region's book has millions of entries and no balance.
        entries = entries.annotate(balance_after=Window(Sum("signed"), order_by=F("id").asc()))
    return entries.order_by("-id")


def entry_columns(account: LedgerAccount) -> list[Column]:
    """An account's own view of its entries: in and out in columns of their own."""

    def arrived(entry: LedgerEntry) -> Any:
        return yuan(entry.amount) if entry.credit_id == account.pk else ""

    def left(entry: LedgerEntry) -> Any:
        return yuan(entry.amount) if entry.debit_id == account.pk else ""

    def other_side(entry: LedgerEntry) -> str:
        return str(entry.debit if entry.credit_id == account.pk else entry.credit)

    return [
        column.day("posted_on").leading(),
        column.text("kind"),
        column.month("month"),
        column.text("component"),
        column.written(arrived, "", _("In"), is_figure=True),
        column.written(left, "", _("Out"), is_figure=True),
        *([column.yuan("balance_after", _("Balance"))] if account.kind == AccountKind.PERSONAL else ()),
        column.text(other_side, _("From or to")),
    ]


class EntriesPanel(RowsPanel):
    name = "entries"
    title = gettext_lazy("Ledger")
    tab = False
    permission = "accounts.view_ledgerentry"
    empty = gettext_lazy("Nothing has moved on this account.")

    @property
    def columns(self) -> list[Column]:  # type: ignore[override]
        """From the account's point of view."""
        return entry_columns(self.obj)

    def rows(self) -> Any:
        return entries_of(self.obj)


@admin.register(LedgerAccount)
class LedgerAccountAdmin(ComposedAdmin):
    """Personal accounts with their balances, and the regions' books."""

    panels = (EntriesPanel,)
    buttons = (take_statement,)
    views = (statement, statement_csv, year_end_page, year_end_totals, year_end_accounts)
    list_display = ("holder", "region", "kind", "balance_yuan", "state_label")
    list_filter = (RegionFilter, "kind", "state")
    list_select_related = ("region", "member")
    search_fields = ("member__name",)
    get_search_results = search_by_member()
    search_help_text = gettext_lazy("Beginning of the holder's name, member number, identity number")
    ordering = ("-id",)
    fields = (("holder", "region"), ("kind", "state_label"), "balance_yuan", "member")

    holder = column.text("", gettext_lazy("holder or book"))
    balance_yuan = column.yuan("balance")
    state_label = column.badge("state", STATE_TONES)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("member", "region")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A book has neither holder nor balance."""
        if obj is not None and obj.kind != AccountKind.PERSONAL:
            return (("holder", "region"), ("kind", "state_label"))
        return self.fields


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ComposedAdmin):
    panels = (CreditStepsPanel,)
    buttons = (take_home, ask_for_refund)
    views = (explanation,)
    sheets = (ACCOUNT_MOVES,)
    list_display = ("number", "posted_day", "kind", "amount_yuan", "debit", "credit", "for_month")
    list_filter = (RegionFilter, "kind", "component")
    list_select_related = ("debit__member", "debit__region", "credit__member", "credit__region")
    search_fields = ("cause__exact", "key__exact")
    search_help_text = gettext_lazy("Cause, such as settlement:17")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("number", "kind"),
                    ("debit", "credit"),
                    ("amount_yuan", "posted"),
                    ("poster", "cause"),
                    "reverses",
                )
            },
        ),
        (
            gettext_lazy("What it was credited for"),
            {"fields": (("for_month", "component"), ("basis_yuan", "rests_on"), ("before_yuan", "after_yuan"))},
        ),
        (gettext_lazy("What was paid"), {"fields": (("purpose", "for_whom"), "provider")}),
    )

    number = column.serial("", gettext_lazy("entry"))
    posted_day = column.day("posted_on")
    poster = column.text("posted_by")
    amount_yuan = column.yuan("amount")
    for_month = column.month("month")
    basis_yuan = column.yuan("basis")
    before_yuan = column.yuan("entitlement_before")
    after_yuan = column.yuan("entitlement_after")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return (
            super()
            .get_queryset(request)
            .select_related(
                "debit__member",
                "debit__region",
                "credit__member",
                "credit__region",
                "posted_by",
                "reverses",
                "rule__version__instrument",
                "beneficiary",
                "provider",
            )
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The part on credits for what is for a month, the part on payments for what has a purpose."""
        general, credited, paid = super().get_fieldsets(request, obj)
        if obj is None:
            return (general, credited, paid)
        return (general, *([credited] if obj.month else []), *([paid] if obj.purpose else []))

    @display(description=gettext_lazy("posted"))
    def posted(self, entry: LedgerEntry) -> str:
        """Day of posting, and the instant it was written."""
        return f"{day(entry.posted_on)} ({instant(entry.posted_at)})"

    @display(description=gettext_lazy("for whom"))
    def for_whom(self, entry: LedgerEntry) -> str:
        """The relative, or the holder."""
        return str(entry.beneficiary or entry.debit)

    @display(description=gettext_lazy("rule"))
    def rests_on(self, entry: LedgerEntry) -> str:
        rule = entry.rule
        if rule is None:
            return NOTHING
        return format_html("{} {} “{}”", rule.version.instrument.number, rule.article, rule.phrase)
