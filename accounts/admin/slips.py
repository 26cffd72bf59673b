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
from agency.admin.actions import link_action, page_url
from agency.admin.capitals import yuan_in_capitals
from agency.admin.formats import NOTHING, day, instant, yuan
from agency.admin.views import View, row_view
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
    def print_slip(page: Any, request: HttpRequest, thing: Any) -> str:
        return page_url(thing, "slip")

    return print_slip


def slip_view(slip_of: Callable[[Any], Slip]) -> View:
    """The page to print; `slip_of` says what the slip of a row says."""

    @row_view("slip/", name="slip")
    def slip_page(page: Any, request: HttpRequest, thing: Any) -> HttpResponse:
        slip = slip_of(thing)
        context = {
            "slip": slip,
            "number": thing.pk,
            "region": slip.member.region,
            "printed_on": day(localdate()),
            "facts": [*_whose(slip.member), *slip.facts, *_decision(thing), *_entries(slip)],
            "amount": None if slip.amount is None else yuan(slip.amount),
            "in_capitals": None if slip.amount is None else yuan_in_capitals(slip.amount),
            "state": thing.state,
            "signatures": [
                (_("Handled by"), thing.submitted_by or ""),
                (_("Checked by"), thing.decided_by or ""),
                (slip.signer, ""),
            ],
            "back_url": page_url(thing),
        }
        return TemplateResponse(request, "accounts/slip.html", context)

    return slip_page


def _whose(member: Member) -> list[tuple[Any, Any]]:
    return [
        (_("Name"), member.name),
        (_("Identity number"), member.masked_identity_number),
        (_("Member number"), member.member_number),
    ]


def _decision(thing: FourEyes) -> list[tuple[Any, Any]]:
    """Who asked for it and who decided, when, and why."""
    found: list[tuple[Any, Any]] = [
        (_("Submitted by"), thing.submitted_by or NOTHING),
        (_("Submitted at"), instant(thing.submitted_at)),
    ]
    if thing.decided_by_id is not None:
        found += [(_("Decided by"), thing.decided_by), (_("Decided at"), instant(thing.decided_at))]
    if thing.decision_reason:
        found.append((_("Reason for the decision"), thing.decision_reason))
    return found


def _entries(slip: Slip) -> list[tuple[Any, Any]]:
    """The entries in the ledger, by their numbers."""
    numbers = LedgerEntry.objects.filter(cause=slip.cause).order_by("pk").values_list("pk", flat=True)
    written = ", ".join(f"#{number}" for number in numbers)
    return [(_("Entry in the ledger"), written)] if written else []
