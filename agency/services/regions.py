"""What an agency decides about a pooling region: its switches and its own standards of service."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import PoolingRegion, User
from agency.services.history import tracked_save

MOST_DAYS = 250  # The working days of a year.


@transaction.atomic
def switch_account_interest(region: PoolingRegion, *, pays: bool, actor: User, reason: str) -> PoolingRegion:
    """Let a region pay yearly interest on personal accounts, or no longer; what is being posted is posted to the end.

    MoveNotAllowed where the switch stands so already, DomainError without a reason.
    """
    region = PoolingRegion.objects.select_for_update(no_key=True).get(pk=region.pk)
    if region.pays_account_interest == pays:
        raise MoveNotAllowed(
            _("The region pays interest on personal accounts already.")
            if pays
            else _("The region pays no interest on personal accounts already.")
        )
    region.pays_account_interest = pays
    tracked_save(region, actor, reason)
    return region


@transaction.atomic
def set_reimbursement_days(
    region: PoolingRegion, *, days: int, days_at_most: int, actor: User, reason: str
) -> PoolingRegion:
    """Set within how many working days a region's office decides on a manual reimbursement; the member's slip says so.

    days: as a rule, at least 1. days_at_most: at the latest, not fewer, at most 250. They hold for papers that are
    complete from now on; what was promised before stays. DomainError for other numbers or without a reason,
    MoveNotAllowed where nothing changes.
    """
    if days < 1:
        raise DomainError(_("The time limit is at least one working day."), field="days")
    if not days <= days_at_most <= MOST_DAYS:
        raise DomainError(
            _(
                "The last day comes not before the usual one and within a year: "
                "between %(days)s and %(most)s working days."
            )
            % {"days": days, "most": MOST_DAYS},
            field="days_at_most",
        )
    region = PoolingRegion.objects.select_for_update(no_key=True).get(pk=region.pk)
    if (region.reimbursement_days, region.reimbursement_days_at_most) == (days, days_at_most):
        raise MoveNotAllowed(_("These are the region's time limits already. Enter others, or leave them."))
    region.reimbursement_days, region.reimbursement_days_at_most = days, days_at_most
    tracked_save(region, actor, reason)
    return region
