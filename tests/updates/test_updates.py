"""An agency that has installed an earlier state is brought forward without losing a row or a yuan."""

from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import LedgerEntry
from agency.models import PoolingRegion
from claims.models import Settlement
from desk.services.books import verify_books
from members.models import Member
from policies.selectors.pensions import pensions_of
from tests.config.test_migrations import schema
from tests.template import empty_database
from tests.updates.dumps import dumps, restore, write


def rows() -> list[int]:
    return [model._default_manager.count() for model in (Member, LedgerEntry, Settlement)]


def test_there_is_an_earlier_state() -> None:
    assert dumps()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dump", dumps(), ids=lambda dump: dump.stem)
def test_an_earlier_state_is_brought_forward(dump: Path, tmp_path: Path) -> None:
    # PostgreSQL writes some conditions otherwise once they were dumped and restored, so both are compared restored.
    write(tmp_path / "models.dump")
    with empty_database("models"):
        restore(tmp_path / "models.dump")
        from_models = schema()
    with empty_database("earlier"):
        restore(dump)
        call_command("migrate", verbosity=0)
        write(tmp_path / "migrated.dump")
        with empty_database("migrated"):
            restore(tmp_path / "migrated.dump")
            assert schema() == from_models
        assert min(rows()) > 0
        for region in PoolingRegion.objects.all():
            # What was recorded before a second person was asked is law.
            assert pensions_of(region)
            checked = verify_books(region).result["checks"]
            # The files of its papers stayed where the state was taken.
            differing = [each["name"] for each in checked if each["differing"] and each["name"] != "papers"]
            assert differing == [], region
