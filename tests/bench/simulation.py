"""How long a simulation of a year takes beside the engine alone: `make bench-simulation`.

On a database of its own, filled with invented members and a year of contributions: claims of a year are registered and
settled, some by the services, the others by writing the same rows as a set. Then a draft that raises rates is simulated
by a worker with two processes, from the request to the report. The floor is the engine alone: the same visits, each
calculated once in one process, with everything it needs in memory already. Under the unchanged law every settlement has
to come out to the fen. `python -m tests.bench.simulation [CLAIMS]`, or BENCH_CLAIMS; 1,000,000 if not said.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.credits import own_database, say
from tests.bench.simulated_claims import write_claims

if TYPE_CHECKING:
    from demo.worker import Worker
    from policies.models import PolicyVersion
    from simulation.models import Simulation

# Times the engine's; a worker's memory, MB.
RATIO_BOUND, MEMORY_BOUND = 3, 400
_REGION, _UNTIL, _PENSION = "zaozhuang", "2024-12", "3305.00"
_FIRST_MONTH, _LAST_MONTH, _TODAY = date(2024, 1, 1), date(2024, 12, 1), date(2025, 1, 31)
_CLAIMS_A_MEMBER, _PATIENCE_SECONDS = 5, 3600


def main() -> int:
    """Measure and print; 1 where a bound is broken or an amount differs."""
    claims = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("BENCH_CLAIMS", "1000000"))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, own_database():
        from demo.worker import Worker

        _furnish(max(claims // _CLAIMS_A_MEMBER, 100))
        say(f"{write_claims(_REGION, claims, _FIRST_MONTH.year):,} visits are settled")
        draft = _draft()
        seconds, visits = _engine_alone(draft)
        say(f"the engine alone: {visits:,} visits in {seconds:.1f} s")
        with Worker(Path(folder) / "worker.log") as worker:
            before = _processor_seconds(worker)
            simulation, taken = _simulate(draft, worker)
            used = _processor_seconds(worker) - before
            say(
                f"the workers' processor time: {used:.1f} s, which a busy machine does not stretch as it does the clock"
            )
            return _judge(simulation, taken, seconds, visits, _peak_memory(worker))


def _furnish(members: int) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_packs", verbosity=0)
    call_command("sync_roles", verbosity=0)
    words = ["--region", _REGION, "--members", str(members), "--months", "12", "--until", _UNTIL]
    call_command("generate_population", *words, "--illustrative-pension", _PENSION)


def _draft() -> "PolicyVersion":
    """The law in force with five points more for retirees at all tiers."""
    from agency.models import User
    from policies.models import PolicyVersion
    from tests.builder.simulations import draft_of, raised

    officer = User.objects.create_user("officer")
    law = PolicyVersion.objects.get(region__slug=_REGION, state="published", period__contains=_LAST_MONTH)
    return raised(draft_of(law, officer), officer, "0.05")


def _engine_alone(draft: "PolicyVersion") -> tuple[float, int]:
    """Seconds of the engine for every visit once, under the draft; and how many visits. Reading is not counted."""
    from members.models import Member
    from policies.engine.adjudication import adjudicate
    from simulation.selectors.law import law_of
    from simulation.selectors.visits import settled_visits

    days = [_FIRST_MONTH + timedelta(days=number) for number in range(366)]
    law = law_of(draft.region, draft, None, days, [])
    numbers = list(Member.objects.filter(region=draft.region).order_by("pk").values_list("pk", flat=True))
    seconds, used, visits = 0.0, 0.0, 0
    for start in range(0, len(numbers), 2_000):
        piece = numbers[start : start + 2_000]
        asked = [
            arguments
            for held in settled_visits(draft.region_id, piece[0], piece[-1], days[0], days[-1])
            for arguments in _asked(held, law)
        ]
        began, begun = time.perf_counter(), time.process_time()
        for policy, person, visit, circumstances, usage in asked:
            adjudicate(policy, person, visit, circumstances, usage, explain=False)
        seconds += time.perf_counter() - began
        used += time.process_time() - begun
        visits += len(asked)
    say(f"the engine's processor time: {used:.1f} s")
    return seconds, visits


def _asked(held: list[Any], law: Any) -> Iterator[tuple[Any, ...]]:
    """What the engine is asked for a member's visits, with the accumulators as they are before each."""
    from simulation.services.replay import Side, circumstances_of

    side = Side(law.after)
    for settled in held:
        policy = law.after[settled.visit.served_on]
        used = side.usage_before(policy, settled)
        kept = used._replace(
            paid_year=dict(used.paid_year),
            paid_month=dict(used.paid_month),
            counted_year=dict(used.counted_year),
            counted_month=dict(used.counted_month),
        )
        yield policy, settled.person, settled.visit, circumstances_of(policy, settled), kept
        side.take(settled, side.calculate(settled, explain=False))


def _simulate(draft: "PolicyVersion", worker: "Worker") -> tuple["Simulation", float]:
    """The simulation, and the seconds from its request to its report."""
    from simulation.services.simulations import UNFINISHED, request_simulation

    began = time.monotonic()
    simulation = request_simulation(draft, first_month=_FIRST_MONTH, last_month=_LAST_MONTH, today=_TODAY, actor=None)
    while simulation.state in UNFINISHED:
        time.sleep(0.05)
        simulation.refresh_from_db()
        if worker.process.poll() is not None or time.monotonic() > began + _PATIENCE_SECONDS:
            raise RuntimeError(f"{simulation} is {simulation.state} and stays so.\n{worker.tail()}")
    return simulation, time.monotonic() - began


def _peak_memory(worker: "Worker") -> int:
    """The most memory that one of the worker's processes ever held, MB."""
    import psutil

    from tests.bench.runs import peak

    parent = psutil.Process(worker.process.pid)
    return max(peak(process.pid) for process in (parent, *parent.children(recursive=True)))


def _processor_seconds(worker: "Worker") -> float:
    """What the worker's processes have used of the processors so far; the database's part is not in it."""
    import psutil

    parent = psutil.Process(worker.process.pid)
    return sum(sum(each.cpu_times()[:2]) for each in (parent, *parent.children(recursive=True)))


def _judge(simulation: "Simulation", taken: float, bottom: float, visits: int, memory: int) -> int:
    """Print the table; 1 where a bound is broken."""
    check = simulation.result.get("check", {})
    wrong = []
    if simulation.state != "done":
        wrong.append(f"the simulation {simulation.state}: {simulation.job.log}")
    elif check["differing"] or check["visits"] != visits:
        wrong.append(f"{check['differing']} of {check['visits']} settlements come out otherwise; {visits} visits")
    ratio = taken / bottom
    print(f"\n{'':28}{'time':>10}{'× engine':>10}{'at most':>10}")
    print(f"{'the engine, once a visit':28}{bottom:>8.1f} s{1:>10.2f}")
    print(f"{'the simulation':28}{taken:>8.1f} s{ratio:>10.2f}{RATIO_BOUND:>10.2f}{'  BROKEN' * (ratio > RATIO_BOUND)}")
    is_much = memory >= MEMORY_BOUND
    print(f"{'a worker’s memory':28}{memory:>7} MB{'':10}{MEMORY_BOUND:>7} MB{'  BROKEN' * is_much}")
    for sentence in wrong:
        print(f"WRONG: {sentence}")
    return int(bool(wrong) or ratio > RATIO_BOUND or is_much)


if __name__ == "__main__":
    sys.exit(main())
