"""Texts that a spreadsheet would run."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def escaped(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would take for a formula; imports take it off again."""
    return f"'{text}" if text.removeprefix("'").startswith(FORMULA_STARTS) else text
