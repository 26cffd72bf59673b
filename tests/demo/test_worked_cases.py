"""The demonstration's worked cases hold by the regulations, and one is what its draft is meant to change."""

from datetime import date

import pytest

from agency.models import Role
from demo.office.cases import FILES
from policies.selectors.versions import version_in_force
from simulation.selectors.worked_cases import cases_in_use
from simulation.services.case_runs import run_cases, run_in_force
from simulation.services.worked_cases import take_cases
from tests import builder
from tests.builder.simulations import draft_of, raised
from tests.builder.worked_cases import TODAY

pytestmark = pytest.mark.django_db

SLUGS = ("zaozhuang", "kaifeng", "pingliang", "dazhou", "baoshan")


@pytest.mark.parametrize("slug", SLUGS)
def test_each_case_comes_to_what_was_calculated_by_hand(slug: str) -> None:
    region, officer = builder.region(slug), builder.staff("officer", Role.POLICY_OFFICER)
    content = (FILES / f"{slug}.toml").read_bytes()
    assert take_cases(region, content, today=TODAY, actor=officer, reason="test").written >= 2
    for case in cases_in_use(region):
        assert run_in_force(case, today=TODAY).holds, case
        assert case.article, case


def test_one_case_is_what_the_draft_changes() -> None:
    region, officer = builder.region("kaifeng"), builder.staff("officer", Role.POLICY_OFFICER)
    content = (FILES / "kaifeng.toml").read_bytes()
    take_cases(region, content, today=TODAY, actor=officer, reason="test")
    draft = raised(draft_of(version_in_force(region, date(2024, 3, 1)), officer), officer, "0.05")
    assert [run.case.name for run in run_cases(draft, today=TODAY) if run.wrong] == [
        "退休，二级机构：起付40元后支付65%"
    ]
