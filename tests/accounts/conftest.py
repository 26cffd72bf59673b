"""What most tests of accounts begin with: a region.

This file is read before Django is set up.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from agency.models import PoolingRegion


@pytest.fixture
def region() -> "PoolingRegion":
    """Pingliang: 2 % of the base for active employees, 90 yuan for retirees, no age limits."""
    from tests import builder

    return builder.region("pingliang")
