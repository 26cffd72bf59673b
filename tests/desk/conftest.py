"""A backup of kept books, and a place that it can be brought back to."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings
from pytest_django import DjangoDbBlocker

from tests.database import Baseline, Furnished

if TYPE_CHECKING:
    from tests.builder.backups import Made


@pytest.fixture(scope="session")
def made(
    django_db_setup: Baseline,
    furnished_books: Furnished,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> "Made":
    from tests.builder.backups import make

    with django_db_blocker.unblock():
        furnished_books.put()
        backup = make(tmp_path_factory.mktemp("backups"), tmp_path_factory.mktemp("private"))
        django_db_setup.restore()
    return backup


@pytest.fixture
def place(settings: LazySettings, tmp_path: Path) -> Iterator[Path]:
    """An empty database and an empty folder of private files."""
    from tests.template import empty_database

    settings.PRIVATE_MEDIA_ROOT = tmp_path / "private"
    with empty_database("restored"):
        yield tmp_path / "private"
