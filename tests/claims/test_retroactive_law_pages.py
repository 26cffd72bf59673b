"""A version published late, at the desk: what was settled before, the batch, both amounts, and what became of it."""

from decimal import Decimal

import pytest

from agency.models import Role
from claims.models import BatchState, Resettlement, ResettlementBatch
from desk.worklist import waiting_for
from policies.models import PolicyVersion
from tests.builder import REASON
from tests.builder.former_law import concerning_a_visit, worked_on
from tests.builder.office import colleague
from tests.builder.people import region
from tests.builder.screens import offered, press, visitor, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> PolicyVersion:
    return concerning_a_visit(colleague("officer", Role.POLICY_OFFICER, region("pingliang")))


def test_a_batch_goes_from_the_versions_page_through_two_people_to_the_settlements(version: PolicyVersion) -> None:
    """140.00 before, 150.00 after; where only 10.00 differ for the provider."""
    clerk, supervisor = (colleague(role.value, role, version.region) for role in (Role.CLERK, Role.SUPERVISOR))
    counted = words_of(clerk, version)
    assert "Settled under the law that held before" in counted
    assert "140.00" in counted
    assert "settle_anew" in offered(visitor(clerk), version)
    press(visitor(clerk), "settle_anew", version, reason=REASON)
    batch = worked_on(ResettlementBatch.objects.get())
    assert batch in [each.obj for each in waiting_for(clerk)]
    assert "settle_anew" not in offered(visitor(clerk), version)
    assert {"submit", "plan_again", "discard"} <= offered(visitor(clerk), batch)
    press(visitor(clerk), "submit", batch)
    batch.refresh_from_db()
    assert batch in [each.obj for each in waiting_for(supervisor)]
    (year,) = batch.years.all()
    shown = words_of(supervisor, year)
    assert ("140.00" in shown, "150.00" in shown, "10.00" in shown) == (True, True, True)
    press(visitor(supervisor), "approve", batch, reason="", seen=batch.payload_hash)
    batch = worked_on(batch)
    assert batch.state == BatchState.SETTLED
    assert "settled anew" in words_of(supervisor, batch)
    assert "What was done" in words_of(supervisor, year)
    noted = Resettlement.objects.get()
    assert noted.difference == Decimal("10.00")
    assert f"Reversal or batch #{batch.pk} Pingliang late" in words_of(supervisor, noted)
    assert "No settlement of its past days" in words_of(clerk, version)


def test_the_pages_speak_chinese(version: PolicyVersion) -> None:
    assert "按原政策结算的费用" in words_of(
        colleague("auditor", Role.AUDITOR, version.region), version, language="zh-hans"
    )
