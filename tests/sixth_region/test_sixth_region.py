"""A city whose rules no other region has is added by data alone: a pack, its text, its worked cases."""

import ast
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from agency.models import PoolingRegion
from members.models import Member
from policies.citations import check_pack, citations_of
from policies.engine.vocabulary import Benefit, CeilingBasis, ConversionFrom, DeductibleAccumulates, SeniorFrom
from policies.models import Disease
from policies.pack import read_pack
from policies.selectors.versions import policy_in_force
from policies.services.packs import PACK_DIRECTORY
from scenarios.format import Scenario, read_scenarios
from scenarios.replay import replay
from tests.builder.simulations import settled_otherwise

pytestmark = pytest.mark.django_db

HERE = Path(__file__).resolve().parent
PACK = HERE / "liuxi.toml"
CASES = read_scenarios(HERE / "scenarios" / "liuxi.toml")


@pytest.fixture
def liuxi() -> PoolingRegion:
    """The region, loaded as an agency loads it."""
    out = StringIO()
    call_command("load_packs", str(PACK), stdout=out)
    assert out.getvalue() == "liuxi: 2024-01 added, 0 present\n"
    return PoolingRegion.objects.get(slug="liuxi")


def test_every_phrase_stands_in_its_article_and_every_article_is_classed() -> None:
    pack = read_pack(PACK)
    assert check_pack(PACK.name, pack, (HERE / "liuxi.txt").read_text(encoding="utf-8")) == []
    out = StringIO()
    call_command("check_citations", regulations=HERE, pack=[PACK], stdout=out)
    phrases = len(citations_of(pack))
    assert out.getvalue() == f"1 packs, {phrases} phrases, 15 articles checked, 0 failures\n"


def test_a_changed_figure_in_the_text_is_found() -> None:
    text = (HERE / "liuxi.txt").read_text(encoding="utf-8").replace("在职人员6000元", "在职人员6500元")
    assert [failure.phrase for failure in check_pack(PACK.name, read_pack(PACK), text)] == ["在职人员6000元"]


def test_its_ways_are_those_that_no_other_region_has(liuxi: PoolingRegion) -> None:
    policy = policy_in_force(liuxi, date(2024, 1, 1))
    general = policy.benefits[Benefit.GENERAL_OUTPATIENT]
    own = (general.ceiling_basis, general.deductible_accumulates, policy.senior_from, policy.conversion_from)
    assert own == (
        CeilingBasis.EXPENSE,
        DeductibleAccumulates.ALL_COVERED,
        SeniorFrom.NEXT_MONTH,
        ConversionFrom.NEXT_MONTH,
    )
    for path in PACK_DIRECTORY.glob("*.toml"):
        pack = read_pack(path)
        values = {row.value for block in pack.rules for row in block.conduct}
        bases: set[str] = {row.ceiling_basis for block in pack.rules for row in block.benefit}
        bases.update(row.deductible_accumulates for block in pack.rules for row in block.benefit)
        assert "next_month" not in values
        assert bases.isdisjoint(own)


def test_it_has_the_national_catalogue_of_diseases_and_loading_again_changes_nothing(liuxi: PoolingRegion) -> None:
    diseases = Disease.objects.filter(region=liuxi).count()
    assert diseases == Disease.objects.filter(region__slug="baoshan").count() > 0
    out = StringIO()
    call_command("load_packs", str(PACK), stdout=out)
    assert out.getvalue() == "liuxi: nothing added, 1 present\n"
    assert Disease.objects.filter(region=liuxi).count() == diseases


@pytest.mark.parametrize("scenario", CASES, ids=[scenario.id for scenario in CASES])
def test_the_worked_case_comes_out_as_expected(liuxi: PoolingRegion, scenario: Scenario) -> None:
    assert replay(scenario, "liuxi.toml", settled_otherwise).differences == []
    assert not Member.objects.exists()


def test_the_document_shows_what_the_commands_print(liuxi: PoolingRegion) -> None:
    guide = (PACK_DIRECTORY.parents[1] / "docs" / "adding-a-region.md").read_text(encoding="utf-8")
    out = StringIO()
    call_command("check_citations", regulations=HERE, pack=[PACK], stdout=out)
    call_command("load_packs", str(PACK), stdout=out)
    call_command("check_scenarios", str(HERE / "scenarios"), stdout=out)
    printed = out.getvalue().splitlines()
    shown = [line.strip() for line in guide.splitlines() if line.startswith("      ")]
    assert printed[-1] == f"{len(CASES)} passed, 0 failed"
    for line in (printed[0], printed[1], printed[2], printed[-1], "liuxi: 2024-01 added, 0 present"):
        assert line in shown


def test_the_worked_cases_use_every_article_that_is_a_rule() -> None:
    rules = {row.number for row in read_pack(PACK).instrument.articles if row.classification == "rule"}
    named = "".join(scenario.article for scenario in CASES)
    assert {number for number in rules if number not in named} == set()


def test_no_code_knows_the_region() -> None:
    """Neither its name nor a module of its own stands anywhere outside this folder."""
    root = PACK_DIRECTORY.parents[1]
    house = (
        "agency",
        "policies",
        "providers",
        "members",
        "accounts",
        "claims",
        "reimbursements",
        "clearing",
        "simulation",
        "monitoring",
        "notes",
    )
    apps = (*house, "desk", "demo", "scenarios", "config")
    files = [path for app in apps for path in (root / app).rglob("*.py")]
    assert len(files) > 100
    for path in files:
        strings = [
            node.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        assert not any("liuxi" in text.lower() or "柳溪" in text for text in strings), path
