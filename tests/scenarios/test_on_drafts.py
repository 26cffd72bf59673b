"""The stories on a draft: their visits as the worked cases that come with the law, and each as a whole."""

import tomllib
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from agency.exceptions import DomainError
from agency.models import PoolingRegion
from policies.models import CreditRule, PolicyVersion
from policies.services.rule_changes import change_rule
from simulation.case_files import OWN
from simulation.models import WorkedCase
from simulation.services.case_runs import run_cases
from simulation.services.worked_cases import take_own_cases
from tests import builder
from tests.builder.simulations import draft_of, raised

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).resolve().parent
TODAY = date(2024, 6, 30)
# Visits that are no cases: an invoice that was paid before; figures that the story sets for itself; law that has ended.
NO_CASES = {
    "zaozhuang-art6-temporary-out-of-area-bears-ten-percent-first again",
    *(f"baoshan-art9-beyond-5000-inpatient-terms {name}" for name in "bc"),
    *(f"baoshan-art11-special-disease-and-severe-mental-disorder {name}" for name in "ab"),
    *(f"baoshan-art13-to-15-inpatient-terms {name}" for name in "abcd"),
    *(f"kaifeng-art9-annual-ceiling-halved-in-2022 {name}" for name in ("jun", "oct")),
    *(f"pingliang-art24-before-and-on-the-first-day-in-force {name}" for name in "ac"),
}


def test_the_cases_that_come_with_the_law_are_the_visits_of_the_stories(tmp_path: Path) -> None:
    """Whoever changes a story has them written anew: `write_worked_cases tests/scenarios --into simulation/data`."""
    out = StringIO()
    call_command("write_worked_cases", str(FOLDER), "--into", str(tmp_path), stdout=out)
    written = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert written == {path.name: path.read_text() for path in OWN.iterdir()}
    left_out = {line.removeprefix("left out ").partition(":")[0] for line in out.getvalue().splitlines()}
    assert {name for name in left_out if "/" not in name} == NO_CASES
    assert PoolingRegion.objects.count() == 5


@pytest.mark.parametrize("slug", sorted(path.stem for path in OWN.iterdir()))
def test_a_draft_that_changes_nothing_changes_none_of_them(slug: str) -> None:
    region, officer = builder.region(slug), builder.staff("officer")
    taken = take_own_cases(region, today=TODAY, actor=officer, reason=builder.REASON)
    assert taken.written == len(tomllib.loads((OWN / f"{slug}.toml").read_text())["case"])
    law = PolicyVersion.objects.filter(region=region, state="published").latest("period")
    runs = run_cases(draft_of(law, officer), today=TODAY)
    assert len(runs) == taken.written
    assert [run.case.name for run in runs if run.wrong or not run.holds] == []
    # A second time finds them there.
    assert take_own_cases(region, today=TODAY, actor=officer, reason=builder.REASON).unchanged == taken.written


def test_a_changed_rate_is_a_surprise_where_a_story_says_otherwise() -> None:
    """Retired, at a secondary institution, 65 % → 70 %: (1000 − 400) × 70 % = 420."""
    region, officer = builder.region("zaozhuang"), builder.staff("officer")
    take_own_cases(region, today=TODAY, actor=officer, reason=builder.REASON)
    law = PolicyVersion.objects.filter(region=region, state="published").latest("period")
    runs = {run.case.name: run for run in run_cases(raised(draft_of(law, officer), officer, "0.05"), today=TODAY)}
    changed = runs["zaozhuang-art6-one-long-term-class a"]
    assert changed.is_surprise
    assert changed.wrong == ("pooled",)
    assert changed.draft is not None
    assert changed.draft.outcome.pooled == Decimal("420.00")  # type: ignore[union-attr]
    # Somebody at work.
    assert not runs["zaozhuang-art5-topup-after-primary a"].wrong


def test_a_region_whose_law_comes_without_cases_says_so() -> None:
    region = PoolingRegion.objects.create(slug="elsewhere", name="别处", name_en="Elsewhere", admdvs="999999")
    with pytest.raises(DomainError):
        take_own_cases(region, today=TODAY, actor=builder.staff("officer"), reason=builder.REASON)
    assert not WorkedCase.objects.exists()


def test_whole_stories_are_replayed_by_the_rules_of_a_draft() -> None:
    """Credits of somebody at work, 2 % → 3 % of 6,010, in every month of the story, whatever law held in it."""
    region, officer = builder.region("zaozhuang"), builder.staff("officer")
    law = PolicyVersion.objects.filter(region=region, state="published").latest("period")
    draft = draft_of(law, officer, label="three-percent")
    for rule in CreditRule.objects.filter(version=draft, component="personal", status="active", method="share_of_base"):
        change_rule(rule, {"rate": Decimal("0.03")}, actor=officer, reason=builder.REASON)
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command(
            "check_scenarios", str(FOLDER / "zaozhuang.toml"), "--under", "zaozhuang/three-percent", stdout=out
        )
    said = out.getvalue().splitlines()
    start = next(place for place, line in enumerate(said) if line.startswith("FAILED zaozhuang-art7"))
    assert "    step 3 (credit): credited: expected 120.20, got 180.30" in said[start:]
    assert "passed zaozhuang-art5-topup-after-primary" in said
    assert PoolingRegion.objects.count() == 5


def test_a_version_that_is_not_there_is_an_error() -> None:
    with pytest.raises(CommandError, match="no such version"):
        call_command("check_scenarios", str(FOLDER), "--under", "zaozhuang/nowhere")
