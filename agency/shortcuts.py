"""The keys of the desk in one table: pages mark what a key presses, the script reads the marks, the help lists it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# How keys are called on the keyboard, and for screen readers; others are called as they are pressed.
_NAMES = {"ctrl": ("Ctrl", "Control"), "enter": ("Enter", "Enter"), "escape": ("Esc", "Escape")}


@dataclass(frozen=True, slots=True)
class Shortcut:
    """What any one of some keys does. "ctrl+enter" is two keys at once, which work while somebody types as well.

    Without a name the keys belong to a part of a page that reads them itself, and are only told.
    """

    name: str
    keys: Sequence[str]
    does: str | Promise

    @property
    def printed(self) -> list[list[str]]:
        """Each way to press it, key by key."""
        return [[_NAMES.get(part, (part,))[0].capitalize() for part in key.split("+")] for key in self.keys]

    @property
    def attrs(self) -> dict[str, str]:
        """What marks the element that is pressed."""
        spoken = ("+".join(_NAMES.get(part, ("", part))[1] for part in key.split("+")) for key in self.keys)
        return {"data-keys": " ".join(self.keys), "aria-keyshortcuts": " ".join(spoken)}


@dataclass(frozen=True, slots=True)
class Group:
    """Where the keys work."""

    where: str | Promise
    shortcuts: Sequence[Shortcut]


GROUPS = (
    Group(
        _("Everywhere"),
        (
            Shortcut("search", ("/", "ctrl+k"), _("search the office")),
            Shortcut("begin", ("n", "j"), _("open the first case that waits for your decision")),
            Shortcut("help", ("?",), _("show this page")),
        ),
    ),
    Group(
        _("On the page of a case that waits for your decision"),
        (
            Shortcut("approve", ("a",), _("approve the case, or publish a version")),
            Shortcut("refuse", ("r",), _("refuse the case")),
            Shortcut("return", ("b",), _("return the case")),
            Shortcut("next", ("n", "j"), _("the next case, without deciding this one")),
        ),
    ),
    Group(
        _("In a form"),
        (
            Shortcut("send", ("ctrl+enter",), _("send the form, from any field")),
            Shortcut("", ("tab",), _("the next field")),
            Shortcut("", ("ctrl+v",), _("in the lines of a bill: fill rows from a spreadsheet")),
        ),
    ),
    Group(
        _("In the search"),
        (
            Shortcut("", ("↓", "↑"), _("go through what was found")),
            Shortcut("", ("enter",), _("open it")),
            Shortcut("", ("escape",), _("close the search")),
        ),
    ),
)
_BY_NAME = {each.name: each for group in GROUPS for each in group.shortcuts if each.name}
# Publishing is how a version of law is approved.
_OF_MOVES = {"approve": "approve", "publish": "approve", "refuse": "refuse", "return": "return"}


def shortcut(name: str) -> Shortcut:
    return _BY_NAME[name]


def keys_of_move(move: str) -> dict[str, str]:
    """What marks the button of a move; nothing where no key makes it."""
    return _BY_NAME[_OF_MOVES[move]].attrs if move in _OF_MOVES else {}
