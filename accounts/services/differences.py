"""Deciding about credits above entitlement: recovered from the balance, or left with the member."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    AccountClosing,
    CreditDifference,
    CreditRun,
    DifferenceState,
    EntryKind,
    LedgerAccount,
    LedgerEntry,
    Remedy,
)
from accounts.services.ledger import Posting, post
from agency.exceptions import DomainError, SubmissionVoided
from agency.models import User
from agency.services.approval import decide_with, payload_digest
from agency.services.history import tracked_save
from agency.services.moves import arrive, decide, locked, submit, turn_down
from members.models import ChangeCause, Member
from members.services.changes import note_change

# How many a person decides with one click: each is a decision of its own, in one transaction with the others.
AT_ONCE = 500


def _payload(difference: CreditDifference) -> dict[str, object]:
    return {
        "member": difference.member_id,
        "month": difference.month,
        "component": difference.component,
        "credited": f"{difference.credited:.2f}",
        "entitled": f"{difference.entitled:.2f}",
        "waived": f"{difference.waived:.2f}",
        "remedy": difference.remedy,
    }


@transaction.atomic
def submit_remedy(difference: CreditDifference, *, remedy: Remedy, actor: User, reason: str) -> CreditDifference:
    """Ask that what was credited too much be recovered from the balance, up to what is there, or waived.

    DomainError for a recovery from an account that holds nothing.
    """
    _lock_accounts([difference])
    difference = locked(difference, "submit", "member")
    if remedy == Remedy.RECOVER and not _account(difference).balance:
        raise DomainError(_("The account holds nothing to recover. Waive it, or wait for the next credit."))
    difference.remedy = remedy
    return submit(difference, _payload(difference), actor, reason)


@transaction.atomic
def approve_remedy(
    difference: CreditDifference, *, on: date, actor: User, reason: str = "", seen: str = ""
) -> CreditDifference:
    """Recover or waive, as another person; on: the day of posting.

    What the balance does not cover is listed again as a difference of its own. SubmissionVoided where a run has found
    other amounts since, DomainError for a recovery from an account that holds nothing by now.
    """
    _lock_accounts([difference])
    difference = locked(difference, "approve", "member")
    decide(difference, _payload(difference), actor, reason, seen)
    if difference.remedy == Remedy.WAIVE:
        difference.state = DifferenceState.WAIVED
    else:
        _recover(difference, on, actor)
    arrive(difference, actor, reason or "approved")
    if difference.taken is not None and difference.taken < difference.excess:
        _list_the_rest(difference, actor)
    return difference


def _recover(difference: CreditDifference, on: date, actor: User) -> None:
    account = _account(difference)
    difference.taken = min(account.balance or 0, difference.excess)
    if not difference.taken:
        raise DomainError(_("The account holds nothing to recover. Refuse this, then waive it or wait."))
    post([_recovery(difference, account)], on=on, actor=actor)
    # A run that was checked before may post what it then found due; the next one compares both.
    note_change(
        difference.member, ChangeCause.RECOVERY, first_day=difference.month, last_day=difference.month, known_on=on
    )
    difference.state = DifferenceState.RECOVERED


def _recovery(difference: CreditDifference, account: LedgerAccount) -> Posting:
    credited = LedgerEntry.objects.filter(
        credit=account,
        month=difference.month,
        component=difference.component,
        kind__in=(EntryKind.MONTHLY_CREDIT, EntryKind.TRUE_UP),
    )
    return Posting(
        debit=account,
        # Back into the fund that the last credit of the month came from.
        credit=credited.select_related("debit").latest("pk").debit,
        amount=difference.taken or Decimal("0.00"),
        kind=EntryKind.RECOVERY,
        key=f"difference:{difference.pk}",
        cause=f"difference:{difference.pk}",
        month=difference.month,
        component=difference.component,
    )


def recover_with(closing: AccountClosing, difference: CreditDifference, taken: Decimal, actor: User) -> Posting:
    """Recover a part of it, yuan > 0, with a closing that the actor has decided; what the caller posts.

    The caller holds the locks, and has shown this to both people. SamePersonDecides where the actor submitted a remedy
    for it.
    """
    difference.remedy = Remedy.RECOVER
    decide_with(difference, closing)
    difference.closing, difference.taken = closing, taken
    difference.state = DifferenceState.RECOVERED
    tracked_save(difference, actor, closing.decision_reason or "set off with the closing")
    if taken < difference.excess:
        _list_the_rest(difference, actor)
    return _recovery(difference, closing.account)


def _account(difference: CreditDifference) -> LedgerAccount:
    return LedgerAccount.objects.select_for_update(no_key=True).get(member_id=difference.member_id)


def _lock_accounts(differences: Iterable[CreditDifference]) -> None:
    """Whoever takes money from an account holds its member's lock: a settlement relies on the balance it has read.

    Members, then accounts, then differences: a credit run and a closing lock in the same order.
    """
    people = [each.member_id for each in differences]
    members = Member.objects.select_for_update(no_key=True).filter(pk__in=people)
    list(members.order_by("pk").values_list("pk"))
    accounts = LedgerAccount.objects.select_for_update(no_key=True).filter(member__in=people)
    list(accounts.order_by("pk").values_list("pk"))


def _list_the_rest(difference: CreditDifference, actor: User) -> None:
    rest = CreditDifference(
        run_id=difference.run_id,
        member_id=difference.member_id,
        month=difference.month,
        component=difference.component,
        credited=difference.credited - (difference.taken or 0),
        entitled=difference.entitled,
        waived=difference.waived,
        cause=difference.cause,
        state=DifferenceState.LISTED,
    )
    tracked_save(rest, actor, "rest after a recovery")


@transaction.atomic
def refuse_remedy(difference: CreditDifference, *, actor: User, reason: str, seen: str = "") -> CreditDifference:
    """List it again undecided, also where its amounts have changed since; the reason is required."""
    difference = locked(difference, "refuse")
    difference.remedy = ""
    return turn_down(difference, actor, reason, seen)


@transaction.atomic
def submit_remedies(run: CreditRun, *, remedy: Remedy, actor: User, reason: str) -> int:
    """Ask the same for what a run lists, at most AT_ONCE at a time; returns how many.

    A recovery leaves out accounts that hold nothing.
    """
    listed = run.differences.filter(state=DifferenceState.LISTED)
    if remedy == Remedy.RECOVER:
        listed = listed.filter(member__account__balance__gt=0)
    chosen = list(listed.order_by("pk")[:AT_ONCE])
    _lock_accounts(chosen)
    for difference in chosen:
        submit_remedy(difference, remedy=remedy, actor=actor, reason=reason)
    return len(chosen)


def remedies_for(run: CreditRun, actor: User) -> list[CreditDifference]:
    """What others submitted about a run's differences and the actor may decide, at most AT_ONCE of it."""
    submitted = run.differences.filter(state=DifferenceState.SUBMITTED).exclude(authors__contains=[actor.pk])
    return list(submitted.order_by("pk")[:AT_ONCE])


def remedies_digest(remedies: Iterable[CreditDifference]) -> str:
    """What names these submissions as they are: whoever decides on all of them has seen this."""
    return payload_digest([[each.pk, each.payload_hash] for each in remedies])


def sum_of(remedies: Iterable[CreditDifference], remedy: Remedy) -> Decimal:
    """What the remedies of one kind concern, yuan."""
    return sum((each.excess for each in remedies if each.remedy == remedy), Decimal("0.00"))


@transaction.atomic
def approve_remedies(run: CreditRun, *, on: date, actor: User, reason: str = "", seen: str = "") -> int:
    """Decide what others submitted about a run's differences, at most AT_ONCE at a time; returns how many.

    seen: the `remedies_digest` of what was shown, empty where nothing was. SubmissionVoided where others wait by now.
    """
    chosen = remedies_for(run, actor)
    _lock_accounts(chosen)
    if seen and seen != remedies_digest(remedies_for(run, actor)):
        raise SubmissionVoided(_("By now other remedies wait here than you were shown. Open the form again."))
    for difference in chosen:
        approve_remedy(difference, on=on, actor=actor, reason=reason, seen=difference.payload_hash)
    return len(chosen)
