"""A task ends once: its colleague finishes it, or it goes on to another."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from agency.exceptions import DomainError, MoveNotAllowed, NotPermitted
from agency.services.history import OWN_WORDS
from notes.models import Note, Task, TaskState
from notes.services.notes import finish_task, hand_on_task
from tests.builder.threads import together
from tests.database import owners_cursor
from tests.notes.desk import Desk, a_desk, a_task  # noqa: F401  The fixtures "desk" and "task".

pytestmark = pytest.mark.django_db


def test_the_colleague_finishes_it_once(desk: Desk, task: Task) -> None:
    done = finish_task(task, actor=desk.supervisor)
    assert (done.state, done.ended_by) == (TaskState.DONE, desk.supervisor)
    assert done.ended_at is not None
    with pytest.raises(MoveNotAllowed):
        finish_task(task, actor=desk.supervisor)
    assert Note.objects.count() == 1


def test_an_answer_is_a_note_about_the_same_thing(desk: Desk, task: Task) -> None:
    finish_task(task, actor=desk.supervisor, answer=" 已复核，@chen_xiao 请通知参保人 ")
    answer = Note.objects.latest("pk")
    assert (answer.thing, answer.author, answer.text) == (
        desk.member,
        desk.supervisor,
        "已复核，@chen_xiao 请通知参保人",
    )
    assert answer.tasks.get().assignee == desk.clerk


def test_nobody_finishes_the_task_of_another(desk: Desk, task: Task) -> None:
    with pytest.raises(NotPermitted):
        finish_task(task, actor=desk.clerk)
    task.refresh_from_db()
    assert task.state == TaskState.OPEN


def test_handed_on_it_is_a_task_of_the_other_with_a_note(desk: Desk, task: Task) -> None:
    new = hand_on_task(task, to=desk.everywhere, text="请核对金额", actor=desk.supervisor)
    task.refresh_from_db()
    assert (task.state, task.continued_by, task.ended_by) == (TaskState.HANDED_ON, new, desk.supervisor)
    assert (new.state, new.assignee, new.note.text, new.note.author) == (
        TaskState.OPEN,
        desk.everywhere,
        "请核对金额",
        desk.supervisor,
    )
    assert new.note.thing == desk.member
    with pytest.raises(MoveNotAllowed):
        hand_on_task(task, to=desk.clerk, text="请核对金额", actor=desk.supervisor)


def test_a_supervisor_hands_on_what_an_absent_colleague_has(desk: Desk) -> None:
    task = desk.write("@郑平 请核对").tasks.get()
    with pytest.raises(NotPermitted):
        hand_on_task(task, to=desk.supervisor, text="郑平休假", actor=desk.clerk)
    assert hand_on_task(task, to=desk.clerk, text="郑平休假", actor=desk.supervisor).assignee == desk.clerk


@pytest.mark.parametrize(
    ("to", "text"),
    [
        (lambda desk: desk.supervisor, "请看"),
        (lambda desk: desk.away, "请看"),
        (lambda desk: desk.auditor, "请看"),
        (lambda desk: desk.clerk, " "),
    ],
    ids=["who has it already", "of another region", "who only reads", "without a note"],
)
def test_what_cannot_be_handed_on_stays(
    desk: Desk,
    task: Task,
    to: Callable[[Desk], object],
    text: str,
) -> None:
    with pytest.raises(DomainError):
        hand_on_task(task, to=to(desk), text=text, actor=desk.supervisor)  # type: ignore[arg-type]
    task.refresh_from_db()
    assert task.state == TaskState.OPEN
    assert (Note.objects.count(), Task.objects.count()) == (1, 1)


def test_every_reason_in_a_history_is_in_the_readers_language(desk: Desk, task: Task) -> None:
    hand_on_task(task, to=desk.clerk, text="请核对金额", actor=desk.supervisor)
    finish_task(Task.objects.get(assignee=desk.clerk), actor=desk.clerk)
    reasons = set(Task.history.values_list("history_change_reason", flat=True))
    assert reasons == {"asked for in a note", "handed on", "done"}
    assert reasons <= OWN_WORDS


def test_the_database_keeps_tasks_and_their_ends(desk: Desk, task: Task) -> None:
    statements = [
        ("DELETE FROM notes_task", "Cannot delete"),
        ("TRUNCATE notes_task CASCADE", "append-only"),
        (f"UPDATE notes_task SET assignee_id = {desk.clerk.pk}", "Cannot update"),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for sql, said in statements:
        with pytest.raises(DatabaseError, match=said), owners_cursor() as cursor:
            cursor.execute(sql)
    finish_task(task, actor=desk.supervisor)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Task.objects.update(state=TaskState.OPEN, ended_by=None, ended_at=None)


def test_the_database_wants_to_know_who_ended_it_and_where_it_went(desk: Desk, task: Task) -> None:
    with pytest.raises(IntegrityError, match="an_ended_task_says_who_and_when"), transaction.atomic():
        Task.objects.update(state=TaskState.DONE)
    with pytest.raises(IntegrityError, match="a_task_that_is_handed_on_goes_on"), transaction.atomic():
        Task.objects.update(state=TaskState.HANDED_ON, ended_by=desk.clerk, ended_at=task.note.written_at)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_finished_and_handed_on_at_the_same_moment_it_ends_once(transactional_db: None) -> None:
    there = Desk()
    task = there.write("@周宁 请复核").tasks.get()
    found = together(
        lambda: finish_task(task, actor=there.supervisor),
        lambda: hand_on_task(task, to=there.clerk, text="请核对", actor=there.supervisor),
    )
    assert [type(each) for each in found if isinstance(each, Exception)] == [MoveNotAllowed]
    task.refresh_from_db()
    assert task.state in {TaskState.DONE, TaskState.HANDED_ON}
    assert Task.objects.count() == (2 if task.state == TaskState.HANDED_ON else 1)
