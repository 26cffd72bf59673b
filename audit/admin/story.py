"""The whole story of a row, with what it was before and after each change: on the screen, on paper, as a file."""

import tempfile
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import link_action
from agency.admin.formats import instant
from agency.admin.list_exports import file_response
from agency.admin.panels import Table
from agency.admin.permissions import may
from agency.admin.views import list_view
from agency.exporting.files import CSV, WRITERS, says_nothing
from agency.exporting.sheet import Heading, Sheet
from agency.scoping import scoped
from agency.services.history import OWN_WORDS
from audit.models import Access
from audit.selectors.stories import Step, has_story, story_of
from members.models import Member

VIEW = "audit.view_access"
_HEADINGS = (
    gettext_lazy("when"),
    gettext_lazy("who"),
    gettext_lazy("what"),
    gettext_lazy("what happened"),
    gettext_lazy("why"),
    gettext_lazy("from the address"),
)


@link_action(gettext_lazy("Who saw this"), permission=VIEW, icon="visibility")
def who_saw(page: Any, request: HttpRequest, member: Member) -> str:
    return f"{reverse('admin:audit_access_changelist')}?{urlencode({'q': member.member_number})}"


@list_view("story/", name="story")
def story(page: Any, request: HttpRequest) -> HttpResponseBase:
    """The steps of the row that the address names. Http404 for what has no story or is not the person's to see."""
    row = _row(request)
    columns = [column.text("", heading) for heading in _HEADINGS]
    query = urlencode({"subject": row._meta.label_lower, "pk": row.pk})
    context = {
        **admin.site.each_context(request),
        "title": _("Story of %(row)s") % {"row": row},
        "row": row,
        "kind": capfirst(row._meta.verbose_name),
        "table": Table(columns, list(_written(request, row))),
        "file_url": f"{reverse('admin:audit_access_story_file')}?{query}",
        "opts": page.opts,
    }
    return TemplateResponse(request, "audit/story.html", context)


@list_view("story/file/", name="story_file")
def story_file(page: Any, request: HttpRequest) -> HttpResponseBase:
    """The same as CSV; that it was taken is on record."""
    row = _row(request)
    rows = list(_written(request, row))
    content = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response that carries it
    WRITERS[CSV](Sheet(str(row), [Heading(str(each)) for each in _HEADINGS], rows), content, says_nothing)
    content.seek(0)
    return file_response(content, f"story-{row._meta.model_name}-{row.pk}", CSV)


def _row(request: HttpRequest) -> Any:
    if not may(request.user, VIEW):
        raise PermissionDenied
    model = has_story(request.GET.get("subject", ""))
    key = request.GET.get("pk", "")
    row = scoped(model._default_manager.all(), request.user).filter(pk=key).first() if model and key.isdigit() else None
    if row is None or not may(request.user, VIEW, row):
        raise Http404
    # The log names it as the row that this page shows.
    request.__dict__["_desk_objects"] = {key: row}
    return row


def _written(request: HttpRequest, row: Any) -> Iterator[Sequence[str]]:
    for step in story_of(row, request.user):
        if step.access is not None:
            yield _of_an_act(step.access)
        else:
            yield _of_a_change(request, step)


def _of_an_act(access: Access) -> Sequence[str]:
    act = access.get_act_display()
    return (instant(access.at), str(access.actor or ""), "", str(act), access.purpose, access.address or "")


def _of_a_change(request: HttpRequest, step: Step) -> Sequence[str]:
    record = step.record
    reason = record.history_change_reason or ""
    what = f"{capfirst(step.model._meta.verbose_name)} {step.key}"
    happened = {"+": _("registered"), "-": _("deleted")}.get(record.history_type, "") or _differences(request, step)
    why = _(reason) if reason in OWN_WORDS else reason
    return (instant(step.at), str(record.history_user or ""), what, happened, why, "")


def _differences(request: HttpRequest, step: Step) -> str:
    if step.before is None:
        return _("changed")
    page: Any = admin.site._registry.get(step.model)  # A model without a page shows no values of its own.
    if page is None or not hasattr(page, "get_historical_record_context_helper"):
        return _("changed")
    helper = page.get_historical_record_context_helper(request, step.record)
    changes = helper.context_for_delta_changes(step.record.diff_against(step.before, foreign_keys_are_objs=True))
    return "; ".join(f"{each['field']}: {each['old'] or '—'} → {each['new'] or '—'}" for each in changes)
