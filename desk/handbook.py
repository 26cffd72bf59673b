"""The handbook (docs/handbook): chapters by role in the reader's language, each a list of tasks with their steps."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from agency.models import Role

FOLDER = Path(settings.BASE_DIR) / "docs" / "handbook"
FIRST_STEPS = "first_steps"
# A chapter has the name of the role that it is for.
CHAPTERS = (FIRST_STEPS, *Role.values)

_TASK = re.compile(r"(?P<title>.+) \{#(?P<anchor>[a-z-]+)\}")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter as it is read: its tasks are (anchor, title)."""

    name: str
    title: str
    tasks: tuple[tuple[str, str], ...]
    body: SafeString

    @property
    def address(self) -> str:
        return reverse("admin:help_chapter", args=[self.name])


def chapter(name: str) -> Chapter:
    """In the language of the request. KeyError: there is no such chapter."""
    if name not in CHAPTERS:
        raise KeyError(name)
    return _read(name, get_language() or settings.LANGUAGE_CODE, get_script_prefix())


def picture(name: str) -> Path:
    """The file of a picture, there or not."""
    return FOLDER / "pictures" / f"{name}.png"


@cache
def _read(name: str, language: str, prefix: str) -> Chapter:
    """Once for a language and an address of the site: the text changes with a release."""
    return chapter_of(name, (FOLDER / language / f"{name}.md").read_text(encoding="utf-8"))


def chapter_of(name: str, text: str) -> Chapter:
    """What the Markdown says. Nothing in it becomes a tag but Markdown's own."""
    markdown = MarkdownIt("commonmark", {"html": False})
    markdown.core.ruler.after("block", "tasks", _name_tasks)
    markdown.core.ruler.push("pictures", _lead_to_pictures)
    tokens = markdown.parse(text)
    tasks = tuple(
        (str(opened.attrGet("id")), inline.content) for opened, inline in pairwise(tokens) if _begins_task(opened)
    )
    # The first three are the title, which the page has as its own.
    body = markdown.renderer.render(tokens[3:], markdown.options, {})
    return Chapter(name, tokens[1].content, tasks, mark_safe(body))  # noqa: S308 - markdown-it has escaped the text.


def _name_tasks(state: StateCore) -> None:
    """`## Title {#anchor}` has the anchor as its id."""
    for opened, inline in pairwise(state.tokens):
        if _begins_task(opened) and (named := _TASK.fullmatch(inline.content)):
            opened.attrSet("id", named["anchor"])
            inline.content = named["title"]


def _begins_task(token: Token) -> bool:
    return token.type == "heading_open" and token.tag == "h2"


def _lead_to_pictures(state: StateCore) -> None:
    """A picture's file in the repository becomes its address in the desk."""
    for token in (child for block in state.tokens for child in block.children or ()):
        if token.type == "image":
            token.attrSet("src", reverse("admin:help_picture", args=[Path(str(token.attrGet("src"))).stem]))
            token.attrSet("loading", "lazy")
