"""What a member's page opens with of their account: the balance and its course over a year."""

from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.admin.on_members import account_of
from accounts.models import AccountState, DecisionState
from accounts.selectors.statements import balances
from agency.admin.overview import Card
from agency.admin.permissions import may
from members.models import Member

_MONTHS = 12


def account_cards(request: HttpRequest, member: Member, on: date) -> Iterable[Card]:
    """The balance on the day, what may be done with it, and for whom."""
    if not may(request.user, "accounts.view_ledgerentry", member):
        return
    account = account_of(member)
    if account is None:
        yield Card(_("Personal account"), _("no account yet"), place=30)
        return
    course = balances(account, on, _MONTHS)
    relatives = member.family_authorizations.filter(state=DecisionState.APPROVED, period__contains=on).count()
    facts = [] if account.state == AccountState.OPEN else [account.get_state_display()]
    if relatives:
        facts.append(_("relatives who may use it: %(count)s") % {"count": relatives})
    yield Card(
        _("Personal account"),
        _("%(balance)s yuan") % {"balance": f"{course[-1]:,.2f}"},
        facts,
        "" if account.state == AccountState.OPEN else "attention",
        "#dataset-account",
        course=course,
        course_label=_("The balance at the end of each of the last %(count)s months") % {"count": len(course)},
        place=30,
    )
