"""What was entered of a direct settlement is put right until it is paid, by the service and on the claim's page."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import Role, User
from claims.models import Claim, ClaimLine, ClaimState, Settlement
from claims.services.bills import correct_claim
from claims.services.new_claims import bill_of
from claims.services.settlement import settle_claim
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import OutOfAreaKind, RefusalReason, Tier
from tests import builder
from tests.builder import retiree
from tests.builder.accounts import SINCE, authorized
from tests.builder.claims import a_claim
from tests.builder.office import REASON, Office
from tests.builder.screens import visitor
from tests.builder.settled_files import row, settle, written
from tests.claims.test_places import away_in_shanghai

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

TODAY, RESIDENT = date(2025, 12, 31), OutOfAreaKind.LONG_TERM_RESIDENT


@pytest.fixture
def clerk() -> User:
    return builder.staff("corrects", Role.CLERK, region=builder.region("zaozhuang"))


def corrected(claim: Claim, clerk: User, **facts: Any) -> Claim:
    return correct_claim(claim, replace(bill_of(claim), **facts), today=TODAY, actor=clerk, reason="misread")


# --- The service --------------------------------------------------------------------------------------------------


def test_a_claim_that_lacks_its_place_gets_it_and_is_settled(clerk: User) -> None:
    """1000.00 at a secondary institution in Shanghai: (1000 − 400) × 65 % = 390.00."""
    claim = a_claim(away_in_shanghai(), "1000.00", out_of_area=RESIDENT, tier=Tier.SECONDARY)
    with pytest.raises(DomainError, match="for a place"):
        settle_claim(claim, today=TODAY)
    settlement = settle_claim(corrected(claim, clerk, place="310115"), today=TODAY)
    assert isinstance(settlement, Settlement)
    assert settlement.pooled == Decimal("390.00")
    now = claim.history.filter(history_user=clerk).get()
    assert (now.place, now.prev_record.place, now.history_change_reason) == ("310115", "", "misread")


def test_a_refused_claim_is_registered_again_with_its_new_lines(clerk: User) -> None:
    member = retiree("zaozhuang")
    hospital = builder.a_provider(member.region)
    assert isinstance(
        settle_claim(a_claim(member, "1000.00", provider=hospital, invoice_number="F1"), today=TODAY), Settlement
    )
    claim = a_claim(member, "1000.00", provider=hospital, invoice_number="f1")
    refusal = settle_claim(claim, today=TODAY)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == RefusalReason.DUPLICATE_INVOICE
    found = corrected(claim, clerk, invoice_number="F2", lines=[builder.a_line("20.00"), builder.a_line("30.00")])
    found.refresh_from_db()
    assert (found.state, found.refusal_reason, found.refusal_article) == (ClaimState.REGISTERED, "", "")
    assert [line.amount for line in found.lines.order_by("pk")] == [Decimal("20.00"), Decimal("30.00")]
    assert ClaimLine.history.get(claim_id=claim.pk).history_change_reason == "misread"
    assert isinstance(settle_claim(found, today=TODAY), Settlement)


@pytest.mark.parametrize("wrong", [{"lines": []}, {"served_on": date(2026, 1, 1)}, {"place": "310"}])
def test_a_correction_refuses_what_registering_refuses_and_changes_nothing(clerk: User, wrong: dict[str, Any]) -> None:
    claim = a_claim(retiree("zaozhuang"), "1000.00", tier=Tier.SECONDARY)
    with pytest.raises(DomainError):
        corrected(claim, clerk, **wrong)
    assert bill_of(Claim.objects.get(pk=claim.pk)) == bill_of(claim)


def test_what_is_paid_filed_by_hand_or_reported_by_a_provider_is_not_corrected_here(clerk: User) -> None:
    member = retiree("zaozhuang")
    paid = a_claim(member, "1000.00", tier=Tier.SECONDARY)
    assert isinstance(settle_claim(paid, today=TODAY), Settlement)
    with pytest.raises(MoveNotAllowed):
        corrected(paid, clerk, place="310115")
    with pytest.raises(DomainError, match="filed by hand"):
        corrected(a_claim(member, "1000.00", filed_on=TODAY, tier=Tier.SECONDARY), clerk, place="310115")
    nowhere = builder.a_provider(member.region, designated=False)
    settle(member.region, written(row("M1", member, nowhere)))
    reported = Claim.objects.get(claim_number="M1")
    assert reported.state == ClaimState.REFUSED
    with pytest.raises(DomainError, match="put right in the provider's file"):
        corrected(reported, clerk, place="310115")


def test_a_settlement_finds_the_relative_whom_a_correction_named_a_moment_ago(
    clerk: User, maker: User, checker: User
) -> None:
    member = retiree("zaozhuang")
    read_before = a_claim(member, "1000.00", served_on=SINCE, tier=Tier.SECONDARY)
    owner = builder.insured(member.region)
    authorized(owner, member, maker, checker)
    corrected(Claim.objects.get(pk=read_before.pk), clerk, account_holder=owner)
    assert isinstance(settle_claim(read_before, today=TODAY), Settlement)


# --- The page -----------------------------------------------------------------------------------------------------


def address(name: str, claim: Claim) -> str:
    return reverse(f"admin:claims_claim_{name}", args=[claim.pk])


def offered(office: Office, role: str, claim: Claim) -> bool:
    page = visitor(office.staff[role]).get(address("change", claim))
    return address("correct_bill", claim) in page.content.decode()


def sent(**more: str) -> dict[str, str]:
    """A bill of one line, 300.00 yuan, as the form sends it."""
    line = {"kind": "drug", "category": "A", "amount": "300.00"}
    return {
        "benefit": "general_outpatient",
        "served_on": "2024-03-20",
        "reason": REASON,
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        **{f"lines-0-{name}": value for name, value in line.items()},
    } | more


def test_the_button_is_for_whoever_registers_claims_while_nothing_is_paid(office: Office) -> None:
    opened, refused, paid = (office.objs[name] for name in ("open_claim", "refused", "claim"))
    assert [offered(office, "clerk", claim) for claim in (opened, refused, paid)] == [True, True, False]
    for role in ("supervisor", "finance", "auditor"):
        assert not offered(office, role, opened), role
        assert visitor(office.staff[role]).post(address("try", opened), sent()).status_code == 403, role
    settle(office.here, written(row("M1", office.members[2], office.objs["provider_zaozhuang"])))
    reported = Claim.objects.get(claim_number="M1")
    assert reported.state == ClaimState.REFUSED
    assert not offered(office, "clerk", reported)


def test_a_bill_is_corrected_on_the_claims_page(office: Office) -> None:
    claim, client = office.objs["open_claim"], visitor(office.staff["clerk"])
    form = client.get(address("correct_bill", claim)).context["form"]
    assert (form["served_on"].value(), form["benefit"].value()) == (claim.served_on, claim.benefit)
    assert [str(line["amount"].value()) for line in form.lines][:3] == ["700.00", "200.00", "100.00"]
    # 60 % of 300.00; the year's deductible is met (Zaozhuang 5).
    assert "180.00" in client.post(address("try", claim), sent()).content.decode()
    response = client.post(address("correct_bill", claim), sent(place="310115", out_of_area="temporary"))
    assert response["Location"] == address("change", claim)
    claim.refresh_from_db()
    assert (claim.place, claim.out_of_area, claim.lines.get().amount) == ("310115", "temporary", Decimal("300.00"))
