"""Reads a workbook in a process of its own: `python -I workbook_child.py < book.xlsx`, a line of JSON for each row.

A workbook is a program's data that somebody else made: one that unpacks to gigabytes, names a cell in the last column
of the last line or breaks the reader ends this process, which has a bound of memory and of time, and nothing else. So
it imports nothing of the project. A line is `["sheet", name]`, `[line, [cells]]` or, once, at the end, `["end", word]`
with an empty word or why the workbook is not read.
"""

import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import BinaryIO
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

MEMORY, SECONDS = 400 * 1024**2, 60
# What a workbook's parts may unpack to together, and how many cells the rectangle around a sheet's cells may have.
MOST_UNPACKED, MOST_CELLS = 600 * 1024**2, 20_000_000
_PIECE = 1024 * 1024
_LONGEST_TAG = 400
_REFERENCE = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})([0-9]{1,7})"([^>]{0,300})>')
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ENCRYPTED, _MACROS = "EncryptedPackage".encode("utf-16-le"), "_VBA_PROJECT".encode("utf-16-le")
Places = set[tuple[int, int]]


class Refused(Exception):
    """The workbook is not read; the argument is the word for it."""


def main() -> None:
    """Write the rows, then how it ended."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    word = ""
    try:
        _write(sys.stdin.buffer)
    except Refused as refusal:
        word = str(refusal)
    except PasswordError:
        word = "password"
    except MemoryError:
        word = "too_large"
    except (CalamineError, zipfile.BadZipFile, ET.ParseError, KeyError, ValueError, OSError, NotImplementedError):
        word = "damaged"
    _say("end", word)
    sys.stdout.flush()


def _say(first: object, second: object) -> None:
    sys.stdout.write(json.dumps([first, second], ensure_ascii=False) + "\n")


def _write(content: BinaryIO) -> None:
    faults = _checked_package(content) if content.read(2) == b"PK" else _checked_container(content)
    content.seek(0)
    with CalamineWorkbook.from_filelike(content) as book:
        kinds = [each.typ for each in book.sheets_metadata]
        if SheetTypeEnum.MacroSheet in kinds or SheetTypeEnum.Vba in kinds:
            raise Refused("macros")
        for each in book.sheets_metadata:
            if each.visible == SheetVisibleEnum.Visible and each.typ == SheetTypeEnum.WorkSheet:
                _say("sheet", each.name)
                for line, cells in _rows(book, each.name, faults.get(each.name, set())):
                    _say(line, cells)


def _rows(book: CalamineWorkbook, name: str, faults: Places) -> Iterator[tuple[int, list[str]]]:
    sheet = book.get_sheet_by_name(name)
    if sheet.start is None:
        return
    left = [""] * sheet.start[1]
    # The rows above the first that has a cell come with the others, but not the columns before it.
    for line, row in enumerate(sheet.iter_rows(), start=1):
        cells = left + [text_of(cell) for cell in row]
        if faults:
            for place in [place for place in faults if place[0] == line and place[1] < len(cells)]:
                cells[place[1]] = "#N/A"
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield line, cells


def text_of(cell: object) -> str:
    """A cell as a clerk would write it: a whole number without decimals, fifteen digits as a spreadsheet shows them."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, int):
        cell = float(cell)
    if isinstance(cell, float):
        # A longer number has lost its last digits; it is left as it is for the reader to say so.
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**15 else _shown(cell)
    if isinstance(cell, datetime):
        return str(cell.date()) if cell.time() == time.min else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


def _shown(number: float) -> str:
    if abs(number) >= 10**15:
        return f"{number:.14E}"
    return f"{number:.15f}".rstrip("0").rstrip(".") if abs(number) < 0.001 else f"{number:.15g}"


# --- What is looked at before -----------------------------------------------------------------------


def _checked_container(content: BinaryIO) -> dict[str, Places]:
    """An XLS, or an XLSX with a password inside a container of this kind."""
    content.seek(0)
    whole = content.read()
    if _ENCRYPTED in whole:
        raise Refused("password")
    if _MACROS in whole:
        raise Refused("macros")
    return {}


def _checked_package(content: BinaryIO) -> dict[str, Places]:
    """An XLSX. Returns by sheet the cells that show an error, which the reader would take for empty."""
    with zipfile.ZipFile(content) as package:
        names = set(package.namelist())
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise Refused("macros")
        if "xl/workbook.xml" not in names:
            raise Refused("no_workbook")
        if sum(part.file_size for part in package.infolist()) > MOST_UNPACKED or len(names) > 5_000:
            raise Refused("too_large")
        faults = {}
        for sheet, part in _parts(package).items():
            if part in names:
                faults[sheet] = _checked_sheet(package, part)
    return faults


def _parts(package: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet."""
    relations = ET.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    book = ET.fromstring(package.read("xl/workbook.xml"))  # noqa: S314
    parts = {}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            target = targets.get(sheet.get(f"{_OFFICE}id"), "")
            parts[sheet.get("name", "")] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return parts


def _checked_sheet(package: zipfile.ZipFile, part: str) -> Places:
    """Refused where the cells lie too far apart to be a table: the reader keeps the whole rectangle around them."""
    faults: Places = set()
    widest = deepest = 0
    with package.open(part) as sheet:
        kept = b""
        while piece := sheet.read(_PIECE):
            text = kept + piece
            for letters, line, rest in _REFERENCE.findall(text):
                # A cell that has only a look is none.
                if rest.endswith(b"/"):
                    continue
                column = _number(letters)
                widest, deepest = max(widest, column), max(deepest, int(line))
                if b't="e"' in rest:
                    faults.add((int(line), column - 1))
            kept = text[-_LONGEST_TAG:]
            if widest * deepest > MOST_CELLS:
                raise Refused("too_large")
    return faults


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


if __name__ == "__main__":
    main()
