"""A claim of the wrong member or provider is given up, by itself or with the file that brought it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import PoolingRegion, Role, User
from claims.models import Claim, ClaimState
from claims.services.bills import correct_claim
from claims.services.new_claims import bill_of
from claims.services.settlement import settle_claim
from claims.services.withdrawal import standing_of, withdraw_claim
from members.models import Member
from providers.models import Provider
from reimbursements.models import Reimbursement
from reimbursements.services.reimbursements import (
    complete_papers,
    describe_reimbursement,
    submit_reimbursement,
)
from tests import builder
from tests.builder import retiree
from tests.builder.claims import a_claim
from tests.builder.files import Brought
from tests.builder.office import REASON, Office
from tests.builder.reimbursements import manual, registered, submitted
from tests.builder.resettlements import taken_back
from tests.builder.screens import button, offered, press, visitor, words_of
from tests.builder.settled_files import row, settle, written
from tests.builder.settlements import settled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

TODAY = date(2025, 12, 31)


@pytest.fixture
def pingliang() -> PoolingRegion:
    return builder.region("pingliang")


@pytest.fixture
def clerk(pingliang: PoolingRegion) -> User:
    return builder.staff("withdraws", Role.CLERK, region=pingliang)


def withdrawn(claim: Claim, clerk: User | None, seen: str = "") -> Claim:
    withdraw_claim(claim, actor=clerk, reason="of another member", seen=seen)
    return Claim.objects.get(pk=claim.pk)


# --- The service --------------------------------------------------------------------------------------------------


def test_a_registered_or_refused_claim_is_withdrawn_with_its_reason(clerk: User) -> None:
    member = retiree()
    refused = a_claim(member, provider=builder.a_provider(member.region, designated=False))
    settle_claim(refused, today=TODAY)
    refused.refresh_from_db()
    assert refused.state == ClaimState.REFUSED
    for claim in (a_claim(retiree()), refused):
        found = withdrawn(claim, clerk, seen=standing_of(claim))
        assert (found.state, found.refusal_reason) == (ClaimState.WITHDRAWN, "")
        latest = found.history.latest("history_id")
        assert (latest.history_user, latest.history_change_reason) == (clerk, "of another member")
        with pytest.raises(MoveNotAllowed, match="already"):
            withdrawn(claim, clerk)
        with pytest.raises(MoveNotAllowed):
            settle_claim(found, today=TODAY)


def test_what_is_paid_is_not_withdrawn_even_once_it_is_taken_back(clerk: User) -> None:
    settlement = settled(retiree())
    with pytest.raises(MoveNotAllowed, match="taken back first"):
        withdrawn(settlement.claim, clerk)
    taken_back(settlement, builder.staff("maker"), builder.staff("checker"))
    with pytest.raises(MoveNotAllowed, match="already"):
        withdrawn(settlement.claim, clerk)
    assert Claim.objects.get().state == ClaimState.REVERSED


def test_what_was_changed_since_or_has_no_reason_stays(clerk: User) -> None:
    claim = a_claim(retiree())
    seen = standing_of(claim)
    correct_claim(claim, replace(bill_of(claim), place="310115"), today=TODAY, actor=clerk, reason=REASON)
    with pytest.raises(DomainError, match="since you looked"):
        withdrawn(claim, clerk, seen=seen)
    with pytest.raises(DomainError, match="reason"):
        withdraw_claim(claim, actor=clerk, reason=" ")
    assert Claim.objects.get().state == ClaimState.REGISTERED


def test_the_number_is_free_again(clerk: User) -> None:
    member = retiree()
    first = withdrawn(a_claim(member, claim_number="N1"), clerk)
    second = a_claim(retiree(), claim_number="N1")
    with pytest.raises(DomainError, match="N1 already"):
        a_claim(member, claim_number="N1")
    assert [first.claim_number, second.claim_number] == ["N1", "N1"]


def test_the_database_knows_what_is_never_withdrawn_and_never_comes_back(clerk: User) -> None:
    paid, gone = settled(retiree()).claim, withdrawn(a_claim(retiree()), clerk)
    for claim, state in ((paid, ClaimState.WITHDRAWN), (gone, ClaimState.REGISTERED), (gone, ClaimState.SETTLED)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(state=state)


def test_a_claim_filed_by_hand_takes_its_reimbursement_along_until_that_is_submitted(clerk: User) -> None:
    reimbursement = registered(manual(), clerk)
    assert withdrawn(reimbursement.claim, clerk).state == ClaimState.WITHDRAWN
    reimbursement.refresh_from_db()
    assert reimbursement.state == "withdrawn"
    waiting = submitted(manual(), clerk)
    with pytest.raises(MoveNotAllowed, match="submitted"):
        withdrawn(waiting.claim, clerk)
    assert Reimbursement.objects.get(pk=waiting.pk).state == "submitted"
    assert Claim.objects.get(pk=waiting.claim_id).state == ClaimState.REGISTERED


# --- A file's claims ----------------------------------------------------------------------------------------------

HEADER = "claim_number,member_number,provider_code,served_on,filed_on,invoice_number,kind,category,amount"


class Bills:
    """Rows of claims of one member at one provider."""

    def __init__(self, region: PoolingRegion, clerk: User) -> None:
        self.member, self.provider = retiree(region.slug), builder.a_provider(region)
        self.region, self.clerk = region, clerk

    def row(self, number: str, amount: str = "300.00", member: Member | None = None, filed_on: str = "") -> str:
        whose: tuple[Member, Provider] = (member or self.member, self.provider)
        cells = (number, whose[0].member_number, whose[1].code, "2023-03-01", filed_on, f"I{number}")
        return ",".join((*cells, "drug", "A", amount))

    def brought(self, *rows: str) -> Brought:
        return Brought.of("claims", HEADER, *rows, region=self.region, clerk=self.clerk)

    def states(self) -> list[tuple[str, str]]:
        return list(Claim.objects.order_by("pk").values_list("claim_number", "state"))


@pytest.fixture
def bills(pingliang: PoolingRegion, clerk: User) -> Bills:
    return Bills(pingliang, clerk)


def test_a_file_is_taken_back_and_brought_again_for_the_right_member(bills: Bills, clerk: User) -> None:
    rows = (bills.row("C1"), bills.row("C1", "20.00"), bills.row("C2", filed_on="2023-04-03"))
    brought = bills.brought(*rows)
    brought.confirm()
    assert bills.brought(*rows).outcomes == ["unchanged"] * 3
    assert brought.take_back() == ""
    assert bills.states() == [("C1", "withdrawn"), ("C2", "withdrawn")]
    assert Reimbursement.objects.get().state == "withdrawn"
    for claim in Claim.objects.all():
        latest = claim.history.latest("history_id")
        assert (latest.history_user, "the wrong list" in latest.history_change_reason) == (clerk, True)
    again = bills.brought(bills.row("C1", member=retiree()), bills.row("C2", filed_on="2023-04-03"))
    assert again.outcomes == ["new", "new"]
    again.confirm()
    assert bills.states()[2:] == [("C1", "registered"), ("C2", "registered")]


@pytest.mark.parametrize("what", ["settled", "corrected", "corrected lines", "submitted"])
def test_where_something_stands_on_a_claim_the_whole_file_stays(bills: Bills, clerk: User, what: str) -> None:
    brought = bills.brought(bills.row("C1"), bills.row("C2", filed_on="2023-04-03" if what == "submitted" else ""))
    brought.confirm()
    claim = Claim.objects.get(claim_number="C2")
    if what == "settled":
        settle_claim(claim, today=TODAY)
    elif what == "submitted":
        waiting, on = Reimbursement.objects.get(), date(2023, 4, 3)
        facts: dict[str, Any] = {
            "kind": waiting.kind,
            "payee_name": "本人",
            "payee_bank": "工商银行",
            "payee_account": "6200123456789",
        }
        describe_reimbursement(waiting, **facts, actor=clerk, reason=REASON)
        complete_papers(waiting, accepted_without=REASON, actor=clerk, on=on, today=on, reason=REASON)
        submit_reimbursement(waiting, actor=clerk)
    else:
        put: dict[str, Any] = {"place": "310115"} if what == "corrected" else {"lines": [builder.a_line("20.00")]}
        correct_claim(claim, replace(bill_of(claim), **put), today=TODAY, actor=clerk, reason=REASON)
    assert "line 3" in brought.take_back()
    assert Claim.objects.get(claim_number="C1").state == ClaimState.REGISTERED


def test_what_was_reversed_or_withdrawn_by_itself_does_not_keep_the_rest(bills: Bills, clerk: User) -> None:
    brought = bills.brought(bills.row("C1"), bills.row("C2"), bills.row("C3"))
    brought.confirm()
    first, second, _third = Claim.objects.order_by("claim_number")
    settlement = settle_claim(first, today=TODAY)
    taken_back(settlement, builder.staff("maker"), builder.staff("checker"))  # type: ignore[arg-type]
    withdrawn(second, clerk)
    assert brought.take_back() == ""
    assert [state for _number, state in bills.states()] == ["reversed", "withdrawn", "withdrawn"]


# --- The page -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "says"), [("en", "withdrawn"), ("zh-hans", "已撤回")])
def test_a_clerk_withdraws_a_claim_on_its_page(office: Office, language: str, says: str) -> None:
    claim, clerk = office.objs["open_claim"], visitor(office.staff["clerk"], language)
    assert "withdraw" in offered(clerk, claim)
    form = clerk.get(button("withdraw", claim))
    seen = form.context["form"]["seen"].value()
    assert press(clerk, "withdraw", claim, reason="", seen=seen).status_code == 200
    assert press(clerk, "withdraw", claim, reason="of another member", seen=seen).status_code == 302
    assert says in words_of(office.staff["clerk"], claim, language=language)
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.WITHDRAWN
    assert "withdraw" not in offered(clerk, claim)


def test_what_is_paid_or_a_providers_word_is_not_withdrawn(office: Office) -> None:
    settle(office.here, written(row("M1", office.members[2], office.objs["provider_zaozhuang"])))
    reported, clerk = Claim.objects.get(claim_number="M1"), office.staff["clerk"]
    assert reported.state == ClaimState.REFUSED
    with pytest.raises(DomainError, match="put right in the provider's file"):
        withdrawn(reported, clerk)
    for claim in (reported, office.objs["claim"]):
        assert "withdraw" not in offered(visitor(clerk), claim)
