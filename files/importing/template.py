"""A workbook to begin a file with: the header, an example, and a sheet that explains the columns."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from files.importing.cells import Column
from files.importing.explaining import Explained, explained
from files.importing.writing import Holds, Part, workbook_bytes

# A template does not ask for what is chosen on the page.
_CHOSEN = frozenset({"region"})


def template_bytes(label: str, columns: Mapping[str, Column], examples: Mapping[str, str]) -> bytes:
    """The workbook of a kind of file as XLSX, in the active language.

    label: what the kind is called. examples: as of `explained`.
    """
    told = [each for each in explained(columns, examples) if each.name not in _CHOSEN]
    rows = Part(
        label,
        [each.label for each in told],
        [[each.example for each in told]],
        holds=[each.accepted.holds for each in told],
        choices={place: list(each.accepted.terms) for place, each in enumerate(told) if each.accepted.terms},
    )
    return workbook_bytes([rows, _explanations(told)])


def _explanations(told: Sequence[Explained]) -> Part:
    headers = [_("Column"), _("Identifier"), _("In the header"), _("What is accepted"), _("Terms")]
    rows = [[each.label, each.name, each.need, each.accepted.sentence, _terms(each)] for each in told]
    said = _("The second line of the first sheet is an example: write your own rows over it.")
    return Part(_("Explanations"), headers, [*rows, [said]], holds=[Holds.TEXT] * len(headers))


def _terms(each: Explained) -> str:
    return "; ".join(f"{called} ({identifier})" for called, identifier in each.accepted.terms.items())
