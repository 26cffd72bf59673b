"""Doing many things at once: all of them or none, and every one that is refused is told."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from agency.exceptions import DomainError, SomeRefused

Thing = TypeVar("Thing")
Answer = TypeVar("Answer")


def checked_each(things: Iterable[Thing], do: Callable[[Thing], Answer]) -> list[Answer]:
    """What each thing is answered with. Raises the DomainError of those that are refused (`refuse_some`)."""
    answers: list[Answer] = []
    refusals: dict[int, DomainError] = {}
    for place, thing in enumerate(things):
        try:
            answers.append(do(thing))
        except DomainError as error:
            refusals[place] = error
    refuse_some(refusals, len(answers) + len(refusals))
    return answers


def refuse_some(refusals: Mapping[int, DomainError], asked: int) -> None:
    """Raise SomeRefused where some of so many are refused, by their places; of a single thing its own refusal."""
    if not refusals:
        return
    if asked == 1:
        raise refusals[0]
    raise SomeRefused(refusals)
