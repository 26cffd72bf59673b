"""What an agency decides about a pooling region: its switches and its own standards of service."""

import re
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed, NotPermitted
from agency.models import PoolingRegion, User
from agency.scoping import region_ids_of
from agency.services.history import tracked_save

SLUG = r"[a-z][a-z0-9_-]*"
MOST_DAYS = 250  # The working days of a year.


@transaction.atomic
def add_region(*, slug: str, name: str, name_en: str, admdvs: str, actor: User, reason: str) -> PoolingRegion:
    """Begin a region, without law, staff or members: those come next, the law as a draft from a pack.

    slug: its name in packs, files and commands; never changed. admdvs: the national six-digit division code.

    NotPermitted for whoever does not look after all regions, DomainError without a reason, for a slug that packs do not
    take, and for a slug or a code that another region has; ValidationError for a code of another form.
    """
    if region_ids_of(actor, "agency.add_poolingregion") is not None:
        raise NotPermitted(_("A region is added by an administrator of all regions. Ask one of them."))
    if not re.fullmatch(SLUG, slug):
        raise DomainError(_("Write small letters, digits, - and _, beginning with a letter."), field="slug")
    if PoolingRegion.objects.filter(slug=slug).exists():
        raise DomainError(_("There is a region of this slug already. Choose another one."), field="slug")
    if PoolingRegion.objects.filter(admdvs=admdvs).exists():
        raise DomainError(_("A region has this code already. Look at the code again."), field="admdvs")
    region = PoolingRegion(slug=slug, name=name, name_en=name_en, admdvs=admdvs)
    region.full_clean()
    tracked_save(region, actor, reason)
    return region


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


@transaction.atomic
def set_notable_rule_change(region: PoolingRegion, *, share: Decimal, actor: User, reason: str) -> PoolingRegion:
    """Ask for a reason where a figure of a draft differs by more than this share of what it was.

    DomainError for a share of nothing or more than 1, or without a reason; MoveNotAllowed where nothing changes.
    """
    if not 0 < share <= 1:
        raise DomainError(_("The share is more than 0% and at most 100%."), field="share")
    region = PoolingRegion.objects.select_for_update(no_key=True).get(pk=region.pk)
    if region.notable_rule_change == share:
        raise MoveNotAllowed(_("This is the region's share already. Enter another, or leave it."))
    region.notable_rule_change = share
    tracked_save(region, actor, reason)
    return region
