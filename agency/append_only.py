"""Rows that are written once: the database refuses to change, delete or truncate them."""

import pgtrigger

NEVER_TRUNCATED = pgtrigger.Trigger(
    name="rows_are_never_truncated",
    level=pgtrigger.Statement,
    when=pgtrigger.Before,
    operation=pgtrigger.Truncate,
    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
)
APPEND_ONLY = (
    pgtrigger.Protect(name="rows_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
    NEVER_TRUNCATED,
)
