"""A hospital at the providers' interface, and the visits that it tells, in the test's own process."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import localtime, make_aware
from django.utils.translation import override

from demo.hospital import Hospital
from interface.services.credentials import issue_credential
from interface.services.door import Proof
from interface.services.exchange import answer
from members.models import Member
from policies.engine.vocabulary import Tier
from providers.models import Provider
from tests.builder.people import region
from tests.builder.providers import a_provider
from tests.builder.staff import REASON

NOON = make_aware(datetime(2023, 3, 15, 12, 0, 0))  # noqa: DTZ001 - made aware at once.


class Clock:
    """A clock that stands until somebody sets it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def a_hospital(slug: str = "pingliang", *, provider: Provider | None = None, clock: Clock | None = None) -> Hospital:
    """A hospital of primary tier with a key; agency and hospital go by the same clock."""
    it, hours = provider or a_provider(region(slug), Tier.PRIMARY), clock or Clock()

    def transport(body: bytes, headers: Mapping[str, str]) -> str:
        with override("zh-hans"):
            return answer(body, Proof.of(headers), at=hours())

    credential = issue_credential(it, actor=None, reason=REASON)
    return Hospital(it.code, credential.key_id, credential.secret, transport, hours)


def told(hospital: Hospital, amount: str = "300.00", number: str = "1", **more: Any) -> dict[str, Any]:
    """A line as 2204 uploads it: a drug of category A that no catalogue lists."""
    return {
        "feedetl_sn": number,
        "chrg_bchno": "B1",
        "fee_ocur_time": f"{localtime(hospital.clock()):%Y-%m-%d %H:%M:%S}",
        "det_item_fee_sumamt": Decimal(amount),
        "list_type": "101",
        "chrgitm_lv": "01",
        "medins_list_name": "阿莫西林胶囊",
    } | more


def begun(hospital: Hospital, member: Member, *lines: Mapping[str, Any]) -> dict[str, Any]:
    """A registered visit with its lines uploaded, as later messages name it."""
    begntime = f"{localtime(hospital.clock()):%Y-%m-%d %H:%M:%S}"
    asked = {"psn_no": member.member_number, "begntime": begntime, "ipt_otp_no": "M1"}
    visit = hospital.ask("2201", {"data": asked})["output"]["data"]
    place = {"mdtrt_id": visit["mdtrt_id"], "psn_no": member.member_number}
    if lines:
        done = hospital.ask("2204", {"feedetail": [{**line, **place} for line in lines]})
        assert done["infcode"] == 0, done
    return place


def bill(place: Mapping[str, Any], amount: str = "300.00", **more: Any) -> dict[str, Any]:
    """What 2206 and 2207 ask."""
    return {"data": {**place, "med_type": "11", "medfee_sumamt": Decimal(amount), "acct_used_flag": "0"} | more}


def settled(hospital: Hospital, member: Member, amount: str = "300.00", **more: Any) -> dict[str, Any]:
    """A visit brought to its settlement; its `setlinfo`."""
    place = begun(hospital, member, told(hospital, amount))
    done = hospital.ask("2207", bill(place, amount, **more))
    assert done["infcode"] == 0, done
    info: dict[str, Any] = done["output"]["setlinfo"]
    return info
