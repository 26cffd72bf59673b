"""Steps by which figures become known that the region's law rests on."""

from decimal import Decimal
from typing import Literal

from policies.engine import vocabulary as v
from scenarios.format.values import Strict, Yuan


class AveragePensionStep(Strict):
    """The city publishes an average pension."""

    do: Literal["average_pension"]
    year: int
    monthly: Yuan
    final: bool


class ConfigureStep(Strict):
    """A figure that the regulation leaves open, for this story alone."""

    do: Literal["configure"]
    benefit: v.Benefit
    tier: v.Tier | None = None
    status: v.InsuredStatus | None = None
    deductible: Yuan | None = None
    rate: Decimal | None = None
    ceiling: Yuan | None = None


Step = AveragePensionStep | ConfigureStep
