"""Monthly statements of providers (月结): drafted once the month is over, approved by another person, then paid."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountKind
from accounts.services.credit_runs import last_day_of_month
from accounts.services.ledger import book
from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from agency.services.approval import note_author
from agency.services.history import tracked_save
from agency.services.moves import turn_down
from clearing.models import AuditDeduction, ProviderStatement, StatementState, YearClearing
from clearing.selectors.statements import open_deductions, open_months, providers_to_settle, statement_payload, summed
from clearing.services import provider_payments
from clearing.services.provider_payments import locked_after_provider
from policies.engine.money import to_fen
from providers.models import Provider
from providers.selectors import newest_agreement_in

ZERO = Decimal("0.00")
OPEN = (StatementState.DRAFT, StatementState.SUBMITTED)

# As `clearing.selectors.statements.unsettled_entries` has them, of one provider.
_ENTER = """
INSERT INTO clearing_statemententry (statement_id, entry_id)
SELECT %(statement)s, entry.id
FROM accounts_ledgerentry AS entry
WHERE entry.provider_id = %(provider)s AND entry.posted_on <= %(until)s
  AND entry.kind NOT IN ('deduction', 'provider_payment', 'provider_repayment')
  AND %(payable)s IN (entry.debit_id, entry.credit_id)
  AND NOT EXISTS (SELECT FROM clearing_statemententry AS taken WHERE taken.entry_id = entry.id)
"""


@dataclass(frozen=True, slots=True)
class Drafted:
    """The statements drafted of a region's month, and the providers for which there was none, each with the reason."""

    statements: list[ProviderStatement] = field(default_factory=list)
    refused: list[tuple[Provider, DomainError]] = field(default_factory=list)


@transaction.atomic
def draft_statement(provider: Provider, *, month: date, today: date, actor: User) -> ProviderStatement:
    """Draft a provider's statement of a month, given by its first day, once the month is over.

    It takes every ledger entry of the provider's payable that was posted by the month's end and stands in no statement
    yet, a reversal as a negative one; every audit deduction found by then; and what the provider still owes by the
    statement before it. The retention is the agreement's share of the pooled payment, rounded half up to the fen; of a
    pooled payment below zero it is given back, at most what was retained in the year. DomainError where the month is
    not over, has a statement, lies before another statement or in a year that is cleared; while an earlier statement
    is not approved, or an earlier year has something that its clearing needs in a statement of its own; and where there
    is nothing to settle.
    """
    held = provider_payments.locked_provider(provider)
    previous = _previous(held, month, today)
    statement = ProviderStatement(provider=held, month=month)
    statement.carried = -previous.owed if previous else ZERO
    statement.payable = statement.carried
    note_author(statement, actor.pk)
    tracked_save(statement, actor, "drafted")
    _fill(statement, actor)
    if not statement.deducted and not statement.entries.exists():
        raise DomainError(_("Nothing was posted for this provider that is not in a statement yet."))
    tracked_save(statement, actor, "summed up")
    return statement


def _previous(provider: Provider, month: date, today: date) -> ProviderStatement | None:
    """The newest statement before the month; DomainError where the month cannot have one now."""
    if month.day != 1:
        raise DomainError(_("A month is named by its first day."), field="month")
    if last_day_of_month(month) >= today:
        raise DomainError(_("This month is not over yet."), field="month")
    newest = ProviderStatement.objects.filter(provider=provider).order_by("-month").first()
    if newest is not None and newest.month == month:
        raise DomainError(_("The provider has a statement of this month. Open that one."), field="month")
    if newest is not None and newest.month > month:
        raise DomainError(
            _("The provider has a statement of a later month, which took what was posted before. Draft the next one."),
            field="month",
        )
    if newest is not None and newest.state in OPEN:
        raise DomainError(_("The statement %(earlier)s has to be approved first.") % {"earlier": newest}, field="month")
    if YearClearing.objects.filter(provider=provider, year=month.year).exists():
        raise DomainError(
            _("The provider's year %(year)s is cleared. What was posted late enters the next year's statement.")
            % {"year": month.year},
            field="month",
        )
    _check_earlier_years(provider, month, newest)
    return newest


def _check_earlier_years(provider: Provider, month: date, newest: ProviderStatement | None) -> None:
    """DomainError while an earlier year that can still have a statement has something to settle: in a statement of a
    later year it would escape that year's clearing.
    """
    for last in open_months(provider, before=date(month.year, 1, 1)):
        first_free = last if newest is None else max(last, _month_after(newest.month))
        if first_free.year == last.year and not YearClearing.objects.filter(provider=provider, year=last.year).exists():
            raise DomainError(
                _("Something of %(year)s stands in no statement yet. Draft the statement of %(month)s first.")
                % {"year": last.year, "month": f"{first_free:%Y-%m}"},
                field="month",
            )


def _month_after(month: date) -> date:
    return last_day_of_month(month) + timedelta(days=1)


def _fill(statement: ProviderStatement, actor: User) -> None:
    """Take entries and deductions into a draft, and write its figures; the caller saves it."""
    provider, last_day = statement.provider, last_day_of_month(statement.month)
    facts: dict[str, Any] = {
        "statement": statement.pk,
        "provider": provider.pk,
        "until": last_day,
        "payable": book(provider.region, AccountKind.PROVIDER_PAYABLE).pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, facts)
    for name, value in summed(statement).items():
        setattr(statement, name, value)
    statement.deducted = ZERO
    for deduction in open_deductions(last_day).filter(provider=provider).select_for_update():
        statement.deducted += deduction.taken_off
        _take(deduction, statement, actor)
    agreement = newest_agreement_in(provider, statement.month, last_day)
    rate = agreement.retention_rate if agreement else ZERO
    retained = ProviderStatement.objects.filter(
        provider=provider, month__year=statement.month.year, month__lt=statement.month
    ).aggregate(sum=Sum("retained", default=ZERO))["sum"]
    statement.retained = max(to_fen(statement.pooled * rate), -retained)
    gained = statement.pooled + statement.account + statement.spent
    statement.payable = gained - statement.deducted - statement.retained + statement.carried


def _take(deduction: AuditDeduction, statement: ProviderStatement | None, actor: User) -> None:
    deduction.statement = statement
    tracked_save(deduction, actor, "taken by a statement" if statement else "statement redrafted")


@transaction.atomic
def draft_statements(region: PoolingRegion, *, month: date, today: date, actor: User) -> Drafted:
    """Draft the month's statement of every provider of a region for which something is to settle.

    A provider that cannot have one now is named with the reason, and the others have theirs. DomainError where the
    month is not over, or nobody has anything to settle.
    """
    last_day = last_day_of_month(month)
    if last_day >= today:
        raise DomainError(_("This month is not over yet."), field="month")
    drafted = Drafted()
    for provider in providers_to_settle(region, last_day):
        try:
            drafted.statements.append(draft_statement(provider, month=month, today=today, actor=actor))
        except DomainError as error:
            drafted.refused.append((provider, error))
    if not drafted.statements and not drafted.refused:
        raise DomainError(_("Nothing was posted for the region's providers that is not in a statement yet."))
    return drafted


@transaction.atomic
def redraft_statement(statement: ProviderStatement, *, actor: User) -> ProviderStatement:
    """Draft a statement anew: what was posted or noted since for its month comes in, a changed retention counts."""
    statement = locked_after_provider(statement, "edit")
    statement.entries.all().delete()
    for deduction in statement.deductions.select_for_update():
        _take(deduction, None, actor)
    _fill(statement, actor)
    note_author(statement, actor.pk)
    tracked_save(statement, actor, "drafted anew")
    return statement


@transaction.atomic
def submit_statement(statement: ProviderStatement, *, actor: User) -> ProviderStatement:
    """Hand a draft to another person; whoever noted a deduction in it is an author of it, too."""
    statement = locked_after_provider(statement, "submit")
    noted_by = statement.deductions.values_list("noted_by", flat=True)
    return provider_payments.submit(statement, statement_payload(statement), actor, noted_by)


@transaction.atomic
def approve_statement(
    statement: ProviderStatement, *, today: date, actor: User, reason: str = "", seen: str = ""
) -> ProviderStatement:
    """Approve what was submitted and return the deductions to the pooled fund, posted today; or from it what gives one
    back.

    With nothing payable the statement is thereby closed; what it leaves below zero the next one carries.
    seen: as of `record_decision`. SamePersonDecides; SubmissionVoided.
    """
    statement = locked_after_provider(statement, "approve")
    approved = provider_payments.approve(statement, statement_payload(statement), today, actor, reason, seen)
    for deduction in statement.deductions.order_by("pk"):
        move = provider_payments.keep_back if deduction.gives_back_id is None else provider_payments.give_back
        move(
            statement.provider,
            deduction.amount,
            key=f"deduction:{deduction.pk}",
            cause=f"statement:{statement.pk}",
            on=today,
            actor=actor,
        )
    return approved


@transaction.atomic
def return_statement(statement: ProviderStatement, *, actor: User, reason: str, seen: str = "") -> ProviderStatement:
    """Send a submitted statement back as a draft; the reason is required. seen: as of `record_decision`."""
    return turn_down(locked_after_provider(statement, "return"), actor, reason, seen)


@transaction.atomic
def confirm_statement_payee(
    statement: ProviderStatement, *, account: str, actor: User, reason: str
) -> ProviderStatement:
    """Let an approved statement be paid to the provider's new bank account; account: its number, read a second time.

    SamePersonDecides for whoever entered that account; DomainError where there is nothing to confirm, or another number
    was entered.
    """
    return provider_payments.confirm_payee(locked_after_provider(statement, "confirm_payee"), account, actor, reason)


@transaction.atomic
def pay_statement(
    statement: ProviderStatement, *, paid_on: date, today: date, bank_reference: str, actor: User
) -> ProviderStatement:
    """Note the transfer of what is payable for an approved statement; posted on the day of the payment.

    SamePersonDecides for whoever submitted or approved it; SubmissionVoided where the provider's bank account is
    another by now; DomainError where nothing is payable, without the bank's reference, or for a day that has not come
    or lies within the month.
    """
    statement = locked_after_provider(statement, "pay")
    if paid_on <= last_day_of_month(statement.month):
        raise DomainError(_("A month's statement is paid after its last day."), field="paid_on")
    payment: dict[str, Any] = {"paid_on": paid_on, "today": today, "bank_reference": bank_reference, "actor": actor}
    return provider_payments.pay(statement, key=f"statement:{statement.pk}", **payment)


@transaction.atomic
def note_repayment(
    statement: ProviderStatement, *, paid_on: date, today: date, bank_reference: str, actor: User
) -> ProviderStatement:
    """Note that the provider has paid back all that it owes by an approved statement below zero; posted on that day.

    SamePersonDecides for whoever submitted or approved it; DomainError where nothing is owed by it or the next
    statement carries that, without the bank's reference, and for a day that has not come or lies before the approval.
    """
    statement = locked_after_provider(statement, "pay")
    if ProviderStatement.objects.filter(provider=statement.provider, month__gt=statement.month).exists():
        raise DomainError(_("A later statement carries this. The provider pays back what that one leaves below zero."))
    payment: dict[str, Any] = {"paid_on": paid_on, "today": today, "bank_reference": bank_reference, "actor": actor}
    return provider_payments.receive(statement, statement.owed, key=f"statement:{statement.pk}", **payment)
