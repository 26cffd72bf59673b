"""Replaying a story through the services, in a region of its own that is rolled back."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import LedgerAccount, LedgerEntry
from accounts.services.credit_runs import (
    approve_run,
    check_run,
    draft_run,
    last_day_of_month,
    post_chunk,
    submit_run,
    waiting_chunks,
)
from accounts.services.spending import SpendingRefused, spend
from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from claims.models import Settlement
from claims.services.registration import NewLine, register_claim
from claims.services.reversal import approve_reversal, request_reversal
from claims.services.settlement import settle_claim
from desk.scenarios import format as f
from desk.scenarios.people import REASON, contribute, create_insured, create_member, enroll_as
from members.models import Member
from members.services.people import record_death
from members.services.registrations import record_hospital_stay, record_special_nursing, register_out_of_area
from policies.engine.errors import EngineError
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import Tier
from policies.services.packs import copy_region
from policies.services.pensions import record_average_pension
from providers.models import Provider, ProviderKind
from providers.services import register_provider

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


class UnsupportedStep(Exception):
    """No service stands behind this step."""


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
        self.handlers: dict[str, Callable[[Any], dict[str, Any]]] = {
            "claim": self.claim,
            "reverse": self.reverse,
            "credit": self.credit,
            "enroll": self.enroll,
            "contribute": self.contribute,
            "average_pension": self.average_pension,
            "register_out_of_area": self.register_out_of_area,
            "hospital_stay": self.stay,
            "special_nursing": self.stay,
            "die": self.die,
            "spend": self.spend,
        }

    def run(self) -> None:
        """Set the scene and take every step; a step that fails to run ends the story."""
        case = self.scenario
        self.member = create_insured(self.region, 1, "主角", case.member, case.enrollment, case.contribution)
        for number, spec in enumerate(case.relative, start=2):
            if spec.insured:
                self.relatives[spec.id] = create_insured(
                    self.region, number, spec.id, spec, case.enrollment, case.contribution
                )
            else:
                self.relatives[spec.id] = create_member(self.region, number, spec.id, spec)
        for number, step in enumerate(case.step, start=1):
            name = f"step {number} ({step.do} {getattr(step, 'id', '')}".rstrip() + ")"
            try:
                with transaction.atomic():
                    found = self.take(step)
            except (DomainError, EngineError, UnsupportedStep) as error:
                self.result.differences.append(f"{name}: {type(error).__name__}: {error}")
                return
            self.compare(name, getattr(step, "expect", None), found)

    def take(self, step: Any) -> dict[str, Any]:
        """Take one step and say what came of it."""
        handler = self.handlers.get(step.do)
        if handler is None:
            raise UnsupportedStep("no service stands behind this step yet")
        return handler(step)

    def compare(self, name: str, expect: Any, found: dict[str, Any]) -> None:
        """Note each named expectation that did not come out."""
        if expect is None:
            return
        wanted = {key: value for key, value in expect if value is not None}
        if "refused" not in wanted and found.get("refused"):
            wanted.setdefault("refused", None)
        for key, value in wanted.items():
            got = self.balance() if key == "balance" else found.get(key)
            expected = _sorted_entries(value) if key == "entries" else value
            if got != expected:
                self.result.differences.append(f"{name}: {key}: expected {expected}, got {got}")

    def balance(self) -> Decimal:
        """The member's balance; nothing without an account."""
        account = LedgerAccount.objects.filter(member=self.member).first()
        return account.balance if account and account.balance is not None else ZERO

    def provider(self, step: f.ClaimStep) -> Provider:
        """The provider of that name, or the default one of the tier."""
        name = step.provider or f"{step.tier}{'' if step.designated else ' not designated'}"
        if name not in self.providers:
            kind = ProviderKind.RETAIL_PHARMACY if step.tier == Tier.PHARMACY else ProviderKind.MEDICAL_INSTITUTION
            self.providers[name] = register_provider(
                self.region,
                code=f"P{len(self.providers) + 1}",
                name=name,
                kind=kind,
                tier=step.tier,
                first_day=date(2000, 1, 1),
                is_designated=step.designated,
                reason=REASON,
            )
        return self.providers[name]

    def claim(self, step: f.ClaimStep) -> dict[str, Any]:
        """Register and settle a claim."""
        if step.pay_from not in ("", "own"):
            raise UnsupportedStep("a relative's account cannot pay yet")
        today = step.filed_on or step.served_on
        claim = register_claim(
            self.member,
            self.provider(step),
            claim_number=f"C-{step.id}",
            served_on=step.served_on,
            today=today,
            lines=[_line(line) for line in step.lines],
            benefit=step.benefit,
            prescribing_tier=step.prescribing_tier,
            out_of_area=step.out_of_area,
            filed_on=step.filed_on,
            invoice_number=step.invoice,
            pay_from_account=step.pay_from == "own",
            reason=REASON,
        )
        outcome = settle_claim(claim, today=today, actor=self.maker)
        if isinstance(outcome, Refusal):
            return {"refused": outcome.reason}
        self.settlements[step.id] = outcome
        return {name: getattr(outcome, name) for name in f.ClaimExpectation.model_fields if hasattr(outcome, name)}

    def reverse(self, step: f.ReverseStep) -> dict[str, Any]:
        """Take a settlement back, asked for and approved."""
        settlement = self.settlements[step.claim]
        reversal = request_reversal(settlement, actor=self.maker, reason=REASON)
        approve_reversal(reversal, actor=self.checker, today=settlement.settled_on)
        return {}

    def credit(self, step: f.CreditStep) -> dict[str, Any]:
        """Run the region's month, submitted and approved by two people."""
        run = draft_run(self.region, month=step.month, as_of=last_day_of_month(step.month), actor=self.maker)
        check_run(run, actor=self.maker)
        submit_run(run, actor=self.maker)
        approve_run(run, actor=self.checker)
        for chunk in waiting_chunks(run):
            post_chunk(chunk)
        entries = LedgerEntry.objects.filter(credit__member=self.member, key__startswith=f"credit:{run.pk}:")
        return {
            "credited": sum((entry.amount for entry in entries), ZERO),
            "entries": sorted((entry.month, entry.component, entry.amount) for entry in entries),
        }

    def enroll(self, step: f.EnrollStep) -> dict[str, Any]:
        """Change the enrollment."""
        enroll_as(self.member, step)
        return {}

    def contribute(self, step: f.ContributeStep) -> dict[str, Any]:
        """Record contributions."""
        contribute(self.member, step)
        return {}

    def average_pension(self, step: f.AveragePensionStep) -> dict[str, Any]:
        """Record an average pension."""
        record_average_pension(
            self.region,
            year=step.year,
            monthly=step.monthly,
            is_final=step.final,
            actor=self.maker,
            reason=REASON,
        )
        return {}

    def register_out_of_area(self, step: f.RegisterOutOfAreaStep) -> dict[str, Any]:
        """Register for care elsewhere."""
        register_out_of_area(
            self.member, kind=step.kind, since=step.since, until=step.until, actor=self.maker, reason=REASON
        )
        return {}

    def stay(self, step: f.StayStep) -> dict[str, Any]:
        """Record a stay in hospital or special nursing."""
        record = record_hospital_stay if step.do == "hospital_stay" else record_special_nursing
        record(self.member, since=step.since, until=step.until, actor=self.maker, reason=REASON)
        return {}

    def die(self, step: f.DieStep) -> dict[str, Any]:
        """Record the member's death."""
        record_death(self.member, died_on=step.on, known_on=step.on, actor=self.maker, reason=REASON)
        return {}

    def spend(self, step: f.SpendStep) -> dict[str, Any]:
        """Pay from the account."""
        if step.beneficiary != "own":
            raise UnsupportedStep("a relative cannot be paid for yet")
        key = f"{step.on}:{step.purpose}:{LedgerEntry.objects.filter(region=self.region).count()}"
        try:
            paid = spend(self.member, amount=step.amount, purpose=step.purpose, on=step.on, key=key, actor=self.maker)
        except SpendingRefused as refused:
            return {"refused": refused.reason}
        return {"account": paid.entry.amount}


def _sorted_entries(entries: list[f.EntryExpectation]) -> list[tuple[date, str, Decimal]]:
    return sorted((entry.month, entry.component.value, entry.amount) for entry in entries)


def _line(spec: f.LineSpec) -> NewLine:
    return NewLine(
        kind=spec.kind,
        category=spec.category,
        amount=spec.amount,
        over_limit=spec.over_limit,
        upfront_rate=spec.upfront_rate,
        code=spec.drug,
        is_negotiated=spec.negotiated,
        is_prenatal=spec.prenatal,
    )
