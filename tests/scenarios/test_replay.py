"""The worked cases: every one passes, and a malformed one is named exactly."""

import json
from io import StringIO
from pathlib import Path
from typing import get_args

import pytest
from django.core.management import CommandError, call_command

from agency.models import PoolingRegion
from members.models import Member
from scenarios.format import Scenario, Step, read_scenarios
from scenarios.replay import replay
from scenarios.steps import HANDLERS
from tests.builder.simulations import settled_otherwise

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).resolve().parent
FILES = sorted(FOLDER.glob("*.toml"))
CASES = [(path.name, scenario) for path in FILES for scenario in read_scenarios(path)]


@pytest.mark.parametrize(("file", "scenario"), CASES, ids=[scenario.id for _, scenario in CASES])
def test_the_worked_case_comes_out_as_expected(file: str, scenario: Scenario) -> None:
    """And its settlements come out to the fen when they are simulated under the same law."""
    assert replay(scenario, file, settled_otherwise).differences == []


def test_every_step_that_can_be_written_is_done_by_a_module() -> None:
    union, _discriminator = get_args(Step)
    written = {name for shape in get_args(union) for name in get_args(shape.model_fields["do"].annotation)}
    assert written == set(HANDLERS)


def test_a_replay_leaves_nothing_behind() -> None:
    replay(CASES[0][1], CASES[0][0])
    assert not Member.objects.exists()
    assert PoolingRegion.objects.count() == 5


CASE = """
[[scenario]]
id = "one"
region = "pingliang"
article = "第七条"
rule = "A retiree is paid 70 % of what exceeds 200."
  [scenario.member]
  birth_date = 1955-05-01
  [[scenario.enrollment]]
  since = 2015-05-01
  scheme = "combined"
  employment = "employee"
  status = "retired"
  [[scenario.step]]
  do = "claim"
  id = "a"
  served_on = 2023-02-01
  tier = "primary"
  lines = [{ kind = "drug", category = "A", amount = 300.00 }]
  expect = { pooled = 70.00 }
"""


def run(text: str, tmp_path: Path, *options: str) -> tuple[str, int]:
    path = tmp_path / "case.toml"
    path.write_text(text, encoding="utf-8")
    out = StringIO()
    try:
        call_command("check_scenarios", str(path), *options, stdout=out)
    except SystemExit as stop:
        return out.getvalue(), int(str(stop.code))
    return out.getvalue(), 0


def test_the_command_prints_a_line_a_case_and_the_counts(tmp_path: Path) -> None:
    assert run(CASE, tmp_path) == ("passed one\n1 passed, 0 failed\n", 0)


def test_the_command_prints_each_difference_and_fails(tmp_path: Path) -> None:
    printed, status = run(CASE.replace("pooled = 70.00", "pooled = 70.01, deductible = 200.00"), tmp_path)
    assert printed.splitlines() == [
        "FAILED one",
        "    step 1 (claim a): pooled: expected 70.01, got 70.00",
        "0 passed, 1 failed",
    ]
    assert status == 1


def test_a_refusal_that_was_not_expected_is_a_difference(tmp_path: Path) -> None:
    printed, status = run(CASE.replace("served_on = 2023", "served_on = 2022"), tmp_path)
    assert "not_in_force" in printed
    assert status == 1


def test_the_same_as_json(tmp_path: Path) -> None:
    printed, _ = run(CASE, tmp_path, "--format", "json")
    assert json.loads(printed) == [{"file": "case.toml", "id": "one", "passed": True, "differences": []}]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("served_on = 2023-02-01", "", "one: step.0.claim.served_on"),
        ('tier = "primary"', 'tier = "grand"', "one: step.0.claim.tier"),
        ("pooled = 70.00", "pooled = 70.001", "one: step.0.claim.expect.pooled"),
        ("birth_date", "birthdate", "one: member.birth"),
        ('do = "claim"', 'do = "dance"', "one: step.0"),
        ("[[scenario.enrollment]]", "[[scenario.enrolment]]", "one: enrollment"),
    ],
)
def test_a_malformed_case_names_file_case_and_key(tmp_path: Path, old: str, new: str, named: str) -> None:
    with pytest.raises(CommandError) as stop:
        run(CASE.replace(old, new), tmp_path)
    assert "case.toml" in str(stop.value)
    assert named in str(stop.value)


def test_an_id_used_twice_and_a_path_that_is_not_there_are_errors(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="twice"):
        run(CASE + CASE, tmp_path)
    with pytest.raises(CommandError, match="no such"):
        call_command("check_scenarios", str(tmp_path / "nowhere"))


def test_a_region_without_a_pack_fails_and_says_so(tmp_path: Path) -> None:
    printed, status = run(CASE.replace('"pingliang"', '"atlantis"'), tmp_path)
    assert "its pack is not loaded" in printed
    assert status == 1


OTHER = """
  [[scenario.step]]
  do = "claim"
  id = "b"
  provider = "{provider}"
  served_on = 2023-02-02
  tier = "{tier}"
  designated = {designated}
  lines = [{{ kind = "drug", category = "A", amount = 100.00 }}]
"""


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ({"provider": "clinic"}, {"provider": "clinic", "tier": "secondary"}),
        ({"provider": "clinic"}, {"provider": "clinic", "designated": "false"}),
        ({"provider": "secondary", "tier": "secondary"}, {"provider": "secondary", "tier": "tertiary_a"}),
    ],
    ids=["another tier", "not designated any more", "the name of the default one"],
)
def test_a_provider_that_contradicts_itself_is_an_error(
    tmp_path: Path, first: dict[str, str], other: dict[str, str]
) -> None:
    plain = {"tier": "primary", "designated": "true"}
    with pytest.raises(CommandError, match=r"case\.toml.*: one: .*step\.2\.claim\.provider"):
        run(CASE + OTHER.format(**plain | first) + OTHER.format(**plain | other), tmp_path)


def test_a_provider_that_stays_what_it_is_is_none(tmp_path: Path) -> None:
    same = OTHER.format(provider="clinic", tier="primary", designated="true")
    assert run(CASE + same + same.replace('"b"', '"c"'), tmp_path)[1] == 0


def test_what_cannot_be_recorded_before_the_first_step_is_a_difference(tmp_path: Path) -> None:
    """An active flexible worker of Pingliang has no civil-servant basis."""
    text = CASE.replace('"employee"', '"flexible"').replace('"retired"', '"active"')
    printed, status = run(text.replace("birth_date", "civil_servant_basis = 1.00\n  birth_date"), tmp_path)
    assert "before the first step: NotACivilServant" in printed
    assert status == 1


def test_what_a_run_lists_and_is_not_said_is_a_difference(tmp_path: Path) -> None:
    """A retiree of Dazhou, where no average pension is known."""
    step = '  [[scenario.step]]\n  do = "credit"\n  month = "2023-03"\n  expect = { listed = [] }\n'
    text = CASE.replace("pingliang", "dazhou").replace("expect = { pooled = 70.00 }", "") + step
    printed, status = run(text, tmp_path)
    assert "listed: expected [], got" in printed
    assert "no_average_pension" in printed
    assert status == 1


def test_a_reversal_of_what_does_not_stand_is_a_difference(tmp_path: Path) -> None:
    step = '  [[scenario.step]]\n  do = "reverse"\n  claim = "{}"\n'
    printed, status = run(CASE + step.format("a") + step.format("a"), tmp_path)
    assert "step 3 (reverse): DomainError: nothing stands of the claim a" in printed
    assert status == 1
