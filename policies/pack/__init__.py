"""The pack format: one region's law as data (`policies/data/<region>.toml`).

Every row names the article and the key phrase it rests on, and the reading (a note in docs/interpretations) where the
text leaves room. There are no defaults: a missing key, an unknown key, an integer where a rate belongs or a period
that overlaps is an error with the file and the key. A figure that the regulation leaves to other documents is written
as "unset".
"""

import tomllib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from pydantic import ValidationError

from policies.pack.completeness import contradictions
from policies.pack.problems import Problem, of_the_file, of_the_schema
from policies.pack.rows import rows_of, values_of
from policies.pack.schema import Pack
from policies.pack.writing import pack_text


class PackError(Exception):
    """A pack that cannot be used: the file, and each key with what is wrong with it."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        """Keep the file's name and its problems."""
        super().__init__(f"{file}: " + "; ".join(str(problem) for problem in problems))
        self.file = file
        self.problems = problems


def read_pack(path: Path) -> Pack:
    """The pack in a file, checked. PackError names the file and each wrong key."""
    return parse_pack(path.name, path.read_bytes())


def parse_pack(name: str, content: bytes) -> Pack:
    """The pack that a file of this name holds, checked. PackError names the file and each wrong key."""
    try:
        raw = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackError(name, [of_the_file(error)]) from error
    try:
        pack = Pack.model_validate(raw)
    except ValidationError as error:
        raise PackError(name, list(of_the_schema(error))) from error
    if problems := list(contradictions(pack)):
        raise PackError(name, problems)
    return pack


__all__ = ["Pack", "PackError", "Problem", "pack_text", "parse_pack", "read_pack", "rows_of", "values_of"]
