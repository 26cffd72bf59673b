"""A visit that was settled live and comes in a file as well is one claim: compared, and never settled twice."""

from typing import Any

import pytest

from claims.models import Claim, Settlement
from clearing.models import RecordState
from clearing.selectors.settled_files import compared
from demo.hospital import Hospital
from providers.models import Provider
from tests.builder import retiree
from tests.builder.damage import differing
from tests.builder.interface import a_hospital, bill, settled
from tests.builder.settled_files import records, row, settle, written

pytestmark = pytest.mark.django_db

DAY = {"fee_ocur_time": "2023-03-15 11:00:00"}
AS_SETTLED = {"act_pay_dedc": "200", "hifp_pay": "70", "psn_cash_pay": "230"}


def reported(hospital: Hospital, member: Any, number: str, **cells: str) -> Any:
    """The record of a file that reports this visit."""
    provider = Provider.objects.get(code=hospital.code)
    file = settle(member.region, written(row(number, member, provider, **DAY | AS_SETTLED | cells)))
    return records(file)[number]


def test_what_agrees_is_the_same_claim() -> None:
    member, hospital = retiree(), a_hospital()
    info = settled(hospital, member)
    record = reported(hospital, member, info["mdtrt_id"])
    assert (record.state, record.claim, record.differs) == (RecordState.KNOWN, Claim.objects.get(), False)
    assert Settlement.objects.count() == 1
    assert differing(member.region) == {}


def test_what_differs_waits_for_a_review() -> None:
    member, hospital = retiree(), a_hospital()
    info = settled(hospital, member)
    record = reported(hospital, member, info["mdtrt_id"], hifp_pay="80", psn_cash_pay="220")
    assert (record.state, record.differs) == (RecordState.KNOWN, True)
    (sides,) = compared([record])
    assert sides.wrong == ["fund", "cash"]
    assert Settlement.objects.count() == 1


def test_a_second_file_finds_it_reported() -> None:
    member, hospital = retiree(), a_hospital()
    info = settled(hospital, member)
    reported(hospital, member, info["mdtrt_id"])
    again = reported(hospital, member, info["mdtrt_id"], hifp_pay="80", psn_cash_pay="220")
    assert (again.state, again.claim, again.differs) == (RecordState.KNOWN, None, False)


def test_a_visit_that_was_settled_again_meets_under_its_own_number() -> None:
    member, hospital = retiree(), a_hospital()
    info = settled(hospital, member)
    place = {name: info[name] for name in ("mdtrt_id", "psn_no")}
    hospital.ask("2208", {"data": place | {"setl_id": info["setl_id"]}})
    hospital.ask("2207", bill(place))
    record = reported(hospital, member, info["mdtrt_id"])
    assert record.claim.claim_number == f"{info['mdtrt_id']}-2"
    assert (record.state, record.differs) == (RecordState.KNOWN, False)


def test_a_visit_that_was_taken_back_is_wrong_in_a_file() -> None:
    member, hospital = retiree(), a_hospital()
    info = settled(hospital, member)
    hospital.ask("2208", {"data": {name: info[name] for name in ("psn_no", "setl_id", "mdtrt_id")}})
    assert reported(hospital, member, info["mdtrt_id"]).state == RecordState.WRONG
    assert Settlement.objects.count() == 2


def test_a_visit_that_a_file_settled_is_not_settled_live() -> None:
    """The number is the file's; the counter cannot have it, because we give it."""
    member, hospital = retiree(), a_hospital()
    reported(hospital, member, "M1")
    refused = hospital.ask("2207", bill({"mdtrt_id": "M1", "psn_no": member.member_number}))
    assert refused["infcode"] == -1
    assert Settlement.objects.count() == 1
