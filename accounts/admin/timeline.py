"""What happened to a member's account: entries, family use, requests and closings."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.admin.on_members import account_of
from accounts.models import AccountClosing, AccountRequest, FamilyUseAuthorization, LedgerAccount
from accounts.selectors.statements import moves
from agency.admin.formats import month
from agency.admin.permissions import may
from agency.admin.timeline import Event, from_history, label_of_state
from agency.admin.views import page_url
from members.models import Member


def account_events(user: Any, member: Member, before: datetime, limit: int) -> Iterable[Event]:
    """What the person may see of it."""
    account = account_of(member)
    if account is not None and may(user, "accounts.view_ledgerentry", member):
        yield from _entries(account, before, limit)
    if may(user, "accounts.view_familyuseauthorization", member):
        rows = FamilyUseAuthorization.history.filter(holder=member.pk).select_related("relative")
        yield from from_history(
            rows, before, limit, _("Family use"), lambda row: f"{row.relative} · {label_of_state(row)}"
        )
    if may(user, "accounts.view_accountrequest", member):
        rows = AccountRequest.history.filter(member=member.pk)
        yield from from_history(
            rows, before, limit, _("Account"), lambda row: f"{row.get_kind_display()} · {label_of_state(row)}"
        )
    if account is not None and may(user, "accounts.view_accountclosing", member):
        rows = AccountClosing.history.filter(account=account.pk)
        yield from from_history(rows, before, limit, _("Account"), label_of_state)


def _entries(account: LedgerAccount, before: datetime, limit: int) -> Iterator[Event]:
    entries = moves(account).filter(posted_at__lt=before).select_related("posted_by").order_by("-posted_at")
    for entry in entries[:limit]:
        sign = "+" if entry.credit_id == account.pk else "−"
        text = _("%(amount)s yuan") % {"amount": f"{sign}{entry.amount:,.2f}"}
        if entry.month is not None:
            text = f"{text} · {month(entry.month)}"
        yield Event(
            entry.posted_at,
            _("Account"),
            entry.get_kind_display(),
            text,
            page_url(entry),
            who=str(entry.posted_by or ""),
        )
