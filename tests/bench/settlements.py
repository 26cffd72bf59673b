"""How long a file of direct settlements takes, from handing it in to the last claim: `make bench-settlements`.

On a database of its own, filled with invented members whose accounts a month's credits have opened: files of a tenth
and of the whole number of claims are taken and settled by a worker with two processes, which read and settle them. The
floor writes the same rows once more in one session, without a calculation: INSERT … SELECT into tables with the same
indexes and checks. A worker's memory after the small file and after the large one shows whether it is flat.
`python -m tests.bench.settlements [CLAIMS]`, or BENCH_CLAIMS; 100,000 if not said.
"""

import csv
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from tests.bench.credits import own_database, say
from tests.bench.owner import as_the_owner

if TYPE_CHECKING:
    from clearing.models import SettledFile
    from tests.bench.runs import Desk

# Claims a second from end to end; a worker's memory, MB, and how much more of it ten times the claims may take.
LEAST_PACE, MEMORY_BOUND, GROWTH_BOUND = 300, 300, 1.25
_REGION, _UNTIL, _PENSION = "zaozhuang", "2024-03", "3305.00"
_OPENING, _FIRST_DAY, _DAYS, _TODAY = date(2024, 1, 1), date(2024, 2, 1), 60, date(2024, 4, 1)
_CLAIMS_A_MEMBER, _PROVIDERS, _PATIENCE_SECONDS = 5, 20, 3600
_WRITTEN = (
    "clearing_settledrecord",
    "claims_claim",
    "claims_historicalclaim",
    "claims_claimline",
    "claims_settlement",
    "claims_settlementusage",
    "claims_benefitusage",
    "accounts_ledgerentry",
)


def main() -> int:
    """Measure and print; 1 where a bound is broken, or the books or the counts are wrong."""
    claims = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("BENCH_CLAIMS", "100000"))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        # What is handed in lies with the measurement; the worker reads the same folder.
        os.environ["PRIVATE_MEDIA_ROOT"] = folder
        with own_database():
            return _prepared(claims, Path(folder))


def _prepared(claims: int, folder: Path) -> int:
    """Furnish the region, start the worker, open the accounts, and measure."""
    from demo.worker import Worker

    _furnish(max(claims // _CLAIMS_A_MEMBER, 100))
    with Worker(folder / "worker.log") as worker:
        from agency.models import PoolingRegion, User
        from tests.bench.runs import Desk

        finance, supervisor = (User.objects.create_user(name) for name in ("finance", "supervisor"))
        desk = Desk(PoolingRegion.objects.get(slug=_REGION), finance, supervisor, worker)
        run, _checking = desk.prepare(_OPENING)
        say(f"{run}: posted in {desk.approve(run):.1f} s (opens the accounts)")
        return _measure(desk, claims, folder)


def _furnish(members: int) -> None:
    """Tables, law, institutions, and the people with three months of contributions."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_packs", verbosity=0)
    call_command("sync_roles", verbosity=0)
    words = ["--region", _REGION, "--members", str(members), "--months", "3", "--until", _UNTIL]
    call_command("generate_population", *words, "--illustrative-pension", _PENSION)
    from agency.models import PoolingRegion
    from policies.engine.vocabulary import Tier
    from providers.models import ProviderKind
    from providers.services import register_provider

    tiers = (Tier.PRIMARY, Tier.SECONDARY, Tier.TERTIARY_A)
    for number in range(_PROVIDERS):
        register_provider(
            PoolingRegion.objects.get(slug=_REGION),
            code=f"H{number:04d}",
            name=f"示例医院{number}",
            kind=ProviderKind.MEDICAL_INSTITUTION,
            tier=tiers[number % len(tiers)],
            first_day=date(2022, 1, 1),
            reason="benchmark",
        )


def _rows(members: list[str], claims: int, name: str) -> Iterator[dict[str, str]]:
    """Rows of so many claims, two lines each, over the members in no order."""
    rng = Random(name)
    for number in range(claims):
        first, second = (Decimal(rng.randrange(1_000, 42_000)) / 100 for _line in range(2))
        day = _FIRST_DAY + timedelta(days=rng.randrange(_DAYS))
        common = {
            "mdtrt_id": f"{name}{number:08d}",
            "fixmedins_code": f"H{rng.randrange(_PROVIDERS):04d}",
            "psn_no": rng.choice(members),
            "med_type": "11",
            "fee_ocur_time": f"{day} {rng.randrange(8, 18):02d}:{rng.randrange(60):02d}:00",
            "invono": f"{name}{number:08d}",
            "acct_used_flag": rng.choice("01"),
            "medfee_sumamt": str(first + second),
            "fulamt_ownpay_amt": "0.00",
            "overlmt_selfpay": "0.00",
            "preselfpay_amt": "0.00",
            "inscp_scp_amt": str(first + second),
            "act_pay_dedc": "0.00",
            "hifp_pay": "0.00",
            "acct_pay": "0.00",
            "psn_cash_pay": str(first + second),
        }
        line = {"chrgitm_lv": "01", "med_list_codg": "XJ01CAA001", "medins_list_name": "阿莫西林胶囊"}
        yield common | line | {"list_type": "101", "det_item_fee_sumamt": str(first)}
        yield common | line | {"list_type": "201", "det_item_fee_sumamt": str(second)}


def _write(path: Path, rows: Iterator[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        first = next(rows)
        writer = csv.DictWriter(file, list(first))
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)


def _settle(desk: "Desk", path: Path) -> tuple["SettledFile", float]:
    """Hand a file in and wait for its end; returns it, and the seconds that this took."""
    from agency.models import JobState
    from clearing.services.settled_files import take_file

    began = time.monotonic()
    with path.open("rb") as content:
        file = take_file(desk.region, content=content, name=path.name, today=_TODAY, actor=None)
    while True:
        file.job.refresh_from_db()
        if file.job.state == JobState.DONE:
            return file, time.monotonic() - began
        if file.job.state == JobState.FAILED or time.monotonic() - began > _PATIENCE_SECONDS:
            raise RuntimeError(f"{path.name}: {file.job.state}\n{file.job.log}\n{desk.worker.tail()}")
        time.sleep(0.2)


def _measure(desk: "Desk", claims: int, folder: Path) -> int:
    from desk.services.books import verify_books
    from members.models import Member

    members = list(Member.objects.filter(region=desk.region).order_by("pk").values_list("member_number", flat=True))
    wrong: list[str] = []
    peaks: list[int] = []
    pace = seconds = 0.0
    for name, count in (("S", claims // 10), ("L", claims)):
        path = folder / f"{name}.csv"
        _write(path, _rows(members, count, name))
        file, seconds = _settle(desk, path)
        counts: dict[str, Any] = file.job.result
        pace, peak = count / seconds, max(desk.peak_memory())
        peaks.append(peak)
        say(f"{count:,} claims in {seconds:.1f} s: {pace:.0f} a second; a worker's peak {peak} MB; {counts}")
        if counts["settled"] + counts["refused"] != count:
            wrong.append(f"of {count} claims {counts} were settled or refused")
    floor = _floor(claims / (claims + claims // 10))
    if verify_books(desk.region).state != "done":
        wrong.append("the books do not agree")
    return _judge(seconds, pace, floor, peaks, wrong)


@as_the_owner
def _floor(share: float) -> float:
    """Seconds to write the rows of the large file once more: its share of all rows that were written."""
    from django.db import connection

    spent = 0.0
    with connection.cursor() as cursor:
        for table in _WRITTEN:
            cursor.execute(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")
            began = time.monotonic()
            cursor.execute(f"INSERT INTO bench_{table} SELECT * FROM {table}")
            spent += time.monotonic() - began
    say(f"the same rows written once more: {spent:.1f} s")
    return spent * share


def _judge(seconds: float, pace: float, floor: float, peaks: list[int], wrong: list[str]) -> int:
    """Print the table; 1 where a bound is broken."""
    small, large = peaks
    lines = [
        ("claims a second", f"{pace:.0f}", f"at least {LEAST_PACE}", pace >= LEAST_PACE),
        ("a worker's memory", f"{large} MB", f"below {MEMORY_BOUND} MB", large < MEMORY_BOUND),
        (
            "  of a tenth of the claims",
            f"{small} MB",
            f"{large / small:.2f} times that, at most {GROWTH_BOUND}",
            large <= small * GROWTH_BOUND,
        ),
    ]
    print(f"\nfrom end to end {seconds:.1f} s = {seconds / floor:.1f} × writing the same rows ({floor:.1f} s)")
    for name, found, bound, holds in lines:
        print(f"{name:28}{found:>10}   {bound}{'' if holds else '  BROKEN'}")
    for sentence in wrong:
        print(f"WRONG: {sentence}")
    return int(bool(wrong) or not all(holds for *_rest, holds in lines))


if __name__ == "__main__":
    sys.exit(main())
