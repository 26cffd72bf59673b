"""Worked cases as files (docs/worked-cases.md): read, with each place that is wrong, and written again."""

import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import tomli_w
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from simulation.case_format import Case, CaseFile


class CaseFileError(Exception):
    """A file that cannot be used, with each place that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        """problems: in the reader's language."""
        super().__init__("; ".join(problems))
        self.problems = problems


# A file for each region whose law comes with cases, by its slug; `manage.py write_worked_cases` makes them of stories.
OWN = Path(__file__).with_name("data")


def own_cases(slug: str) -> bytes | None:
    """The file of cases that comes with a region's law, None where none does."""
    path = OWN / f"{slug}.toml"
    return path.read_bytes() if path.exists() else None


# --- Reading ------------------------------------------------------------------------------------------


def parse_cases(content: bytes) -> CaseFile:
    """The cases that a file holds. CaseFileError names each place that is wrong."""
    try:
        raw = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise CaseFileError([_("The file is not UTF-8 text. Save it as UTF-8.")]) from error
    except tomllib.TOMLDecodeError as error:
        raise CaseFileError([_("The file is not TOML: %(problem)s") % {"problem": error}]) from error
    try:
        cases = CaseFile.model_validate(raw)
    except ValidationError as error:
        raise CaseFileError([_problem(item, raw) for item in error.errors()]) from error
    names = [case.name for case in cases.case]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CaseFileError(
            [_("Case “%(name)s” stands in the file twice. Give one of them another name.") % {"name": n} for n in twice]
        )
    return cases


_MISSING = gettext_lazy("is missing. Add it.")
_SAID: Mapping[str, Promise] = {
    "missing": _MISSING,
    "extra_forbidden": gettext_lazy("is no key that a case has. Correct its spelling, or remove it."),
    "yuan": gettext_lazy("is no amount. Write yuan with two decimals, not negative, such as 210.00."),
    "share": gettext_lazy("is no share. Write a fraction between 0.0 and 1.0, such as 0.10."),
    "age": gettext_lazy("needs a date of birth or an age, one of the two."),
    "expected": gettext_lazy("names amounts, or a refusal and nothing else."),
    "day": gettext_lazy("needs served_on or days_after_start, one of the two."),
    "bool_type": gettext_lazy("is true or false."),
    "int_type": gettext_lazy("is a whole number."),
    "string_type": gettext_lazy("is a text in quotes."),
    "date_type": gettext_lazy("is no day. Write it without quotes, such as 2024-03-01."),
    "too_short": gettext_lazy("is empty. Add at least one."),
    "string_too_short": gettext_lazy("is empty."),
}


def _problem(item: Any, raw: Any) -> str:
    """Where in the file, and what to write there."""
    where = _place(item["loc"], raw)
    kind, facts = item["type"], item.get("ctx") or {}
    if kind == "value_error":
        kind = str(facts.get("error"))
    if kind in ("enum", "literal_error"):
        words = facts["expected"].replace(" or ", ", ").replace("'", "")
        return _("%(where)s: write one of %(words)s.") % {"where": where, "words": words}
    if kind in ("less_than_equal", "greater_than_equal", "string_too_long", "too_long"):
        limit = next(iter(facts[name] for name in ("le", "ge", "max_length") if name in facts))
        return _("%(where)s: beyond the limit of %(limit)s.") % {"where": where, "limit": limit}
    said = _SAID.get(kind)
    return _("%(where)s: %(what)s") % {"where": where, "what": said if said is not None else item["msg"]}


def _place(location: tuple[str | int, ...], raw: Any) -> str:
    """The number and the name of the case, and the key in it."""
    if location[:1] != ("case",) or len(location) < 2:
        return ".".join(map(str, location)) or _("the file")
    number, keys = location[1], location[2:]
    named = _name_of(raw, number)
    where = _("case %(number)s") % {"number": int(number) + 1}
    where += f" “{named}”" if named else ""
    shown = ".".join(str(key + 1) if isinstance(key, int) else key for key in keys if key != "[key]")
    return f"{where}, {shown}" if shown else where


def _name_of(raw: Any, number: Any) -> str:
    case = raw["case"][number]
    name = case.get("name") if isinstance(case, dict) else None
    return name if isinstance(name, str) else ""


# --- Writing ------------------------------------------------------------------------------------------


def cases_text(region: str, cases: Iterable[Case]) -> str:
    """The same cases as a file, without what is left at its default. region: the slug."""
    written = [case.model_dump(exclude_defaults=True, exclude_none=True) for case in cases]
    return tomli_w.dumps({"region": region, "case": [_plain(each) for each in written]})


def _plain(value: Any) -> Any:
    """What TOML knows: a set as a list, a word as its text."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = [_plain(each) for each in value]
        return sorted(items) if isinstance(value, (set, frozenset)) else items
    return str(value) if isinstance(value, str) else value
