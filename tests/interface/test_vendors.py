"""What vendors read is what is answered: the schema, the page's examples, and the transcript of the documentation."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pydantic import BaseModel

from claims.models import Settlement
from demo.hospital import Hospital
from interface.schema.examples import EXAMPLES
from interface.schema.names import NAMES
from interface.schema.published import fields_of
from interface.schema.requests import Envelope
from interface.services.transactions import TRANSACTIONS
from tests.builder import a_provider, region, retiree
from tests.builder.interface import a_hospital

pytestmark = pytest.mark.django_db

DOCUMENT = Path(__file__).parents[2] / "docs" / "provider-interface.md"
_STEP = re.compile(r"```json request (\d{4})\n(.+?)```\s+```json answer\n(.+?)```", re.DOTALL)


def filled(told: Any, known: dict[str, str]) -> Any:
    """A message with what stands in angle brackets put in."""
    if isinstance(told, dict):
        return {name: filled(value, known) for name, value in told.items()}
    if isinstance(told, list):
        return [filled(each, known) for each in told]
    return re.sub(r"<(\w+)>", lambda found: known[found[1]], told) if isinstance(told, str) else told


def learned(answer: Any) -> Iterator[tuple[str, str]]:
    """The names under which an answer tells something that later messages need."""
    if isinstance(answer, dict):
        for name, value in answer.items():
            if name in ("mdtrt_id", "setl_id", "psn_no", "sign_no") and value:
                yield name, value
            yield from learned(value)
    elif isinstance(answer, list):
        for each in answer:
            yield from learned(each)


def test_every_example_of_the_page_is_answered_in_its_order() -> None:
    member, hospital = retiree(), a_hospital()
    known = {"today": "2023-03-15", "certno": member.identity_number, "psn_name": member.name}
    answers: dict[str, Any] = {}
    for infno, example in EXAMPLES:
        msgid = hospital.number()
        answers[infno] = hospital.ask(infno, filled(example, known), msgid=msgid)
        assert answers[infno]["infcode"] == 0, (infno, answers[infno])
        known |= dict(learned(answers[infno]["output"])) if infno != "2208" else {}
        if infno == "2207":
            known["msgid"] = msgid
    assert [infno for infno, _example in EXAMPLES if infno not in TRANSACTIONS] == []
    assert set(TRANSACTIONS) == set(answers)
    assert answers["2207"]["output"]["setlinfo"]["hifp_pay"] == "70.00"
    assert answers["3201"]["output"]["stmtinfo"]["stmt_rslt"] == "0"


def matched(told: Any, got: Any, known: dict[str, str], place: str = "") -> None:
    """Compare an answer with the one that is written down; what stands in angle brackets is learned or is known."""
    if isinstance(told, dict):
        assert isinstance(got, dict), place
        assert set(told) <= set(got), (place, set(told) - set(got))
        for name, value in told.items():
            matched(value, got[name], known, f"{place}.{name}")
    elif isinstance(told, list):
        assert isinstance(got, list), place
        assert len(told) == len(got), place
        for each, other in zip(told, got, strict=True):
            matched(each, other, known, place)
    elif isinstance(told, str) and (name := re.fullmatch(r"<(\w+)>", told)):
        assert got, place
        assert known.setdefault(name[1], got) == got, place
    else:
        assert told == got, place


def test_the_transcript_of_a_visit_is_what_happens() -> None:
    """docs/provider-interface.md, from 1101 to 2208."""
    provider = a_provider(region("pingliang"), code="H62080200001")
    member = retiree(member_number="62080000001", name="王秀英")
    hospital: Hospital = a_hospital(provider=provider)
    known = {"certno": member.identity_number}
    steps = _STEP.findall(DOCUMENT.read_text(encoding="utf-8"))
    assert [infno for infno, _asked, _answer in steps] == ["1101", "2201", "2204", "2206", "2207", "2207", "2208"]
    messages: dict[str, bytes] = {}
    for infno, written_request, answer in steps:
        asked = filled(json.loads(written_request), known)
        # The transcript shows one message twice: it is sent again as it was.
        message = messages.setdefault(json.dumps(asked), hospital.message(infno, asked))
        written = json.loads(answer)
        once: dict[str, str] = {name: known[name] for name in known if name in ("mdtrt_id", "setl_id", "certno")}
        matched(written, hospital.send(message), once)
        known |= {name: value for name, value in once.items() if name in ("mdtrt_id", "setl_id")}
    assert Settlement.objects.count() == 2


def test_every_field_has_its_name() -> None:
    kinds: list[type[BaseModel]] = [Envelope, *(each.asks for each in TRANSACTIONS.values())]
    for kind in kinds:
        for field in fields_of(kind):
            assert field.name, field
    used = {field.field for each in TRANSACTIONS.values() for field in fields_of(each.asks)}
    assert set(NAMES) <= used | {field.field for field in fields_of(Envelope)}


def test_the_schema_describes_every_transaction(client: Client) -> None:
    told = client.get(reverse("interface_schema")).json()
    (path,) = told["paths"]
    assert path == reverse("interface")
    body = told["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]["oneOf"]
    assert [each["title"][:4] for each in body] == list(TRANSACTIONS)
    for reference in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(told)):
        assert reference in told["components"]["schemas"]
    bill = told["components"]["schemas"]["Bill"]
    assert bill["properties"]["medfee_sumamt"] == {"type": "number", "multipleOf": 0.01, "title": "医疗费总额"}
    assert set(bill["required"]) == {"psn_no", "mdtrt_id", "med_type", "medfee_sumamt"}


def test_the_page_needs_no_other_address(client: Client) -> None:
    page = client.get(reverse("interface"), headers={"accept-language": "en"}).content.decode()
    assert "定点医药机构接口" in page
    for infno in TRANSACTIONS:
        assert f'id="t{infno}"' in page
    assert set(re.findall(r'(?:href|src)="(?!/)([^"]+)"', page)) == set()
    assert re.findall(r"https?://[^\s<]+", page) == ["http://testserver/api/providers/"]


def test_messages_come_in_by_http(client: Client) -> None:
    """With the headers as a browser's or a system's library writes them, and no cookie."""
    from interface.services.door import KEY

    hospital = a_hospital()
    answer = client.post(reverse("interface"), data=b"{}", content_type="application/json", headers={KEY: hospital.key})
    assert answer.status_code == 200
    assert answer.json()["err_msg"].startswith("报文没有签名")
    assert (answer["Cache-Control"], answer.cookies) == ("no-store", {})
    too_long = client.post(reverse("interface"), data=b" " * 3_000_000, content_type="application/json")
    assert (too_long.status_code, too_long.json()["infcode"]) == (200, -1)
    assert client.put(reverse("interface")).status_code == 405
