"""Processes that a test starts: they work on the test database and on the tests' part of the broker."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import psutil
from django.conf import LazySettings, settings

from config.environment import Environment

PROJECT = Path(__file__).resolve().parents[1]
# What a test waits for is over in seconds. Two busy cores may take a multiple of that.
PATIENCE_SECONDS = 90
_LOOK_EVERY = 0.05
_BROKER_DATABASES = 16
_WORKER_START_SECONDS = 60
_WORKER_STOP_SECONDS = 30


def worker_name() -> str:
    """Which of the processes among which pytest shares the tests this is: gw0, gw1 …; "alone" where there is one."""
    return os.environ.get("PYTEST_XDIST_WORKER", "alone")


def separate_broker(configured: LazySettings) -> None:
    """Keep the tests' tasks away from a development worker that listens on the same broker, and from each other's.

    A broker has sixteen parts; development has the first.
    """
    number = int(worker_name().removeprefix("gw")) if worker_name() != "alone" else 0
    part = _BROKER_DATABASES - 1 - number % (_BROKER_DATABASES - 1)
    parts = urlsplit(configured.REDIS_URL)
    if parts.scheme == "unix":
        configured.REDIS_URL = f"unix://{parts.path}?db={part}"
    else:
        configured.REDIS_URL = parts._replace(path=f"/{part}").geturl()
    configured.CELERY_BROKER_URL = Environment.celery_address(configured.REDIS_URL)


def work_as_the_application(configured: LazySettings) -> None:
    """Connect as the tables' owner and take on the application's role: what a test does through the application the
    application may do, and what it plants past it, it plants as the owner (`tests.database.OWNER`).
    """
    described: dict[str, Any] = configured.DATABASES["default"]
    owner = configured.DATABASE_OWNER
    if owner is not None:
        described["OPTIONS"] = {**described["OPTIONS"], "assume_role": described["USER"]}
        described.update(owner)


def environment() -> dict[str, str]:
    """The variables for a process that shares the running test's database and broker."""
    from django.db import connection

    owner = connection.settings_dict
    application = {**owner, "USER": owner["OPTIONS"].get("assume_role", owner["USER"])}
    return os.environ | {
        "DATABASE_URL": database_url(application),
        "DATABASE_OWNER_URL": database_url(owner),
        "REDIS_URL": settings.REDIS_URL,
    }


def database_url(described: Mapping[str, Any]) -> str:
    """The address of a database that is described as Django's settings describe it."""
    user, password, name = (quote(str(described.get(part, "")), safe="") for part in ("USER", "PASSWORD", "NAME"))
    place = urlencode({"host": described["HOST"], "port": described["PORT"] or "5432"})
    return f"postgresql://{user}:{password}@/{name}?{place}"


@contextmanager
def worker(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A real Celery worker, answering when the block begins and gone when it has ended.

    A test that uses it commits its data (``transaction=True``), since the worker is another process.
    """
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency=1", *arguments]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment())
    try:
        _wait_until_it_answers(process)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_WORKER_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(condition: Callable[[], bool], otherwise: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Return once the condition holds; AssertionError with the sentence when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{otherwise} It was given {seconds:.0f} seconds."
        time.sleep(_LOOK_EVERY)


def kill_all(processes: Iterable[psutil.Process]) -> None:
    """`kill -9` for each of them. What ends by itself once its parent is gone may have gone before us."""
    for each in processes:
        with suppress(psutil.NoSuchProcess):
            each.kill()


def _wait_until_it_answers(process: subprocess.Popen[bytes]) -> None:
    from config.celery import app

    for _ in range(_WORKER_START_SECONDS):
        if process.poll() is not None:
            raise RuntimeError(f"The worker ended with code {process.returncode} before it answered.")
        if app.control.ping(timeout=1, limit=1):
            return
    raise RuntimeError(f"The worker did not answer within {_WORKER_START_SECONDS} seconds.")
