"""The test session: development mode, one test database with the law loaded, and what a skipped test means
in CI.
"""

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from pytest_django import DjangoDbBlocker
from xdist.scheduler import LoadScopeScheduling

from config.development import prefer_development
from tests.database import Baseline, Furnished
from tests.processes import separate_broker, work_as_the_application, worker_name

if TYPE_CHECKING:
    from agency.models import User
    from tests.builder.books import KeptBooks
    from tests.builder.office import Office

# Before anything reads a setting. pytest-django sets Django up afterwards, because the settings are then
# configured.
prefer_development(os.environ)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Uploads of the tests, and of the processes that they start, are not mixed with those of development.
if worker_name() == "alone":
    # The workers get it from the process that starts them.
    os.environ["PRIVATE_MEDIA_ROOT"] = tempfile.mkdtemp(prefix="desk-tests-")
    atexit.register(shutil.rmtree, os.environ["PRIVATE_MEDIA_ROOT"], ignore_errors=True)

from django.conf import settings as django_settings  # noqa: E402

# Folders whose tests share a fixture that takes seconds to make.
_TOGETHER = ("faults", "browser")

_Report = TypeVar("_Report", pytest.TestReport, pytest.CollectReport)

separate_broker(django_settings)
work_as_the_application(django_settings)
# Hashing a password is slow on purpose; tests make hundreds of users.
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Baseline]:
    """The test database holds the regions, their packs and the roles; every test starts from these."""
    from django.test import TransactionTestCase

    from tests.template import cloned

    with django_db_blocker.unblock(), cloned(f"test_{worker_name()}"):
        baseline = Baseline.take()
        # Django empties the tables after a test that commits with TRUNCATE, which the ledger's triggers rightly
        # refuse, and which would take the law along.
        flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
        TransactionTestCase._fixture_teardown = lambda case: baseline.restore()  # type: ignore[attr-defined]
        with django_db_blocker.block():
            yield baseline
        TransactionTestCase._fixture_teardown = flush  # type: ignore[attr-defined]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Houses of servers and browsers first, because they take longest."""
    items.sort(key=lambda item: item.path.parent.name not in _TOGETHER)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Give a file to one worker, because its fixtures may be costly, and a house of servers or a browser likewise.

    pytest-xdist's own groups are lost with pytest 9.2 (its issue 1386).
    """

    class ByFixtures(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = PurePosixPath(nodeid.split("::", maxsplit=1)[0])
            return file.parent.name if file.parent.name in _TOGETHER else str(file)

    return ByFixtures(config, log)


def pytest_collection_finish() -> None:
    """What a session has loaded stays to its end: looking for rubbish among it took a seventh of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture
def maker() -> "User":
    from tests.builder import staff

    return staff("maker")


@pytest.fixture
def checker() -> "User":
    from tests.builder import staff

    return staff("checker")


@pytest.fixture(scope="session")
def furnished_office(django_db_setup: Baseline, django_db_blocker: DjangoDbBlocker) -> Furnished:
    """The office, to be put into the database."""
    from tests.builder.office import furnish

    with django_db_blocker.unblock():
        return Furnished.take(django_db_setup, "office", furnish)


@pytest.fixture(scope="session")
def furnished_books(django_db_setup: Baseline, django_db_blocker: DjangoDbBlocker) -> Furnished:
    """The kept books, to be put into the database."""
    from tests.builder.books import keep

    with django_db_blocker.unblock():
        return Furnished.take(django_db_setup, "kept_books", keep)


@pytest.fixture(scope="module")
def office(furnished_office: Furnished, django_db_blocker: DjangoDbBlocker) -> Iterator["Office"]:
    """One office for all tests of a module; what a test changes is taken back after it."""
    yield from _for_a_module(furnished_office, django_db_blocker)


@pytest.fixture(scope="module")
def kept(furnished_books: Furnished, django_db_blocker: DjangoDbBlocker) -> Iterator["KeptBooks"]:
    """One set of books for all tests of a module; what a test damages is taken back after it."""
    yield from _for_a_module(furnished_books, django_db_blocker)


def _for_a_module(furnished: Furnished, blocker: DjangoDbBlocker) -> Iterator[Any]:
    from django.db import transaction

    with blocker.unblock(), transaction.atomic():
        yield furnished.put()
        transaction.set_rollback(True)


@pytest.fixture
def in_english() -> Iterator[None]:
    """Sentences are compared in the language of the sources."""
    from django.utils.translation import override

    with override("en"):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _skipping_fails_in_ci((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _skipping_fails_in_ci((yield))


def _skipping_fails_in_ci(report: _Report) -> _Report:
    """In CI every test has what it needs, so one that skips itself has found something missing."""
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped, and in CI nothing may be: {report.longrepr}"
    return report
