"""A workbook to begin a file with: the header, an example, and a sheet that explains the columns."""

import io
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from agency.exporting.blank import Blank, write_blanks
from agency.exporting.sheet import Heading, Sheet
from files.importing.cells import Column
from files.importing.explaining import Explained, explained

# A template does not ask for what is chosen on the page.
_CHOSEN = frozenset({"region"})


def template_bytes(label: str, columns: Mapping[str, Column], examples: Mapping[str, str]) -> bytes:
    """The workbook of a kind of file as XLSX, in the active language.

    label: what the kind is called. examples: as of `explained`.
    """
    told = [each for each in explained(columns, examples) if each.name not in _CHOSEN]
    headings = [Heading(each.label, each.accepted.holds) for each in told]
    rows = Blank(
        Sheet(label, headings, [[each.example for each in told]]),
        {place: list(each.accepted.terms) for place, each in enumerate(told) if each.accepted.terms},
    )
    content = io.BytesIO()
    write_blanks(content, [rows, Blank(_explanations(told))])
    return content.getvalue()


def _explanations(told: Sequence[Explained]) -> Sheet:
    headers = [_("Column"), _("Identifier"), _("In the header"), _("What is accepted"), _("Terms")]
    rows = [[each.label, each.name, each.need, each.accepted.sentence, _terms(each)] for each in told]
    said = _("The second line of the first sheet is an example: write your own rows over it.")
    return Sheet(_("Explanations"), [Heading(text) for text in headers], [*rows, [said]])


def _terms(each: Explained) -> str:
    return "; ".join(f"{called} ({identifier})" for called, identifier in each.accepted.terms.items())
