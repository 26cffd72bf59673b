"""A city with the shapes of rules that other cities' documents have: a pack, its text, its worked cases."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from agency.models import PoolingRegion
from members.models import Member
from policies.citations import check_pack
from policies.pack import read_pack
from scenarios.format import Scenario, read_scenarios
from scenarios.replay import replay
from tests.builder.simulations import settled_otherwise

pytestmark = pytest.mark.django_db

HERE = Path(__file__).resolve().parent
PACK = HERE / "tongwan.toml"
CASES = read_scenarios(HERE / "scenarios" / "tongwan.toml")


@pytest.fixture
def tongwan() -> PoolingRegion:
    """The region, loaded as an agency loads it."""
    call_command("load_packs", str(PACK), stdout=StringIO())
    return PoolingRegion.objects.get(slug="tongwan")


def test_every_phrase_stands_in_its_article_and_every_article_is_classed() -> None:
    assert check_pack(PACK.name, read_pack(PACK), (HERE / "tongwan.txt").read_text(encoding="utf-8")) == []


@pytest.mark.usefixtures("tongwan")
@pytest.mark.parametrize("scenario", CASES, ids=[scenario.id for scenario in CASES])
def test_the_worked_case_comes_out_as_expected(scenario: Scenario) -> None:
    assert replay(scenario, "tongwan.toml", settled_otherwise).differences == []
    assert not Member.objects.exists()


def test_the_worked_cases_use_every_article_that_is_a_rule() -> None:
    rules = {row.number for row in read_pack(PACK).instrument.articles if row.classification == "rule"}
    named = "".join(scenario.article for scenario in CASES)
    assert {number for number in rules if number not in named} == set()
