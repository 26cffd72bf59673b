"""A full office on servers of its own, kept between measurements: a city of a million members and a year of its work.

The demonstration does a year's work; then a million people are invented (`generate_population`), and the year's rows
are copied for them (`office_rows`). That takes a quarter of an hour; the servers' data stay in `.local/bench`, for as
long as what makes them is the same. Migrations that came since are applied to what was kept.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import office_rows
from tests.bench.credits import own_database, say

REGION = "zaozhuang"
_PENSION = "3305.00"
_KEPT = Path(__file__).resolve().parents[2] / ".local" / "bench"


@contextmanager
def full_office(members: int) -> Iterator[None]:
    """Django works on the office's database while the block runs."""
    folder = _KEPT / f"office-{members}"
    made = hashlib.sha256(Path(office_rows.__file__).read_bytes()).hexdigest()
    stamp = folder / "made"
    if folder.exists() and (not stamp.exists() or stamp.read_text() != made):
        say(f"{folder} was made otherwise, or not to its end: it is made anew")
        shutil.rmtree(folder)
    is_kept = folder.exists()
    os.environ["PRIVATE_MEDIA_ROOT"] = str(folder / "private")
    with own_database(folder):
        if is_kept:
            say(f"the office of {folder}")
            _bring_up_to_date()
        else:
            _make(members)
            stamp.write_text(made)
        yield


def _bring_up_to_date() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("sync_roles", verbosity=0)


def _make(members: int) -> None:
    from django.core.management import call_command
    from django.db.models import Max

    from members.models import Member

    call_command("demo", "--once")
    months = ["--members", str(members), "--months", "3", "--illustrative-pension", _PENSION]
    call_command("generate_population", "--region", REGION, *months)
    last: int = Member.objects.aggregate(last=Max("pk"))["last"]
    office_rows.fill(REGION, last - members + 1, members)
