"""Lists that people keep under a name: saved, shared in a region, given up."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from agency.exceptions import DomainError
from agency.models import PoolingRegion, SavedList, User
from agency.scoping import region_ids_of

LONGEST_NAME, LONGEST_QUERY, MOST = 40, 2_000, 30


def saved_lists_of(user: User, listed: str, permission: str) -> QuerySet[SavedList]:
    """The person's own of a list, and those shared in regions where they hold the permission to see it."""
    regions = region_ids_of(user, permission)
    shared = Q(region__isnull=False) if regions is None else Q(region__in=regions)
    return SavedList.objects.filter(Q(owner=user) | shared, listed=listed).select_related("owner", "region")


@transaction.atomic
def save_list(
    owner: User, *, listed: str, name: str, query: str, region: PoolingRegion | None = None, permission: str
) -> SavedList:
    """Keep a list under a name; an own one of that name is replaced. permission: to see the list.

    DomainError without a name, for too many, and for sharing in a region where the person does not see the list.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise DomainError(_("Give the list a name of at most %(most)s characters.") % {"most": LONGEST_NAME})
    if len(query) > LONGEST_QUERY:
        raise DomainError(_("The list has too many filters to be saved."))
    regions = region_ids_of(owner, permission)
    if region is not None and regions is not None and region.pk not in regions:
        raise DomainError(_("You can share a list only in a region whose rows you see."))
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    others = SavedList.objects.filter(owner=owner, listed=listed).exclude(name=name)
    if others.count() >= MOST:
        raise DomainError(_("You have saved %(most)s lists here. Give one up first.") % {"most": MOST})
    saved, _is_new = SavedList.objects.update_or_create(
        owner=owner, listed=listed, name=name, defaults={"query": query, "region": region}
    )
    return saved


def give_up_list(saved: SavedList, *, actor: User) -> None:
    """Nothing hangs on it, so it is deleted. DomainError for a colleague's."""
    if saved.owner_id != actor.pk:
        raise DomainError(_("This list is %(owner)s's.") % {"owner": saved.owner})
    saved.delete()
