"""The ledger, read-only: accounts and the entries that moved money."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from accounts.admin.account_requests import ask_for_refund
from accounts.admin.explanation import CreditStepsPanel, explanation, take_home
from accounts.admin.statements import statement, statement_csv, take_statement
from accounts.admin.year_end import year_end_accounts, year_end_page, year_end_totals
from accounts.models import AccountKind, AccountState, LedgerAccount, LedgerEntry
from agency.admin.base import ComposedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.formats import NOTHING, badge, day, instant, link, month, yuan
from agency.admin.panels import Column, RowsPanel
from agency.admin.views import page_url
from members.admin.search import of_members

STATE_TONES = {AccountState.OPEN: "success", AccountState.FROZEN: "warning", AccountState.CLOSED: ""}


def entries_of(account: LedgerAccount) -> QuerySet[LedgerEntry]:
    """What moved in or out of an account, newest first."""
    return (
        LedgerEntry.objects.filter(Q(debit=account) | Q(credit=account))
        .select_related("debit__member", "credit__member", "debit__region", "credit__region")
        .order_by("-id")
    )


def entry_columns(account: LedgerAccount) -> list[Column]:
    """An account's own view of its entries: in and out in columns of their own."""

    def arrived(entry: LedgerEntry) -> Any:
        return yuan(entry.amount) if entry.credit_id == account.pk else ""

    def left(entry: LedgerEntry) -> Any:
        return yuan(entry.amount) if entry.debit_id == account.pk else ""

    def other_side(entry: LedgerEntry) -> str:
        return str(entry.debit if entry.credit_id == account.pk else entry.credit)

    return [
        Column(_("Posted on"), lambda entry: link(page_url(entry), day(entry.posted_on))),
        Column(_("Kind"), lambda entry: entry.get_kind_display()),
        Column(_("For month"), lambda entry: month(entry.month)),
        Column(_("Component"), lambda entry: entry.get_component_display() or NOTHING),
        Column(_("In"), arrived, is_figure=True),
        Column(_("Out"), left, is_figure=True),
        Column(_("From or to"), other_side),
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
    # Named so that the search field is shown; get_search_results decides what is searched and how.
    search_fields = ("member__name",)
    search_help_text = gettext_lazy("Beginning of the holder's name, member number, identity number")
    ordering = ("-id",)
    fields = (("holder", "region"), ("kind", "state_label"), "balance_yuan", "member")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("member", "region")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The accounts of the members whom the term finds."""
        term = search_term.strip()
        return (of_members(queryset, term) if term else queryset), False

    @display(description=gettext_lazy("holder or book"))
    def holder(self, account: LedgerAccount) -> str:
        """The member, or the book's name."""
        return str(account)

    @display(description=gettext_lazy("balance"))
    def balance_yuan(self, account: LedgerAccount) -> str:
        return yuan(account.balance)

    @display(description=gettext_lazy("state"))
    def state_label(self, account: LedgerAccount) -> str:
        return badge(account.get_state_display(), STATE_TONES[AccountState(account.state)])

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

    @display(description=gettext_lazy("entry"))
    def number(self, entry: LedgerEntry) -> str:
        """In the order of posting."""
        return f"#{entry.pk}"

    @display(description=gettext_lazy("posted on"))
    def posted_day(self, entry: LedgerEntry) -> str:
        return day(entry.posted_on)

    @display(description=gettext_lazy("posted"))
    def posted(self, entry: LedgerEntry) -> str:
        """Day of posting, and the instant it was written."""
        return f"{day(entry.posted_on)} ({instant(entry.posted_at)})"

    @display(description=gettext_lazy("posted by"))
    def poster(self, entry: LedgerEntry) -> str:
        return str(entry.posted_by or NOTHING)

    @display(description=gettext_lazy("amount"))
    def amount_yuan(self, entry: LedgerEntry) -> str:
        return yuan(entry.amount)

    @display(description=gettext_lazy("for whom"))
    def for_whom(self, entry: LedgerEntry) -> str:
        """The relative, or the holder."""
        return str(entry.beneficiary or entry.debit)

    @display(description=gettext_lazy("for month"))
    def for_month(self, entry: LedgerEntry) -> str:
        return month(entry.month)

    @display(description=gettext_lazy("basis"))
    def basis_yuan(self, entry: LedgerEntry) -> str:
        """What the credit was taken of."""
        return yuan(entry.basis)

    @display(description=gettext_lazy("rule"))
    def rests_on(self, entry: LedgerEntry) -> str:
        rule = entry.rule
        if rule is None:
            return NOTHING
        return format_html("{} {} “{}”", rule.version.instrument.number, rule.article, rule.phrase)

    @display(description=gettext_lazy("credited before"))
    def before_yuan(self, entry: LedgerEntry) -> str:
        """For the same month and component."""
        return yuan(entry.entitlement_before)

    @display(description=gettext_lazy("entitled to"))
    def after_yuan(self, entry: LedgerEntry) -> str:
        """For the month and component."""
        return yuan(entry.entitlement_after)
