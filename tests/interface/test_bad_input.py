"""What cannot be understood or must not be done: a sentence, and nothing written but the message."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import LedgerEntry
from claims.models import BenefitUsage, Claim, Settlement
from demo.hospital import Hospital
from interface.models import FeeDetail, Message, MessageState, RecalledMessage, Visit
from interface.services.transactions import TRANSACTIONS
from members.models import Member
from tests.builder import retiree
from tests.builder.interface import a_hospital, begun, bill, told

pytestmark = pytest.mark.django_db

WRITTEN: tuple[type[Model], ...] = (Claim, Settlement, BenefitUsage, LedgerEntry, Visit, FeeDetail, RecalledMessage)


def counted() -> list[int]:
    """How many rows there are of everything that a message may write, but for the messages."""
    return [model._default_manager.count() for model in WRITTEN]


def refused(hospital: Hospital, body: bytes) -> str:
    """The sentence with which a signed message is refused; nothing but its record is written."""
    before, messages = counted(), Message.objects.count()
    answer = hospital.send(body)
    assert answer["infcode"] == -1, answer
    assert (counted(), Message.objects.count()) == (before, messages + 1)
    assert Message.objects.order_by("pk").last().complaint == answer["err_msg"]  # type: ignore[union-attr]
    sentence: str = answer["err_msg"]
    return sentence


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "报文不是UTF-8编码的JSON。"),
        (b"{", "报文不是UTF-8编码的JSON。"),
        (b"\xff\xfe{}", "报文不是UTF-8编码的JSON。"),
        (b"<xml/>", "报文不是UTF-8编码的JSON。"),
        (b"[" * 100_000, "报文不是UTF-8编码的JSON。"),
        (b'{"amount": NaN}', "报文不是UTF-8编码的JSON。"),
        (b'{"amount": ' + b"9" * 5_000 + b"}", "报文不是UTF-8编码的JSON。"),
        (b"[]", "报文不是JSON对象。"),
        (b"null", "报文不是JSON对象。"),
        (b"{}", "infno 缺少此字段"),
        (b'{"infno": {}}', "infno 不是文本"),
    ],
)
def test_what_is_no_message_is_turned_away(body: bytes, sentence: str) -> None:
    assert refused(a_hospital(), body) == sentence


def test_what_is_turned_away_keeps_no_number() -> None:
    """An unknown transaction; then the right one under the same number."""
    hospital = a_hospital()
    msgid = hospital.number()
    assert refused(hospital, hospital.message("9999", {}, msgid=msgid)) == "没有此交易编号（infno）。"
    assert hospital.ask("9001", {"signIn": {}}, msgid=msgid)["infcode"] == 0


Changed = Callable[[dict[str, Any]], Any]
BAD_BILLS: list[tuple[str, Changed, str]] = [
    ("without an amount", lambda data: data.pop("medfee_sumamt"), "input.data.medfee_sumamt 缺少此字段"),
    (
        "an amount that is a text",
        lambda data: data.update(medfee_sumamt="三百"),
        "input.data.medfee_sumamt 不是规定格式的金额或数字",
    ),
    (
        "an amount that is a truth",
        lambda data: data.update(medfee_sumamt=True),
        "input.data.medfee_sumamt 不是规定格式的金额或数字",
    ),
    (
        "a float with 17 digits",
        lambda data: data.update(medfee_sumamt=0.1 + 0.2),
        "input.data.medfee_sumamt 小数位数过多：金额最多两位小数",
    ),
    (
        "too large an amount",
        lambda data: data.update(medfee_sumamt="1" * 20),
        "input.data.medfee_sumamt 不是规定格式的金额或数字",
    ),
    ("a list for a number", lambda data: data.update(psn_no=["1"]), "input.data.psn_no 不是文本"),
    ("an empty number", lambda data: data.update(psn_no=" "), "input.data.psn_no 为空"),
    ("a NUL", lambda data: data.update(mdtrt_id="1\0"), "input.data.mdtrt_id 含有不允许的字符"),
    ("half a sign", lambda data: data.update(mdtrt_id="\ud800"), "input.data.mdtrt_id 含有不允许的字符"),
    ("hours that are a text", lambda data: data.update(stay_hours="many"), "input.data.stay_hours 不符合要求"),
    (
        "an amount below zero",
        lambda data: data.update(medfee_sumamt="-300.00"),
        "medfee_sumamt为-300.00，已上传明细合计为300.00。",
    ),
    (
        "another sum",
        lambda data: data.update(medfee_sumamt="300.01"),
        "medfee_sumamt为300.01，已上传明细合计为300.00。",
    ),
    (
        "parts that do not add up",
        lambda data: data.update(fulamt_ownpay_amt="1", overlmt_selfpay="0", preselfpay_amt="0", inscp_scp_amt="300"),
        "费用各组成部分之和与医疗费总额不一致。",
    ),
    ("another person", lambda data: data.update(psn_no="X"), "此就诊ID属于其他人员，psn_no不一致。"),
    ("an unknown tier", lambda data: data.update(rx_hosp_lv="99"), "rx_hosp_lv不是允许的取值。"),
]


@pytest.mark.parametrize(("change", "sentence"), [each[1:] for each in BAD_BILLS], ids=[each[0] for each in BAD_BILLS])
def test_a_bill_that_is_wrong_is_refused(change: Changed, sentence: str) -> None:
    member, hospital = retiree(), a_hospital()
    asked = bill(begun(hospital, member, told(hospital)))
    change(asked["data"])
    body = json.dumps(json.loads(hospital.message("2207", {})) | {"input": asked}, default=str).encode()
    assert refused(hospital, body) == sentence


def test_nobody_of_another_region_is_known_here() -> None:
    hospital, stranger = a_hospital(), retiree("dazhou")
    asked = {"data": {"psn_no": stranger.member_number, "begntime": "2023-03-15 11:00:00", "ipt_otp_no": "1"}}
    assert refused(hospital, hospital.message("2201", asked)) == "本统筹区没有此人员编号（psn_no）。请先用1101获取。"


def _registration(hospital: Hospital, member: Member, begntime: str) -> bytes:
    asked = {"data": {"psn_no": member.member_number, "begntime": begntime, "ipt_otp_no": "1"}}
    return hospital.message("2201", asked)


@pytest.mark.parametrize(
    ("begntime", "sentence"),
    [
        ("2022-03-15 11:00:00", "就诊须在31天内登记。更早的请以直接结算文件报送。"),
        ("2024-03-15 11:00:00", "begntime晚于当前时间。请校准系统时钟。"),
        ("2023-02-30 11:00:00", "input.data.begntime 不是有效的时间，格式如2026-03-01 10:30:00"),
        ("yesterday", "input.data.begntime 不是有效的时间，格式如2026-03-01 10:30:00"),
    ],
)
def test_a_date_of_another_year_or_of_no_calendar_is_refused(begntime: str, sentence: str) -> None:
    hospital = a_hospital()
    assert refused(hospital, _registration(hospital, retiree(), begntime)) == sentence


def test_a_visit_of_last_year_is_registered_in_january() -> None:
    """Settled by the law, and in the year, of its day."""
    from tests.builder.interface import NOON, Clock

    hospital, member = a_hospital(clock=Clock(NOON.replace(month=1, day=3))), retiree()
    told_late = json.loads(_registration(hospital, member, "2022-12-30 11:00:00"))
    place = hospital.send(json.dumps(told_late).encode())["output"]["data"]
    line = told(hospital) | {"mdtrt_id": place["mdtrt_id"], "psn_no": place["psn_no"]}
    assert hospital.ask("2204", {"feedetail": [line]})["infcode"] == 0
    answer = hospital.ask("2207", bill({name: place[name] for name in ("mdtrt_id", "psn_no")}))
    # Pingliang's rules are in force from 2023 on.
    assert answer["err_msg"].startswith("按规定不能结算")


def test_ten_thousand_lines_are_too_many() -> None:
    hospital, member = a_hospital(), retiree()
    place = begun(hospital, member)
    lines = [{**told(hospital, "1.00", str(number)), **place} for number in range(10_000)]
    said = refused(hospital, hospital.message("2204", {"feedetail": lines}))
    assert said == "input.feedetail 条数过多，请分几笔报文发送"


def _lines(hospital: Hospital, place: dict[str, Any], *changes: dict[str, Any]) -> bytes:
    lines = [told(hospital, number=str(number)) | place | change for number, change in enumerate(changes)]
    return hospital.message("2204", {"feedetail": lines})


BAD_LINES: list[tuple[dict[str, Any], str]] = [
    ({"psn_no": "X"}, "一笔报文的明细须属于同一人员的同一次就诊。"),
    ({"det_item_fee_sumamt": "0"}, "明细1的金额必须大于零。"),
    ({"det_item_fee_sumamt": "-1.00"}, "明细1的金额必须大于零。"),
    ({"det_item_fee_sumamt": "1.005"}, "input.feedetail.1.det_item_fee_sumamt 小数位数过多：金额最多两位小数"),
    ({"overlmt_amt": "300.01"}, "明细1：超限价金额大于该条金额。"),
    ({"feedetl_sn": "0"}, "明细0已上传过。"),
    ({"fee_ocur_time": "2022-03-15 12:00:00"}, "明细1不属于本次就诊：费用发生时间早于就诊或晚于当前时间。"),
    ({"fee_ocur_time": "2023-03-16 12:00:00"}, "明细1不属于本次就诊：费用发生时间早于就诊或晚于当前时间。"),
    (
        {"chrgitm_lv": "", "med_list_codg": "unknown"},
        "明细1：医保目录中没有此编码。请同时上传目录类别（list_type）和收费项目等级（chrgitm_lv）。",
    ),
]


@pytest.mark.parametrize(("change", "sentence"), BAD_LINES)
def test_one_wrong_line_keeps_all_of_them_out(change: dict[str, Any], sentence: str) -> None:
    hospital, member = a_hospital(), retiree()
    place = begun(hospital, member)
    assert refused(hospital, _lines(hospital, place, {}, change)) == sentence


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"psn_name": "别人"}, "本统筹区没有姓名与证件号码一致的参保人。请核对姓名和证件号码。"),
        ({"certno": "620802198001010011"}, "本统筹区没有姓名与证件号码一致的参保人。请核对姓名和证件号码。"),
        (
            {"certno": "", "mdtrt_cert_type": "03", "mdtrt_cert_no": "A1"},
            "请提供证件号码（certno）。本接口不能凭卡号查人。",
        ),
    ],
)
def test_nobody_is_told_who_somebody_is_by_half_an_identity(data: dict[str, Any], sentence: str) -> None:
    hospital, member = a_hospital(), retiree()
    known = {"psn_name": member.name, "certno": member.identity_number, "psn_cert_type": "01"}
    assert hospital.ask("1101", {"data": known})["output"]["baseinfo"]["psn_no"] == member.member_number
    assert refused(hospital, hospital.message("1101", {"data": known | data})) == sentence
    # Found or not, the look-up is on record, and who was found is named by it.
    assert list(Message.objects.filter(infno="1101").order_by("pk").values_list("member", flat=True)) == [
        member.pk,
        None,
    ]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture
def hospital_with_a_visit() -> tuple[Hospital, dict[str, Any]]:
    hospital = a_hospital()
    return hospital, begun(hospital, retiree(), told(hospital))


@given(
    infno=st.sampled_from(sorted(TRANSACTIONS)),
    place=st.sampled_from(["", "data", "feedetail", "mdtrtinfo", "signIn", "signOut"]),
    asked=_JSON,
    changes=st.dictionaries(
        st.sampled_from(["psn_no", "mdtrt_id", "medfee_sumamt", "begntime", "setl_id", "omsgid", "cum_ym", "med_type"]),
        _JSON,
        max_size=3,
    ),
)
@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_whatever_is_asked_is_answered(
    hospital_with_a_visit: tuple[Hospital, dict[str, Any]],
    infno: str,
    place: str,
    asked: Any,
    changes: dict[str, Any],
) -> None:
    """An answer in the envelope, whatever is in the message; what is refused writes nothing but its record."""
    hospital, visit = hospital_with_a_visit
    inside = {**bill(visit)["data"], **asked, **changes} if isinstance(asked, dict) else asked
    before = counted()
    answer = hospital.send(hospital.message(infno, {place: inside} if place else inside))
    assert answer["infcode"] in (0, -1)
    assert bool(answer["err_msg"]) == (answer["infcode"] == -1)
    if answer["infcode"] == -1:
        assert counted() == before


@given(body=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_whatever_bytes_come_are_turned_away(
    hospital_with_a_visit: tuple[Hospital, dict[str, Any]], body: bytes
) -> None:
    hospital, _visit = hospital_with_a_visit
    assert hospital.send(body)["infcode"] == -1
    assert Message.objects.order_by("pk").last().state == MessageState.TURNED_AWAY  # type: ignore[union-attr]
