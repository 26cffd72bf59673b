"""A sheet with words, lines and stamps on it, in points from the upper left corner; what draws it comes later."""

from dataclasses import dataclass, field

WIDTH, HEIGHT = 420, 595  # A5
_INVENTED = "示例票据，人物与机构均为虚构，不作任何凭证使用"


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; x, y: where its lower left corner stands."""

    x: float
    y: float
    size: float
    text: str
    is_red: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line from one point to another."""

    x: float
    y: float
    to_x: float
    to_y: float


@dataclass(frozen=True, slots=True)
class Stamp:
    """A round red stamp with a text across it."""

    x: float
    y: float
    radius: float
    text: str


@dataclass(slots=True)
class Sheet:
    """What is on the paper; `print_line` goes on below the last line."""

    words: list[Words] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    stamps: list[Stamp] = field(default_factory=list)
    y: float = 48

    def head(self, text: str) -> None:
        """A title in the middle, with a line below it."""
        size = 15
        self.words.append(Words((WIDTH - size * len(text)) / 2, self.y, size, text))
        self.y += 12
        self.rule()

    def print_line(self, *columns: str, size: float = 9.5) -> None:
        """A line of text in columns of the same width."""
        self.y += 20
        step = (WIDTH - 2 * _MARGIN) / len(columns)
        self.words += [Words(_MARGIN + step * n, self.y, size, text) for n, text in enumerate(columns) if text]

    def rule(self) -> None:
        """A line across the paper."""
        self.y += 8
        self.rules.append(Rule(_MARGIN, self.y, WIDTH - _MARGIN, self.y))

    def foot(self, text: str) -> None:
        """The stamp of whoever issued it, and a note that all of it is invented."""
        self.stamps.append(Stamp(WIDTH - 110, min(self.y + 80, HEIGHT - 90), 42, text[:9]))
        self.words.append(Words(_MARGIN, HEIGHT - 28, 7.5, _INVENTED, is_red=True))


@dataclass(frozen=True, slots=True)
class Paper:
    """A file: its name and its content."""

    name: str
    content: bytes


_MARGIN = 34
