"""Refusals that every floor shares.

A service that will not do what it was asked raises a `DomainError`; its message is a sentence for the clerk, in the
clerk's language, that says what to do instead. Admin views, imports and commands show it as it is.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise


class DomainError(Exception):
    """A rule of the house refuses the request. `message` is a lazily translated sentence."""

    def __init__(self, message: str | Promise, **details: Any) -> None:
        """Keep the sentence and the facts that explain it (never personal data).

        The fact `field` names the argument of the service that is at fault; forms and imports show the sentence there.
        """
        super().__init__(message)
        self.message = message
        self.details = details

    def __str__(self) -> str:
        """The sentence, in the language that is active now."""
        return str(self.message)


class SamePersonDecides(DomainError):
    """The person who submitted tried to decide (四眼)."""


class SubmissionVoided(DomainError):
    """What was submitted changed before the decision, so the submission no longer stands."""


class MoveNotAllowed(DomainError):
    """The state the object is in does not allow this move."""


class NotPermitted(DomainError):
    """The actor lacks the role for this in this region."""


class SomeRefused(DomainError):
    """Of many things asked for at once some are refused, each for a reason of its own; none of them is done.

    `refusals` are these reasons, by the place of each thing among those that were asked for, from 0. The sentence is
    the first one's.
    """

    def __init__(self, refusals: Mapping[int, DomainError]) -> None:
        """refusals: at least one."""
        first = refusals[min(refusals)]
        super().__init__(first.message, **first.details)
        self.refusals = refusals
