"""Whether the rows of a draft would do as a pack: read by the same schema, and as complete."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from policies.models import RuleRow
from policies.pack.completeness import undecided
from policies.pack.problems import Problem, of_the_schema
from policies.pack.schema import Pack, Rules, Version
from policies.pack.writing import tables_of

_DRAFT = "draft"


def problems_of(book: Mapping[type[RuleRow], Sequence[Any]]) -> Iterator[Problem]:
    """What a pack with these rows of one version would be refused for, as of `read_pack`."""
    try:
        rules = Rules.model_validate({"versions": [_DRAFT], **dict(tables_of(book))})
    except ValidationError as error:
        yield from of_the_schema(error)
        return
    version = Version.model_construct(label=_DRAFT)
    yield from undecided(Pack.model_construct(version=[version], rules=[rules]), _DRAFT)
