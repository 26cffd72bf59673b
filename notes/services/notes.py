"""Writing notes, and finishing and handing on the tasks they give."""

from collections.abc import Collection
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed, NotPermitted
from agency.models import User
from agency.scoping import region_id_of, view_permission_of
from agency.services.history import tracked_save
from notes.models import TEXT_ROOM, Note, Task, TaskState
from notes.selectors.colleagues import called_by, cannot_be_asked, colleagues_for
from notes.selectors.notes import column_of

WRITE, FINISH, HAND_ON_OF_COLLEAGUES = "notes.add_note", "notes.finish_task", "notes.hand_on_task_of_colleagues"


@transaction.atomic
def write_note(
    thing: Model, *, text: str, author: User, colleagues: Collection[User] = (), key: UUID | None = None
) -> Note:
    """Write a note about a member, a claim, a reimbursement or a provider.

    Each of the colleagues, and each whom the text calls by an @ before the name, gets a task. key: names the form that
    was sent; the same one writes once and answers with the first note. NotPermitted where the author may not see the
    thing or writes no notes in its region. DomainError for a text that is empty or too long, that calls nobody known,
    for somebody who cannot be asked about this thing, and for another text under a key that is used.
    """
    _check_author(author, thing)
    text = _trimmed(text)
    # Of two at the same moment the constraint refuses the second.
    earlier = Note.objects.filter(author=author, key=key).first() if key else None
    if earlier is not None:
        if earlier.text != text or earlier.thing != thing:
            raise DomainError(_("A note was sent from this form before. Open the form again to write another."))
        return earlier
    asked = {user.pk: user for user in (*colleagues, *called_by(text, thing, colleagues))}
    note = _write(thing, text, author, key)
    _ask(note, list(asked.values()))
    return note


@transaction.atomic
def finish_task(task: Task, *, actor: User, answer: str = "") -> Task:
    """Say that what a note asked for is done; an answer becomes a note of its own.

    NotPermitted for anybody but the colleague whose task it is. MoveNotAllowed where it has ended already. DomainError
    for an answer that is too long, or as in `write_note` where it calls colleagues.
    """
    task = _locked(task)
    if task.assignee_id != actor.pk:
        raise NotPermitted(_("Only the colleague whose task this is can say that it is done."))
    if answer.strip():
        write_note(task.note.thing, text=answer, author=actor)
    return _end(task, TaskState.DONE, actor, "done")


@transaction.atomic
def hand_on_task(task: Task, *, to: User, text: str, actor: User) -> Task:
    """Give an open task to another colleague, with a note that says what is still to be done. Returns the new task.

    NotPermitted for anybody but the colleague whose task it is, or who hands on those of colleagues in the region.
    MoveNotAllowed where it has ended already. DomainError without a text, for the colleague who has it already, and
    for one who cannot be asked.
    """
    task = _locked(task)
    if task.assignee_id != actor.pk and not actor.has_perm(HAND_ON_OF_COLLEAGUES, task):
        raise NotPermitted(_("Only the colleague whose task this is, or a supervisor, can hand it on."))
    if to.pk == task.assignee_id:
        raise DomainError(_("This colleague has the task already. Choose another one."), field="to")
    note = write_note(task.note.thing, text=text, author=actor, colleagues=[to])
    task.continued_by = note.tasks.get(assignee=to)
    _end(task, TaskState.HANDED_ON, actor, "handed on")
    return task.continued_by


def _check_author(author: User, thing: Model) -> None:
    if not (author.has_perm(WRITE, thing) and author.has_perm(view_permission_of(type(thing)), thing)):
        raise NotPermitted(_("You write no notes in this region."))


def _trimmed(text: str) -> str:
    trimmed = text.replace("\r\n", "\n").strip()
    if not trimmed or len(trimmed) > TEXT_ROOM:
        raise DomainError(
            _("Write what colleagues should know, in at most %(count)s characters.") % {"count": TEXT_ROOM},
            field="text",
        )
    return trimmed


def _write(thing: Model, text: str, author: User, key: UUID | None) -> Note:
    where: dict[str, Any] = {"region_id": region_id_of(thing), column_of(thing): thing}
    return Note.objects.create(**where, text=text, author=author, key=key or uuid4())


def _ask(note: Note, colleagues: Collection[User]) -> None:
    able = {user.pk for user in colleagues_for(note.thing)} if colleagues else set()
    for user in colleagues:
        if user.pk not in able:
            raise cannot_be_asked(user)
        tracked_save(Task(note=note, assignee=user), note.author, "asked for in a note")


def _locked(task: Task) -> Task:
    task = Task.objects.select_for_update(of=("self",), no_key=True).select_related("note").get(pk=task.pk)
    if task.state != TaskState.OPEN:
        raise MoveNotAllowed(_("This task has ended already. Look at the page again."))
    return task


def _end(task: Task, state: TaskState, actor: User, reason: str) -> Task:
    task.state, task.ended_by, task.ended_at = state, actor, timezone.now()
    tracked_save(task, actor, reason)
    return task
