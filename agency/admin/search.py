"""What the search of the whole office finds, as rooms declare it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.functional import Promise

from agency.admin.permissions import may

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: what it is called, what tells it apart from others of that name, and its page."""

    title: str
    detail: str
    address: str


@dataclass(frozen=True, slots=True)
class Search:
    """A kind of thing that is found by what somebody types.

    `find` answers with the rows that this person may see, the best first; it reads indexes only, since it is asked
    while somebody types, over all members of the agency. `everything` is the address of the list that shows all of
    them, for words of which there may be many.
    """

    title: Promise
    icon: str
    permission: str
    find: Callable[[Any, str], Iterable[Hit]]
    everything: Callable[[str], str] | None = None

    def found_by(self, user: Any, words: str) -> "Found | None":
        """The first SHOWN; None where there are none, or where the person may not see such things."""
        if not may(user, self.permission):
            return None
        hits = list(islice(self.find(user, words), SHOWN + 1))
        if not hits:
            return None
        more = self.everything(words) if self.everything and len(hits) > SHOWN else ""
        return Found(str(self.title), self.icon, hits[:SHOWN], more)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one kind; `more` is the address of the whole list, where there are more."""

    title: str
    icon: str
    hits: list[Hit]
    more: str
