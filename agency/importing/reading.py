"""From bytes to rows: encoding, header, cells, and the line each row begins in."""

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

import tablib
from django.conf import settings
from django.utils.translation import gettext as _

from agency.importing.report import RowError

MAX_BYTES: int = settings.UPLOAD_MEGABYTES["table"] * 1024 * 1024
# What a spreadsheet would take for a formula when a cell begins with it; `writing` puts an apostrophe before.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_LINE_BREAKS_AND_TAB = frozenset("\t\r\n")
# Scripts that Chinese files have no use for; a file in another encoding, read as GB18030, is full of them.
_FOREIGN_SCRIPTS = ("HIRAGANA", "KATAKANA", "CYRILLIC", "BOPOMOFO", "HANGUL", "BOX DRAWINGS", "HALFWIDTH")
_IDEOGRAPH = "CJK UNIFIED IDEOGRAPH"


class FileRefused(Exception):
    """Nothing of the file can be read as rows; `errors` says why."""

    def __init__(self, *errors: RowError) -> None:
        """Keep every reason."""
        super().__init__(*errors)
        self.errors = errors


class Sheet(tablib.Dataset):
    """The rows of a file under the names of our columns. `lines` has the line each row begins in; `errors` the rows
    that have too many or too few cells, which are not among the rows; `total` counts both.
    """

    def __init__(self, headers: Sequence[str]) -> None:
        """An empty sheet with these columns."""
        super().__init__(headers=headers)
        self.lines: list[int] = []
        self.errors: list[RowError] = []

    @property
    def total(self) -> int:
        """Rows of the file below its header, wrong ones too."""
        return len(self.lines) + len(self.errors)


def decode(content: bytes) -> str:
    """The file's text, from UTF-8 with or without byte order mark, or GB18030. FileRefused for anything else."""
    if len(content) > MAX_BYTES:
        raise FileRefused(_whole_file(_("The file is larger than %(size)s MB.") % {"size": MAX_BYTES // 1024**2}))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decode_gb18030(content)
    if any(unicodedata.category(character) == "Cc" for character in set(text) - _LINE_BREAKS_AND_TAB):
        raise FileRefused(_whole_file(_wrong_encoding()))
    return text


def _decode_gb18030(content: bytes) -> str:
    """GB18030 accepts most bytes, so what comes out has to look like Chinese: no scripts or private characters that
    Chinese files do not have, and mostly ideographs of the common set, which misread text seldom hits.
    """
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise FileRefused(_whole_file(_wrong_encoding())) from error
    counted = Counter(text)
    ideographs = {
        character: times
        for character, times in counted.items()
        if unicodedata.name(character, "").startswith(_IDEOGRAPH)
    }
    common = sum(times for character, times in ideographs.items() if _is_common(character))
    if any(map(_is_foreign, counted)) or not ideographs or common * 2 < sum(ideographs.values()):
        raise FileRefused(_whole_file(_wrong_encoding()))
    return text


def _is_foreign(character: str) -> bool:
    is_unwritten = unicodedata.category(character) in {"Co", "Cn"}
    return is_unwritten or unicodedata.name(character, "").startswith(_FOREIGN_SCRIPTS)


def _is_common(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _wrong_encoding() -> str:
    return _("The file is neither UTF-8 nor GB18030. Save it as CSV in one of these.")


def _whole_file(reason: str) -> RowError:
    return RowError(1, "1", reason)


def read_sheet(content: bytes, names: Mapping[str, str], required: Sequence[str]) -> Sheet:
    """The rows of a CSV file with a header.

    names: every spelling of a header that is understood (lower case), with the column it stands for. required: the
    columns that the header must have. FileRefused where the encoding, the header or the quoting is wrong, or there is
    nothing in it.
    """
    text = decode(content)
    # The lines are an editor's lines: other characters that Python would split at are data.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    sheet: Sheet | None = None
    begins = 1
    try:
        for cells in reader:
            line, begins = begins, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if sheet is None:
                sheet = Sheet(_header(cells, line, names, required))
            elif len(cells) != sheet.width:
                reason = _("The row has %(found)s cells; the header has %(wanted)s.")
                where = str(min(len(cells), sheet.width) + 1)
                sheet.errors.append(RowError(line, where, reason % {"found": len(cells), "wanted": sheet.width}))
            else:
                sheet.append([unescaped(cell.strip()) for cell in cells])
                sheet.lines.append(line)
    except csv.Error as error:
        raise FileRefused(RowError(begins, "1", _("The quotation marks of this line do not match."))) from error
    if sheet is None:
        raise FileRefused(_whole_file(_("The file is empty.")))
    if not sheet.total:
        raise FileRefused(_whole_file(_("The file has a header and no rows.")))
    return sheet


def unescaped(cell: str) -> str:
    """The cell without the apostrophe that an export puts before what a spreadsheet would take for a formula."""
    is_escaped = cell.startswith("'") and cell[1:].removeprefix("'").startswith(FORMULA_STARTS)
    return cell[1:] if is_escaped else cell


def _header(cells: Sequence[str], line: int, names: Mapping[str, str], required: Sequence[str]) -> list[str]:
    """The columns that the header names. An unknown name is not repeated: in a file without a header it is a
    person's.
    """
    found: list[str] = []
    errors: list[RowError] = []
    for position, cell in enumerate(cells, start=1):
        column = names.get(cell.strip().lower())
        if column is None:
            errors.append(RowError(line, str(position), _("This column is not known here.")))
        elif column in found:
            errors.append(RowError(line, column, _("This column is there twice.")))
        else:
            found.append(column)
    errors += [RowError(line, column, _("This column is missing.")) for column in required if column not in found]
    if errors:
        raise FileRefused(*errors)
    return found
