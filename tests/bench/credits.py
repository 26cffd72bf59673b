"""How long a region's monthly credits take beside the two statements they cannot do without: `make bench-credits`.

On a database of its own, filled with invented members: one month is posted to open the accounts; the next one is
measured, from its approval to the last entry, by the services and a real worker with two processes. Its entries are
then taken out again, and the floor writes the same rows in one session: INSERT … SELECT, and UPDATE of the same
balances, in one transaction. Both begin with freshly written tables. The floor is measured twice, and its better time
counts. `python -m tests.bench.credits [MEMBERS]`, or BENCH_MEMBERS; a million if not said.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agency.models import PoolingRegion
    from tests.bench.runs import Desk

POSTING_BOUND, REPEATING_BOUND, MEMORY_BOUND = 1.2, 0.2, 300
# What sealing the run's entries may take of the time of check and posting; seconds for verifying a million sealed rows.
_SEALING_SHARE, _VERIFYING_SECONDS = 0.05, 20
_REGION, _UNTIL, _PENSION = "zaozhuang", "2024-03", "3305.00"
_FIRST, _MEASURED = date(2024, 1, 1), date(2024, 2, 1)


def main() -> int:
    """Measure and print; 1 where a bound is broken or the books are wrong."""
    members = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("BENCH_MEMBERS", "1000000"))
    with own_database(), tempfile.TemporaryDirectory(prefix="bench-") as folder:
        from demo.worker import Worker

        _furnish(members)
        with Worker(Path(folder) / "worker.log") as worker:
            from agency.models import PoolingRegion, User
            from tests.bench.runs import Desk

            finance, supervisor = (User.objects.create_user(name) for name in ("finance", "supervisor"))
            desk = Desk(PoolingRegion.objects.get(slug=_REGION), finance, supervisor, worker)
            return _measure(desk)


@contextmanager
def own_database(kept: Path | None = None) -> Iterator[None]:
    """Embedded servers of this measurement alone, gone after it or with their data kept; Django works on them."""
    from development.embedded.places import Places
    from tests.processes import database_url
    from tests.servers import Servers, separate_servers

    # Its servers are its own, so it may invent people whatever the environment is for.
    os.environ["DEBUG"] = "1"
    own = separate_servers() if kept is None else nullcontext(Servers(Places.choose(kept)))
    with own as servers, servers.user() as user:
        servers.wait_until_ready(user)
        addresses = servers.places.addresses
        os.environ["DATABASE_URL"] = database_url(addresses.database)
        os.environ["DATABASE_OWNER_URL"] = database_url(addresses.database | {"USER": addresses.owner})
        os.environ["REDIS_URL"] = addresses.redis_url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        from django.db import connection

        yield
        connection.close()


def _furnish(members: int) -> None:
    """Tables, law, and the people with three months of contributions."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_packs", verbosity=0)
    call_command("sync_roles", verbosity=0)
    words = ["--region", _REGION, "--members", str(members), "--months", "3", "--until", _UNTIL]
    call_command("generate_population", *words, "--illustrative-pension", _PENSION)


def _sealed(region: "PoolingRegion", entries: int, run_seconds: float) -> list[str]:
    """Seal what the measured run wrote beside everything before it, and verify the chain; what broke a bound."""
    from agency.models import Seal
    from agency.selectors.chain import faults_of
    from agency.services.sealing import seal
    from tests.bench import floor

    began = time.monotonic()
    rows = seal()
    seconds = time.monotonic() - began
    share = seconds / rows * entries / run_seconds
    say(f"{rows:,} rows sealed in {seconds:.1f} s: the run's {entries:,} entries cost {share:.1%} of the run")
    began = time.monotonic()
    looked_at, faults = faults_of(region)
    seconds = time.monotonic() - began
    say(f"{looked_at:,} sealed rows in {Seal.objects.count():,} seals verified in {seconds:.1f} s")
    per_million = seconds / looked_at * 1_000_000
    # The floor takes these entries out again.
    floor.forget_seals()
    return [
        sentence
        for holds, sentence in (
            (share <= _SEALING_SHARE, f"sealing costs {share:.1%} of the run"),
            (per_million <= _VERIFYING_SECONDS, f"a million sealed rows are verified in {per_million:.0f} s"),
            (not faults, f"{len(faults)} sealed rows differ on clean books"),
        )
        if not holds
    ]


def _measure(desk: "Desk") -> int:
    from agency.models import JobState
    from desk.services.books import verify_books
    from tests.bench import floor
    from tests.bench.books import faults

    opening, check_1 = desk.prepare(_FIRST)
    say(f"{opening}: checked in {check_1:.1f} s, posted in {desk.approve(opening):.1f} s (opens the accounts)")
    run, checking = desk.prepare(_MEASURED)
    floor.tidy()
    posting = desk.approve(run)
    cause = f"credit_run:{run.pk}"
    wrong = faults(run)
    entries = floor.keep_entries(cause)
    say(f"{run}: checked in {checking:.1f} s, {entries:,} entries posted in {posting:.1f} s")
    wrong += _sealed(desk.region, entries, checking + posting)
    again, checking = desk.prepare(_MEASURED)
    floor.tidy()
    repeating = desk.approve(again)
    say(f"{again}: checked in {checking:.1f} s, {again.entry_count} entries posted in {repeating:.1f} s")
    bottoms = []
    for _round in range(2):
        floor.take_back(cause)
        floor.tidy()
        bottoms.append(floor.measure())
        say(f"two hand-written statements: {bottoms[-1]:.1f} s")
    if not floor.wrote_the_same(cause) or faults(run):
        wrong.append("the floor wrote something else than the run")
    if entries != run.entry_count or again.entry_count:
        wrong.append("the run's entries are not those of its cause, or the repeated run posted some")
    began = time.monotonic()
    if verify_books(desk.region).state != JobState.DONE:
        wrong.append("the books do not agree")
    say(f"books verified in {time.monotonic() - began:.1f} s")
    return _judge(posting, repeating, min(bottoms), desk.peak_memory(), wrong)


def _judge(posting: float, repeating: float, bottom: float, memory: list[int], wrong: list[str]) -> int:
    """Print the table; 1 where a bound is broken."""
    lines = [
        ("posting a month", f"{posting:.1f} s", posting / bottom, POSTING_BOUND),
        ("repeating it", f"{repeating:.1f} s", repeating / bottom, REPEATING_BOUND),
    ]
    print(f"\n{'':24}{'time':>10}{'× floor':>10}{'at most':>10}")
    print(f"{'floor':24}{bottom:>8.1f} s{1:>10.2f}")
    broken = bool(wrong)
    for name, seconds, ratio, bound in lines:
        print(f"{name:24}{seconds:>10}{ratio:>10.2f}{bound:>10.2f}{'' if ratio <= bound else '  BROKEN'}")
        broken = broken or ratio > bound
    most = max(memory)
    print(f"{'a worker’s memory':24}{most:>7} MB{'':10}{MEMORY_BOUND:>7} MB{'' if most < MEMORY_BOUND else '  BROKEN'}")
    for sentence in wrong:
        print(f"WRONG: {sentence}")
    return int(broken or most >= MEMORY_BOUND)


def say(line: str) -> None:
    """One line of progress, at once."""
    print(f"{time.strftime('%H:%M:%S')}  {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
