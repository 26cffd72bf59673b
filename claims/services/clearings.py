"""A provider's year (年终清算): what its statements come to, and what becomes of the retention."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import User
from agency.services.history import tracked_save
from claims.models import ProviderStatement, StatementState, YearClearing
from claims.selectors.statements import clearing_payload, providers_to_settle
from claims.services import provider_payments as moves
from claims.services.statements import OPEN
from providers.models import Provider

ZERO = Decimal("0.00")


@transaction.atomic
def draft_clearing(
    provider: Provider, *, year: int, kept: Decimal, assessment: str, today: date, actor: User
) -> YearClearing:
    """Draft the clearing of a provider's year once it is over and all of it stands in approved statements.

    kept: what of the retention the fund keeps, yuan, with the outcome of the yearly assessment as its reason; the rest
    is released. DomainError where the year is not over, is cleared, has no statement or one that is not approved, and
    while something posted in it stands in no statement.
    """
    held = moves.locked_provider(provider)
    if today <= date(year, 12, 31):
        raise DomainError(_("This year is not over yet."), field="year")
    if YearClearing.objects.filter(provider=held, year=year).exists():
        raise DomainError(_("The provider has a clearing of this year. Open that one."), field="year")
    statements = ProviderStatement.objects.filter(provider=held, month__year=year)
    if not statements.exists():
        raise DomainError(_("The provider has no statement of this year."), field="year")
    waiting = statements.filter(state__in=OPEN).order_by("month").first()
    if waiting is not None:
        raise DomainError(_("The statement %(earlier)s has to be approved first.") % {"earlier": waiting}, field="year")
    if providers_to_settle(held.region, date(year, 12, 31)).filter(pk=held.pk).exists():
        raise DomainError(
            _("Something posted in this year stands in no statement yet. Have the provider's statement drafted first."),
            field="year",
        )
    clearing = YearClearing(provider=held, year=year, **_sums(statements))
    _decide(clearing, kept, assessment)
    tracked_save(clearing, actor, "drafted")
    return clearing


def _sums(statements: Any) -> dict[str, Decimal]:
    found = statements.aggregate(
        **{name: Sum(name, default=ZERO) for name in ("pooled", "deducted", "retained")},
        paid=Sum("payable", filter=Q(state=StatementState.PAID), default=ZERO),
    )
    return dict(found)


def _decide(clearing: YearClearing, kept: Decimal, assessment: str) -> None:
    """Write what becomes of the retention; DomainError for more than was retained, or without a reason."""
    if not ZERO <= kept <= clearing.retained:
        raise DomainError(
            _("The fund keeps at most the %(retained)s yuan that were retained.") % {"retained": clearing.retained},
            field="kept",
        )
    if kept and not assessment.strip():
        raise DomainError(_("Write the outcome of the assessment for which the fund keeps this."), field="assessment")
    clearing.kept, clearing.released = kept, clearing.retained - kept
    clearing.assessment = assessment.strip()


@transaction.atomic
def change_clearing(clearing: YearClearing, *, kept: Decimal, assessment: str, actor: User) -> YearClearing:
    """Decide otherwise on the retention of a draft."""
    found = moves.locked(clearing, StatementState.DRAFT)
    _decide(found, kept, assessment)
    tracked_save(found, actor, "changed")
    return found


@transaction.atomic
def submit_clearing(clearing: YearClearing, *, actor: User) -> YearClearing:
    """Hand a draft to another person."""
    found = moves.locked(clearing, StatementState.DRAFT)
    return moves.submit(found, clearing_payload(found), actor)


@transaction.atomic
def approve_clearing(clearing: YearClearing, *, today: date, actor: User, reason: str = "") -> YearClearing:
    """Approve what was submitted; what the fund keeps returns to it, posted today.

    Where nothing is released the clearing is thereby closed. SamePersonDecides; SubmissionVoided.
    """
    found = moves.locked(clearing, StatementState.SUBMITTED)
    approved = moves.approve(found, clearing_payload(found), today, actor, reason)
    if found.kept:
        cause = f"clearing:{found.pk}"
        moves.keep_back(found.provider, found.kept, key=f"{cause}:kept", cause=cause, on=today, actor=actor)
    return approved


@transaction.atomic
def return_clearing(clearing: YearClearing, *, actor: User, reason: str) -> YearClearing:
    """Send a submitted clearing back as a draft; the reason is required."""
    return moves.send_back(moves.locked(clearing, StatementState.SUBMITTED), actor, reason)


@transaction.atomic
def confirm_clearing_payee(clearing: YearClearing, *, actor: User, reason: str) -> YearClearing:
    """Let an approved clearing be paid to the provider's new bank account; see confirm_statement_payee."""
    return moves.confirm_payee(moves.locked(clearing, StatementState.APPROVED), actor, reason)


@transaction.atomic
def pay_clearing(
    clearing: YearClearing, *, paid_on: date, today: date, bank_reference: str, actor: User
) -> YearClearing:
    """Note the transfer of what an approved clearing releases; posted on the day of the payment.

    SamePersonDecides for whoever submitted or approved it; SubmissionVoided where the provider's bank account is
    another by now; DomainError where nothing is released, without the bank's reference, or for a day that has not come
    or lies within the year.
    """
    found = moves.locked(clearing, StatementState.APPROVED)
    if paid_on.year <= found.year:
        raise DomainError(_("A year's clearing is paid after its last day."), field="paid_on")
    payment: dict[str, Any] = {"paid_on": paid_on, "today": today, "bank_reference": bank_reference, "actor": actor}
    return moves.pay(found, key=f"clearing:{found.pk}", **payment)
