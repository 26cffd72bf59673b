"""What most tests of accounts begin with: a region, whoever makes something and whoever checks it.

This file is read before Django is set up.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from agency.models import PoolingRegion, User


@pytest.fixture
def region() -> "PoolingRegion":
    """Pingliang: 2 % of the base for active employees, 90 yuan for retirees, no age limits."""
    from tests import house

    return house.region("pingliang")


@pytest.fixture
def maker() -> "User":
    """Whoever drafts and submits."""
    from tests import house

    return house.staff("maker")


@pytest.fixture
def checker() -> "User":
    """Whoever decides."""
    from tests import house

    return house.staff("checker")
