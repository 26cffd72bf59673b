"""Claims do their work without any room above them, and ask every room that is declared."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.apps import apps

from agency.exceptions import DomainError
from agency.models import User
from claims.models import Claim, ClaimState, DocumentKind, Resettlement, Settlement
from claims.rooms_above import PaidOut, RoomAbove, examination_of, papers_asked_for, rooms_above
from claims.services.documents import attach_document, is_submitted
from claims.services.new_claims import NewClaim
from claims.services.registration import enter_claim
from claims.services.reversal import approve_reversal, request_reversal
from claims.services.settlement import Prepared, prepare_settlement, settle_claim, settle_prepared
from tests import builder
from tests.builder import retiree
from tests.builder.claims import DAY, a_claim
from tests.builder.papers import pdf

pytestmark = pytest.mark.django_db
FILLED = ("reimbursements", "clearing", "interface")
FILED = date(2023, 6, 1)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for label in FILLED:
        monkeypatch.setattr(apps.get_app_config(label), "room_above_claims", None)


class Refusing(RoomAbove):
    """A room on which something rests, and which wants papers."""

    def papers_asked_for(self, claim: Claim) -> Sequence[DocumentKind]:
        return [DocumentKind.OTHER]

    def keeps_papers(self, claim: Claim) -> bool:
        return True

    def check_reversal(self, remaining: Mapping[int, Decimal]) -> None:
        raise DomainError(f"rests on {sorted(remaining.values())}")


def also(monkeypatch: pytest.MonkeyPatch, room: type[RoomAbove]) -> None:
    """Have one more app declare a room."""
    monkeypatch.setattr(apps.get_app_config("desk"), "room_above_claims", f"{__name__}.{room.__name__}", raising=False)


def test_the_rooms_above_are_those_that_apps_declare() -> None:
    assert [type(room).__module__ for room in rooms_above()] == [f"{label}.on_claims" for label in FILLED]


@pytest.mark.usefixtures("alone")
def test_a_direct_claim_is_settled_and_reversed_without_them(maker: User, checker: User) -> None:
    claim = a_claim(retiree(), "500.00")
    attach_document(claim, kind=DocumentKind.INVOICE, content=BytesIO(pdf()), name="invoice.pdf", actor=maker)
    settlement = settle_claim(claim, today=DAY)
    assert isinstance(settlement, Settlement)
    reversal = request_reversal(settlement, actor=maker, reason="by mistake")
    approve_reversal(reversal, actor=checker, today=DAY)
    claim.refresh_from_db()
    assert claim.state == ClaimState.REVERSED
    assert not Resettlement.objects.get().was_paid_out


@pytest.mark.usefixtures("alone")
def test_a_claim_filed_by_hand_is_entered_and_nobody_examines_it() -> None:
    member = retiree()
    claim = enter_claim(
        NewClaim(
            member=member,
            provider=builder.a_provider(member.region),
            claim_number="by hand",
            served_on=DAY,
            filed_on=FILED,
            invoice_number="1",
            lines=[builder.a_line("100.00")],
        ),
        today=FILED,
        actor=None,
        reason=builder.REASON,
    )
    assert examination_of(claim) is None
    assert papers_asked_for(claim) == []
    assert not is_submitted(claim)


def test_every_room_is_asked(monkeypatch: pytest.MonkeyPatch, maker: User) -> None:
    also(monkeypatch, Refusing)
    claim = a_claim(retiree(), "500.00")
    assert papers_asked_for(claim) == [DocumentKind.OTHER]
    assert is_submitted(claim)
    settlement = settle_claim(claim, today=DAY)
    assert isinstance(settlement, Settlement)
    with pytest.raises(DomainError, match=r"rests on \[Decimal\('0.00'\)\]"):
        request_reversal(settlement, actor=maker, reason="by mistake")


class Paying(RoomAbove):
    """A room that has paid the member out."""

    def hold_paid_out(self, claims: Sequence[Claim]) -> PaidOut:
        held = PaidOut()
        held.claims = [claim.pk for claim in claims]
        return held


def test_what_any_room_has_paid_out_is_noted(monkeypatch: pytest.MonkeyPatch, maker: User, checker: User) -> None:
    claim = a_claim(retiree(), "500.00", filed_on=FILED)
    also(monkeypatch, Paying)
    prepared = prepare_settlement(claim)
    assert isinstance(prepared, Prepared)
    settlement = settle_prepared(prepared, today=DAY)
    approve_reversal(request_reversal(settlement, actor=maker, reason="by mistake"), actor=checker, today=DAY)
    assert Resettlement.objects.get().was_paid_out
