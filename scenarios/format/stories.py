"""A story as a whole, and the files of them."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator

from policies.engine.vocabulary import Tier
from scenarios.format import accounts, claims, law, members
from scenarios.format.values import Strict

Step = Annotated[accounts.Step | claims.Step | law.Step | members.Step, Field(discriminator="do")]


class ScenarioError(Exception):
    """A malformed file: the file, the scenario's id and the key, with what is wrong."""


class Scenario(Strict):
    """One story: who, how insured, what happens."""

    id: str
    region: str
    article: str
    rule: str
    member: members.MemberSpec
    enrollment: list[members.EnrollmentSpec] = Field(min_length=1)
    contribution: list[members.ContributionSpec] = []
    relative: list[members.RelativeSpec] = []
    step: list[Step] = Field(min_length=1)

    @model_validator(mode="after")
    def _providers_stay_as_they_are(self) -> Self:
        """A provider has one tier, and is designated or not, in the whole story."""
        known: dict[str, tuple[Tier, bool]] = {}
        for number, step in enumerate(self.step):
            if not isinstance(step, claims.ClaimStep):
                continue
            name = step.provider_name
            if known.setdefault(name, (step.tier, step.designated)) != (step.tier, step.designated):
                raise ValueError(f"step.{number}.claim.provider: {name} has another tier or designation before")
        return self


def read_scenarios(path: Path) -> list[Scenario]:
    """The scenarios of a file. ScenarioError names the file, the scenario's id and the key."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ScenarioError(f"{path}: {error}") from error
    if set(raw) != {"scenario"} or not isinstance(raw["scenario"], list):
        raise ScenarioError(f"{path}: a file holds [[scenario]] tables and nothing else")
    scenarios = [_scenario(path, number, table) for number, table in enumerate(raw["scenario"], start=1)]
    seen: set[str] = set()
    for scenario in scenarios:
        if scenario.id in seen:
            raise ScenarioError(f"{path}: {scenario.id}: the id is used twice")
        seen.add(scenario.id)
    return scenarios


def _scenario(path: Path, number: int, table: dict[str, Any]) -> Scenario:
    try:
        return Scenario.model_validate(table)
    except ValidationError as error:
        name = table.get("id", f"scenario {number}")
        problems = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise ScenarioError(f"{path}: {name}: {problems}") from error
