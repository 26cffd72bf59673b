"""A version published late, at the desk: what was settled before, the batch, both amounts, and what became of it."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from django.utils.timezone import localdate

from agency.models import Role, User
from claims.models import BatchState, Resettlement, ResettlementBatch, YearState
from claims.selectors.batch_lines import lines_of, sums_of
from claims.services.resettlement_batches import approve_batch, submit_batch
from desk.worklist import waiting_for
from policies.models import PolicyVersion
from tests.builder import REASON
from tests.builder.credit_runs import posted
from tests.builder.former_law import FIRST_DAY, concerning_a_visit, planned, published, waiting, worked_on
from tests.builder.office import colleague
from tests.builder.people import region, retiree
from tests.builder.screens import button, offered, press, visitor, words_of
from tests.builder.settlements import settled

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


def test_whoever_publishes_sees_what_past_days_concern(maker: User, checker: User, in_english: None) -> None:
    """One settlement of 140.00 lies in them, another before; of the credited months July and August."""
    settled(retiree(), "400.00", served_on=FIRST_DAY)
    settled(retiree(), "400.00", served_on=date(2023, 6, 30))
    for month in (6, 7, 8):
        posted(region("pingliang"), date(2023, month, 1), date(2023, 9, 5), maker, checker)
    version = waiting(maker)
    desk = visitor(colleague("officer", Role.POLICY_OFFICER, version.region))
    with CaptureQueriesContext(connection) as asked:
        answer = desk.get(button("publish", version))
    form = answer.context["form"]
    _doubts, months, settlements = form.tables
    assert [strip_tags(cell) for cell in months.rows[0]] == ["2", "July 2023", "August 2023"]
    assert [strip_tags(cell) for cell in settlements.rows[0]] == ["1", "1", "140.00"]
    assert len(form.sentences) == 1
    for table in ('FROM "claims_settlement"', 'FROM "accounts_creditrun"'):
        assert len([query for query in asked if table in query["sql"]]) == 1
    said = words_of(colleague("second", Role.POLICY_OFFICER, version.region), version, "publish", "zh-hans")
    assert "本版本有些日子已经过去" in said


def test_days_to_come_concern_nothing(maker: User) -> None:
    version = waiting(maker, first_day=date(localdate().year + 1, 1, 1))
    desk = visitor(colleague("officer", Role.POLICY_OFFICER, version.region))
    form = desk.get(button("publish", version)).context["form"]
    assert (len(form.tables), list(form.sentences)) == (1, [])


def test_a_batch_is_printed_with_both_amounts_and_who_answers_for_it(
    version: PolicyVersion, maker: User, checker: User
) -> None:
    auditor = colleague("auditor", Role.AUDITOR, version.region)
    batch = planned(version, maker)
    assert "print_paper" in offered(visitor(auditor), batch)
    draft = words_of(auditor, batch, "paper")
    assert "Not approved yet: nothing is settled anew on this paper." in draft
    for said in ("140.00 150.00 0.00 0.00 10.00 —", "All 1", REASON, maker.display_name):
        assert said in draft
    approved = worked_on(approve_batch(submit_batch(batch, actor=maker), actor=checker, reason="per the circular"))
    assert approved.state == BatchState.SETTLED
    paper = words_of(auditor, approved, "paper")
    assert "Not approved yet" not in paper
    for said in ("140.00 150.00 0.00 0.00 10.00 —", "per the circular", checker.display_name):
        assert said in paper
    assert "重新结算" in words_of(auditor, approved, "paper", "zh-hans")


def test_what_is_recovered_and_what_is_left_out_are_told_apart(maker: User, checker: User) -> None:
    """A version that pays 65 % instead of 70 %: 400.00 paid 140.00, and pays 130.00."""
    settled(retiree(), "400.00", served_on=FIRST_DAY)
    batch = planned(published(maker, checker, rate="0.65"), maker)
    (line,) = lines_of(batch)
    sums = sums_of([line])
    assert (sums.to_pay, sums.to_recover) == (Decimal("0.00"), Decimal("10.00"))
    batch.years.update(state=YearState.FAULTY, sentence="no rate is known")
    assert lines_of(batch) == []
    paper = words_of(colleague("auditor", Role.AUDITOR, batch.region), batch, "paper")
    assert "No settlement comes out otherwise." in paper
    assert "Not settled anew" in paper
    assert "no rate is known" in paper
