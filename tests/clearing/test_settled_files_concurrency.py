"""Files of direct settlements by several workers at once, and by workers that are killed: each claim once."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from agency.models import JobState
from claims.models import Claim, Settlement
from clearing.models import SettledFile, SettledRecord
from clearing.services.file_reading import read_file
from clearing.services.file_settling import settle_file_chunk
from clearing.services.settled_files import STALE_AFTER, lost_files
from clearing.tasks import read_settled_file, resume_settled_files
from providers.models import Provider
from tests.builder.claims import a_claim
from tests.builder.settled_files import PEOPLE, VISITS, a_file, people
from tests.builder.threads import together
from tests.processes import kill_all, wait_for, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture(autouse=True)
def nothing_left_in_the_broker() -> Iterator[None]:
    """A killed worker leaves messages behind that nobody has confirmed; they are no other test's."""
    yield
    redis.Redis.from_url(settings.REDIS_URL).flushdb()


def assert_each_once(file: SettledFile) -> None:
    """Every record settled as it was reported, no claim twice, the job finished once with the right counts."""
    file.job.refresh_from_db()
    total = PEOPLE * VISITS
    assert (file.job.state, file.job.done, file.job.total) == (JobState.DONE, total, total)
    assert (file.job.result["settled"], file.job.result["differences"]) == (total, 0)
    assert Claim.objects.count() == Settlement.objects.count() == total
    amounts = sorted(Settlement.objects.values_list("pooled", flat=True))
    assert amounts == [Decimal("70.00")] * PEOPLE + [Decimal("210.00")] * (PEOPLE * (VISITS - 1))


def is_done(file: SettledFile) -> bool:
    file.job.refresh_from_db()
    return bool(file.job.state == JobState.DONE)


def test_two_chunks_at_once_finish_the_job_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clearing.services.file_reading.CHUNK_SIZE", PEOPLE * VISITS // 2)
    file = a_file(people())
    first, second = read_file(file.pk)
    assert together(lambda: settle_file_chunk(first), lambda: settle_file_chunk(second)) == [9, 9]
    assert_each_once(file)


def test_one_chunk_twice_at_once_is_settled_once() -> None:
    file = a_file(people())
    (chunk,) = read_file(file.pk)
    done = together(lambda: settle_file_chunk(chunk), lambda: settle_file_chunk(chunk))
    assert sorted(done) == [0, PEOPLE * VISITS]  # type: ignore[type-var]
    assert_each_once(file)


def test_a_file_is_read_once_by_two_at_once() -> None:
    file = a_file(people())
    found = together(lambda: read_file(file.pk), lambda: read_file(file.pk))
    assert sorted(len(each) for each in found) in ([0, 1], [1, 1])  # type: ignore[arg-type]
    assert file.records.count() == PEOPLE * VISITS
    assert file.chunks.count() == 1


def test_a_number_entered_at_the_desk_in_between_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk's claim is committed after the chunk has looked for known numbers, and before it writes its own."""
    members = people()
    file = a_file(members)
    (chunk,) = read_file(file.pk)
    from clearing.services import file_settling

    enter = file_settling._enter
    calls: list[object] = []

    def late(found: Any, of: SettledFile) -> None:
        if not calls:
            calls.append(together(lambda: at_the_desk(members[0])))
        enter(found, of)

    monkeypatch.setattr(file_settling, "_enter", late)
    assert settle_file_chunk(chunk) == PEOPLE * VISITS
    file.job.refresh_from_db()
    assert (file.job.result["known"], file.job.result["settled"]) == (1, PEOPLE * VISITS - 1)


def at_the_desk(member: Any) -> Claim:
    number = f"{member.member_number}-1"
    return a_claim(member, provider=Provider.objects.get(), claim_number=number, served_on=date(2023, 3, 2))


def blocked() -> set[int]:
    """The servers' processes that wait for somebody's lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND cardinality(pg_blocking_pids(pid)) > 0"
        )
        return {pid for (pid,) in cursor.fetchall()}


def still_there(pids: set[int]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY (%s)", [list(pids)])
        return bool(cursor.fetchone()[0])


@contextmanager
def held(statement: str, *parameters: Any) -> Iterator[psycopg.Connection[Any]]:
    """A transaction of ours that others run into, taken back at the end."""
    described = connection.settings_dict
    with psycopg.connect(
        host=described["HOST"], port=described["PORT"], user=described["USER"], dbname=described["NAME"]
    ) as ours:
        ours.execute(statement.encode(), parameters)
        yield ours
        ours.rollback()


def kill(process: Any) -> None:
    """`kill -9`, the worker and the process in which it does its tasks."""
    parent = psutil.Process(process.pid)
    kill_all([parent, *parent.children(recursive=True)])
    process.wait()


def killed_while(statement: str, *parameters: Any) -> None:
    """A worker begins with the file that was handed in, runs into what we hold, and is killed."""
    with held(statement, *parameters), worker() as process:
        wait_for(lambda: bool(blocked()), "The worker does not come to where it is held.")
        stopped = blocked()
        kill(process)
    wait_for(lambda: not still_there(stopped), "The server goes on working for a client that was killed.")


def resumed(file: SettledFile) -> None:
    """The clock finds the file, and another worker does what is left."""
    later = timezone.now() + STALE_AFTER * 2
    assert lost_files(later) == [file.pk]
    with worker():
        read_settled_file.delay(file.pk)
        wait_for(lambda: is_done(file), "The file is not settled.")
        # The clock comes once more, when nothing is left.
        resume_settled_files.delay()
    assert_each_once(file)


@pytest.mark.fault
def test_a_worker_killed_in_the_middle_of_a_chunk() -> None:
    members = people()
    file = a_file(members)
    killed_while("SELECT FROM members_member WHERE id = %s FOR UPDATE", members[-1].pk)
    assert not Claim.objects.exists()
    assert file.records.filter(state="waiting").count() == PEOPLE * VISITS
    resumed(file)


@pytest.mark.fault
def test_a_worker_killed_while_it_reads() -> None:
    file = a_file(people())
    killed_while("LOCK TABLE clearing_settledchunk IN SHARE MODE")
    assert not SettledRecord.objects.exists()
    resumed(file)


def test_what_a_worker_reads_lies_where_the_site_wrote_it() -> None:
    """Both processes of an installation share the folder of uploads."""
    file = a_file(people())
    assert file.file.path.startswith(os.environ["PRIVATE_MEDIA_ROOT"])
    assert Path(file.file.path).stat().st_mode & 0o777 == 0o600
