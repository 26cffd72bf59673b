"""What an agency switches for a pooling region."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import MoveNotAllowed
from agency.models import PoolingRegion, User
from agency.services.history import tracked_save


@transaction.atomic
def switch_account_interest(region: PoolingRegion, *, pays: bool, actor: User, reason: str) -> PoolingRegion:
    """Let a region pay yearly interest on personal accounts, or no longer; what is being posted is posted to the end.

    MoveNotAllowed where the switch stands so already, DomainError without a reason.
    """
    found = PoolingRegion.objects.select_for_update(no_key=True).get(pk=region.pk)
    if found.pays_account_interest == pays:
        raise MoveNotAllowed(
            _("The region pays interest on personal accounts already.")
            if pays
            else _("The region pays no interest on personal accounts already.")
        )
    found.pays_account_interest = pays
    tracked_save(found, actor, reason)
    return found
