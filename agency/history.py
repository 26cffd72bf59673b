"""The history of a tracked model: what every historical model has in common, by construction."""

from typing import Any

from simple_history import models

from agency.append_only import APPEND_ONLY


class HistoricalRecords(models.HistoricalRecords):
    """The history of a model, whose rows the database refuses to change, delete or truncate."""

    def get_meta_options(self, model: Any) -> dict[str, Any]:
        """As the library has them, with the triggers of what is written once."""
        return {**super().get_meta_options(model), "triggers": APPEND_ONLY}
