"""The same message has the same answer, however often, however concurrently, whatever breaks in between."""

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from claims.models import Claim, Settlement
from interface.models import Message, MessageState, RecalledMessage
from tests import builder
from tests.builder import retiree
from tests.builder.damage import differing
from tests.builder.interface import Clock, a_hospital, begun, bill, settled, told
from tests.builder.threads import together


def the_settled() -> int:
    """How many settlements stand."""
    return Settlement.objects.filter(reverses__isnull=True, reversed_by__isnull=True).count()


@pytest.mark.django_db
def test_a_message_sent_again_has_its_first_answer_and_settles_nothing() -> None:
    clock = Clock()
    member, hospital = retiree(), a_hospital(clock=clock)
    message = hospital.message("2207", bill(begun(hospital, member, told(hospital))))
    first = hospital.send(message)
    clock.at += timedelta(hours=3)
    assert hospital.send(message) == first
    assert the_settled() == 1
    repeat = Message.objects.get(state=MessageState.REPEATED)
    assert (repeat.first, repeat.request, repeat.answer) == (Message.objects.get(infno="2207", first=None), "", "")


@pytest.mark.django_db
def test_a_refusal_is_an_answer_too() -> None:
    """What was refused under a number stays refused under it; the fault is put right and sent under another."""
    member, hospital = retiree(), a_hospital()
    place = begun(hospital, member)
    message = hospital.message("2207", bill(place))
    refused = hospital.send(message)
    hospital.ask("2204", {"feedetail": [told(hospital) | place]})
    assert hospital.send(message) == refused
    assert hospital.ask("2207", bill(place))["infcode"] == 0


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"medfee_sumamt": "299.00"}, {"invono": "F1"}])
def test_another_content_under_the_same_number_is_refused(change: dict[str, Any]) -> None:
    member, hospital = retiree(), a_hospital()
    place, msgid = begun(hospital, member, told(hospital)), hospital.number()
    hospital.ask("2207", bill(place), msgid=msgid)
    refused = hospital.ask("2207", bill(place, **change), msgid=msgid)
    assert (refused["infcode"], refused["err_msg"]) == (
        -1,
        "此报文ID（msgid）已用于内容不同的报文。每笔报文须用各自的报文ID。",
    )
    assert Message.objects.filter(msgid=msgid).values_list("state", flat=True).count() == 2
    assert the_settled() == 1


@pytest.mark.django_db
def test_two_providers_may_use_the_same_number() -> None:
    member, first, second = retiree(), a_hospital(), a_hospital()
    msgid = first.number()
    for hospital in (first, second):
        assert hospital.ask("2207", bill(begun(hospital, member, told(hospital))), msgid=msgid)["infcode"] == 0
    assert the_settled() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_the_same_message_eight_times_at_once_is_settled_once() -> None:
    member, hospital = retiree(), a_hospital()
    message = hospital.message("2207", bill(begun(hospital, member, told(hospital))))
    answers = together(*[lambda: json.dumps(hospital.send(message))] * 8)
    assert len(set(answers)) == 1
    assert the_settled() == 1
    assert Message.objects.filter(state=MessageState.REPEATED).count() == 7


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_a_visit_sent_for_settlement_under_eight_numbers_at_once_is_settled_once() -> None:
    member, hospital = retiree(), a_hospital()
    asked = bill(begun(hospital, member, told(hospital)))
    answers = together(*[lambda: hospital.ask("2207", asked)["infcode"]] * 8)
    assert sorted(map(str, answers)) == ["-1"] * 7 + ["0"]
    assert Claim.objects.count() == the_settled() == 1


class Broken(Exception):
    """The process ends here."""


@pytest.fixture
def breaking_before_the_commit() -> Iterator[None]:
    """The last statement of the transaction, by which the message is written, finds the connection gone."""

    def breaks(execute: Any, sql: str, *how: Any) -> Any:
        result = execute(sql, *how)
        if sql.startswith('INSERT INTO "interface_message"') and transaction.get_connection().in_atomic_block:
            raise Broken
        return result

    with connection.execute_wrapper(breaks):
        yield


@pytest.mark.django_db(transaction=True)
def test_a_process_that_ends_before_the_commit_has_done_nothing(request: pytest.FixtureRequest) -> None:
    member, hospital = retiree(), a_hospital()
    message = hospital.message("2207", bill(begun(hospital, member, told(hospital))))
    request.getfixturevalue("breaking_before_the_commit")
    with pytest.raises(Broken):
        hospital.send(message)
    assert Claim.objects.count() == Settlement.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_process_that_ends_after_the_commit_has_its_answer_kept() -> None:
    """The answer never leaves the process; the next one gives it."""
    member, hospital = retiree(), a_hospital()
    message = hospital.message("2207", bill(begun(hospital, member, told(hospital))))
    lost = hospital.transport(message, hospital.signed(message))
    assert json.loads(lost) == hospital.send(message)
    assert the_settled() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_who_waits_too_long_for_the_database_is_asked_to_send_again_and_then_gets_through() -> None:
    member, hospital = retiree(), a_hospital()
    message = hospital.message("2207", bill(begun(hospital, member, told(hospital))))

    def impatient() -> object:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        return json.dumps(hospital.send(message))

    with transaction.atomic():
        type(member).objects.select_for_update().get(pk=member.pk)
        (waited,) = together(impatient)
    assert json.loads(str(waited))["err_msg"] == "系统繁忙，本次未办理。请用同一报文重发。"
    assert hospital.send(message)["infcode"] == 0
    assert the_settled() == 1


# --- 2601 -----------------------------------------------------------------------------------------


def recall(msgid: str, infno: str = "2207", psn_no: str = "") -> dict[str, Any]:
    return {"data": {"omsgid": msgid, "oinfno": infno, "psn_no": psn_no}}


@pytest.mark.django_db
def test_a_message_taken_back_before_it_comes_does_nothing() -> None:
    member, hospital = retiree(), a_hospital()
    place, msgid = begun(hospital, member, told(hospital)), hospital.number()
    said = hospital.ask("2601", recall(msgid))
    assert (said["infcode"], said["warn_msg"]) == (0, "未收到此报文ID的报文。此后即使到达也不再办理。")
    late = hospital.ask("2207", bill(place), msgid=msgid)
    assert (late["infcode"], the_settled()) == (-1, 0)
    assert hospital.ask("2207", bill(place))["infcode"] == 0


@pytest.mark.django_db
def test_a_settlement_of_which_the_answer_was_lost_is_taken_back_by_its_message() -> None:
    member, hospital = retiree(), a_hospital()
    place, msgid = begun(hospital, member, told(hospital)), hospital.number()
    hospital.ask("2207", bill(place), msgid=msgid)
    taken = hospital.ask("2601", recall(msgid, psn_no=member.member_number))
    assert taken["output"]["setlinfo"]["medfee_sumamt"] == "-300.00"
    assert the_settled() == 0
    again = hospital.ask("2601", recall(msgid))
    assert (again["infcode"], again["warn_msg"]) == (0, "此报文此前已冲正。")
    assert RecalledMessage.objects.count() == 1
    assert differing(member.region) == {}


@pytest.mark.django_db
def test_a_reversal_taken_back_puts_everything_where_it_was() -> None:
    """The first visit bears the deductible again, in its old place, and the second none of it."""
    member, hospital, other = retiree(), a_hospital(), a_hospital()
    first = settled(hospital, member)
    settled(other, member)
    msgid = hospital.number()
    asked = {"data": {name: first[name] for name in ("psn_no", "setl_id", "mdtrt_id")}}
    hospital.ask("2208", asked, msgid=msgid)
    back = hospital.ask("2601", recall(msgid, "2208"))
    assert (back["infcode"], back["output"]["setlinfo"]["hifp_pay"]) == (0, "70.00")
    standing = Settlement.objects.filter(reverses__isnull=True, reversed_by__isnull=True)
    assert {(each.claim.provider.code, str(each.pooled)) for each in standing} == {
        (hospital.code, "70.00"),
        (other.code, "210.00"),
    }
    assert differing(member.region) == {}


@pytest.mark.django_db
def test_a_reversal_whose_visit_was_settled_anew_stands() -> None:
    member, hospital = retiree(), a_hospital()
    first, msgid = settled(hospital, member), hospital.number()
    asked = {"data": {name: first[name] for name in ("psn_no", "setl_id", "mdtrt_id")}}
    hospital.ask("2208", asked, msgid=msgid)
    hospital.ask("2207", bill({name: first[name] for name in ("mdtrt_id", "psn_no")}))
    assert hospital.ask("2601", recall(msgid, "2208"))["infcode"] == -1
    assert the_settled() == 1


@pytest.mark.django_db
def test_a_message_of_another_provider_is_not_taken_back() -> None:
    member, hospital, other = retiree(), a_hospital(), a_hospital()
    msgid = hospital.number()
    hospital.ask("2207", bill(begun(hospital, member, told(hospital))), msgid=msgid)
    said = other.ask("2601", recall(msgid))
    assert said["warn_msg"] == "未收到此报文ID的报文。此后即使到达也不再办理。"
    assert the_settled() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_a_message_taken_back_while_it_is_worked_on_is_settled_and_taken_back_or_never_settled() -> None:
    member, hospital = retiree(), a_hospital()
    place, msgid = begun(hospital, member, told(hospital)), hospital.number()
    together(lambda: hospital.ask("2207", bill(place), msgid=msgid), lambda: hospital.ask("2601", recall(msgid)))
    assert the_settled() == 0
    assert differing(member.region) == {}


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_the_last_yuan_of_a_ceiling_is_paid_once_to_many_at_the_counter() -> None:
    """Pingliang, retired: 2,500.00 a year from the fund; twelve bills of 1,000.00 at once ask for 8,260.00."""
    member, hospitals = retiree(), [a_hospital() for _ in range(4)]
    asked = [
        (hospital, bill(begun(hospital, member, told(hospital, "1000.00")), "1000.00"))
        for hospital in hospitals
        for _ in range(3)
    ]
    answers = together(*(partial(hospital.ask, "2207", each) for hospital, each in asked))
    assert all(isinstance(each, dict) and each["infcode"] == 0 for each in answers), answers
    settlements = Settlement.objects.all()
    assert sum(each.pooled for each in settlements) == Decimal("2500.00")
    assert differing(builder.region("pingliang")) == {}
