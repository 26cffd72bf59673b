"""What every figure and every reason of the engine carries: where it stands."""

from typing import NamedTuple


class Citation(NamedTuple):
    """Where a rule stands: document number, article, the words that carry it, the reading's number ("" if plain)."""

    instrument: str
    article: str
    phrase: str
    reading: str
