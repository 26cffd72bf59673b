"""What of a row is final, and from when on: every model of the house says one of these things, and the database holds
it to all but `Free`, whoever asks and however.

`APPEND_ONLY`  a row is written once: `triggers = APPEND_ONLY`
`kept(...)`    what was submitted or decided changes by its own moves alone, column by column: `triggers = kept(...)`
`Free`         a row may change in every column: `finality = Free("why")`
`Guarded`      a row has triggers of its own that hold it: `finality = Guarded("what they hold")`

A model that says nothing fails the system check `agency.E002`. What the application's database role may do with a table
(`agency.services.database_roles`) follows from the same words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import models

from agency.append_only import APPEND_ONLY

# As `agency.models.process` has it, which stands above.
_SUBMITTED = "submitted"
# What another person's decision writes into a row that four eyes decide.
DECISION = ("state", "decided_by", "decided_at", "decision_reason")


@dataclass(frozen=True, slots=True)
class Free:
    """Rows that may change in every column, and why that is no loss. deleted: whether the application deletes any."""

    why: str
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Guarded:
    """Rows that triggers written for this model alone hold, and how. deleted: whether the application deletes any."""

    how: str
    deleted: bool = False


TRACKED = Free("its history, which is append-only, has every change with who and why")
TRACKED_AND_TAKEN_BACK = Free(TRACKED.why, deleted=True)
QUEUED = Free("what waits, and goes once it is done", deleted=True)
COUNTED = Free("counted again from rows that are kept", deleted=True)


class Kept(pgtrigger.Trigger):
    """Refuses an update that touches more than the named columns of a row, or moves it where no move leads.

    rules: pairs of a condition on OLD ("" for always) and the fields that may change where it holds. onwards: by state,
    where a row may go from there, beside the moves of the model's process.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Update
    func = (
        "RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;"
    )

    def __init__(
        self, name: str, rules: Sequence[tuple[str, Sequence[str]]], onwards: Mapping[str, Sequence[str]]
    ) -> None:
        super().__init__(name=name)
        self.rules = rules
        self.onwards = onwards

    def get_condition(self, model: Any) -> pgtrigger.Condition:
        refused = [
            f"{when} AND ({_touched(model, only)})" if when else _touched(model, only) for when, only in self.rules
        ]
        # Migrations compile it for a model that has the fields alone.
        process = getattr(apps.get_model(model._meta.label), "process", None)
        if ways := _ways(process, self.onwards):
            allowed = [f"OLD.state = '{state}' AND {_among('NEW.state', to)}" for state, to in sorted(ways.items())]
            refused.append(f"NEW.state <> OLD.state AND NOT ({' OR '.join(allowed)})")
        return pgtrigger.Condition(f"({' OR '.join(f'({each})' for each in refused)})")


NEVER_TRUNCATED = pgtrigger.Trigger(
    name="final_rows_are_never_truncated",
    level=pgtrigger.Statement,
    when=pgtrigger.Before,
    operation=pgtrigger.Truncate,
    func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;",
)


def kept(
    states: Mapping[str, Sequence[str]] | None = None,
    *,
    always: Sequence[str] | None = None,
    once: Mapping[str, Sequence[str]] | None = None,
    onwards: Mapping[str, Sequence[str]] | None = None,
    deleted_in: Sequence[str] = (),
    deleted: bool = False,
) -> tuple[pgtrigger.Trigger, ...]:
    """The triggers of a model whose rows become final column by column.

    states: by state, the fields that may still change there; in a state that is not named all may. always: the only
    fields that may ever change. once: by condition on OLD, the same. onwards: by state, where a row goes from there
    beside the moves of the model's process. A row is deleted in the states of `deleted_in` alone, or wherever it is
    `deleted`.
    """
    rules = [("", always)] if always is not None else []
    by_fields: dict[tuple[str, ...], list[str]] = {}
    for state, fields in (states or {}).items():
        by_fields.setdefault(tuple(fields), []).append(state)
    rules += [(_among("OLD.state", found), fields) for fields, found in by_fields.items()]
    rules += [(when, fields) for when, fields in (once or {}).items()]
    triggers: list[pgtrigger.Trigger] = [Kept("final_columns_are_kept", rules, onwards or {}), NEVER_TRUNCATED]
    if not deleted:
        triggers.append(
            pgtrigger.Protect(
                name="final_rows_are_never_deleted",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition(f"NOT ({_among('OLD.state', deleted_in)})") if deleted_in else None,
            )
        )
    return tuple(triggers)


def _ways(process: Any, onwards: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    ways = {state: set(to) for state, to in onwards.items()}
    for move in process.moves.values() if process else ():
        for state in move.begins:
            if move.to:
                ways.setdefault(str(state), set()).add(str(move.to))
    return {state: to for state, to in ways.items() if to}


def _among(what: str, values: Iterable[str]) -> str:
    """One by one: what PostgreSQL makes of a list it writes otherwise once it is dumped and restored."""
    return "(" + " OR ".join(f"{what} = '{value}'" for value in sorted(map(str, values))) + ")"


def _touched(model: Any, only: Sequence[str]) -> str:
    """Some column changes that is not among these fields."""
    free = {model._meta.get_field(name).column for name in only}
    columns = [
        field.column for field in model._meta.concrete_fields if field.column not in free and not field.generated
    ]
    return " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in columns)


# A request that is decided once, and one whose period may then end.
KEPT_ONCE_DECIDED = kept({_SUBMITTED: DECISION, "approved": (), "refused": ()})
KEPT_AND_ENDED = kept({_SUBMITTED: DECISION, "approved": ("period",), "refused": ()})


def finality_of(model: type[models.Model]) -> Free | Guarded | tuple[pgtrigger.Trigger, ...] | None:
    """What the model says of its rows; None where it says nothing."""
    declared: Free | Guarded | None = getattr(model, "finality", None)
    if declared is not None:
        return declared
    if is_append_only(model):
        return APPEND_ONLY
    return tuple(each for each in _triggers(model) if isinstance(each, Kept)) or None


def sealed_columns(model: Any) -> tuple[str, ...]:
    """The columns of a row that stay as they are from the beginning; none where a row may change in all of them."""
    columns = [field.column for field in model._meta.concrete_fields if not field.generated]
    if is_append_only(model):
        return tuple(columns)
    for trigger in _triggers(model):
        if isinstance(trigger, Kept):
            for when, only in trigger.rules:
                if not when:
                    free = {model._meta.get_field(name).column for name in only}
                    return tuple(column for column in columns if column not in free)
    return tuple(columns) if getattr(model, "sealed_with", "") else ()


def is_append_only(model: type[models.Model]) -> bool:
    """Whether a row of the model is written once."""
    return APPEND_ONLY[0] in _triggers(model)


def is_deleted(model: type[models.Model]) -> bool:
    """Whether the application deletes rows of the model, if only in some state."""
    if (declared := getattr(model, "finality", None)) is not None:
        return bool(declared.deleted)
    whole = (trigger for trigger in _triggers(model) if trigger.operation == pgtrigger.Delete and not trigger.condition)
    return not is_append_only(model) and not any(whole)


def _triggers(model: type[models.Model]) -> Sequence[pgtrigger.Trigger]:
    return getattr(model._meta, "triggers", ())
