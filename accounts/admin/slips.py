"""The slip of something done with an account: one page to print, sign and file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import LedgerEntry
from agency.admin.actions import link_action
from agency.admin.capitals import yuan_in_capitals
from agency.admin.formats import NOTHING, day, instant, yuan
from agency.admin.views import View, page_url, row_view
from agency.models import FourEyes
from members.models import Member


@dataclass(frozen=True, slots=True)
class Slip:
    """What a slip says: whose account, what was done, the amount (yuan, None where no money moves), who signs for it.

    `facts` are names with their values; `cause` finds the entries that were posted.
    """

    member: Member
    title: Any
    cause: str
    signer: Any
    amount: Decimal | None = None
    facts: list[tuple[Any, Any]] = field(default_factory=list)


def print_button(permission: str) -> Callable[..., HttpResponse]:
    """The button that leads to the slip of a row, for whoever may view it."""

    @link_action(gettext_lazy("Print the slip"), permission=permission, icon="print")
    def print_slip(page: Any, request: HttpRequest, obj: Any) -> str:
        return page_url(obj, "slip")

    return print_slip


def slip_view(slip_of: Callable[[Any], Slip]) -> View:
    """The page to print; `slip_of` says what the slip of a row says."""

    @row_view("slip/", name="slip")
    def slip_page(page: Any, request: HttpRequest, obj: Any) -> HttpResponse:
        slip = slip_of(obj)
        context = {
            "slip": slip,
            "number": obj.pk,
            "region": slip.member.region,
            "printed_on": day(localdate()),
            "facts": [*_whose(slip.member), *slip.facts, *_decision(obj), *_entries(slip)],
            "amount": None if slip.amount is None else yuan(slip.amount),
            "in_capitals": None if slip.amount is None else yuan_in_capitals(slip.amount),
            "state": obj.state,
            "signatures": [
                (_("Handled by"), obj.submitted_by or ""),
                (_("Checked by"), obj.decided_by or ""),
                (slip.signer, ""),
            ],
            "back_url": page_url(obj),
        }
        return TemplateResponse(request, "accounts/slip.html", context)

    return slip_page


def _whose(member: Member) -> list[tuple[Any, Any]]:
    return [
        (_("Name"), member.name),
        (_("Identity number"), member.masked_identity_number),
        (_("Member number"), member.member_number),
    ]


def _decision(obj: FourEyes) -> list[tuple[Any, Any]]:
    """Who asked for it and who decided, when, and why."""
    facts: list[tuple[Any, Any]] = [
        (_("Submitted by"), obj.submitted_by or NOTHING),
        (_("Submitted at"), instant(obj.submitted_at)),
    ]
    if obj.decided_by_id is not None:
        facts += [(_("Decided by"), obj.decided_by), (_("Decided at"), instant(obj.decided_at))]
    if obj.decision_reason:
        facts.append((_("Reason for the decision"), obj.decision_reason))
    return facts


def _entries(slip: Slip) -> list[tuple[Any, Any]]:
    """The entries in the ledger, by their numbers."""
    numbers = LedgerEntry.objects.filter(cause=slip.cause).order_by("pk").values_list("pk", flat=True)
    written = ", ".join(f"#{number}" for number in numbers)
    return [(_("Entry in the ledger"), written)] if written else []
