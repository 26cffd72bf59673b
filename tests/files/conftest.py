"""What files are brought for."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from agency.models import PoolingRegion


@pytest.fixture
def baoshan() -> "PoolingRegion":
    """Five members, two of whom have a contribution for May."""
    # This file is read before Django is set up.
    from members.models import Member
    from members.services.contributions import record_contribution
    from tests import builder

    region = builder.region("baoshan")
    for number in range(1, 6):
        builder.a_member(region, member_number=f"53050000000{number}")
    for number, base in ((1, "5000"), (2, "4000.50")):
        member = Member.objects.get(member_number=f"53050000000{number}")
        record_contribution(
            member, month=date(2024, 5, 1), base=Decimal(base), received_on=date(2024, 5, 20), reason="came in"
        )
    return region
