"""How fast providers' messages are answered: `make bench-interface`.

On a database of its own the real server (gunicorn with the settings of the Dockerfile) answers 200 connections that are
open at once, from a client on the same cores: first settlements (2207), then trials (2206), each visit once; then 200
settlements of one member at the same instant. Beside it the same claims go through `settle_claims` one by one in one
process; the share of the pure calculation in that time is printed. `python -m tests.bench.interface [MESSAGES]`, or
BENCH_MESSAGES; 3,000 if not said.
"""

import asyncio
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.credits import own_database, say
from tests.processes import PROJECT

if TYPE_CHECKING:
    from demo.hospital import Hospital
    from interface.models import Visit

# Messages a second at the least, the 99th of a hundred in milliseconds, how many times as long as one by one, seconds.
LEAST_SETTLED, LEAST_TRIED, P99_MS, TIMES_AT_MOST, WAIT_AT_MOST = 150, 200, 500, 3.0, 10.0
_CONNECTIONS, _PROVIDERS, _BY_ITSELF = 200, 20, 400
_REGION, _PENSION, _PATIENCE_SECONDS = "zaozhuang", "3305.00", 60
NOON = time_of_day(12)
_numbers = count(1)


def main() -> int:
    """Measure and print; 1 where a bound is broken, an answer is none, or the books are wrong."""
    messages = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("BENCH_MESSAGES", "3000"))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ["PRIVATE_MEDIA_ROOT"] = folder
        with own_database():
            hospitals = _furnish(messages)
            with _server(Path(folder)) as port:
                return _measure(hospitals, messages, port)


def _furnish(messages: int) -> "list[Hospital]":
    """Law, members who are insured today, and hospitals with keys."""
    from django.core.management import call_command

    from demo.schema import make_tables_from_models, note_migrations_as_done

    make_tables_from_models()
    note_migrations_as_done()
    call_command("load_packs", verbosity=0)
    call_command("sync_roles", verbosity=0)
    words = ["--region", _REGION, "--members", str(messages), "--months", "3", "--until", f"{_service_day():%Y-%m}"]
    call_command("generate_population", *words, "--illustrative-pension", _PENSION)
    from agency.models import PoolingRegion
    from demo.hospital import Hospital
    from demo.hospital.lines import here
    from interface.services.credentials import issue_credential
    from policies.engine.vocabulary import Tier
    from providers.models import ProviderKind
    from providers.services import register_provider

    region = PoolingRegion.objects.get(slug=_REGION)
    hospitals = []
    for number in range(_PROVIDERS):
        provider = register_provider(
            region,
            code=f"H{number:04d}",
            name=f"示例医院{number}",
            kind=ProviderKind.MEDICAL_INSTITUTION,
            tier=Tier.PRIMARY,
            first_day=_service_day().replace(month=1, day=1),
            reason="benchmark",
        )
        credential = issue_credential(provider, actor=None, reason="benchmark")
        hospitals.append(Hospital(provider.code, credential.key_id, credential.secret, here()))
    return hospitals


def _service_day() -> date:
    """The last day of the month that is over, of which contributions have arrived."""
    from django.utils.timezone import localdate

    return localdate().replace(day=1) - timedelta(days=1)


def _visits(hospitals: "Sequence[Hospital]", members: Sequence[Any], amount: Decimal) -> "list[Visit]":
    """A visit with two lines for each of the members, at one hospital after the other."""
    from django.utils.timezone import make_aware

    from interface.models import FeeDetail, Visit
    from providers.models import Provider

    begun = make_aware(datetime.combine(_service_day(), NOON))
    providers = {each.code: each for each in Provider.objects.select_related("region")}
    visits = [
        Visit(
            provider=providers[hospitals[place % len(hospitals)].code],
            member=member,
            number=f"B{next(_numbers):012d}",
            begun_at=begun,
        )
        for place, member in enumerate(members)
    ]
    Visit.objects.bulk_create(visits)
    FeeDetail.objects.bulk_create(
        FeeDetail(visit=visit, number=str(n), batch="1", incurred_at=begun, kind=kind, category="A", amount=amount / 2)
        for visit in visits
        for n, kind in enumerate(("drug", "item"), 1)
    )
    return visits


@contextmanager
def _server(folder: Path) -> Iterator[int]:
    """gunicorn as the image starts it, but for its port; DEBUG is off."""
    from django.conf import settings

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    documented = re.search(r"CMD (\[.+?\])\n?$", (PROJECT / "Dockerfile").read_text(), re.DOTALL)
    assert documented, "the Dockerfile names no command"
    words = [
        word for word in json.loads(documented[1].replace("\\\n", "")) if not word.startswith(("--bind", "--access"))
    ]
    command = [sys.executable, "-m", *words, f"--bind=127.0.0.1:{port}", "--log-level=warning"]
    say(f"the server: {shlex.join(words)}")
    variables = os.environ | {
        "DEBUG": "0",
        "SECRET_KEY": settings.SECRET_KEY,
        "SEARCH_HASH_KEY": settings.SEARCH_HASH_KEY,
        "FIELD_ENCRYPTION_KEYS": ",".join(settings.FIELD_ENCRYPTION_KEYS),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "0",
        "INTERFACE_MESSAGES_A_MINUTE": "1000000",
        "LOG_LEVEL": "WARNING",
    }
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=PROJECT, env=variables, stdout=log, stderr=log)
        try:
            _wait_until_open(port, process, folder / "server.log")
            yield port
        except (OSError, RuntimeError):
            say((folder / "server.log").read_text())
            raise
        finally:
            process.terminate()
            process.wait(_PATIENCE_SECONDS)


def _wait_until_open(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the server does not answer\n{log.read_text()}")


def _measure(hospitals: "list[Hospital]", messages: int, port: int) -> int:
    from django.db import connection

    from desk.services.books import verify_books
    from members.models import Member

    members = list(Member.objects.filter(region__slug=_REGION).order_by("pk")[:messages])
    by_code = {each.code: each for each in hospitals}
    amount = Decimal("300.00")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    warm = _visits(hospitals, members[:200], amount)
    asyncio.run(_send_all(port, _asked(by_code, warm, "2206", amount)))
    settled_visits, tried_visits = (_visits(hospitals, members, amount) for _kind in range(2))
    settling = asyncio.run(_send_all(port, _asked(by_code, settled_visits, "2207", amount)))
    broken = _bounded("2207", settling, LEAST_SETTLED)
    broken |= _bounded("2206", asyncio.run(_send_all(port, _asked(by_code, tried_visits, "2206", amount))), LEAST_TRIED)
    broken |= _beside_one_by_one(members, hospitals, settling)
    broken |= _one_member(by_code, hospitals, members, port)
    job = verify_books(members[0].region)
    say(f"books verified: {job.result['differences']} differences")
    return int(broken or job.result["differences"] > 0)


def _asked(
    by_code: "dict[str, Hospital]", visits: "Sequence[Visit]", infno: str, amount: Decimal
) -> list[Callable[[], bytes]]:
    """Whole HTTP requests, signed when they are sent."""

    def request(visit: "Visit") -> Callable[[], bytes]:
        hospital = by_code[visit.provider.code]
        bill = {
            "psn_no": visit.member.member_number,
            "mdtrt_id": visit.number,
            "med_type": "11",
            "medfee_sumamt": amount,
            "acct_used_flag": "0",
        }
        body = hospital.message(infno, {"data": bill}, msgid=f"M{next(_numbers):029d}")

        def signed() -> bytes:
            headers = hospital.signed(body) | {
                "Host": "127.0.0.1",
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
            }
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            return f"POST /api/providers/ HTTP/1.1\r\n{lines}\r\n".encode() + body

        return signed

    return [request(visit) for visit in visits]


class _Sent:
    """What came of messages: seconds of each, of all of them, and the answers."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.answers: list[dict[str, Any]] = []
        self.took = 0.0

    def share(self, percent: int) -> float:
        """So many of a hundred took no longer, milliseconds."""
        return sorted(self.seconds)[max(len(self.seconds) * percent // 100 - 1, 0)] * 1000


async def _send_all(port: int, requests: Sequence[Callable[[], bytes]]) -> _Sent:
    """Over connections that are all open; each sends the next message once it has its answer."""
    sent, waiting = _Sent(), iter(requests)
    pairs = [await asyncio.open_connection("127.0.0.1", port) for _ in range(min(_CONNECTIONS, len(requests)))]
    began = time.perf_counter()
    await asyncio.gather(*(_work(port, pair, waiting, sent) for pair in pairs))
    sent.took = time.perf_counter() - began
    return sent


async def _work(
    port: int,
    pair: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    waiting: Iterator[Callable[[], bytes]],
    sent: _Sent,
) -> None:
    reader, writer = pair
    for request in waiting:
        began = time.perf_counter()
        answer = None
        while answer is None:
            try:
                writer.write(request())
                answer = await _answer(reader)
            except (ConnectionError, asyncio.IncompleteReadError):
                # A connection that was idle is closed by the server; the same message goes over another.
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
        sent.seconds.append(time.perf_counter() - began)
        sent.answers.append(answer)
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> dict[str, Any]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = re.search(r"content-length: (\d+)", head)
    if length is None or " 200 " not in head.splitlines()[0]:
        raise RuntimeError(head)
    answer: dict[str, Any] = json.loads(await reader.readexactly(int(length[1])))
    return answer


def _bounded(infno: str, sent: _Sent, least: int) -> bool:
    refused = [answer["err_msg"] for answer in sent.answers if answer["infcode"]]
    first = f": {refused[0]}" if refused else ""
    pace = len(sent.answers) / sent.took
    say(
        f"{infno}: {len(sent.answers):,} messages over {_CONNECTIONS} connections in {sent.took:.1f} s:"
        f" {pace:.0f} a second (at least {least}); half within {sent.share(50):.0f} ms,"
        f" 99 of 100 within {sent.share(99):.0f} ms (below {P99_MS}); {len(refused)} refused{first}"
    )
    return pace < least or (infno == "2207" and sent.share(99) > P99_MS) or len(refused) > len(sent.answers) / 20


def _beside_one_by_one(members: Sequence[Any], hospitals: "Sequence[Hospital]", settling: _Sent) -> bool:
    """The same bills through the services of the desk, one after the other in this process."""
    from django.utils.timezone import localdate

    from claims.models import ClaimLine
    from claims.services import adjudication as settling_claims
    from claims.services.new_claims import NewClaim
    from claims.services.registration import register_claim
    from claims.services.settlement import settle_claims
    from providers.models import Provider

    provider = Provider.objects.get(code=hospitals[0].code)
    claims = [
        register_claim(
            NewClaim(
                member=member,
                provider=provider,
                claim_number=f"O{next(_numbers):012d}",
                served_on=_service_day(),
                lines=[ClaimLine(kind=kind, category="A", amount=Decimal("150.00")) for kind in ("drug", "item")],
            ),
            today=localdate(),
        )
        for member in members[:_BY_ITSELF]
    ]
    # The clock is put around what settles claims; what it calculates is not touched.
    adjudication: Any = settling_claims
    pure, calculating = [0.0], adjudication.adjudicate

    def timed(*facts: Any, **how: Any) -> Any:
        began = time.perf_counter()
        outcome = calculating(*facts, **how)
        pure[0] += time.perf_counter() - began
        return outcome

    adjudication.adjudicate = timed
    began = time.perf_counter()
    for claim in claims:
        settle_claims([claim], today=localdate())
    each = (time.perf_counter() - began) / len(claims)
    adjudication.adjudicate = calculating
    ratio = settling.took / len(settling.answers) / each
    say(
        f"settle_claims one by one: {each * 1000:.1f} ms a claim, {pure[0] / len(claims) / each:.1%} of it the pure"
        f" calculation; a 2207 takes {ratio:.2f} times as long (at most {TIMES_AT_MOST})"
    )
    return ratio > TIMES_AT_MOST


def _one_member(
    by_code: "dict[str, Hospital]", hospitals: "Sequence[Hospital]", members: Sequence[Any], port: int
) -> bool:
    """200 visits of one member at once: the year's ceiling is paid once, and nobody waits too long."""
    from claims.models import BenefitUsage, Settlement

    patient = members[-1]
    visits = _visits(hospitals, [patient] * _CONNECTIONS, Decimal("1000.00"))
    sent = asyncio.run(_send_all(port, _asked(by_code, visits, "2207", Decimal("1000.00"))))
    paid = sum((each.pooled for each in Settlement.objects.filter(member=patient)), Decimal("0.00"))
    used = sum(
        (each.paid for each in BenefitUsage.objects.filter(member=patient, key="", scope="general_outpatient")),
        Decimal("0.00"),
    )
    exhausted = any(
        Decimal(each["output"]["setlinfo"]["hifp_pay"]) == 0 for each in sent.answers if each["infcode"] == 0
    )
    reached = "reached" if exhausted else "not reached"
    say(
        f"one member, {_CONNECTIONS} at once: the longest waited {max(sent.seconds):.1f} s"
        f" (at most {WAIT_AT_MOST:.0f}), {paid} yuan paid, {used} used; the ceiling was {reached}"
    )
    return max(sent.seconds) > WAIT_AT_MOST or paid != used or not exhausted


if __name__ == "__main__":
    sys.exit(main())
