"""What every row of law has in common, and how a kind of row is described: once, by its model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.utils.functional import classproperty
from django.utils.translation import gettext_lazy as _

from agency.finality import NEVER_TRUNCATED, Guarded
from policies.engine.vocabulary import ALL

_PUBLISHED_IS_FIXED = (
    "IF EXISTS (SELECT 1 FROM policies_policyversion WHERE state = 'published' AND id IN"
    " (CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END,"
    " CASE WHEN TG_OP = 'DELETE' THEN OLD.version_id ELSE NEW.version_id END)) THEN"
    " RAISE EXCEPTION 'the rules of a published policy version never change'; END IF;"
    " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
)


@dataclass(frozen=True, slots=True)
class InPacks:
    """How packs write the rows of a kind, where it is not field by field.

    table: what the list of rows is called. lists: the key field that a pack gives several values at once ("tiers"),
    each of which is a row. names: fields that packs call otherwise. words: by field, a word that stands where it has
    no value, and what other fields are then. complete: every combination of the key fields' terms is decided.
    apart: key fields by which some documents tell rows apart and others do not. A row without one holds whatever it
    is; that is the field's default, and packs and screens leave it out. optional: other fields that packs leave out
    where a row has nothing to say in them.
    """

    table: str
    lists: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    complete: bool = False
    apart: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def left_out(self) -> tuple[str, ...]:
        """The fields that a pack writes only where they are not the default."""
        return (*self.apart, *self.optional)

    def key(self, name: str) -> str:
        """What packs call a field."""
        return f"{name}s" if name == self.lists else self.names.get(name, name)


_IN_WORDS: Mapping[str, Any] = {
    "age_from": _("from %(age)s years"),
    "spent_from": _("above %(yuan)s yuan of the year's covered spending"),
}


def one_row_per(*fields: str, name: str) -> models.UniqueConstraint:
    """The fields that tell one row of a version from another, as the sentence that the database enforces."""
    return models.UniqueConstraint(fields=["version", *fields], name=name)


class RuleRow(models.Model):
    """A row of a version's rules, with the article and the key phrase it rests on.

    `reading` numbers the note in docs/interpretations where the text leaves room; empty where it is plain. `instrument`
    is the document, where it is another one than the version's.

    A kind of row is described here alone. Its fields, `in_packs` and its `one_row_per` are what packs are read and
    checked by, what is loaded and copied, what a clerk sees and may change, and what a second person decides on.
    """

    region_path: ClassVar[str] = "version__region"
    finality: ClassVar[Any] = Guarded("the rows of a published version never change", deleted=True)
    # Rows are sealed once their version is published, all of a version together.
    sealed_with: ClassVar[str] = "version"
    sealed_once: ClassVar[dict[str, str]] = {"version__state": "published"}
    in_packs: ClassVar[InPacks]
    # The end of a range that the last of the unique fields begins; that ranges never overlap, completeness checks.
    range_end: ClassVar[str] = ""

    version = models.ForeignKey("policies.PolicyVersion", models.CASCADE, related_name="%(class)s_rows")
    instrument = models.ForeignKey(
        "policies.Instrument", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("instrument")
    )
    article = models.CharField(_("article"), max_length=32)
    phrase = models.CharField(_("phrase"), max_length=80)
    reading = models.CharField(_("reading"), max_length=4, blank=True)

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Trigger(
                name="published_rules_never_change",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=_PUBLISHED_IS_FIXED,
            ),
            NEVER_TRUNCATED,
        ]

    def __str__(self) -> str:
        """What the row is about, as a clerk reads it."""
        names = []
        for name in self.key_fields:
            value = getattr(self, name)
            display = getattr(self, f"get_{name}_display", None)
            if name in self.in_packs.apart:
                names += [self.in_words(name)] if name in self.told_apart else []
            elif value != ALL:
                names.append(str(display()) if display else str(value))
        return " · ".join(names)

    def is_unset(self, name: str) -> bool:
        """Whether a figure waits for a document: it has no value, and no word that says why there is none."""
        if getattr(self, name) is not None or not isinstance(self._meta.get_field(name), models.DecimalField):
            return False
        words = self.in_packs.words.get(name, {}).values()
        return not any(all(getattr(self, other) == value for other, value in then.items()) for then in words)

    @property
    def told_apart(self) -> tuple[str, ...]:
        """Those of the fields of `apart` that this row says something about."""
        fields = [self._meta.get_field(name) for name in self.in_packs.apart]
        return tuple(field.name for field in fields if getattr(self, field.name) != field.get_default())  # type: ignore[union-attr]

    def in_words(self, name: str) -> str:
        """A field of `apart` as a clerk reads it: "flexible worker", "from 70 years"."""
        value = getattr(self, name)
        if sentence := _IN_WORDS.get(name):
            return str(sentence) % {"age": value, "yuan": f"{value:,}"}
        return str(getattr(self, f"get_{name}_display")())

    @classproperty
    def unique_fields(cls) -> tuple[str, ...]:  # noqa: N805
        """No two rows of a version agree in these; the database refuses it, and so does whoever reads a pack."""
        (unique,) = cls._meta.total_unique_constraints
        return tuple(unique.fields[1:])

    @classproperty
    def key_fields(cls) -> tuple[str, ...]:  # noqa: N805
        """What the row is about; the first ones are what a clerk reads."""
        return (*cls.unique_fields, cls.range_end) if cls.range_end else cls.unique_fields

    @classproperty
    def value_fields(cls) -> tuple[str, ...]:  # noqa: N805
        """What the row says about its key, in the order of the model."""
        others = {"id", *(field.name for field in RuleRow._meta.local_fields), *cls.key_fields}
        return tuple(field.name for field in cls._meta.concrete_fields if field.name not in others)

    @classproperty
    def fields_in_packs(cls) -> tuple[Any, ...]:  # noqa: N805
        """The fields that packs write: all but those that a word of another decides."""
        words = cls.in_packs.words.values()
        decided = {name for meanings in words for others in meanings.values() for name in others}
        names = (*cls.key_fields, *cls.value_fields)
        return tuple(cls._meta.get_field(name) for name in names if name not in decided)
