"""Notes are written once and stay; they ask colleagues who may see what they are about, and nobody else."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from agency.exceptions import DomainError, NotPermitted
from agency.models import Role, User
from notes.models import TEXT_ROOM, Note, Task, TaskState
from notes.services.notes import write_note
from tests import builder
from tests.builder.claims import a_claim
from tests.builder.threads import together
from tests.database import owners_cursor
from tests.notes.desk import Desk, a_desk  # noqa: F401  The fixture "desk".

pytestmark = pytest.mark.django_db


def test_the_database_takes_a_note_about_exactly_one_thing(desk: Desk) -> None:
    facts: dict[str, Any] = {"region": desk.region, "author": desk.clerk, "text": "请注意"}
    for about in ({}, {"member": desk.member, "claim": a_claim(desk.member, served_on=date(2023, 3, 1))}):
        with pytest.raises(IntegrityError, match="a_note_is_about_one_thing"), transaction.atomic():
            Note.objects.create(**facts, **about)


# --- The text -------------------------------------------------------------------------------------


def test_a_text_is_trimmed_and_keeps_its_lines(desk: Desk) -> None:
    assert desk.write(" 第一行\r\n\r\n第二行\u3000\n").text == "第一行\n\n第二行"


@pytest.mark.parametrize("text", ["", " \n\t", "\u3000", "长" * (TEXT_ROOM + 1)])
def test_an_empty_or_endless_text_is_refused(desk: Desk, text: str) -> None:
    with pytest.raises(DomainError) as refused:
        desk.write(text)
    assert refused.value.details["field"] == "text"
    assert not Note.objects.exists()


def test_a_text_of_the_greatest_length_is_taken(desk: Desk) -> None:
    assert len(desk.write("长" * TEXT_ROOM).text) == TEXT_ROOM


@pytest.mark.parametrize("text", ["", " 前有空格", "后有空格 ", "\n"])
def test_the_database_takes_no_text_that_says_nothing(desk: Desk, text: str) -> None:
    with pytest.raises(IntegrityError, match="a_note_says_something"), transaction.atomic():
        Note.objects.create(region=desk.region, member=desk.member, author=desk.clerk, text=text)


# --- Written once, kept for ever ------------------------------------------------------------------


def test_a_note_is_neither_changed_nor_deleted(desk: Desk) -> None:
    note = desk.write("参保人已来电")
    statements = [
        ("UPDATE notes_note SET text = 'otherwise'", "Cannot update or delete"),
        ("DELETE FROM notes_note", "Cannot update or delete"),
        ("TRUNCATE notes_note CASCADE", "append-only"),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for sql, said in statements:
        with pytest.raises(DatabaseError, match=said), owners_cursor() as cursor:
            cursor.execute(sql)
    note.refresh_from_db()
    assert note.text == "参保人已来电"


def test_what_a_form_sends_twice_is_written_once(desk: Desk) -> None:
    key = uuid4()
    first = desk.write("@周宁 请看", key=key)
    assert desk.write("@周宁 请看", key=key) == first
    assert (Note.objects.count(), Task.objects.count()) == (1, 1)


def test_another_text_from_the_same_form_is_not_lost_in_silence(desk: Desk) -> None:
    key = uuid4()
    desk.write("第一条", key=key)
    with pytest.raises(DomainError):
        desk.write("第二条", key=key)
    with pytest.raises(DomainError):
        write_note(builder.insured(desk.region), text="第一条", author=desk.clerk, key=key)
    assert write_note(desk.member, text="第一条", author=desk.supervisor, key=key).author == desk.supervisor


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_write_one_note(transactional_db: None) -> None:
    desk, key = Desk(), uuid4()
    found = together(*(lambda: desk.write("@周宁 请看", key=key) for _each in range(2)))
    # The second finds the first one's note, or is refused by the constraint, which the page says in a sentence.
    assert {type(each) for each in found} <= {Note, IntegrityError}
    assert Note in {type(each) for each in found}
    assert (Note.objects.count(), Task.objects.count()) == (1, 1)


# --- Who writes, who can be asked -----------------------------------------------------------------


def test_nobody_writes_about_what_they_may_not_see_or_where_they_only_read(desk: Desk) -> None:
    for person in (desk.away, desk.auditor):
        with pytest.raises(NotPermitted):
            write_note(desk.member, text="请注意", author=person)
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("没有交办", []),
        ("@zhou_ning 请复核", ["zhou_ning"]),
        ("请@周宁复核", ["zhou_ning"]),
        ("请＠ZHOU_NING复核", ["zhou_ning"]),
        ("请@郑平（财务）核对", ["zheng_ping"]),
        ("请@郑平核对", ["zheng_ping"]),
        ("请@周宁、@郑平 办理，@周宁 先看", ["zhou_ning", "zheng_ping"]),
        ("提醒自己：@chen_xiao 周四回电", ["chen_xiao"]),
        ("函件已发 office@chen_xiao.cn", []),
        ("三件@ 每件五元", []),
    ],
)
def test_an_at_before_a_name_asks_that_colleague(desk: Desk, text: str, expected: list[str]) -> None:
    assert desk.asked(text) == expected


def test_the_longest_name_counts(desk: Desk) -> None:
    builder.staff("chen_xiao_2", Role.CLERK, region=desk.region, display_name="周宁远")
    assert desk.asked("@chen_xiao_2 请看") == ["chen_xiao_2"]
    assert desk.asked("@周宁远请看") == ["chen_xiao_2"]
    assert desk.asked("@周宁请看") == ["zhou_ning"]


def test_colleagues_who_are_chosen_and_called_are_asked_once(desk: Desk) -> None:
    assert desk.asked("@周宁 请看", colleagues=[desk.supervisor, desk.everywhere]) == ["zhou_ning", "zheng_ping"]


@pytest.mark.parametrize("text", ["@查无此人 请看", "@chen_xiaox 请看", "@@", "@，请看"])
def test_whoever_calls_nobody_is_told_so(desk: Desk, text: str, in_english: None) -> None:
    with pytest.raises(DomainError, match="There is no colleague called"):
        desk.write(text)
    assert not Note.objects.exists()


@pytest.mark.parametrize("name", ["away", "auditor", "closed"])
def test_nobody_is_asked_who_may_not_see_it_or_does_no_tasks_there(desk: Desk, name: str, in_english: None) -> None:
    closed = builder.staff("closed", Role.CLERK, region=desk.region, display_name="何静")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    person: User = {"closed": closed}.get(name) or getattr(desk, name)
    sentence = f"{person} cannot be asked: they may not see this, or do no tasks in this region."
    for text, chosen in ((f"@{person} 请看", []), ("请看", [person])):
        with pytest.raises(DomainError) as refused:
            desk.write(text, colleagues=chosen)
        assert str(refused.value) == sentence
    assert not Note.objects.exists()


def test_of_two_with_one_name_the_one_who_can_be_asked_or_is_chosen(desk: Desk, in_english: None) -> None:
    here = builder.staff("wang_wei", Role.CLERK, region=desk.region, display_name="王伟")
    assert desk.asked("@王伟 请看") == ["wang_wei"]
    builder.staff("wang_wei_2", Role.CLERK, region=desk.region, display_name="王伟")
    with pytest.raises(DomainError, match="Several colleagues are called 王伟"):
        desk.write("@王伟 请看")
    assert desk.asked("@王伟 请看", colleagues=[here]) == ["wang_wei"]
    assert desk.asked("@wang_wei_2 请看") == ["wang_wei_2"]


def test_a_task_begins_open_with_its_history(desk: Desk) -> None:
    task = desk.write("@周宁 请看").tasks.get()
    assert task.state == TaskState.OPEN
    record = task.history.get()
    assert (record.history_user, record.history_change_reason) == (desk.clerk, "asked for in a note")
