"""Rules of a draft are changed, added and dropped: several at once, under one citation, all of them or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import EllipsisType
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.exceptions import DomainError
from agency.models import User
from agency.services.approval import note_author
from agency.services.history import tracked_save
from agency.services.moves import locked
from policies.models import PolicyVersion, RuleRow
from policies.selectors.versions import base_of
from policies.services.instruments import Passage, check_passage

_CITED = ("instrument", "article", "phrase", "reading")
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One rule as it is to be.

    key: its unique fields. values: what is set, of a new rule everything that it says; None where the rule is dropped.
    seen: what the page showed of these values, None where it showed no such rule; without it nothing is compared.
    restored: it is to be as in the version that the draft is compared with, whose citation it gets back.
    """

    model: type[RuleRow]
    key: Fields
    values: Fields | None = field(default_factory=dict)
    seen: Fields | EllipsisType | None = ...
    restored: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """How many rules were changed, and whether the words were found in the article: the document may have no text."""

    rules: int
    is_checked: bool


@transaction.atomic
def change_rules(
    version: PolicyVersion,
    changes: Sequence[RuleChange],
    passage: Passage | None,
    *,
    actor: User,
    reason: str,
    seen_entry: int | None = None,
) -> Changed:
    """Make the changes to a draft; what is not restored rests on the passage. Its history names each of them.

    seen_entry: the newest entry of the draft's history when somebody looked. MoveNotAllowed unless it is a draft.
    DomainError without a reason or a change, for a field that is not the rule's to change, for words that do not stand
    in the article, and where somebody else changed one of the rules since it was seen. ValidationError for a value that
    the rule does not take, and without article or words.
    """
    if not reason.strip():
        raise DomainError(gettext_lazy("Give the reason for the change."))
    draft = locked(version, "edit", "instrument")
    if not changes:
        raise DomainError(gettext_lazy("Nothing was changed."))
    needs_passage = any(not change.restored for change in changes)
    is_checked = check_passage(passage) if needs_passage else True
    rows = [_found(draft, change) for change in changes]
    _refuse_overtaken(draft, changes, rows, seen_entry)
    made = [
        _restored(draft, row, change) if change.restored else _made(draft, row, change, passage)
        for change, row in zip(changes, rows, strict=True)
    ]
    if passage is not None and needs_passage:
        made.append(f"{passage.instrument} {passage.article}")
    note_author(draft, actor.pk)
    tracked_save(draft, actor, f"{reason} ({'; '.join(made)})")
    return Changed(len(changes), is_checked)


def change_rule(row: RuleRow, values: Fields, *, actor: User, reason: str) -> Changed:
    """Set figures, article or words of one rule; what it raises: as of `change_rules`. It keeps its document."""
    version = row.version
    passage = Passage(
        instrument=row.instrument or version.instrument,
        **{name: values.get(name, getattr(row, name)) for name in ("article", "phrase", "reading")},
    )
    told = {name: value for name, value in values.items() if name not in _CITED}
    key = {name: getattr(row, name) for name in row.unique_fields}
    return change_rules(version, [RuleChange(type(row), key, told)], passage, actor=actor, reason=reason)


def _found(draft: PolicyVersion, change: RuleChange) -> RuleRow | None:
    row = change.model._default_manager.filter(version=draft, **change.key).first()
    if row is not None:
        row.version = draft
    return row


def _refuse_overtaken(
    draft: PolicyVersion, changes: Sequence[RuleChange], rows: Sequence[RuleRow | None], seen_entry: int | None
) -> None:
    """DomainError that says who changed what, where a rule is no longer as it was seen."""
    overtaken = [
        str(row or change.model(**change.key))
        for change, row in zip(changes, rows, strict=True)
        if not isinstance(change.seen, EllipsisType) and not _is_as_seen(row, change.seen)
    ]
    if not overtaken:
        return
    entries: Any = draft.history.select_related("history_user").order_by("-history_id")
    since = entries.filter(history_id__gt=seen_entry) if seen_entry is not None else entries[:1]
    told = [f"{entry.history_user or _('the system')}: {entry.history_change_reason}" for entry in since]
    raise DomainError(
        gettext_lazy(
            "Changed since you opened this page: %(rules)s. %(told)s. The tables now show it; look at them again,"
            " then save."
        )
        % {"rules": ", ".join(overtaken), "told": "; ".join(told)}
    )


def _is_as_seen(row: RuleRow | None, seen: Fields | None) -> bool:
    if row is None or seen is None:
        return row is None and seen is None
    return all(getattr(row, name) == value for name, value in seen.items())


def _made(draft: PolicyVersion, row: RuleRow | None, change: RuleChange, passage: Passage | None) -> str:
    """Make one change under the passage; the sentence about it."""
    if change.values is None:
        return _dropped(row)
    if passage is None:
        raise AssertionError("a change without a passage is refused before")
    model = change.model
    if unknown := set(change.values) - {*model.key_fields, *model.value_fields}:
        raise DomainError(gettext_lazy("%(fields)s cannot be changed here.") % {"fields": ", ".join(sorted(unknown))})
    is_new = row is None
    if row is None:
        row = model(version=draft, **change.key)
    elif own_key := set(change.values) & set(model.key_fields):
        raise DomainError(gettext_lazy("%(fields)s cannot be changed here.") % {"fields": ", ".join(sorted(own_key))})
    told = [
        f"{name}: {value}" if is_new else f"{name}: {getattr(row, name)} → {value}"
        for name, value in change.values.items()
    ]
    for name, value in change.values.items():
        setattr(row, name, value)
    row.instrument = None if passage.instrument == draft.instrument else passage.instrument
    row.article, row.phrase, row.reading = passage.article, passage.phrase, passage.reading
    row.full_clean(exclude=["version"])
    row.save()
    sentence = f"{row}: {'; '.join(told)}" if told else f"{row}: {row.article} {row.phrase}"
    return f"+ {sentence}" if is_new else sentence


def _dropped(row: RuleRow | None) -> str:
    if row is None:
        raise DomainError(gettext_lazy("This rule is not in the draft. Look at the page again."))
    told = "; ".join(f"{name}: {getattr(row, name)}" for name in row.value_fields)
    sentence = f"− {row}: {told}"
    row.delete()
    return sentence


def _restored(draft: PolicyVersion, row: RuleRow | None, change: RuleChange) -> str:
    """Put one rule back to what it is in the version compared with; the sentence about it."""
    base = base_of(draft)
    former = change.model._default_manager.filter(version=base, **change.key).first() if base else None
    if former is None or base is None:
        return _dropped(row)
    old = {name: getattr(row, name) for name in former.value_fields} if row else {}
    kept = row.pk if row is not None else None
    document = former.instrument_id or base.instrument_id
    former.pk, former._state.adding = kept, kept is None
    former.version = draft
    former.instrument_id = None if document == draft.instrument_id else document
    former.save()
    told = [f"{name}: {old.get(name, '')} → {getattr(former, name)}" for name in former.value_fields]
    return f"↶ {former}: {'; '.join(told)}"
