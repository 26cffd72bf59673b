"""Steps by which figures become known that the region's law rests on."""

from datetime import date
from typing import Any

from policies.engine.vocabulary import ALL
from policies.models import FigureKind
from policies.services.figures import approve_local_figure, propose_local_figure
from policies.services.pensions import approve_average_pension, submit_average_pension
from scenarios.format import law as f
from scenarios.people import REASON
from scenarios.story import Story


def average_pension(story: Story, step: f.AveragePensionStep) -> dict[str, Any]:
    """Submitted and approved by two people, in the year itself; whatever it is, they have looked twice."""
    pension = submit_average_pension(
        story.region,
        year=step.year,
        monthly=step.monthly,
        is_final=step.final,
        today=date(step.year, 12, 31),
        actor=story.maker,
        reason=REASON,
        confirmed_reason=REASON,
    )
    approve_average_pension(pension, actor=story.checker, reason=REASON)
    return {}


def configure(story: Story, step: f.ConfigureStep) -> dict[str, Any]:
    """Set what the regulation leaves open, proposed and approved by two people."""
    for kind in FigureKind:
        value = getattr(step, kind)
        if value is None:
            continue
        figure = propose_local_figure(
            story.region,
            kind=kind,
            benefit=step.benefit,
            tier=step.tier or ALL,
            status=step.status or ALL,
            value=value,
            first_day=date(2000, 1, 1),
            document_number=REASON,
            article="第一条",
            phrase=REASON,
            actor=story.maker,
            reason=REASON,
        )
        approve_local_figure(figure, actor=story.checker)
    return {}


STEPS = {"average_pension": average_pension, "configure": configure}
