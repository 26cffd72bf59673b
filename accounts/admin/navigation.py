"""The personal accounts' pages of the sidebar."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import ACCOUNTS, Page


def _list(place: int, title: Promise, icon: str, model: str) -> Page:
    return Page(ACCOUNTS, place, title, icon, f"accounts_{model}_changelist", f"accounts.view_{model}")


PAGES = (
    _list(10, _("Credit runs"), "event_repeat", "creditrun"),
    _list(20, _("Credits above entitlement"), "rule", "creditdifference"),
    _list(30, _("Accounts"), "account_balance_wallet", "ledgeraccount"),
    _list(40, _("Ledger"), "menu_book", "ledgerentry"),
    _list(50, _("Yearly interest"), "savings", "yearlyinterest"),
    Page(
        ACCOUNTS,
        60,
        _("Year-end carry-over"),
        "event_available",
        "accounts_ledgeraccount_year_end",
        "accounts.view_ledgeraccount",
    ),
    _list(70, _("Family use"), "family_restroom", "familyuseauthorization"),
    _list(80, _("Account requests"), "assignment", "accountrequest"),
    _list(90, _("Closings"), "no_accounts", "accountclosing"),
)
