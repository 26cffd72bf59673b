"""No claim is registered for a day before the patient's birth, whichever way it comes."""

from datetime import date, timedelta

import pytest

from agency.exceptions import DomainError
from claims.models import Claim
from tests import builder
from tests.builder.claims import a_claim
from tests.builder.settled_files import problems, row, settle, written
from tests.builder.sheets import bring_in, places, sheet

pytestmark = pytest.mark.django_db

BORN = date(2022, 6, 1)
HEADER = "region,claim_number,member_number,provider_code,served_on,kind,category,amount"


def test_a_clerk_is_told_so_and_the_day_of_birth_itself_is_taken(in_english: None) -> None:
    member = builder.a_member(builder.region("dazhou"), birth_date=BORN)
    with pytest.raises(DomainError, match="before the patient's birth") as refused:
        a_claim(member, served_on=BORN - timedelta(days=1))
    assert refused.value.details == {"field": "served_on"}
    assert not Claim.objects.exists()
    assert a_claim(member, served_on=BORN).served_on == BORN


def test_a_file_of_claims_and_a_provider_are_told_so() -> None:
    region = builder.region("dazhou")
    member, clinic = builder.a_member(region, birth_date=BORN), builder.a_provider(region)
    line = f"dazhou,C1,{member.member_number},{clinic.code},2022-05-31,drug,A,100.00"
    assert places(bring_in("claims", sheet(HEADER, line), region)) == [(2, "served_on")]
    file = settle(region, written(row("M1", member, clinic, fee_ocur_time="2022-05-31")))
    assert problems(file) == [(2, "fee_ocur_time")]
    assert not Claim.objects.exists()
