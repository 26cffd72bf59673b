"""Requests about an account: who decides in which state, what voids them, what the database refuses by itself."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AccountRequest, AccountState, DecisionState, LedgerAccount, LedgerEntry, RequestKind
from accounts.services.account_requests import (
    approve_account_request,
    refuse_account_request,
    submit_freeze,
    submit_refund,
    submit_transfer_in,
    submit_unfreeze,
)
from agency.exceptions import DomainError, MoveNotAllowed, SubmissionVoided
from agency.models import User
from claims.models import Settlement
from members.models import Member
from tests import builder
from tests.builder import retiree
from tests.builder.accounts import SINCE, balance_of, bought, give, holder, put
from tests.builder.damage import rewrite
from tests.builder.settlements import settled

pytestmark = pytest.mark.django_db

DAY = date(2023, 4, 3)
KINDS = list(RequestKind)


def payment(member: Member, key: str) -> LedgerEntry:
    return bought(member, "10.00", SINCE, key).entry


def submitted(kind: RequestKind, maker: User, on: date = DAY) -> AccountRequest:
    """A request of the kind by a holder of 100 yuan, of which a refund's payment has taken 10."""
    member = holder()
    more: dict[str, Any] = {"on": on, "document": "第7号", "actor": maker, "reason": builder.REASON}
    if kind == RequestKind.FREEZE:
        return submit_freeze(member, **more)
    if kind == RequestKind.UNFREEZE:
        put(member, AccountState.FROZEN)
        return submit_unfreeze(member, **more)
    if kind == RequestKind.TRANSFER_IN:
        return submit_transfer_in(member, amount=Decimal("50.00"), other_agency="兰州市医保局", **more)
    return submit_refund(payment(member, "k"), **more)


def standing(request: AccountRequest) -> tuple[str, Decimal | None]:
    account = LedgerAccount.objects.get(member=request.member)
    return account.state, account.balance


# Kind → (before, after) as (state of the account, yuan).
EFFECTS = {
    RequestKind.FREEZE: (("open", Decimal("100.00")), ("frozen", Decimal("100.00"))),
    RequestKind.UNFREEZE: (("frozen", Decimal("100.00")), ("open", Decimal("100.00"))),
    RequestKind.TRANSFER_IN: (("open", Decimal("100.00")), ("open", Decimal("150.00"))),
    RequestKind.REFUND: (("open", Decimal("90.00")), ("open", Decimal("100.00"))),
}


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_what_is_refused_changes_nothing_and_what_is_approved_does_so_once(
    maker: User, checker: User, kind: RequestKind
) -> None:
    before, after = EFFECTS[kind]
    refused = submitted(kind, maker)
    refuse_account_request(refused, actor=checker, reason="no papers")
    approved = submitted(kind, maker)
    assert (standing(refused), standing(approved)) == (before, before)
    approve_account_request(approved, today=DAY, actor=checker)
    for decided in (refused, approved):
        with pytest.raises(MoveNotAllowed):
            approve_account_request(decided, today=DAY, actor=checker)
    assert (standing(refused), standing(approved)) == (before, after)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_nothing_is_approved_before_its_day(maker: User, checker: User, kind: RequestKind) -> None:
    found = submitted(kind, maker, on=DAY)
    with pytest.raises(DomainError, match="2023-04-03"):
        approve_account_request(found, today=date(2023, 4, 2), actor=checker)
    assert standing(found) == EFFECTS[kind][0]
    approve_account_request(found, today=DAY, actor=checker)
    assert standing(found) == EFFECTS[kind][1]


@pytest.mark.parametrize("kind", [RequestKind.FREEZE, RequestKind.UNFREEZE], ids=str)
def test_a_request_waits_once(maker: User, kind: RequestKind) -> None:
    found = submitted(kind, maker)
    submit = submit_freeze if kind == RequestKind.FREEZE else submit_unfreeze
    with pytest.raises(DomainError):
        submit(found.member, on=DAY, document="第8号", actor=maker, reason=builder.REASON)
    assert AccountRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (RequestKind.FREEZE, {"document": "another"}),
        (RequestKind.FREEZE, {"effective_on": date(2023, 4, 2)}),
        (RequestKind.FREEZE, {"kind": RequestKind.UNFREEZE}),
        (RequestKind.TRANSFER_IN, {"amount": Decimal("50.01")}),
        (RequestKind.TRANSFER_IN, {"other_agency": "another"}),
    ],
)
def test_a_request_changed_after_submission_is_not_approved_and_may_be_refused(
    maker: User, checker: User, kind: RequestKind, change: dict[str, Any]
) -> None:
    found = submitted(kind, maker)
    rewrite(AccountRequest.objects.filter(pk=found.pk), **change)
    with pytest.raises(SubmissionVoided):
        approve_account_request(found, today=DAY, actor=checker)
    assert standing(found) == EFFECTS[kind][0]
    assert refuse_account_request(found, actor=checker, reason="changed").state == DecisionState.REFUSED


def test_an_amount_typed_without_decimals_is_what_was_submitted(maker: User, checker: User) -> None:
    member = holder()
    found = submit_transfer_in(
        member,
        amount=Decimal("5"),
        other_agency="兰州市医保局",
        on=DAY,
        document="第7号",
        actor=maker,
        reason=builder.REASON,
    )
    approve_account_request(AccountRequest.objects.get(pk=found.pk), today=DAY, actor=checker)
    assert balance_of(member) == Decimal("105.00")


def test_a_refund_is_of_the_payment_that_was_seen(maker: User, checker: User) -> None:
    found = submitted(RequestKind.REFUND, maker)
    other = payment(found.member, "other")
    rewrite(AccountRequest.objects.filter(pk=found.pk), entry=other)
    with pytest.raises(SubmissionVoided):
        approve_account_request(found, today=DAY, actor=checker)
    assert balance_of(found.member) == Decimal("80.00")


def test_only_payments_of_their_own_are_refunded(maker: User) -> None:
    """What a settlement paid goes back with the settlement, on the claim's page."""
    member = retiree()
    give(member, "100.00")
    settlement = settled(member, pay_from_account=True)
    assert isinstance(settlement, Settlement)
    assert LedgerEntry.objects.count() == 3
    for entry in LedgerEntry.objects.all():
        with pytest.raises(DomainError):
            submit_refund(entry, on=date(2023, 5, 1), document="receipt", actor=maker, reason=builder.REASON)
    assert not AccountRequest.objects.exists()


# --- Around the services ---


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (RequestKind.TRANSFER_IN, {"amount": Decimal("0.00")}),
        (RequestKind.TRANSFER_IN, {"amount": None}),
        (RequestKind.TRANSFER_IN, {"other_agency": ""}),
        (RequestKind.FREEZE, {"amount": Decimal("1.00")}),
        (RequestKind.FREEZE, {"other_agency": "another"}),
        (RequestKind.REFUND, {"entry": None}),
        (RequestKind.REFUND, {"kind": RequestKind.FREEZE}),
        (RequestKind.FREEZE, {"kind": RequestKind.REFUND}),
        (RequestKind.FREEZE, {"state": DecisionState.APPROVED}),
    ],
)
def test_the_database_refuses_a_request_that_does_not_fit_its_kind(
    maker: User, kind: RequestKind, wrong: dict[str, Any]
) -> None:
    found = submitted(kind, maker)
    with pytest.raises(IntegrityError), transaction.atomic():
        rewrite(AccountRequest.objects.filter(pk=found.pk), **wrong)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_database_refuses_a_decision_by_the_submitter(maker: User, kind: RequestKind) -> None:
    found = submitted(kind, maker)
    for state in (DecisionState.APPROVED, DecisionState.REFUSED):
        with pytest.raises(IntegrityError), transaction.atomic():
            AccountRequest.objects.filter(pk=found.pk).update(state=state, decided_by=maker)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_database_refuses_the_same_request_twice(maker: User, kind: RequestKind) -> None:
    found = submitted(kind, maker)
    found.pk = None
    found._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        found.save()
