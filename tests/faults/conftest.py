"""The house is furnished once; every test begins with what was prepared there, and with the clock going."""

from collections.abc import Iterator

import pytest

from tests.faults.house import House
from tests.processes import database_url
from tests.servers import separate_servers


@pytest.fixture(scope="package")
def furnished(django_db_setup: None) -> Iterator[House]:
    """The house with its clock. Schema and law are copied from the test database, which is as it began.

    That one is made only where a test is marked as using it, so those of this package are.
    """
    from django.db import connection

    with separate_servers() as servers, servers.user() as user:
        servers.wait_until_ready(user)
        house = House(servers)
        try:
            house.furnish(database_url(connection.settings_dict))
            yield house
        finally:
            house.kill_everybody()


@pytest.fixture
def house(furnished: House) -> Iterator[House]:
    """The house as it was prepared; the clock must outlive what the test does."""
    furnished.renew()
    try:
        yield furnished
    finally:
        furnished.kill_workers()
    assert furnished.clock_runs
