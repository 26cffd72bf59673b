"""Kinds of file whose service saves many rows at once."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from agency.exceptions import DomainError, SomeRefused
from files.importing.resource import ServiceResource, Values

# Fewer are not worth another try together.
_ONE_BY_ONE = 8


class BatchResource(ServiceResource):
    """A kind whose rows are saved some hundreds at a time, by `save_all`. Where its service says which of them are
    refused, the others are saved without them. Where it does not, as where the database refuses them, the batch is
    halved until that row is among a few; of these each gets what `save` says of it.

    No row of a batch may rest on another one, which `apart` tells.
    """

    BATCH: ClassVar[int] = 500

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._waiting: dict[Any, Values] = {}

    def save_all(self, rows: Sequence[Values]) -> Sequence[models.Model]:
        """Save rows at once; returns what each made, in their order. DomainError where any is refused: SomeRefused,
        where the service says which.
        """
        raise NotImplementedError

    def apart(self, values: Values) -> Any:
        """What no two rows of a batch share."""
        return tuple(values[name] for name in self.key)

    def save_instance(self, instance: Values, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Let the row wait for its batch."""
        apart = self.apart(instance)
        if apart in self._waiting or len(self._waiting) == self.BATCH:
            self._save_waiting()
        self._waiting[apart] = instance

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Save what still waits."""
        self._save_waiting()

    def _save_waiting(self) -> None:
        rows, self._waiting = list(self._waiting.values()), {}
        if rows:
            self._save(rows)

    def _save(self, rows: Sequence[Values]) -> None:
        try:
            with transaction.atomic():
                made = self.save_all(rows)
        except SomeRefused as some:
            if right := [values for place, values in enumerate(rows) if place not in some.refusals]:
                self._save(right)
            for place, error in some.refusals.items():
                self.refuse(rows[place].number, self.said_by(error))
            return
        except (DomainError, IntegrityError):
            if len(rows) <= _ONE_BY_ONE:
                self._save_each(rows)
                return
            half = len(rows) // 2
            self._save(rows[:half])
            self._save(rows[half:])
            return
        for values, each in zip(rows, made, strict=True):
            self.outcomes[values.number].made.append(each.pk)

    def _save_each(self, rows: Sequence[Values]) -> None:
        for values in rows:
            try:
                super().save_instance(values, True, None)
            except ValidationError as refusal:
                self.refuse(values.number, refusal)
