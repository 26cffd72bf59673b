"""Replaying a story through the services, in a region of its own that is rolled back."""

import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import LedgerAccount
from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from claims.models import Settlement
from desk.scenarios import format as f
from desk.scenarios.people import create_insured, create_member
from desk.scenarios.step_format import EntryExpectation, ListedExpectation
from desk.scenarios.steps import HANDLERS
from members.models import Member
from policies.engine.errors import EngineError
from policies.services.packs import copy_region
from providers.models import Provider

ZERO = Decimal("0.00")


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


def replay(scenario: f.Scenario, file: str) -> Result:
    """Replay one story and compare; leaves nothing in the database."""
    result = Result(file, scenario.id)
    source = PoolingRegion.objects.filter(slug=scenario.region).first()
    if source is None:
        result.differences.append(f"region {scenario.region}: its pack is not loaded")
        return result
    with transaction.atomic():
        Story(scenario, copy_region(source, f"{scenario.region}-{uuid.uuid4().hex[:12]}"), result).run()
        transaction.set_rollback(True)
    return result


class Story:
    """The state of one replay: the region, its people and providers, and the claims by their id in the story."""

    def __init__(self, scenario: f.Scenario, region: PoolingRegion, result: Result) -> None:
        """Create two staff members; everything else comes with `run`."""
        self.scenario, self.region, self.result = scenario, region, result
        self.maker = User.objects.create(username=f"{region.slug}-maker")
        self.checker = User.objects.create(username=f"{region.slug}-checker")
        self.providers: dict[str, Provider] = {}
        self.settlements: dict[str, Settlement] = {}
        self.relatives: dict[str, Member] = {}

    def run(self) -> None:
        """Set the scene and take every step; one that fails to run ends the story."""
        try:
            self.set_scene()
        except DomainError as error:
            self.result.differences.append(f"before the first step: {type(error).__name__}: {error}")
            return
        for number, step in enumerate(self.scenario.step, start=1):
            name = f"step {number} ({step.do} {getattr(step, 'id', '')}".rstrip() + ")"
            try:
                with transaction.atomic():
                    found = self.take(step)
            except (DomainError, EngineError) as error:
                self.result.differences.append(f"{name}: {type(error).__name__}: {error}")
                return
            self.compare(name, getattr(step, "expect", None), found)

    def set_scene(self) -> None:
        """The people with what holds before the first step."""
        case = self.scenario
        self.member = create_insured(self.region, 1, "主角", case.member, case.enrollment, case.contribution)
        for number, spec in enumerate(case.relative, start=2):
            if spec.insured:
                self.relatives[spec.id] = create_insured(
                    self.region, number, spec.id, spec, case.enrollment, case.contribution
                )
            else:
                self.relatives[spec.id] = create_member(self.region, number, spec.id, spec)

    def person(self, name: str) -> Member:
        """The story's member ("own"), or a relative by id."""
        return self.member if name == "own" else self.relatives[name]

    def take(self, step: Any) -> dict[str, Any]:
        """Take one step and say what came of it."""
        return HANDLERS[step.do](self, step)

    def compare(self, name: str, expect: Any, found: dict[str, Any]) -> None:
        """Note each named expectation that did not come out."""
        if expect is None:
            return
        wanted = {key: value for key, value in expect if value is not None}
        if "refused" not in wanted and found.get("refused"):
            wanted.setdefault("refused", None)
        for key, value in wanted.items():
            got = self.balance() if key == "balance" else found.get(key)
            expected = sorted(map(_row, value)) if key in ("entries", "listed") else value
            if got != expected:
                self.result.differences.append(f"{name}: {key}: expected {expected}, got {got}")

    def balance(self) -> Decimal:
        """The member's balance; nothing without an account."""
        account = LedgerAccount.objects.filter(member=self.member).first()
        return account.balance if account and account.balance is not None else ZERO


def _row(expected: EntryExpectation | ListedExpectation) -> tuple[Any, ...]:
    """As the step gives it."""
    if isinstance(expected, ListedExpectation):
        return expected.month, expected.component.value, expected.reason, expected.amount
    return expected.month, expected.component.value, expected.amount
