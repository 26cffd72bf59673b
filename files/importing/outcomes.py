"""What becomes of a row."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from files.importing.cells import Column
from files.models import RowOutcome


@dataclass(slots=True)
class Outcome:
    """What a row does, or why it does nothing. `before`: the recorded values that it changes, by column. `made`: the
    ids of what it made.
    """

    kind: RowOutcome = RowOutcome.NEW
    problems: list[tuple[str, str]] = field(default_factory=list)
    doubts: list[tuple[str, str]] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    made: list[int] = field(default_factory=list)

    @property
    def goes_in(self) -> bool:
        """Whether the row goes in where the file does."""
        return self.kind in (RowOutcome.NEW, RowOutcome.CHANGED, RowOutcome.DOUBTFUL) and not self.problems


@dataclass(frozen=True, slots=True)
class BuiltUpon:
    """What a room builds on the rows that files of a kind bring in.

    `standing`: from the ids of such rows to what stands on each, as sentences; rows on which nothing stands are left
    out.
    """

    kind: str
    standing: Callable[[Sequence[int]], Mapping[int, str]]


def as_kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON keeps them: days and amounts as text."""
    kept: dict[str, Any] = json.loads(json.dumps(dict(values), cls=DjangoJSONEncoder))
    return kept


def read_back(kept: Mapping[str, Any], columns: Mapping[str, Column]) -> dict[str, Any]:
    """Recorded values by column as they were before `as_kept` wrote them."""
    return {
        name: columns[name].clean({name: value}) if isinstance(value, str) else value for name, value in kept.items()
    }
