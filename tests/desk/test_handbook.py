"""The handbook says what the screens say, the same in both languages."""

import re
from pathlib import Path

import polib
import pytest
from django.utils.text import capfirst

from agency.models import Role
from development.messages import CATALOG, package_folder

HANDBOOK = Path(__file__).parents[2] / "docs" / "handbook"
CHAPTERS = ["first_steps", *Role.values]
LANGUAGES = ["zh-hans", "en"]
_NAMED = {"zh-hans": re.compile("「([^」]+)」"), "en": re.compile(r"\*\*([^*]+)\*\*")}
_TASK = re.compile(r"^## .+ \{#([a-z-]+)\}$", re.MULTILINE)
_FORBIDDEN = ("手工报销", "联网结算", "统筹地区", "拒付", "批准", "发票号重复", "票据号码")


def text_of(language: str, chapter: str) -> str:
    return (HANDBOOK / language / f"{chapter}.md").read_text(encoding="utf-8")


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
        assert {path.stem for path in (HANDBOOK / language).iterdir()} == set(CHAPTERS)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_words_are_those_of_the_regulations(chapter: str) -> None:
    assert [word for word in _FORBIDDEN if word in text_of("zh-hans", chapter)] == []
