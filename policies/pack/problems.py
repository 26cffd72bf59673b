"""What is wrong with a pack, key by key: in English for logs and commands, in the reader's language on a page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import ValidationError

from policies.pack.schema import EXAMPLES

# What pydantic finds, by its name for it. Its facts come under the names that pydantic gives them.
_OF_THE_SCHEMA = {
    "missing": gettext_noop("Field required"),
    "extra_forbidden": gettext_noop("Extra key: packs have none of this name here"),
    "enum": gettext_noop("Input should be one of %(expected)s"),
    "literal_error": gettext_noop("Input should be one of %(expected)s"),
    "bool_type": gettext_noop("Input should be true or false, without quotes"),
    "int_type": gettext_noop("Input should be a whole number, without quotes"),
    "string_type": gettext_noop("Input should be text in quotes"),
    "list_type": gettext_noop("Input should be a list in square brackets"),
    "model_type": gettext_noop("Input should be a table with keys"),
    "date_type": gettext_noop("Input should be a day such as 2026-07-01, without quotes"),
    "finite_number": gettext_noop("Input should be a number that is not infinite"),
    "greater_than_equal": gettext_noop("Input should be greater than or equal to %(ge)s"),
    "less_than_equal": gettext_noop("Input should be less than or equal to %(le)s"),
    "too_short": gettext_noop("List should have at least %(min_length)s entries, not %(actual_length)s"),
    "string_too_short": gettext_noop("String should have at least %(min_length)s characters"),
    "string_too_long": gettext_noop("String should have at most %(max_length)s characters"),
    "string_pattern_mismatch": gettext_noop("String should match the form of %(example)s"),
}
# A sentence of somebody else's, as it is.
_AS_IT_IS = "%(said)s"


@dataclass(frozen=True, slots=True)
class Problem:
    """A key ("" where the whole file is meant), and a sentence marked for translation with its facts."""

    key: str
    sentence: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self._at_its_key(self.sentence % self.facts)

    def in_words(self) -> str:
        """What is wrong, in the reader's language."""
        return _(self.sentence) % self.facts

    def told(self) -> str:
        """The key and what is wrong, in the reader's language."""
        return self._at_its_key(self.in_words())

    def _at_its_key(self, said: str) -> str:
        return f"{self.key}: {said}" if self.key else said


def of_the_file(error: Exception) -> Problem:
    """A file that cannot be read at all; what the reader of TOML says about it is English."""
    return Problem("", _AS_IT_IS, {"said": str(error)})


def of_the_schema(error: ValidationError) -> Iterator[Problem]:
    """Each place where rows or a file are not as the schema has them."""
    for item in error.errors():
        # Where a key takes one of two kinds of value, pydantic names the kind too ("literal['none']"); that is no key.
        key = ".".join(str(part) for part in item["loc"] if "[" not in str(part))
        facts = item.get("ctx", {})
        if item["type"] == "value_error":
            yield Problem(key, str(facts["error"]))
        elif item["type"] in _OF_THE_SCHEMA:
            yield Problem(key, _OF_THE_SCHEMA[item["type"]], _for_people(facts))
        else:
            yield Problem(key, _AS_IT_IS, {"said": item["msg"]})


def _for_people(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Pydantic's facts without its English and its patterns."""
    told = dict(facts)
    if "expected" in told:
        told["expected"] = str(told["expected"]).replace(" or ", ", ")
    if "pattern" in told:
        told["example"] = EXAMPLES[told["pattern"]]
    return told
