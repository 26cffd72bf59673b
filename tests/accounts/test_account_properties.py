"""Whatever is done with accounts in whatever order: no yuan appears, vanishes or leaves where it may not."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AccountKind, AccountState, EntryKind, LedgerAccount, LedgerEntry
from accounts.services.account_requests import (
    approve_account_request,
    submit_freeze,
    submit_refund,
    submit_transfer_in,
    submit_unfreeze,
)
from accounts.services.closing import approve_closing, submit_closing
from accounts.services.spending import spend
from agency.exceptions import DomainError
from members.models import Member
from policies.engine.vocabulary import ClosingReason, Purpose
from tests import builder
from tests.builder.accounts import SINCE, authorized, holder, moved

pytestmark = pytest.mark.django_db

DAY = date(2023, 5, 1)
ZERO = Decimal("0.00")
DEEDS = ("spend", "spend_for_relative", "transfer_in", "refund", "freeze", "unfreeze", "close")


class Deed(NamedTuple):
    """One thing done: with the holder's account or the relative's, and its amount in fen."""

    what: str
    own: bool
    fen: int


deeds = st.lists(
    st.builds(Deed, st.sampled_from(DEEDS), st.booleans(), st.integers(min_value=1, max_value=9_000)),
    min_size=1,
    max_size=12,
)


class Office:
    """Two spouses in Kaifeng with 100 yuan each, who may pay for each other, and two colleagues."""

    def __init__(self) -> None:
        self.maker, self.checker = builder.staff("maker"), builder.staff("checker")
        self.people = [holder(slug="kaifeng"), holder(slug="kaifeng")]
        self.region = self.people[0].region
        self.pharmacy = builder.pharmacy(self.region)
        for owner, relative in (self.people, self.people[::-1]):
            authorized(owner, relative, self.maker, self.checker, since=SINCE, until=None)
        self.count = 0

    def do(self, deed: Deed) -> None:
        """Asked for and approved; DomainError where the house refuses."""
        self.count += 1
        member, other = self.people if deed.own else self.people[::-1]
        getattr(self, f"_{deed.what}")(member, other, Decimal(deed.fen) / 100)

    def _asked(self) -> dict[str, Any]:
        return {"on": DAY, "document": f"第{self.count}号", "actor": self.maker, "reason": builder.REASON}

    def _approve(self, request: Any) -> None:
        approve_account_request(request, today=DAY, actor=self.checker)

    def _spend(self, member: Member, other: Member, amount: Decimal, relative: Member | None = None) -> None:
        more: dict[str, Any] = {"on": DAY, "key": f"{self.count}", "relative": relative, "provider": self.pharmacy}
        spend(member, amount=amount, purpose=Purpose.PHARMACY_DRUG, **more)

    def _spend_for_relative(self, member: Member, other: Member, amount: Decimal) -> None:
        self._spend(member, other, amount, relative=other)

    def _transfer_in(self, member: Member, other: Member, amount: Decimal) -> None:
        self._approve(submit_transfer_in(member, amount=amount, other_agency="郑州市医保局", **self._asked()))

    def _refund(self, member: Member, other: Member, amount: Decimal) -> None:
        entry = LedgerEntry.objects.filter(debit__member=member, kind=EntryKind.SPENDING).first()
        if entry is not None:
            self._approve(submit_refund(entry, **self._asked()))

    def _freeze(self, member: Member, other: Member, amount: Decimal) -> None:
        self._approve(submit_freeze(member, **self._asked()))

    def _unfreeze(self, member: Member, other: Member, amount: Decimal) -> None:
        self._approve(submit_unfreeze(member, **self._asked()))

    def _close(self, member: Member, other: Member, amount: Decimal) -> None:
        closing = submit_closing(
            member, closing_reason=ClosingReason.TRANSFER_OUT, on=DAY, actor=self.maker, reason=builder.REASON
        )
        approve_closing(closing, today=DAY, actor=self.checker)


def standing() -> dict[int, tuple[str, Decimal]]:
    """Every personal account's state and balance."""
    return {
        account.pk: (account.state, account.balance or ZERO)
        for account in LedgerAccount.objects.filter(kind=AccountKind.PERSONAL)
    }


def check(office: Office, before: dict[int, tuple[str, Decimal]], deed: Deed, refused: bool) -> None:
    """What holds after every deed."""
    after = standing()
    assert all(balance >= 0 for _state, balance in after.values())
    has = moved(office.region)
    kept = LedgerAccount.objects.exclude(balance=None).values_list("pk", flat=True)
    assert {pk: has[pk] for pk in kept} == {pk: balance for pk, (_state, balance) in after.items()}
    assert set(LedgerAccount.objects.values_list("pk", flat=True)) == set(has)
    assert sum(has.values()) == 0
    for pk, (state, balance) in before.items():
        left = after[pk][1] < balance
        assert not (state == AccountState.CLOSED and after[pk] != (state, balance))
        assert not (state == AccountState.FROZEN and left and after[pk][0] != AccountState.CLOSED)
        if after[pk][0] == AccountState.CLOSED:
            assert after[pk][1] == 0
    if refused:
        assert after == before, deed


@pytest.fixture
def spouses() -> Office:
    """The same for every example; what an example does is taken back."""
    return Office()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=deeds)
def test_money_is_conserved_whatever_is_asked_for(spouses: Office, story: list[Deed]) -> None:
    with transaction.atomic():
        for deed in story:
            before = standing()
            refused = False
            try:
                with transaction.atomic():
                    spouses.do(deed)
            except DomainError:
                refused = True
            check(spouses, before, deed, refused)
        transaction.set_rollback(True)
