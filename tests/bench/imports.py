"""How long a file of a month's contributions takes beside the statements it cannot do without: `make bench-import`.

On a database of its own, filled with invented members: a file with a contribution of each is brought and previewed,
once with a hundredth of its rows wrong in ten ways and once right, confirmed, and brought again. A real worker does
that; its time counts from the job's start to its end. Measured in the same run: COPY of the raw file into an unlogged
table; COPY into a bare table with INSERT … SELECT of the same rows and their history; and django-import-export's own
bulk mode on a part of the rows. Both previews are measured twice, each with a COPY right before it, and the other floor
twice; of each the best time counts, so that a machine with other work is the same for both. The rows of the file are in
the order of the members' numbers. A workbook of 200,000 rows is read besides, and previewed.
`python -m tests.bench.imports [MEMBERS]`, or BENCH_MEMBERS; a million if not said.
"""

import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench import import_floors as floors
from tests.bench.credits import own_database, say

if TYPE_CHECKING:
    from agency.models import PoolingRegion, User
    from demo.worker import Worker
    from files.models import FileImport

PREVIEW_BOUND, IMPORT_BOUND, AGAIN_BOUND, MEMORY_BOUND = 12, 4, 1, 400
_REGION, _UNTIL, _PENSION = "zaozhuang", "2024-03", "3305.00"
_BOOK_ROWS, _WRONG_EACH, _PATIENCE_SECONDS = 200_000, 100, 3600
# A way to be wrong for every tenth of the wrong rows.
_WRONG: tuple[Callable[[str, str, str, str], str], ...] = (
    lambda number, month, base, day: f"X{number},{month},{base},{day}",
    lambda number, month, base, day: f",{month},{base},{day}",
    lambda number, month, base, day: f"{number},2024-13,{base},{day}",
    lambda number, month, base, day: f"{number},2024.1,{base},{day}",
    lambda number, month, base, day: f"{number},1900-01,{base},{day}",
    lambda number, month, base, day: f"{number},{month},abc,{day}",
    lambda number, month, base, day: f"{number},{month},-1,{day}",
    lambda number, month, base, day: f"{number},{month},{base}5,{day}",
    lambda number, month, base, day: f"{number},{month},{base},2024-02-30",
    lambda number, month, base, day: f"{number},{month}",
)


def main() -> int:
    """Measure and print; 1 where a bound is broken or something was imported wrongly."""
    members = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("BENCH_MEMBERS", "1000000"))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        # What is brought lies with the measurement; the worker reads the same folder.
        os.environ["PRIVATE_MEDIA_ROOT"] = folder
        with own_database():
            from demo.worker import Worker

            _furnish(members)
            with Worker(Path(folder) / "worker.log") as worker:
                return _measure(worker, Path(folder))


def _furnish(members: int) -> None:
    """Tables, law, and the people with three months of contributions."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_packs", verbosity=0)
    call_command("sync_roles", verbosity=0)
    words = ["--region", _REGION, "--members", str(members), "--months", "3", "--until", _UNTIL]
    call_command("generate_population", *words, "--illustrative-pension", _PENSION)


# --- Files ----------------------------------------------------------------------------------------


def _write(path: Path, numbers: list[str], *, is_wrong: bool = False) -> Path:
    """A contribution of each member for May; is_wrong: in every hundredth line there is something wrong."""
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{floors.HEADER}\n")
        for place, number in enumerate(numbers):
            cells = number, "2024-05", f"{4000 + place % 4001}.{place % 90 + 10}", f"2024-05-{place % 31 + 1:02d}"
            wrong = is_wrong and place % _WRONG_EACH == _WRONG_EACH - 1
            line = _WRONG[place // _WRONG_EACH % len(_WRONG)](*cells) if wrong else ",".join(cells)
            file.write(f"{line}\n")
    return path


def _book(path: Path, numbers: list[str]) -> Path:
    from xlsxwriter import Workbook

    with Workbook(str(path), {"constant_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, floors.HEADER.split(","))
        for place in range(_BOOK_ROWS):
            sheet.write_row(place + 1, 0, [numbers[place % len(numbers)], "2024-06", 4000.5 + place % 4001])
            sheet.write_datetime(place + 1, 3, datetime(2024, 6, place % 30 + 1), day)  # noqa: DTZ001  # A workbook's days have no zone.
    return path


# --- Measuring ------------------------------------------------------------------------------------


def _measure(worker: "Worker", folder: Path) -> int:
    from agency.models import PoolingRegion, User
    from files.services.file_imports import confirm_import, discard_import
    from members.models import Contribution, Member

    region = PoolingRegion.objects.get(slug=_REGION)
    clerk = User.objects.create_superuser("clerk")
    numbers = list(Member.objects.filter(region=region).order_by("pk").values_list("member_number", flat=True))
    right = _write(folder / "right.csv", numbers)
    writing = min(floors.copy_and_insert(right, region) for _round in range(2))
    say(f"COPY into a bare table and INSERT … SELECT with history: {writing:.2f} s")
    peer = floors.peer(region, numbers)
    say(f"django-import-export in bulk mode: {peer:,.0f} rows a second")
    faulty = _write(folder / "wrong.csv", numbers, is_wrong=True)
    bare, found, finding = _previewed(worker, right, faulty, region, clerk)
    wrong = _misfound(found, len(numbers))
    discard_import(found, actor=clerk)
    again, preview, previewing = _previewed(worker, right, right, region, clerk)
    bare = min(bare, again)
    floors.tidy()
    confirm_import(preview, actor=clerk, only_good_rows=False)
    imported, importing = _waited(worker, preview)
    recorded = Contribution.objects.filter(month=date(2024, 5, 1)).count()
    say(f"imported in {importing:.2f} s: {imported.counts}")
    if imported.state != "imported" or recorded != len(numbers):
        wrong.append(f"{recorded} contributions were imported from {len(numbers)} rows: {imported.state}")
    floors.tidy()
    second, repeating = _brought(worker, right, region, clerk)
    say(f"previewed again in {repeating:.2f} s: {second.counts}")
    if second.counts["unchanged"] != len(numbers):
        wrong.append(f"the second time {second.counts}")
    book = _book(folder / "book.xlsx", numbers)
    reading, memory = _read_book(book)
    looked, looking = _brought(worker, book, region, clerk)
    say(f"a workbook of {_BOOK_ROWS:,} rows read in {reading:.1f} s by a process of {memory} MB")
    say(f"previewed in {looking:.1f} s: {looked.counts}")
    lines = [
        ("preview, 1 % wrong", finding, bare, PREVIEW_BOUND),
        ("preview", previewing, bare, PREVIEW_BOUND),
        ("import", importing, writing, IMPORT_BOUND),
        ("preview the second time", repeating, writing, AGAIN_BOUND),
    ]
    return _judge(lines, len(numbers), peer, _peak(worker), wrong)


def _brought(worker: "Worker", path: Path, region: "PoolingRegion", clerk: "User") -> tuple["FileImport", float]:
    from files.services.file_imports import bring_file

    with path.open("rb") as content:
        brought = bring_file("contributions", content, region=region, actor=clerk, name=path.name)
    return _waited(worker, brought)


def _previewed(
    worker: "Worker", right: Path, path: Path, region: "PoolingRegion", clerk: "User"
) -> tuple[float, "FileImport", float]:
    """Seconds of the COPY of a right file, and the preview of a file with its seconds, the best of two of each."""
    from files.services.file_imports import discard_import

    floor = seconds = float("inf")
    for is_last in (False, True):
        floors.tidy()
        floor = min(floor, floors.copy_raw(right))
        found, took = _brought(worker, path, region, clerk)
        seconds = min(seconds, took)
        say(f"COPY in {floor:.2f} s; {path.name} previewed in {took:.2f} s: {found.counts}")
        if not is_last:
            discard_import(found, actor=clerk)
    return floor, found, seconds


def _waited(worker: "Worker", file_import: "FileImport") -> tuple["FileImport", float]:
    """The import after the step that it waits for, and the seconds that a worker was at it."""
    from files.models import FileImport

    began = time.monotonic()
    while True:
        found = FileImport.objects.select_related("job").get(pk=file_import.pk)
        job = found.step
        if job.finished_at and job.started_at:
            if job.state == "failed":
                raise RuntimeError(f"{job.log}\n{worker.tail()}")
            return found, (job.finished_at - job.started_at).total_seconds()
        if time.monotonic() - began > _PATIENCE_SECONDS:
            raise RuntimeError(f"{found} is {found.state} and stays so.\n{worker.tail()}")
        time.sleep(0.2)


def _misfound(faulty: "FileImport", rows: int) -> list[str]:
    """What the preview of the wrong file said otherwise than it should have."""
    lines = rows // _WRONG_EACH
    found = faulty.rows.filter(outcome="wrong").values_list("line", flat=True)
    ways = Counter((line - 2) // _WRONG_EACH % len(_WRONG) for line in found)
    if len(found) == lines and set(ways) == set(range(len(_WRONG))):
        return []
    return [f"of {lines} wrong rows {len(found)} were found: {dict(ways)}"]


def _read_book(path: Path) -> tuple[float, int]:
    """Seconds, and the megabytes of the process that reads."""
    from files.importing.reading import opened_sheet
    from members.resources.contributions import ContributionResource

    began = time.monotonic()
    with path.open("rb") as content, opened_sheet(content, ContributionResource.columns()) as table:
        rows = sum(1 for row in table.rows if not row.problem)
    if rows != _BOOK_ROWS:
        raise RuntimeError(f"{rows} rows were read from the workbook")
    return time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def _peak(worker: "Worker") -> int:
    import psutil

    parent = psutil.Process(worker.process.pid)
    peaks = []
    for process in (parent, *parent.children(recursive=True)):
        (line,) = [line for line in Path(f"/proc/{process.pid}/status").read_text().splitlines() if "VmHWM" in line]
        peaks.append(int(line.split()[1]) // 1024)
    return max(peaks)


def _judge(lines: list[tuple[str, float, float, int]], rows: int, peer: float, memory: int, wrong: list[str]) -> int:
    """Print the table; 1 where a bound is broken."""
    print(f"\n{'':26}{'time':>10}{'rows/s':>12}{'× floor':>10}{'at most':>10}")
    broken = bool(wrong)
    for name, seconds, floor, bound in lines:
        ratio = seconds / floor
        broken = broken or ratio > bound
        held = "" if ratio <= bound else "  BROKEN"
        print(f"{name:26}{seconds:>8.1f} s{rows / seconds:>12,.0f}{ratio:>10.2f}{bound:>10}{held}")
    print(f"{'django-import-export, bulk':26}{rows / peer:>8.1f} s{peer:>12,.0f}")
    held = "" if memory < MEMORY_BOUND else "  BROKEN"
    print(f"{'a worker’s memory':26}{memory:>7} MB{'':22}{MEMORY_BOUND:>7} MB{held}")
    for sentence in wrong:
        print(f"WRONG: {sentence}")
    return int(broken or memory >= MEMORY_BOUND)


if __name__ == "__main__":
    sys.exit(main())
