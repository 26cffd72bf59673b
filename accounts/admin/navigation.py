"""The personal accounts' pages of the sidebar."""

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import ACCOUNTS, Page
from agency.models import Role


def _list(place: int, title: Promise, icon: str, model: str, roles: Collection[Role] = ()) -> Page:
    return Page(ACCOUNTS, place, title, icon, f"accounts_{model}_changelist", f"accounts.view_{model}", roles=roles)


PAGES = (
    _list(10, _("Credit runs"), "event_repeat", "creditrun", roles=(Role.FINANCE,)),
    _list(20, _("Credits above entitlement"), "rule", "creditdifference"),
    _list(30, _("Accounts"), "account_balance_wallet", "ledgeraccount"),
    _list(
        40,
        _("Ledger"),
        "menu_book",
        "ledgerentry",
        roles=(Role.FINANCE, Role.AUDITOR),
    ),
    _list(50, _("Yearly interest"), "savings", "yearlyinterest"),
    Page(
        ACCOUNTS,
        60,
        _("Year-end carry-over"),
        "event_available",
        "accounts_ledgeraccount_year_end",
        "accounts.view_ledgeraccount",
        roles=(Role.FINANCE,),
    ),
    _list(70, _("Family use"), "family_restroom", "familyuseauthorization", roles=(Role.CLERK,)),
    _list(
        80,
        _("Account requests"),
        "assignment",
        "accountrequest",
        roles=(Role.CLERK, Role.SUPERVISOR),
    ),
    _list(90, _("Closings"), "no_accounts", "accountclosing", roles=(Role.FINANCE,)),
)
