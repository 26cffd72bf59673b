"""Files that people brought, and their rows."""

from files.models.file_imports import FileImport, ImportedRow, ImportState, KnownHeading, RowOutcome
from files.models.staged_rows import StagedRow

__all__ = ["FileImport", "ImportState", "ImportedRow", "KnownHeading", "RowOutcome", "StagedRow"]
