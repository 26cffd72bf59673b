"""What counts as a fault in the Chinese translation."""

import polib
import pytest

from config.messages import faults_of


@pytest.mark.parametrize(
    ("entry", "faults"),
    [
        (polib.POEntry(msgid="Member", msgstr="参保人"), []),
        (polib.POEntry(msgid="Member", msgstr=""), ["untranslated"]),
        (polib.POEntry(msgid="Member", msgstr="会员", flags=["fuzzy"]), ["fuzzy"]),
        (polib.POEntry(msgid="%(count)s rows", msgstr="%(count)s 行"), []),
        (polib.POEntry(msgid="%(count)s rows", msgstr="若干行"), ["placeholders differ"]),
        (polib.POEntry(msgid="{name} of {year}", msgstr="{year} 年的 {name}"), []),
        (polib.POEntry(msgid="{name}", msgstr="{nmae}"), ["placeholders differ"]),
        (
            polib.POEntry(msgid="one row", msgid_plural="%(n)d rows", msgstr_plural={0: "%(n)d 行"}),
            [],
        ),
        (polib.POEntry(msgid="one row", msgid_plural="%(n)d rows", msgstr_plural={0: ""}), ["untranslated"]),
    ],
)
def test_faults_of_one_string(entry: polib.POEntry, faults: list[str]) -> None:
    assert faults_of(entry) == faults
