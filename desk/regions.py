"""The region that a person has chosen to look at: kept in their session, one for home and the fund."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from agency.admin.permissions import may
from agency.models import PoolingRegion
from agency.scoping import scoped

_KEPT = "region"


def regions_of(user: Any) -> list[PoolingRegion]:
    """Where the person works."""
    return list(scoped(PoolingRegion.objects.all(), user))


def where_may(user: Any, permission: str, regions: Iterable[PoolingRegion]) -> list[PoolingRegion]:
    """Those of the regions in which the person holds the permission."""
    return [region for region in regions if may(user, permission, region)]


def chosen_among(request: HttpRequest, regions: Iterable[PoolingRegion]) -> PoolingRegion | None:
    """The region that the person has chosen; None where they look at all, or do not work there any more."""
    kept = request.session.get(_KEPT)
    return next((region for region in regions if region.pk == kept), None)


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the region that is sent, or that the person looks at all of them, and go on where they were."""
    sent = request.POST.get("region", "")
    region = next((each for each in regions_of(request.user) if str(each.pk) == sent), None)
    request.session[_KEPT] = region.pk if region else None
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(wanted if is_ours else reverse("admin:index"))
