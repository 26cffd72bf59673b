"""The visits of stories as worked cases, which an office tries its drafts on (docs/worked-cases.md).

A story is played as always. Before each of its visits the member is described as they are then, with what was used so
far; what the visit comes to is what the story expects. So a case rests on the regulation as its story does, and says in
one visit what takes a story a year.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db import transaction

from agency.models import PoolingRegion
from claims.services.describing import describe
from claims.services.trials import Described, Question, Tried, try_under
from policies.engine.facts import age_on
from policies.engine.policy import Policy
from policies.models import PolicyVersion, VersionState
from policies.selectors.versions import policies_in_force
from scenarios.format import Scenario, Step
from scenarios.format.claims import ClaimStep
from scenarios.places import provider_of
from scenarios.replay import in_its_own_region, run
from scenarios.steps.claims import disease_of, line_of
from scenarios.story import Story
from simulation import case_format as f
from simulation.selectors.law import policies_by_version
from simulation.services.case_runs import differing, question_of


class LeftOut(NamedTuple):
    """A visit that is no worked case, and why."""

    name: str
    why: str


def cases_of(scenario: Scenario) -> list[f.Case]:
    """The visits of a story that a case can say. Nothing stays in the database; the region's pack has to be loaded."""
    cases: list[f.Case] = []

    def keep(story: Story, step: Step) -> None:
        if isinstance(step, ClaimStep) and _is_sayable(step):
            question = describe(_question(story, step))
            if isinstance(question.patient, Described):
                cases.append(_case(scenario, step, question, question.patient))

    with transaction.atomic():
        source = PoolingRegion.objects.get(slug=scenario.region)
        run(in_its_own_region(scenario, source), keep)
        transaction.set_rollback(True)
    return cases


def that_hold(region: PoolingRegion, cases: Iterable[f.Case]) -> tuple[list[f.Case], list[LeftOut]]:
    """The cases that come out as expected under the law in effect on their day and under the newest that is published,
    from which drafts are made; and the others.

    What rests on a figure that the story sets for itself, or on law that has ended, would be a surprise in every draft.
    """
    kept, left_out = [], []
    newest = PolicyVersion.objects.filter(region=region, state=VersionState.PUBLISHED).latest("period")
    for case in cases:
        day = case.served_on or date.max
        then = policies_in_force(region, [day])
        now = policies_by_version(newest, [day])
        sides = {"the law of its day": then.get(day), "the newest law": now.get(day)}
        wrong = {side: differing(case.expect, _tried(region, case, day, policy)) for side, policy in sides.items()}
        failing = [f"{side} ({', '.join(names)})" for side, names in wrong.items() if names]
        if failing:
            left_out.append(LeftOut(case.name, f"comes out otherwise under {' and '.join(failing)}"))
        else:
            kept.append(case)
    return kept, left_out


def _tried(region: PoolingRegion, case: f.Case, day: date, policy: Policy | None) -> Tried:
    return try_under(question_of(region, case, day), policy, today=day)


def _is_sayable(step: ClaimStep) -> bool:
    """Whether it says something of itself, and nobody else's account pays."""
    return step.pay_from in ("", "own") and bool(_expected(step))


def _expected(step: ClaimStep) -> dict[str, object]:
    said = step.expect.model_dump(exclude_none=True)
    if "refused" in said:
        return {"refused": said["refused"]}
    return {name: amount for name, amount in said.items() if name in f.Expected.model_fields}


def _question(story: Story, step: ClaimStep) -> Question:
    return Question(
        region=story.region,
        patient=story.member,
        served_on=step.served_on,
        lines=[line_of(line) for line in step.lines],
        benefit=step.benefit,
        provider=provider_of(story, step.provider_name, step.tier, designated=step.designated),
        prescribing_tier=step.prescribing_tier or "",
        out_of_area=step.out_of_area or "",
        place=step.place,
        filed_on=step.filed_on,
        disease=disease_of(story, step.disease) if step.disease else None,
        stay_hours=step.hours,
        pay_from_account=step.pay_from == "own",
    )


def _case(scenario: Scenario, step: ClaimStep, question: Question, patient: Described) -> f.Case:
    names = [name for name in f.Patient.model_fields if name not in ("birth_date", "age", "away_registered", "balance")]
    lines = [
        {("code" if name == "drug" else name): value for name, value in line if value not in (None, "", False)}
        for line in step.lines
    ]
    visit = {
        "tier": step.tier,
        "benefit": step.benefit,
        "designated": step.designated,
        "prescribing_tier": step.prescribing_tier,
        "out_of_area": step.out_of_area,
        "place": step.place,
        "filed_after": (step.filed_on - step.served_on).days if step.filed_on else None,
        "disease": step.disease,
        "hours": step.hours,
    }
    return f.Case.model_validate(
        {
            "name": f"{scenario.id} {step.id}",
            "served_on": step.served_on,
            "article": scenario.article[: f.ARTICLE_LENGTH],
            "note": scenario.rule[: f.NOTE_LENGTH],
            "patient": {
                "age": age_on(scenario.member.birth_date, step.served_on),
                "away_registered": patient.is_away_registered,
                "balance": patient.balance if question.pay_from_account else None,
                **{name: getattr(patient, name) for name in names},
            },
            "used": {name: getattr(patient.used, name) for name in f.Used.model_fields},
            "visit": visit,
            "lines": lines,
            "expect": _expected(step),
        }
    )
