"""Where a visit was: entered, imported, reported by a provider, and asked for where a registration is for a place."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from agency.exceptions import DomainError
from claims.models import Claim, Settlement
from claims.services.settlement import settle_claim
from members.models import Member
from members.services.registrations import register_out_of_area
from policies.engine.vocabulary import OutOfAreaKind, Tier
from tests import builder
from tests.builder import retiree
from tests.builder.claims import a_claim
from tests.builder.settled_files import problems, row, settle, written
from tests.builder.sheets import bring_in, counts, places, sheet

pytestmark = pytest.mark.django_db

RETIRED_ELSEWHERE, TODAY = OutOfAreaKind.RELOCATED_RETIREE, date(2025, 12, 31)
HEADER = "region,claim_number,member_number,provider_code,served_on,out_of_area,place,kind,category,amount"


def away_in_shanghai() -> Member:
    """A retiree of Zaozhuang who lives in Shanghai."""
    member = retiree("zaozhuang")
    register_out_of_area(member, kind=RETIRED_ELSEWHERE, place="310000", since=date(2023, 1, 1), reason=builder.REASON)
    return member


def test_a_registration_for_a_place_asks_where_the_visit_was(in_english: None) -> None:
    """1000.00 at a secondary institution in Shanghai: (1000 − 400) × 65 % = 390.00; the claim without a place waits."""
    member = away_in_shanghai()
    unplaced = a_claim(member, "1000.00", out_of_area=OutOfAreaKind.LONG_TERM_RESIDENT, tier=Tier.SECONDARY)
    with pytest.raises(DomainError, match="for a place"):
        settle_claim(unplaced, today=TODAY)
    assert not Settlement.objects.exists()
    placed = settle_claim(
        a_claim(member, "1000.00", out_of_area=OutOfAreaKind.LONG_TERM_RESIDENT, place="310115", tier=Tier.SECONDARY),
        today=TODAY,
    )
    assert isinstance(placed, Settlement)
    assert (placed.out_of_area_share, placed.pooled) == (Decimal("0.00"), Decimal("390.00"))


@pytest.mark.parametrize("place", ["31000", "上海"])
def test_a_place_of_service_is_the_six_digits_of_a_division(place: str) -> None:
    member = retiree("zaozhuang")
    with pytest.raises(DomainError) as refused:
        a_claim(member, "1000.00", place=place, tier=Tier.SECONDARY)
    assert refused.value.details == {"field": "place"}
    claim = a_claim(member, "1000.00", tier=Tier.SECONDARY)
    with pytest.raises(IntegrityError, match="a_place_of_service_is_a_division"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(place=place)


def test_a_file_of_claims_has_the_place_and_a_claim_that_names_another_is_wrong() -> None:
    member, region = retiree("zaozhuang"), builder.region("zaozhuang")
    clinic = builder.a_provider(region).code
    begin, end = f"zaozhuang,C1,{member.member_number},{clinic},2023-03-06,posted_worker", "drug,A,100.00"
    content = sheet(HEADER, f"{begin},310115,{end}")
    assert counts(bring_in("claims", content, region)) == (1, 0, 0)
    assert Claim.objects.get().place == "310115"
    assert counts(bring_in("claims", content, region)) == (0, 1, 0)
    for other in ("310000", "Shanghai"):
        assert places(bring_in("claims", sheet(HEADER, f"{begin},{other},{end}"), region)) == [(2, "place")]


def test_a_provider_reports_where_the_visit_was() -> None:
    """1000.00 in Suzhou: (1000 − 100 − 400) × 65 % = 325.00, because the registration is for Shanghai."""
    member = away_in_shanghai()
    hospital = builder.a_provider(member.region, Tier.SECONDARY)
    bill = dict.fromkeys(("det_item_fee_sumamt", "medfee_sumamt", "inscp_scp_amt", "psn_cash_pay"), "1000.00")
    away = bill | {"out_fil_type": "02"}
    rows = [
        row("M1", member, hospital, mdtrtarea_admvs="320500", **away),
        row("M2", member, hospital, mdtrtarea_admvs="Suzhou", **away),
    ]
    file = settle(member.region, written(*rows))
    assert problems(file) == [(3, "mdtrtarea_admvs")]
    claim = Claim.objects.get()
    assert claim.place == "320500"
    settlement = Settlement.objects.get(claim=claim)
    assert (settlement.out_of_area_share, settlement.pooled) == (Decimal("100.00"), Decimal("325.00"))
