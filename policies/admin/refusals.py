"""What the engine says where the law is missing, as a sentence for the clerk."""

from typing import ClassVar

from django.utils.translation import gettext as _

from agency.exceptions import DomainError
from policies.engine.errors import EngineError, PolicyNotInForce


class AppliesLaw:
    """An admin page behind whose buttons rules are applied."""

    refusals: ClassVar[tuple[type[Exception], ...]] = (DomainError, EngineError)

    def sentence_for(self, error: Exception) -> str:
        """What the clerk reads where a service refuses."""
        if isinstance(error, PolicyNotInForce):
            return _("No published rules hold on that day (%(detail)s). Publish a policy version first.") % {
                "detail": error
            }
        if isinstance(error, EngineError):
            return _("The rules leave a case undecided (%(detail)s). Complete the policy version first.") % {
                "detail": error
            }
        return str(error)
