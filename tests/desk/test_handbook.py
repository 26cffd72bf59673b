"""The handbook says what the screens say, the same in both languages."""

import re

import polib
import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils.text import capfirst
from django.utils.translation import override

from agency.declarations import declared
from desk import handbook
from desk.handbook import CHAPTERS, FOLDER, chapter
from desk.help import PLACES, place_of
from development.handbook_pictures import PICTURES, file_of
from development.messages import CATALOG, package_folder
from tests.builder.office import Office
from tests.builder.screens import text_of as page_of
from tests.builder.screens import visitor

LANGUAGES = ["zh-hans", "en"]
_NAMED = {"zh-hans": re.compile("「([^」]+)」"), "en": re.compile(r"\*\*([^*]+)\*\*")}
_TASK = re.compile(r"^## .+ \{#([a-z-]+)\}$", re.MULTILINE)
_FORBIDDEN = ("手工报销", "联网结算", "统筹地区", "拒付", "批准", "发票号重复", "票据号码")


def text_of(language: str, chapter: str) -> str:
    return (FOLDER / language / f"{chapter}.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def on_screen() -> dict[str, set[str]]:
    """What the screens say in each language: the project's strings and Django's."""
    entries = list(polib.pofile(str(CATALOG)))
    for package in ("django.contrib.admin", "django.contrib.auth"):
        entries += polib.mofile(str(package_folder(package) / "locale/zh_Hans/LC_MESSAGES/django.mo"))
    english = {entry.msgid for entry in entries}
    return {"zh-hans": {entry.msgstr for entry in entries}, "en": english | {capfirst(name) for name in english}}


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_and_button_is_called_as_on_the_screen(
    language: str, chapter: str, on_screen: dict[str, set[str]]
) -> None:
    named = set(_NAMED[language].findall(text_of(language, chapter)))
    assert named
    assert named - on_screen[language] == set()


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_both_languages_have_the_same_tasks_and_as_many_steps(chapter: str) -> None:
    chinese, english = (text_of(language, chapter) for language in LANGUAGES)
    assert _TASK.findall(chinese) == _TASK.findall(english)
    assert 5 <= len(set(_TASK.findall(chinese))) == len(_TASK.findall(chinese))
    # Numbers of the steps, task by task.
    assert re.findall(r"^(\d)\. ", chinese, re.MULTILINE) == re.findall(r"^(\d)\. ", english, re.MULTILINE)


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_task_has_steps_and_what_can_go_wrong(language: str, chapter: str) -> None:
    for task in re.split("^## ", text_of(language, chapter), flags=re.MULTILINE)[1:]:
        assert "\n1. " in task
        assert "\n> - " in task


def test_no_file_is_a_chapter_of_nobody() -> None:
    for language in LANGUAGES:
        assert {path.stem for path in (FOLDER / language).iterdir()} == set(CHAPTERS)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_words_are_those_of_the_regulations(chapter: str) -> None:
    assert [word for word in _FORBIDDEN if word in text_of("zh-hans", chapter)] == []


def tasks_of(name: str) -> set[str]:
    return {anchor for anchor, _title in chapter(name).tasks}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_navigation_leads_to_a_task_that_is_there(language: str) -> None:
    with override(language):
        wanted = {tuple(place.split("#")) for places in PLACES.values() for place in places}
        assert {(name, anchor) for name, anchor in wanted if anchor not in tasks_of(name)} == set()
    assert [page.url_name for page in declared("navigation") if not place_of(page.url_name, set())] == []


def test_every_place_is_a_page() -> None:
    names = [str(name) for name in get_resolver("config.urls").namespace_dict["admin"][1].reverse_dict]
    assert [place for place in PLACES if not any(name == place or name.startswith(f"{place}_") for name in names)] == []


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("supervisor", "/admin/help/supervisor/#examine"),
        ("clerk", "/admin/help/clerk/#reimbursement"),
        # Reads it, and has no task of their own there.
        ("auditor", "/admin/help/clerk/#reimbursement"),
    ],
)
def test_a_page_leads_to_the_task_of_the_readers_role(office: Office, role: str, address: str) -> None:
    assert f'href="{address}"' in page_of(office.staff[role], office.objs["reimbursement"])


def test_help_begins_with_the_readers_own_chapters(office: Office) -> None:
    page = visitor(office.staff["clerk"]).get(reverse("admin:help"))
    assert [each.name for each in page.context["own"]] == ["first_steps", "clerk"]
    assert {each.name for each in page.context["others"]} == set(CHAPTERS) - {"first_steps", "clerk"}


def test_a_chapter_is_read_in_the_readers_language(office: Office) -> None:
    address = reverse("admin:help_chapter", args=["clerk"])
    chinese, english = (visitor(office.staff["clerk"], language).get(address) for language in LANGUAGES)
    assert '<h2 id="reimbursement">受理零星报销</h2>' in chinese.content.decode()
    assert '<h2 id="reimbursement">Take in a manual reimbursement</h2>' in english.content.decode()


@pytest.mark.parametrize("name", ["nobody", "clerk_2"])
def test_there_is_no_chapter_of_another_name(office: Office, name: str) -> None:
    assert visitor(office.staff["clerk"]).get(reverse("admin:help_chapter", args=[name])).status_code == 404


def test_no_tag_comes_out_of_the_text() -> None:
    read = handbook.chapter_of("clerk", "# Clerk\n\n<script>alert(1)</script> [a](javascript:alert(1))\n")
    assert "<script" not in read.body
    assert "href" not in read.body


@pytest.mark.parametrize("name", PICTURES)
def test_the_page_of_each_picture_is_there(office: Office, name: str) -> None:
    """Taken from the demonstration by `make handbook-pictures`; here the page is opened, and no browser is needed."""
    shown = PICTURES[name]
    user = office.staff[shown.role]
    assert visitor(user).get(shown.address(user)).status_code == 200


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_of_the_text_has_its_file_and_says_what_it_shows(language: str, chapter: str) -> None:
    pictures = re.findall(r"^!\[(.*)\]\((.*)\)$", text_of(language, chapter), re.MULTILINE)
    assert all(said for said, _path in pictures)
    assert [path for _said, path in pictures if not (FOLDER / language / path).resolve().is_file()] == []


def test_every_file_is_of_the_table_in_the_text_and_small() -> None:
    files = {path.name: path.stat().st_size for path in (FOLDER / "pictures").iterdir()}
    assert set(files) == {
        file_of(name, language).name for name, shown in PICTURES.items() for language in shown.languages
    }
    text = "".join(text_of(language, name) for language in LANGUAGES for name in CHAPTERS)
    assert [name for name in files if f"](../pictures/{name})" not in text] == []
    assert sum(files.values()) < 3_000_000


def test_a_picture_is_served_to_whoever_has_signed_in(office: Office) -> None:
    address = reverse("admin:help_picture", args=["member"])
    served = visitor(office.staff["nobody"]).get(address)
    assert served["Content-Type"] == "image/png"
    assert served.getvalue().startswith(b"\x89PNG")
    assert f'src="{address}"' in handbook.chapter("clerk").body
    assert Client().get(address).status_code == 302
    assert visitor(office.staff["nobody"]).get(reverse("admin:help_picture", args=["absent"])).status_code == 404
