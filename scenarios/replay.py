"""Replaying a story through the services, in a region of its own that is rolled back."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from agency.exceptions import DomainError
from agency.models import PoolingRegion
from policies.engine.errors import EngineError
from policies.models import PolicyVersion
from policies.services.packs import copy_region
from scenarios.format import Scenario, Step
from scenarios.format.accounts import EntryExpectation, ListedExpectation
from scenarios.steps import HANDLERS
from scenarios.story import Story


@dataclass
class Result:
    """How a story went: each difference is "step 2 (claim b): pooled: expected 60.01, got 60.00"."""

    file: str
    id: str
    differences: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences


def replay(
    scenario: Scenario,
    file: str,
    also: Callable[[PoolingRegion], list[str]] = lambda region: [],
    under: PolicyVersion | None = None,
) -> Result:
    """Replay one story and compare; leaves nothing in the database.

    also: what else has to hold in its region when it is over, as differences. under: a version whose rules hold on all
    of its days, None for the published law.
    """
    source = PoolingRegion.objects.filter(slug=scenario.region).first()
    if source is None:
        return Result(file, scenario.id, [f"region {scenario.region}: its pack is not loaded"])
    with transaction.atomic():
        story = in_its_own_region(scenario, source, under)
        result = Result(file, scenario.id, run(story))
        result.differences += also(story.region)
        transaction.set_rollback(True)
    return result


def in_its_own_region(scenario: Scenario, source: PoolingRegion, under: PolicyVersion | None = None) -> Story:
    """A story that may begin, in a region with the same law where nobody else is; to be rolled back."""
    return Story(scenario, copy_region(source, f"{scenario.region}-{uuid.uuid4().hex[:12]}", under))


def run(story: Story, before: Callable[[Story, Step], None] = lambda story, step: None) -> list[str]:
    """Set the scene and take every step; one that fails to run ends the story. Returns the differences.

    before: what looks at the story before each step.
    """
    try:
        story.set_scene()
    except DomainError as error:
        return [f"before the first step: {type(error).__name__}: {error}"]
    differences: list[str] = []
    for number, step in enumerate(story.scenario.step, start=1):
        name = f"step {number} ({step.do} {getattr(step, 'id', '')}".rstrip() + ")"
        before(story, step)
        try:
            with transaction.atomic():
                result = HANDLERS[step.do](story, step)
        except (DomainError, EngineError) as error:
            return [*differences, f"{name}: {type(error).__name__}: {error}"]
        differences += [f"{name}: {each}" for each in _compare(story, getattr(step, "expect", None), result)]
    return differences


def _compare(story: Story, expect: Any, result: dict[str, Any]) -> list[str]:
    """Each named expectation that did not come out."""
    if expect is None:
        return []
    wanted = {key: value for key, value in expect if value is not None}
    if result.get("refused"):
        wanted.setdefault("refused", None)
    differences = []
    for key, value in wanted.items():
        got = story.balance() if key == "balance" else result.get(key)
        expected = sorted(map(_row, value)) if key in ("entries", "listed") else value
        if got != expected:
            differences.append(f"{key}: expected {expected}, got {got}")
    return differences


def _row(expected: EntryExpectation | ListedExpectation) -> tuple[Any, ...]:
    """As the step gives it."""
    if isinstance(expected, ListedExpectation):
        return expected.month, expected.component.value, expected.reason, expected.amount
    return expected.month, expected.component.value, expected.amount
