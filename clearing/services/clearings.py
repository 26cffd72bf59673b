"""A provider's year (年终清算): what its statements come to, and what becomes of the retention."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, SubmissionVoided
from agency.models import User
from agency.services.approval import note_author
from agency.services.history import tracked_save
from agency.services.moves import turn_down
from clearing.models import ProviderStatement, StatementState, YearClearing
from clearing.selectors.statements import YEARLY, clearing_payload, providers_to_settle
from clearing.services import provider_payments
from clearing.services.provider_payments import locked_after_provider
from clearing.services.statements import OPEN
from providers.models import Provider

ZERO = Decimal("0.00")


@transaction.atomic
def draft_clearing(
    provider: Provider, *, year: int, kept: Decimal, assessment: str, today: date, actor: User
) -> YearClearing:
    """Draft the clearing of a provider's year once it is over and all of it stands in approved statements.

    kept: what of the retention the fund keeps, yuan, with the outcome of the yearly assessment as its reason; the rest
    is set off against what the provider owes by its newest statement, and released. DomainError where the year is not
    over, is cleared, has no statement or one that is not approved, while something posted in it stands in no
    statement, and while a statement that carries a debt waits for its approval.
    """
    held = provider_payments.locked_provider(provider)
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
    clearing = YearClearing(provider=held, year=year)
    _sum_up(clearing)
    _decide(clearing, kept, assessment)
    note_author(clearing, actor.pk)
    tracked_save(clearing, actor, "drafted")
    return clearing


def _sum_up(clearing: YearClearing) -> None:
    """Write the figures of the year's statements as they are now."""
    statements = ProviderStatement.objects.filter(provider=clearing.provider, month__year=clearing.year)
    sums = statements.aggregate(
        **{name: Sum(name, default=ZERO) for name in YEARLY},
        paid=Sum("payable", filter=Q(state=StatementState.PAID), default=ZERO),
    )
    for name, value in sums.items():
        setattr(clearing, name, value)
    # What clearings set off against statements that are still open was paid back by the provider.
    set_offs = YearClearing.objects.filter(
        against__in=statements.filter(state=StatementState.APPROVED),
        state__in=(StatementState.APPROVED, StatementState.PAID),
    )
    clearing.paid -= set_offs.aggregate(sum=Sum("set_off", default=ZERO))["sum"]
    clearing.carried = statements.order_by("month").values_list("carried", flat=True)[0]


def _decide(clearing: YearClearing, kept: Decimal, assessment: str) -> None:
    """Write what becomes of the retention; DomainError for more than was retained, or without a reason."""
    if not ZERO <= kept <= clearing.retained:
        raise DomainError(
            _("The fund keeps at most the %(retained)s yuan that were retained.") % {"retained": clearing.retained},
            field="kept",
        )
    if kept and not assessment.strip():
        raise DomainError(_("Write the outcome of the assessment for which the fund keeps this."), field="assessment")
    clearing.against, clearing.set_off = _set_off(clearing.provider, clearing.retained - kept)
    clearing.kept, clearing.released = kept, clearing.retained - kept - clearing.set_off
    clearing.assessment = assessment.strip()


def _set_off(provider: Provider, amount: Decimal) -> tuple[ProviderStatement | None, Decimal]:
    """The statement by which the provider owes something, and how much of an amount is set off against it, yuan.

    DomainError while a statement that carries a debt waits for its approval.
    """
    newest = ProviderStatement.objects.filter(provider=provider).order_by("-month").first()
    if newest is None or not amount:
        return None, ZERO
    if newest.state in OPEN and newest.carried:
        raise DomainError(
            _("The statement %(earlier)s carries what the provider owes. Have it approved first.") % {"earlier": newest}
        )
    owed = ZERO if newest.state in OPEN else min(newest.owed, amount)
    return (newest, owed) if owed else (None, ZERO)


@transaction.atomic
def change_clearing(clearing: YearClearing, *, kept: Decimal, assessment: str, actor: User) -> YearClearing:
    """Decide otherwise on the retention of a draft, whose figures become those of now."""
    clearing = locked_after_provider(clearing, "edit")
    _sum_up(clearing)
    _decide(clearing, kept, assessment)
    note_author(clearing, actor.pk)
    tracked_save(clearing, actor, "changed")
    return clearing


@transaction.atomic
def submit_clearing(clearing: YearClearing, *, actor: User) -> YearClearing:
    """Hand a draft to another person, with the figures of now."""
    clearing = locked_after_provider(clearing, "submit")
    _sum_up(clearing)
    _decide(clearing, clearing.kept, clearing.assessment)
    return provider_payments.submit(clearing, clearing_payload(clearing), actor)


@transaction.atomic
def approve_clearing(
    clearing: YearClearing, *, today: date, actor: User, reason: str = "", seen: str = ""
) -> YearClearing:
    """Approve what was submitted; what the fund keeps returns to it, posted today.

    Where nothing is released the clearing is thereby closed. seen: as of `record_decision`. SamePersonDecides;
    SubmissionVoided, also where the provider owes another amount by now.
    """
    clearing = locked_after_provider(clearing, "approve")
    against, set_off = _set_off(clearing.provider, clearing.retained - clearing.kept)
    if (clearing.against, clearing.set_off) != (against, set_off):
        raise SubmissionVoided(
            _("By now the provider owes another amount than when this was submitted. Return it and submit it again.")
        )
    approved = provider_payments.approve(clearing, clearing_payload(clearing), today, actor, reason, seen)
    if clearing.kept:
        cause = f"clearing:{clearing.pk}"
        provider_payments.keep_back(
            clearing.provider, clearing.kept, key=f"{cause}:kept", cause=cause, on=today, actor=actor
        )
    return approved


@transaction.atomic
def return_clearing(clearing: YearClearing, *, actor: User, reason: str, seen: str = "") -> YearClearing:
    """Send a submitted clearing back as a draft; the reason is required. seen: as of `record_decision`."""
    return turn_down(locked_after_provider(clearing, "return"), actor, reason, seen)


@transaction.atomic
def confirm_clearing_payee(clearing: YearClearing, *, account: str, actor: User, reason: str) -> YearClearing:
    """Let an approved clearing be paid to the provider's new bank account; see confirm_statement_payee."""
    return provider_payments.confirm_payee(locked_after_provider(clearing, "confirm_payee"), account, actor, reason)


@transaction.atomic
def pay_clearing(
    clearing: YearClearing, *, paid_on: date, today: date, bank_reference: str, actor: User
) -> YearClearing:
    """Note the transfer of what an approved clearing releases; posted on the day of the payment.

    SamePersonDecides for whoever submitted or approved it; SubmissionVoided where the provider's bank account is
    another by now; DomainError where nothing is released, without the bank's reference, or for a day that has not come
    or lies within the year.
    """
    clearing = locked_after_provider(clearing, "pay")
    if paid_on.year <= clearing.year:
        raise DomainError(_("A year's clearing is paid after its last day."), field="paid_on")
    payment: dict[str, Any] = {"paid_on": paid_on, "today": today, "bank_reference": bank_reference, "actor": actor}
    return provider_payments.pay(clearing, key=f"clearing:{clearing.pk}", **payment)
