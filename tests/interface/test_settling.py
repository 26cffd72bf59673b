"""One visit from its registration to its settlement, and back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import LedgerEntry
from claims.models import BenefitUsage, Claim, ClaimState, Reversal, Settlement
from interface.models import Message, MessageState
from policies.engine.vocabulary import CatalogCategory, ItemKind
from providers.services.catalogue import record_catalog_item
from tests import builder
from tests.builder import clearing, retiree
from tests.builder.accounts import give
from tests.builder.damage import differing
from tests.builder.interface import Clock, a_hospital, begun, bill, settled, told

pytestmark = pytest.mark.django_db


def of(setl: dict[str, Any], *, mdtrt_id: str = "") -> dict[str, Any]:
    """What 2208 and 5203 ask of a settlement."""
    names = ("psn_no", "setl_id", "mdtrt_id")
    return {"data": {name: setl[name] for name in names} | ({"mdtrt_id": mdtrt_id} if mdtrt_id else {})}


def test_a_visit_is_settled_as_the_trial_said() -> None:
    """Pingliang, retired, primary: 70 % of what 300 has above the deductible of 200 is 70; 230 are left in cash."""
    member, hospital = retiree(), a_hospital()
    place = begun(hospital, member, told(hospital, "200.00"), told(hospital, "100.00", "2"))
    tried = hospital.ask("2206", bill(place))
    assert Claim.objects.count() == Settlement.objects.count() == 0
    done = hospital.ask("2207", bill(place))
    assert (done["infcode"], done["err_msg"], done["warn_msg"]) == (0, "", "")
    info = done["output"]["setlinfo"]
    assert {name: info[name] for name in ("medfee_sumamt", "act_pay_dedc", "hifp_pay", "fund_pay_sumamt")} == {
        "medfee_sumamt": "300.00",
        "act_pay_dedc": "200.00",
        "hifp_pay": "70.00",
        "fund_pay_sumamt": "70.00",
    }
    assert (info["psn_part_amt"], info["psn_cash_pay"], info["mdtrt_id"]) == ("230.00", "230.00", place["mdtrt_id"])
    given_with_writing = {"setl_id", "setl_time"}
    both = [
        {k: v for k, v in each["output"]["setlinfo"].items() if k not in given_with_writing} for each in (tried, done)
    ]
    assert both[0] == both[1]
    claim = Claim.objects.get()
    assert (claim.claim_number, claim.state, claim.lines.count()) == (place["mdtrt_id"], ClaimState.SETTLED, 2)
    message = Message.objects.get(infno="2207")
    assert (message.state, message.settlement, message.member) == (
        MessageState.ANSWERED,
        claim.settlements.get(),
        member,
    )


def test_the_account_pays_where_the_flag_says_so_and_the_balance_is_told() -> None:
    member, hospital = retiree(), a_hospital()
    give(member, "100.00")
    place = begun(hospital, member, told(hospital))
    flag = {"acct_used_flag": "1"}
    tried = hospital.ask("2206", bill(place, **flag))["output"]["setlinfo"]
    info = hospital.ask("2207", bill(place, **flag))["output"]["setlinfo"]
    for each in (tried, info):
        assert (each["acct_pay"], each["psn_cash_pay"], each["balc"]) == ("100.00", "130.00", "0.00")


def test_the_catalogue_says_what_a_line_is() -> None:
    member, hospital = retiree(), a_hospital()
    record_catalog_item(
        member.region,
        code="X1",
        name="乙类药",
        kind=ItemKind.DRUG,
        category=CatalogCategory.B,
        upfront_rate=Decimal("0.1"),
        first_day=hospital.clock().date(),
        reason="for the tests",
    )
    place = begun(hospital, member)
    # The provider calls it category A.
    line = told(hospital, "100.00", med_list_codg="X1", cnt=2, pric=Decimal("50.000000"), **place)
    result = hospital.ask("2204", {"feedetail": [line]})["output"]["result"]
    assert [(each["chrgitm_lv"], each["selfpay_prop"], each["cnt"]) for each in result] == [("02", "0.1000", "2.0000")]
    assert hospital.ask("2206", bill(place, "100.00"))["output"]["setlinfo"]["preselfpay_amt"] == "10.00"


def test_what_is_taken_back_leaves_nothing_used_and_nothing_owed() -> None:
    member, hospital = retiree(), a_hospital()
    give(member, "100.00")
    as_given = differing(member.region)
    info = settled(hospital, member, acct_used_flag="1")
    back = hospital.ask("2208", of(info))
    taken = back["output"]["setlinfo"]
    assert (back["infcode"], taken["refd_setl_flag"]) == (0, "1")
    assert (taken["medfee_sumamt"], taken["hifp_pay"], taken["acct_pay"]) == ("-300.00", "-70.00", "-100.00")
    assert taken["balc"] == "100.00"
    assert {usage.paid for usage in BenefitUsage.objects.all()} == {Decimal("0.00")}
    reversal = Reversal.objects.get()
    assert (reversal.provider, reversal.submitted_by, reversal.decided_by) == (
        reversal.settlement.claim.provider,
        None,
        None,
    )
    assert differing(member.region) == as_given
    # Once more, and nothing is given back twice.
    again = hospital.ask("2208", of(info))
    assert (again["infcode"], again["output"]["setlinfo"]["setl_id"]) == (0, taken["setl_id"])
    assert again["warn_msg"] == "此笔结算此前已撤销。"
    assert Settlement.objects.count() == 2


def test_a_visit_is_settled_again_under_its_own_number() -> None:
    """The claim has another number, the visit keeps its own."""
    member, hospital = retiree(), a_hospital()
    info = settled(hospital, member)
    hospital.ask("2208", of(info))
    again = hospital.ask("2207", bill({name: info[name] for name in ("mdtrt_id", "psn_no")}))["output"]["setlinfo"]
    assert again["mdtrt_id"] == info["mdtrt_id"]
    assert again["hifp_pay"] == "70.00"
    numbers = {claim.claim_number for claim in Claim.objects.all()}
    assert numbers == {info["mdtrt_id"], f"{info['mdtrt_id']}-2"}


def test_later_settlements_are_settled_anew_and_it_is_said() -> None:
    """The deductible of 200 was borne by the first visit; without it the second bears it."""
    member, hospital, other = retiree(), a_hospital(), a_hospital()
    first, second = settled(hospital, member), settled(other, member)
    assert second["hifp_pay"] == "210.00"
    back = hospital.ask("2208", of(first))
    assert back["warn_msg"].startswith("该参保人有1笔")
    standing = Settlement.objects.filter(reverses__isnull=True, reversed_by__isnull=True).get()
    assert (standing.pooled, str(standing.in_place_of_id)) == (Decimal("70.00"), second["setl_id"])
    looked_up = other.ask("5203", of(second))["output"]["setlinfo"]
    assert looked_up["hifp_pay"] == "210.00"
    assert differing(member.region) == {}


def test_what_a_monthly_statement_has_the_office_takes_back() -> None:
    member, hospital = retiree(), a_hospital(provider=clearing.a_provider())
    info = settled(hospital, member)
    clearing.submitted(Claim.objects.get().provider)
    refused = hospital.ask("2208", of(info))
    assert (refused["infcode"], refused["err_msg"]) == (-1, "此笔结算已列入月结算单。请向经办机构申请撤销。")
    assert Settlement.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"medfee_sumamt": "299.99"}, "medfee_sumamt为299.99，已上传明细合计为300.00。"),
        ({"med_type": "21"}, "此医疗类别（med_type）不在本接口结算。"),
        ({"mdtrt_id": "620800000000"}, "本机构没有此就诊ID（mdtrt_id）。请先办理挂号（2201）。"),
        ({"chrg_bchno": "B2"}, "没有可结算的明细。请先上传明细（2204）。"),
    ],
)
def test_what_cannot_be_settled_leaves_nothing(change: dict[str, Any], sentence: str) -> None:
    member, hospital = retiree(), a_hospital()
    place = begun(hospital, member, told(hospital))
    refused = hospital.ask("2207", bill(place, **change))
    assert (refused["infcode"], refused["err_msg"]) == (-1, sentence)
    assert Claim.objects.count() == Settlement.objects.count() == LedgerEntry.objects.count() == 0


def test_who_is_not_insured_is_refused_with_the_reason_and_the_visit_can_be_settled_later() -> None:
    member, hospital = builder.a_member(builder.region("pingliang")), a_hospital()
    place = begun(hospital, member, told(hospital))
    refused = hospital.ask("2207", bill(place))
    assert refused["infcode"] == -1
    assert refused["err_msg"].startswith("按规定不能结算：不在待遇享受期")
    assert Claim.objects.count() == 0


def test_the_day_of_service_is_the_day_on_which_the_visit_began() -> None:
    """Registered before midnight, settled after it."""
    clock = Clock(Clock()().replace(hour=23, minute=59))
    member, hospital = retiree(), a_hospital(clock=clock)
    place = begun(hospital, member, told(hospital))
    clock.at += timedelta(minutes=2)
    hospital.ask("2207", bill(place))
    settlement = Settlement.objects.get()
    assert (settlement.served_on.day, settlement.settled_on.day) == (15, 16)
