"""A database that takes too long, is in use or breaks off: a sentence with 503, nothing saved, nobody else held up."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path, reverse

from agency.models import PoolingRegion, Role
from config.urls import urlpatterns as of_the_house
from config.waiting import apply_limits
from tests import builder
from tests.builder.screens import visitor
from tests.config.test_settings import run
from tests.processes import environment, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def idle_view(request: HttpRequest) -> HttpResponse:
    """Thinks, in the middle of a transaction, until PostgreSQL has had enough."""
    with transaction.atomic():
        PoolingRegion.objects.update(name_en="changed")
        pid = connection.connection.info.backend_pid
        wait_for(lambda: not is_there(pid), "The server does not cut the transaction.")
        PoolingRegion.objects.update(name_en="changed again")
    return HttpResponse()


urlpatterns = [path("idle/", idle_view), *of_the_house]


@contextmanager
def another_connection() -> Iterator[psycopg.Connection[Any]]:
    described = connection.settings_dict
    with psycopg.connect(
        host=described["HOST"], port=described["PORT"], user=described["USER"], dbname=described["NAME"]
    ) as other:
        yield other
        other.rollback()


def is_there(pid: int) -> bool:
    with another_connection() as other:
        return other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone() is not None


@contextmanager
def limited(**limits: str) -> Iterator[None]:
    """This connection with these limits, and a new one afterwards."""
    connection.ensure_connection()
    apply_limits(connection, limits)
    try:
        yield
    finally:
        connection.close()


def asked(address: str) -> Any:
    """The answer to somebody who looks after the staff."""
    client = visitor(builder.staff("administrator", Role.SYSTEM_ADMINISTRATOR))
    with another_connection() as other:
        other.execute("LOCK TABLE agency_job IN ACCESS EXCLUSIVE MODE")
        return client.get(address)


def test_whoever_waits_for_a_lock_too_long_reads_a_sentence() -> None:
    with limited(lock_timeout="200ms", statement_timeout="0"):
        response = asked(reverse("admin:agency_job_changelist"))
    text = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert "Somebody else is working on the same records" in text
    assert "Back to the desk" in text
    assert reverse("admin:index") in text


def test_a_statement_that_takes_too_long_is_given_up_with_a_sentence() -> None:
    with limited(lock_timeout="0", statement_timeout="300ms"):
        response = asked(reverse("admin:agency_job_changelist"))
    assert response.status_code == 503
    assert "This took longer than the site waits" in response.content.decode()


@override_settings(ROOT_URLCONF=__name__)
def test_a_transaction_in_which_nothing_is_asked_is_cut_with_a_sentence() -> None:
    client = visitor(builder.staff("somebody"))
    with limited(idle_in_transaction_session_timeout="200ms"):
        response = client.get("/idle/")
    assert response.status_code == 503
    assert "The connection to the database broke off" in response.content.decode()
    assert not PoolingRegion.objects.filter(name_en__startswith="changed").exists()


LIMITS = (
    "import os, django; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings'); {start}\n"
    "from django.db import connection\n"
    "with connection.cursor() as cursor:\n"
    "    for name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'):\n"
    "        cursor.execute('SHOW ' + name); print(*cursor.fetchone())\n"
)
WEB = "import config.wsgi"
WORKER = "from config.celery import app, worker_process_init; django.setup(); worker_process_init.send(None)"
COMMAND = "django.setup()"


@pytest.mark.parametrize(
    ("start", "variables", "expected"),
    [
        (WEB, {}, ["1min", "10s", "1min"]),
        (WEB, {"WEB_LOCK_SECONDS": "3", "WORKER_LOCK_SECONDS": "4"}, ["1min", "3s", "1min"]),
        (WORKER, {}, ["0", "5min", "10min"]),
        (WORKER, {"WORKER_STATEMENT_SECONDS": "7200"}, ["2h", "5min", "10min"]),
        # Migrations too: nothing cuts a command.
        (COMMAND, {}, ["0", "0", "0"]),
    ],
)
def test_each_kind_of_process_has_its_own_limits(start: str, variables: dict[str, str], expected: list[str]) -> None:
    outcome = run("-c", LIMITS.format(start=start), **environment() | variables | {"DEBUG": "1"})
    assert outcome.stdout.split() == expected, outcome.stderr
