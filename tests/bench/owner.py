"""What a bench does that the application may not: it owns the tables that it measures."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

Told = ParamSpec("Told")
Answer = TypeVar("Answer")


def as_the_owner(measured: Callable[Told, Answer]) -> Callable[Told, Answer]:
    """Let a function of a bench, which sets Django up later, work as the owner of the tables."""

    @wraps(measured)
    def working(*told: Told.args, **named: Told.kwargs) -> Answer:
        from agency.ownership import as_owner

        with as_owner():
            return measured(*told, **named)

    return working
