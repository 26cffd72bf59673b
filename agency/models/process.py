"""A process as one table: what may be done with something that four eyes decide, in which state, and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

SUBMITTED = "submitted"  # In every process: what waits for another person.


class Whose(Enum):
    """Whose move it is: that of whoever works on the thing; another person's, who has written no part of it; or a
    third one's, who has neither submitted nor decided it.
    """

    MAKER = auto()
    ANOTHER = auto()
    THIRD = auto()


@dataclass(frozen=True, slots=True)
class Move:
    """What begins in some states and leads to another.

    `to` is empty where the thing stays in its state, or the service says where it leads. `verb` names the permission:
    "approve" that to approve the model's things; with a dot it is one of another model.
    """

    begins: tuple[str, ...]
    to: str
    whose: Whose
    verb: str
    needs_reason: bool = False


@dataclass(frozen=True, slots=True)
class Process:
    """How each state is coloured (info, success, warning, danger or plain), and the moves by name."""

    tones: Mapping[str, str]
    moves: Mapping[str, Move]


def made(*begins: str, to: str = "", verb: str = "change", needs_reason: bool = False) -> Move:
    """A move of whoever works on the thing."""
    return Move(begins, to, Whose.MAKER, verb, needs_reason)


def decided(to: str, *, verb: str = "approve", needs_reason: bool = False) -> Move:
    """Another person's decision on what was submitted. What sends it back or refuses it needs a reason."""
    return Move((SUBMITTED,), to, Whose.ANOTHER, verb, needs_reason)


# What is submitted when it is entered, and approved or refused; what holds for a period may end.
REQUEST = Process(
    tones={SUBMITTED: "warning", "approved": "success", "refused": ""},
    moves={"approve": decided("approved"), "refuse": decided("refused", needs_reason=True)},
)
LASTING_REQUEST = Process(REQUEST.tones, {**REQUEST.moves, "end": made("approved", needs_reason=True)})
