"""The buttons that every list has: its rows as a file."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from agency.admin.listed import asked_for, filters_in_words, sheet_named, sheet_of
from agency.admin.permissions import permitted_regions
from agency.admin.views import list_url, list_view, page_url
from agency.exporting.files import CONTENT_TYPES
from agency.models import ExportForm, PoolingRegion
from agency.scoping import view_permission_of
from agency.services import exports


def file_response(file: Any, name: str, form: str) -> FileResponse:
    """An exported file; name: without its ending."""
    return FileResponse(file, as_attachment=True, filename=f"{name}.{form}", content_type=CONTENT_TYPES[form])


@list_view("export/", name="export")
def export_list(page: Any, request: HttpRequest) -> HttpResponseBase:
    """The list of the address as a file; a long one is left to a worker. It is recorded, so that it has to be sent."""
    form, name, query = request.POST.get("form", ""), request.POST.get("sheet", ""), request.GET.urlencode()
    if request.method != "POST":
        return HttpResponseRedirect(list_url(page.model))
    if form not in ExportForm.values or name not in ("", *(sheet.name for sheet in page.sheets)):
        raise Http404
    try:
        listed = asked_for(page, request.user, query, name)
    except IncorrectLookupParameters:
        return HttpResponseRedirect(f"{list_url(page.model)}?e=1")
    wanted = exports.Wanted(
        listed=page.opts.label_lower,
        sheet=name,
        form=form,
        query=query,
        filters=filters_in_words(listed),
        region=_region(request, page.model),
    )
    actor: Any = request.user
    if listed.queryset.order_by()[: exports.AT_ONCE + 1].count() > exports.AT_ONCE:
        queued = exports.queue_export(wanted, actor=actor, subject=_called(page, name))
        messages.success(request, _("These are many rows. A worker writes the file; fetch it here once it is done."))
        return HttpResponseRedirect(page_url(queued))
    _export, file = exports.export_at_once(wanted, sheet_of(page, listed, name), actor=actor)
    return file_response(file, file_name(page.opts.model_name, name), form)


def file_name(model_name: str, sheet: str) -> str:
    """Without its ending: the list, the sheet of its, the day."""
    return "-".join(filter(None, (model_name, sheet, f"{localdate():%Y%m%d}")))


def _called(page: Any, name: str) -> str:
    sheet = sheet_named(page, name)
    title = str(capfirst(page.opts.verbose_name_plural))
    return f"{title} · {sheet.title}" if sheet else title


def _region(request: HttpRequest, model: Any) -> PoolingRegion | None:
    """The one region of all rows: the one that is filtered by, or the only one in which the person sees any."""
    seen = permitted_regions(request.user, view_permission_of(model))
    chosen = request.GET.get("region")
    regions = list((seen.filter(slug=chosen) if chosen else seen)[:2])
    return regions[0] if len(regions) == 1 else None
