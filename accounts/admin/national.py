"""The entries of a list as the national platform's account ledger has them."""

from django.utils.translation import gettext_lazy

from accounts.selectors.national import AccountMove, moves_of
from agency.admin.listed import ListSheet
from agency.exporting.sheet import Heading, Kind

_KINDS = {"income": Kind.YUAN, "expense": Kind.YUAN, "month": Kind.MONTH, "posted_on": Kind.DAY}


ACCOUNT_MOVES = ListSheet(
    name="incexpd",
    title=gettext_lazy("Account ledger as the platform has it (income and expense types)"),
    permission="accounts.view_ledgerentry",
    headings=[Heading(name, _KINDS.get(name, Kind.TEXT)) for name in AccountMove._fields],
    rows=moves_of,
)
