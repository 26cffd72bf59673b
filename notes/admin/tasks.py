"""Tasks that notes give: one's own list, and on a page what was asked and what came of it."""

from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.column import Column
from agency.admin.filters import RegionFilter
from agency.admin.formats import badge, instant, link
from agency.admin.permissions import may
from agency.admin.views import page_url
from members.models import Member
from notes.admin.filters import StateFilter, WhoseFilter
from notes.admin.forms import FinishForm, HandOnForm
from notes.models import Note, Task, TaskState
from notes.selectors.notes import THING_ROWS
from notes.services.notes import FINISH, HAND_ON_OF_COLLEAGUES, finish_task, hand_on_task

SHOWN = 60
TONES: dict[str, str] = {
    TaskState.OPEN.value: "warning",
    TaskState.DONE.value: "success",
    TaskState.HANDED_ON.value: "",
}


def may_finish(task: Task, user: Any) -> bool:
    """Open, and this person's own."""
    return task.state == TaskState.OPEN and task.assignee_id == user.pk and may(user, FINISH, task)


def may_hand_on(task: Task, user: Any) -> bool:
    """Open, and this person's own or one that they may hand on for a colleague."""
    return may_finish(task, user) or (task.state == TaskState.OPEN and may(user, HAND_ON_OF_COLLEAGUES, task))


def kind_of_thing(row: Any) -> str:
    """What it is about, in a word."""
    return str(_note(row).thing._meta.verbose_name)


def thing_of(row: Any) -> Any:
    return _note(row).thing


def kind_and_thing(of_note: str = "") -> tuple[Column, Column]:
    """The columns of what a note is about; of_note: the way from the row to its note, with its "__"."""
    kinds = tuple(f"{of_note}{thing}_id" for thing in _KINDS)
    names = ("member__name", "member__member_number", "claim__claim_number", "reimbursement__claim__claim_number")
    named = tuple(f"{of_note}{name}" for name in (*names, "provider__name"))
    kind = column.text(kind_of_thing, gettext_lazy("kind")).filed_from(_kind, *kinds)
    thing = column.text(thing_of, gettext_lazy("about")).filed_from(_named, *named).leading(thing_of)
    return kind, thing


_KINDS = ("member", "claim", "reimbursement", "provider")


def _kind(*keys: int | None) -> str:
    thing = next(name for name, key in zip(_KINDS, keys, strict=True) if key is not None)
    return str(Note._meta.get_field(thing).related_model._meta.verbose_name)  # type: ignore[union-attr]


def _named(member: str | None, number: str | None, *others: str | None) -> str:
    return Member.named(member, number or "") if member else next(name for name in others if name)


def _note(row: Any) -> Note:
    return row.note if isinstance(row, Task) else row


def excerpt(source: str, heading: Any) -> Column:
    """The beginning of a note's text; a file has all of it."""
    whole = column.text(source, heading)
    return replace(whole, cell=lambda row: Truncator(whole.value(row)).chars(SHOWN), words=whole.cell)


def in_paragraphs(text: str) -> SafeString:
    return SafeString(linebreaks(text, autoescape=True))


def tasks_of(note: Note, user: Any) -> SafeString:
    """Whom the note asks, how far that is, and the ways on for this person; empty where it asks nobody."""
    lines = ((_line(task, user),) for task in note.tasks.all())
    return format_html_join("", "<div>{}</div>", lines)


def _line(task: Task, user: Any) -> SafeString:
    said = format_html("{} {}", badge(task.get_state_display(), TONES[task.state]), task.assignee)
    if task.continued_by is not None:
        said = format_html("{} → {}", said, task.continued_by.assignee)
    if task.ended_at is not None:
        said = format_html("{} · {}", said, instant(task.ended_at))
    ways = [(_("Finish"), "finish", may_finish), (_("Hand on"), "hand_on", may_hand_on)]
    offered = [(link(page_url(task, name), title),) for title, name, applies in ways if applies(task, user)]
    return format_html('{} <span class="whitespace-nowrap">{}</span>', said, format_html_join(" · ", "{}", offered))


@admin.register(Task)
class TaskAdmin(TrackedAdmin):
    buttons = ("finish", "hand_on")
    list_display = ("title", "kind", "thing", "asked_by", "asked", "assignee", "state_label")
    list_filter = (WhoseFilter, StateFilter, RegionFilter)
    list_select_related = ("assignee", "note__author", *(f"note__{row}" for row in THING_ROWS))
    search_fields = tuple(
        f"{who}__{name}"
        for who in ("assignee", "note__author")
        for name in ("display_name__startswith", "username__istartswith")
    )
    search_help_text = gettext_lazy("Beginning of the name of a colleague who asked or is asked")
    ordering = ("-id",)

    title = excerpt("note__text", gettext_lazy("what is asked"))
    kind, thing = kind_and_thing("note__")
    doer = column.text("assignee")
    whole_text = column.written(in_paragraphs, "note__text")
    asked_by = column.text("note__author", gettext_lazy("put on the list by"))
    asked = column.instant("note__written_at", gettext_lazy("put on the list at"))
    state_label = column.badge("state", TONES)
    ender = column.text("ended_by")
    ended = column.instant("ended_at")
    went_on = column.text("continued_by__assignee", gettext_lazy("handed on to")).leading("continued_by")
    came_from = column.text("continues__assignee", gettext_lazy("handed on from")).leading("continues")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what a page names beside it."""
        return super().get_queryset(request).select_related(*self.list_select_related, "ended_by")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is asked; once it has ended, by whom and how it went on."""
        fields: list[Any] = [("kind", "thing"), "whole_text", ("asked_by", "asked"), ("doer", "state_label")]
        if obj is not None and hasattr(obj, "continues"):
            fields.append("came_from")
        if obj is not None and obj.state != TaskState.OPEN:
            fields.append(("ender", "ended"))
        if obj is not None and obj.state == TaskState.HANDED_ON:
            fields.append("went_on")
        return ((None, {"fields": fields}),)

    @form_action(
        gettext_lazy("Finish"),
        permission=FINISH,
        form=FinishForm,
        icon="task_alt",
        primary=True,
        applies=may_finish,
        description=gettext_lazy("The task leaves your list. Your name and the time stay beside it."),
    )
    def finish(self, request: DeskRequest, task: Task, data: dict[str, Any]) -> Done:
        finish_task(task, actor=request.user, answer=data["answer"])
        return Done(_("The task is done."), task.note.thing)

    @form_action(
        gettext_lazy("Hand on"),
        permission=FINISH,
        form=HandOnForm,
        icon="forward_to_inbox",
        applies=may_hand_on,
        description=gettext_lazy("The task moves to the colleague's list; the note is written beside it."),
    )
    def hand_on(self, request: DeskRequest, task: Task, data: dict[str, Any]) -> Done:
        handed_on = hand_on_task(task, **data, actor=request.user)
        return Done(_("The task is handed on to %(name)s.") % {"name": handed_on.assignee}, task.note.thing)
