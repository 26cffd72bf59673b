"""Who comes in: signed, in force, fresh, new, and not too many."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.conf import LazySettings, settings

from agency.exceptions import DomainError, MoveNotAllowed
from demo.hospital import Hospital
from interface.models import Message, MessageState, ProviderCredential
from interface.services.credentials import MOST_IN_FORCE, issue_credential, withdraw_credential
from interface.services.door import NONCE, SIGNATURE, TIME, signature_of
from tests import builder
from tests.builder import REASON, retiree
from tests.builder.interface import Clock, a_hospital, begun, bill, told

pytestmark = pytest.mark.django_db

SIGN_IN: dict[str, Any] = {"signIn": {"opter_no": "0001", "mac": "", "ip": ""}}


@pytest.fixture(autouse=True)
def nobody_counted_yet() -> Iterator[None]:
    """The counters of a minute outlive a test."""
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        for key in broker.scan_iter("interface:*"):
            broker.delete(key)
        yield


def refused(hospital: Hospital, body: bytes, headers: dict[str, str]) -> str:
    answer = json.loads(hospital.transport(body, headers))
    assert answer["infcode"] == -1, answer
    sentence: str = answer["err_msg"]
    return sentence


def test_the_signature_is_that_of_the_documentation() -> None:
    """HMAC-SHA256, as `printf '1700000000\\nabc\\n{}' | openssl dgst -sha256 -hmac secret` writes it."""
    written = "87460b97833fc6b00479c7b40613f0b1cf2e2b475bdc4470b0a40f95731c583b"
    assert signature_of("secret", "1700000000", "abc", b"{}") == written


def test_a_changed_message_is_not_signed() -> None:
    hospital = a_hospital()
    body = hospital.message("9001", SIGN_IN)
    headers = hospital.signed(body)
    assert "没有签名" in refused(hospital, body + b" ", headers)
    assert "没有签名" in refused(hospital, body, headers | {SIGNATURE: headers[SIGNATURE].upper()})
    assert "没有签名" in refused(hospital, body, headers | {NONCE: "another"})
    assert "没有签名" in refused(hospital, body, {})
    kept = Message.objects.filter(provider=None)
    assert {(each.state, each.infno, each.signature) for each in kept} == {(MessageState.TURNED_AWAY, "", "")}
    assert kept.count() == 4


def test_the_same_bytes_do_not_come_in_twice() -> None:
    """Somebody who has listened gets no answer, even where the provider itself would get the first one again."""
    hospital = a_hospital()
    body = hospital.message("9001", SIGN_IN)
    headers = hospital.signed(body)
    assert json.loads(hospital.transport(body, headers))["infcode"] == 0
    assert "同一签名" in refused(hospital, body, headers)
    assert hospital.send(body)["infcode"] == 0


@pytest.mark.parametrize("seconds", [-301, 301])
def test_an_old_message_and_a_wrong_clock_are_refused(seconds: int) -> None:
    clock = Clock()
    hospital = a_hospital(clock=clock)
    body = hospital.message("9001", SIGN_IN)
    headers = hospital.signed(body)
    clock.at -= timedelta(seconds=seconds)
    assert "时钟不准" in refused(hospital, body, headers)


def test_a_clock_within_the_bound_is_taken() -> None:
    clock = Clock()
    hospital = a_hospital(clock=clock)
    body = hospital.message("9001", SIGN_IN)
    headers = hospital.signed(body)
    clock.at += timedelta(seconds=299)
    assert json.loads(hospital.transport(body, headers))["infcode"] == 0


@pytest.mark.parametrize("time", ["", "soon", "-1", "1e9", "9" * 30, "１７０００００００００"])
def test_a_time_that_is_none_is_not_signed(time: str) -> None:
    hospital = a_hospital()
    body = hospital.message("9001", SIGN_IN)
    headers = hospital.signed(body) | {
        TIME: time,
        SIGNATURE: signature_of(hospital.secret, time, "n", body),
        NONCE: "n",
    }
    assert "没有签名" in refused(hospital, body, headers)


def test_two_keys_hold_until_the_old_one_is_withdrawn() -> None:
    old = a_hospital()
    credential = ProviderCredential.objects.get()
    another = issue_credential(credential.provider, actor=None, reason=REASON)
    new = Hospital(old.code, another.key_id, another.secret, old.transport, old.clock)
    for hospital in (old, new):
        assert hospital.ask("9001", SIGN_IN)["infcode"] == 0
    withdraw_credential(credential, actor=None, reason="rollover")
    body = old.message("9001", SIGN_IN)
    assert "已撤回" in refused(old, body, old.signed(body))
    assert new.ask("9001", SIGN_IN)["infcode"] == 0
    with pytest.raises(MoveNotAllowed):
        withdraw_credential(credential, actor=None, reason="again")


def test_a_message_comes_again_under_the_new_key() -> None:
    """What was settled under the old one is not settled a second time."""
    member, old = retiree(), a_hospital()
    message = old.message("2207", bill(begun(old, member, told(old))))
    first = old.send(message)
    another = issue_credential(ProviderCredential.objects.get().provider, actor=None, reason=REASON)
    new = Hospital(old.code, another.key_id, another.secret, old.transport, old.clock)
    assert new.send(message) == first


def test_keys_are_not_given_without_end() -> None:
    provider = builder.a_provider(builder.region("pingliang"))
    for _ in range(MOST_IN_FORCE):
        issue_credential(provider, actor=None, reason=REASON)
    with pytest.raises(DomainError):
        issue_credential(provider, actor=None, reason=REASON)


def test_the_secret_is_kept_encrypted_and_in_no_history() -> None:
    from django.db import connection

    hospital = a_hospital()
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM interface_providercredential")
        (kept,) = cursor.fetchone()
    assert hospital.secret not in kept
    assert "secret" not in {field.name for field in ProviderCredential.history.model._meta.fields}


def test_a_provider_speaks_for_itself_alone() -> None:
    """The key of one, the code of the other; and another's visit."""
    member, mine, other = retiree(), a_hospital(), a_hospital()
    body = mine.message("9001", SIGN_IN, fixmedins_code=other.code)
    assert "与密钥所属机构不一致" in refused(mine, body, mine.signed(body))
    place = begun(other, member, told(other))
    assert mine.ask("2207", bill(place))["err_msg"] == "本机构没有此就诊ID（mdtrt_id）。请先办理挂号（2201）。"


def test_too_many_messages_wait(settings: LazySettings) -> None:
    settings.INTERFACE_MESSAGES_A_MINUTE = 3
    hospital, other = a_hospital(), a_hospital()
    codes = [hospital.ask("9001", SIGN_IN)["infcode"] for _ in range(4)]
    assert codes == [0, 0, 0, -1]
    assert other.ask("9001", SIGN_IN)["infcode"] == 0


def test_nobody_fills_the_database_without_a_key(settings: LazySettings) -> None:
    settings.INTERFACE_REFUSALS_A_MINUTE = 3
    hospital = a_hospital()
    for _ in range(5):
        refused(hospital, b"x" * 10_000, {})
    assert Message.objects.count() == 3
    assert all(len(each.request) == 2_000 for each in Message.objects.all())
