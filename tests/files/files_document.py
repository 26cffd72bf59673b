"""docs/files.md: every kind of file and its columns, as the resources declare them."""

import inspect
from pathlib import Path
from typing import Any

from django.utils.translation import override

from files.importing.explaining import Explained, explained
from files.services.import_kinds import can_be_taken_back, columns_of, import_kinds, resource_of

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "files.md"
HEAD = """# Files that go in

Every kind of file that *Imports* on the site and `manage.py import_file KIND FILE --region SLUG` read, as CSV, XLSX or
XLS, with its columns. A header names a column by its identifier, its Chinese or its English label, or a name that
lists commonly have for it; capitals, blanks and units in brackets do not matter, nor does the order. The site gives a
template of each kind: header, an example, a sheet of explanations.

A row that says what is recorded already changes nothing. What says something else is wrong, except in the columns that
a file may correct; those change with a reason, once somebody has seen the old and the new value side by side. Where
another kind of file corrects it, the row says which. What is possible and unlikely is doubtful, and goes in once
somebody says yes with a reason.

Any file may have a column `region` (pooling region · 统筹区) with the name, the division code or the identifier of the
region that was chosen; rows for another one are wrong. Terms are told by what they are called in either language, by
the identifier in brackets, or by their code of the national platform.

This page is written by `make files-document`.
"""


def described() -> str:
    """The whole document."""
    return "\n".join([HEAD, *(_kind(kind.name) for kind in import_kinds())])


def _kind(name: str) -> str:
    resource = resource_of(name)
    with override("zh-hans"):
        chinese = {each.name: each for each in _explained(name)}
        label = str(resource.label)
    with override("en"):
        rows = [_row(each, chinese[each.name]) for each in _explained(name)]
        about = [
            f"## `{name}`: {resource.label} ({label})",
            "",
            " ".join(inspect.cleandoc(resource.__doc__ or "").split()),
            "",
            f"Permission: `{resource.permission}`. {_corrected(resource)} {_taken_back(name)}",
            "",
            "| column | labels | in the header | accepted |",
            "|---|---|---|---|",
        ]
    return "\n".join([*about, *rows, ""])


def _explained(name: str) -> list[Explained]:
    columns = {column: each for column, each in columns_of(name).items() if column != "region"}
    return explained(columns, resource_of(name).examples)


def _row(english: Explained, chinese: Explained) -> str:
    accepted = " ".join(filter(None, (english.accepted.sentence, _terms(english, chinese))))
    labels = dict.fromkeys((str(english.label), str(chinese.label)))
    return f"| `{english.name}` | {' · '.join(labels)} | {english.need} | {accepted} |"


def _terms(english: Explained, chinese: Explained) -> str:
    pairs = zip(english.accepted.terms.items(), chinese.accepted.terms, strict=True)
    return "; ".join(f"{one} · {other} (`{name}`)" for (one, name), other in pairs)


def _corrected(resource: Any) -> str:
    names = ", ".join(f"`{name}`" for name in sorted(resource.corrected))
    return f"A file may correct {names}." if names else "A file corrects nothing."


def _taken_back(name: str) -> str:
    if not can_be_taken_back(name):
        return "It cannot be taken back as a whole."
    return "It can be taken back as a whole where nothing stands on it."


def write() -> None:
    """Write the document as it should be now."""
    DOCUMENT.write_text(described(), encoding="utf-8")
