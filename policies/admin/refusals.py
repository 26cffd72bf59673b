"""What the engine says where the law is missing, as a sentence for the clerk."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from agency.exceptions import DomainError
from policies.engine.errors import EngineError, PolicyNotInForce


def _unpublished(error: PolicyNotInForce) -> str:
    return _("No published rules hold on that day (%(detail)s). Publish a policy version first.") % {"detail": error}


def _undecided(error: EngineError) -> str:
    return _("The rules leave a case undecided (%(detail)s). Complete the policy version first.") % {"detail": error}


# Of a page behind whose buttons rules are applied.
OF_THE_LAW: Mapping[type[Exception], Callable[[Any], str]] = {
    PolicyNotInForce: _unpublished,
    EngineError: _undecided,
    DomainError: str,
}
