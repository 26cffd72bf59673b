"""Notes on the pages of the things they are about, and the list of what one is to do."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from desk.worklist import waiting_for
from notes.models import Note, Task, TaskState
from notes.services.notes import finish_task, write_note
from tests.builder.office import Office
from tests.builder.screens import button, offered, press, sentences, text_of, visitor, words_of
from tests.notes.desk import Desk, a_desk  # noqa: F401  The fixture "desk".

pytestmark = pytest.mark.django_db

TASKS, NOTES = (reverse(f"admin:notes_{model}_changelist") for model in ("task", "note"))


def listed(client: Client, address: str, **query: str) -> list[Any]:
    return list(client.get(address, query).context["cl"].result_list)


@pytest.mark.parametrize("name", ["member", "open_claim", "reimbursement", "provider_zaozhuang"])
def test_a_note_is_about_a_member_a_claim_a_reimbursement_or_a_provider(office: Office, name: str) -> None:
    thing: Any = {"member": office.members[1]}.get(name) or office.objs[name]
    note = write_note(thing, text="请注意", author=office.staff["clerk"])
    note.refresh_from_db()
    assert (note.thing, note.region, note.author) == (thing, office.here, office.staff["clerk"])


def test_nothing_else_has_notes(office: Office) -> None:
    with pytest.raises(LookupError):
        write_note(office.objs["settlement"], text="请注意", author=office.staff["root"])


@pytest.mark.parametrize("name", ["member", "open_claim", "reimbursement", "provider_zaozhuang"])
def test_each_of_the_four_pages_shows_its_notes_newest_first(office: Office, name: str) -> None:
    thing: Any = {"member": office.members[1]}.get(name) or office.objs[name]
    clerk = office.staff["clerk"]
    assert "No note yet." in words_of(clerk, thing)
    assert button("write_a_note", thing) in text_of(clerk, thing)
    for text in ("<b>先来的</b>", "后来的"):
        assert sentences(press(visitor(clerk), "write_a_note", thing, text=text, key=uuid4())) == [
            "The note is written."
        ]
    page = text_of(clerk, thing)
    assert page.index("后来的") < page.index("&lt;b&gt;先来的&lt;/b&gt;")
    assert "No note yet." not in page


def test_a_second_click_writes_nothing_more(office: Office) -> None:
    client, member = visitor(office.staff["clerk"]), office.members[1]
    form = client.get(button("write_a_note", member)).context["form"]
    sent = {"text": "@supervisor 请看", "key": form["key"].value()}
    for _click in range(2):
        response = press(client, "write_a_note", member, **sent)
        assert sentences(response)[-1] == "The note is written, and is on the list of one colleague."
    assert Note.objects.filter(member=member).count() == 1
    assert Task.objects.filter(note__member=member).count() == 1


def test_the_form_lists_those_who_can_be_asked_and_says_why_others_cannot(office: Office) -> None:
    client, member = visitor(office.staff["clerk"]), office.members[1]
    field = client.get(button("write_a_note", member)).context["form"].fields["colleagues"]
    assert {user.username for user in field.queryset} == {
        "clerk",
        "supervisor",
        "second_supervisor",
        "policy_officer",
        "second_officer",
        "finance",
        "root",
    }
    refused = press(client, "write_a_note", member, text="@clerk_away 请看", key=uuid4())
    sentence = "clerk away cannot be asked: they may not see this, or do no tasks in this region."
    assert refused.context["form"].non_field_errors() == [sentence]
    assert sentence in refused.content.decode()
    chosen = press(client, "write_a_note", member, text="请看", colleagues=office.staff["auditor"].pk, key=uuid4())
    assert "colleagues" in chosen.context["form"].errors
    assert not Note.objects.filter(member=member).exists()


def test_nobody_sees_a_note_or_a_task_of_another_region(office: Office) -> None:
    note, task = office.objs["note"], office.objs["task"]
    here, away = visitor(office.staff["clerk"]), visitor(office.staff["clerk_away"])
    assert listed(here, NOTES) == [note]
    assert listed(here, TASKS, whose="all") == [task]
    assert listed(away, NOTES) == []
    assert listed(away, TASKS, whose="all") == []
    for row in (note, task):
        assert here.get(button("change", row)).status_code == 200
        assert away.get(button("change", row)).status_code == 302
    there = write_note(office.objs["provider_dazhou"], text="达州的备注", author=office.staff["clerk_away"])
    assert listed(away, NOTES) == [there]
    assert listed(here, NOTES) == [note]


def test_an_auditor_reads_and_is_offered_nothing(office: Office) -> None:
    client, member = visitor(office.staff["auditor"]), office.members[0]
    page = text_of(office.staff["auditor"], member)
    assert "请@supervisor 核对后回复。" in page
    assert "write_a_note" not in page
    assert button("finish", office.objs["task"]) not in page
    assert press(client, "write_a_note", member, text="请看", key=uuid4()).status_code == 403


def test_the_colleague_finds_it_on_the_home_page_and_finishes_it_from_the_members(
    office: Office, in_english: None
) -> None:
    task, supervisor, member = office.objs["task"], office.staff["supervisor"], office.members[0]
    waiting = next(each for each in waiting_for(supervisor) if each.obj == task)
    assert (waiting.what, waiting.state, waiting.since) == ("task", "asked by clerk", task.note.written_at)
    assert task not in [each.obj for each in waiting_for(office.staff["second_supervisor"])]

    page = text_of(supervisor, member)
    assert button("finish", task) in page
    assert button("hand_on", task) in page
    done = press(visitor(supervisor), "finish", task, answer="已电话答复")
    assert done["Location"] == button("change", member)
    assert sentences(done) == ["The task is done."]
    page = text_of(supervisor, member)
    assert "已电话答复" in page
    assert button("finish", task) not in page
    assert task not in [each.obj for each in waiting_for(supervisor)]


def test_only_whoever_can_finish_or_hand_on_is_offered_it(office: Office) -> None:
    task = office.objs["task"]
    assert offered(visitor(office.staff["supervisor"]), task) == {"finish", "hand_on"}
    assert offered(visitor(office.staff["second_supervisor"]), task) == {"hand_on"}
    assert offered(visitor(office.staff["clerk"]), task) == set()
    refused = press(visitor(office.staff["clerk"]), "finish", task)
    assert "Only the colleague whose task this is can say that it is done." in refused.content.decode()
    task.refresh_from_db()
    assert task.state == TaskState.OPEN


def test_handing_on_offers_the_others_and_moves_it_to_the_list_of_one(office: Office) -> None:
    task, supervisor, finance = office.objs["task"], office.staff["supervisor"], office.staff["finance"]
    client = visitor(supervisor)
    field = client.get(button("hand_on", task)).context["form"].fields["to"]
    assert supervisor not in field.queryset
    assert finance in field.queryset
    done = press(client, "hand_on", task, to=finance.pk, text="请财务核对")
    assert sentences(done) == ["The task is handed on to finance."]
    assert listed(client, TASKS) == []
    new = Task.objects.get(assignee=finance)
    assert listed(visitor(finance), TASKS) == [new]
    assert "Handed on to finance" in words_of(supervisor, task)
    assert "Handed on from supervisor" in words_of(finance, new)


def test_the_list_begins_with_ones_own_open_tasks(office: Office) -> None:
    task, supervisor, clerk = office.objs["task"], office.staff["supervisor"], office.staff["clerk"]
    done = write_note(office.members[0], text="@supervisor 请看", author=clerk).tasks.get()
    finish_task(done, actor=supervisor)
    client = visitor(supervisor)
    assert listed(client, TASKS) == [task]
    assert listed(client, TASKS, state="ended") == [done]
    assert listed(client, TASKS, state="all") == [done, task]
    assert listed(visitor(clerk), TASKS) == []
    assert listed(visitor(clerk), TASKS, whose="asked", state="all") == [done, task]
    assert listed(visitor(clerk), TASKS, whose="all", q="super") == [task]
    assert listed(visitor(clerk), TASKS, whose="whatever", state="whatever") == []


def test_notes_are_found_by_author_and_by_what_they_are_about(office: Office) -> None:
    client = visitor(office.staff["auditor"])
    about_a_claim = write_note(office.objs["claim"], text="请看", author=office.staff["finance"])
    assert listed(client, NOTES, about="claim") == [about_a_claim]
    assert listed(client, NOTES, about="provider") == []
    assert listed(client, NOTES, q="finance") == [about_a_claim]


def test_a_file_of_notes_has_their_whole_text(office: Office) -> None:
    text = "这是一条很长的备注，" * 20
    write_note(office.members[1], text=text, author=office.staff["clerk"])
    client = visitor(office.staff["auditor"])
    response: Any = client.post(reverse("admin:notes_note_export"), {"form": "csv"})
    assert text in b"".join(response.streaming_content).decode("utf-8-sig")


def test_the_panel_goes_on_page_by_page(desk: Desk) -> None:
    for number in range(12):
        desk.write(f"第{number}条备注")
    client = visitor(desk.clerk)
    first = client.get(button("change", desk.member)).content.decode()
    assert "第2条备注" in first
    assert "第1条备注" not in first
    assert "?notes-p=2#panel-notes-title" in first
    second = client.get(button("change", desk.member), {"notes-p": "2"}).content.decode()
    assert "第1条备注" in second
    assert "第2条备注" not in second


def test_a_panel_takes_as_many_queries_for_many_notes_as_for_few(desk: Desk) -> None:
    # Who hands on, also what others have.
    client = visitor(desk.supervisor)

    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(button("change", desk.member)).status_code == 200
        return len(queries)

    desk.write("@周宁 请看")
    # The first page of a process reads the law, which is kept.
    counted()
    few = counted()
    for _number in range(6):
        desk.write("@周宁 @郑平 请看")
    assert counted() == few
