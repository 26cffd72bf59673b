"""The rows of a file as they are kept between its preview and its import."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from agency.fields import decrypted, encrypted
from files.importing.cells import Column
from files.importing.outcomes import Outcome
from files.importing.reading import Sheet
from files.models import FileImport, ImportedRow, RowOutcome
from files.services.import_kinds import columns_of

_COPY = """
COPY files_importedrow (file_import_id, number, line, key, cells, outcome, problems, doubts, before, made, is_in)
FROM STDIN
"""
_KEY_LENGTH = 120


def keep_rows(file_import: FileImport, sheet: Sheet, outcomes: Mapping[int, Outcome], *, are_in: bool) -> None:
    """Keep the rows of a sheet in the order of the file, those that are no rows as well, in place of any before.

    outcomes: by the number of the row in the sheet. are_in: those that are right have been imported.
    """
    file_import.rows.all().delete()
    columns = columns_of(file_import.kind)
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for number, row in enumerate(_in_order(sheet, outcomes), start=1):
            line, cells, outcome = row
            copy.write_row(
                (
                    file_import.pk,
                    number,
                    line,
                    _key(file_import, sheet.headers or [], cells, columns),
                    json.dumps(_hidden(sheet.headers or [], cells, columns), ensure_ascii=False),
                    outcome.kind.value,
                    json.dumps(outcome.problems, ensure_ascii=False),
                    json.dumps(outcome.doubts, ensure_ascii=False),
                    json.dumps(_told(outcome.before, columns), ensure_ascii=False, cls=DjangoJSONEncoder),
                    outcome.made,
                    are_in and outcome.goes_in,
                )
            )


def _in_order(sheet: Sheet, outcomes: Mapping[int, Outcome]) -> Iterator[tuple[int, Sequence[str], Outcome]]:
    wrong = [
        (error.line, (), Outcome(RowOutcome.WRONG, problems=[(error.column, error.reason)])) for error in sheet.errors
    ]
    right = [(line, sheet[place], outcomes[place + 1]) for place, line in enumerate(sheet.lines)]
    yield from sorted([*right, *wrong], key=lambda row: row[0])


def _key(file_import: FileImport, headers: Sequence[str], cells: Sequence[str], columns: Mapping[str, Column]) -> str:
    """What tells the row apart on screens: the first columns that are nobody's number."""
    shown = [cell for name, cell in zip(headers, cells, strict=False) if cell and not columns[name].is_personal]
    return " · ".join(shown[:3] if "region" not in headers else shown[1:4])[:_KEY_LENGTH]


def _hidden(headers: Sequence[str], cells: Sequence[str], columns: Mapping[str, Column]) -> list[str]:
    return [
        encrypted(cell) if cell and columns[name].is_personal else cell
        for name, cell in zip(headers, cells, strict=False)
    ]


def _told(before: Mapping[str, object], columns: Mapping[str, Column]) -> dict[str, object]:
    return {name: encrypted(str(value)) if columns[name].is_personal else value for name, value in before.items()}


def cells_of(row: ImportedRow, names: Sequence[str], columns: Mapping[str, Column]) -> list[str]:
    """The cells of a row as the file has them."""
    return [
        decrypted(cell) if cell and columns[name].is_personal else cell
        for name, cell in zip(names, row.cells, strict=False)
    ]


def before_of(row: ImportedRow, columns: Mapping[str, Column]) -> dict[str, object]:
    """What was recorded before a row changed it, as `as_kept` writes it."""
    return {
        name: decrypted(value) if columns[name].is_personal and value else value for name, value in row.before.items()
    }


def sheet_of(file_import: FileImport, rows: Iterable[ImportedRow]) -> tuple[Sheet, list[ImportedRow]]:
    """A sheet of kept rows, and the rows beside it: the first is the sheet's number one."""
    columns, names = columns_of(file_import.kind), file_import.heading["names"]
    sheet, kept = Sheet(names), []
    for row in rows:
        sheet.append(cells_of(row, names, columns))
        sheet.lines.append(row.line)
        kept.append(row)
    return sheet, kept
