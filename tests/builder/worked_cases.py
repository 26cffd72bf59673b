"""Worked cases of a region."""

from datetime import date
from typing import Any

from agency.models import PoolingRegion, User
from simulation.case_format import Case
from simulation.models import WorkedCase
from simulation.services.worked_cases import write_case
from tests.builder.staff import REASON

TODAY = date(2024, 6, 30)


def a_spec(name: str = "a retiree at a primary institution", **overrides: Any) -> Case:
    """A retiree of 64 with a bill of 500.00 yuan at a primary institution in March 2024, unless said otherwise."""
    facts: dict[str, Any] = {
        "name": name,
        "served_on": date(2024, 3, 1),
        "article": "第五条",
        "patient": {"age": 64, "status": "retired"},
        "visit": {"tier": "primary"},
        "lines": [{"amount": "500.00"}],
        "expect": {"pooled": "225.00"},
    } | overrides
    if facts.get("days_after_start") is not None:
        facts["served_on"] = None
    return Case.model_validate(facts)


def a_case(
    region: PoolingRegion, actor: User, name: str = "a retiree at a primary institution", **more: Any
) -> WorkedCase:
    """The same, kept. In Zaozhuang it comes to what it expects: (500 − 200) × 75 % (Zaozhuang 5)."""
    return write_case(region, a_spec(name, **more), today=TODAY, actor=actor, reason=REASON)
