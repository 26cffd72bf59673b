"""The plain form of a cell means the same in SQL as to its column."""

import re
from typing import Any

import pytest
from django.db import connection
from django.utils.translation import gettext_lazy as _
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from files.importing.cells import AmountCell, CodeCell, Column, DayCell, FractionCell, MonthCell, NumberCell, TextCell
from files.importing.plain import known_cells, plain_form, plain_lines
from files.importing.table import Heading

CELLS = {
    "code": CodeCell(32),
    "amount": AmountCell(above_zero=True),
    "number": NumberCell(digits=4, places=0),
    "month": MonthCell(),
    "day": DayCell(),
}
COLUMNS = {name: Column(_("contribution base"), widget) for name, widget in CELLS.items()}
for _name, _column in COLUMNS.items():
    _column.column_name = _name


def in_sql(name: str, cell: str) -> Any:
    form = plain_form(COLUMNS[name])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT cell ~ %s, {form.value.format('cell')} FROM (SELECT %s::text) AS given (cell)",
            [f"^(?:{form.pattern})$", cell],
        )
        is_plain, value = cursor.fetchone()
    assert is_plain
    return value


@pytest.mark.django_db
@pytest.mark.parametrize("name", CELLS)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_plain_cell_is_the_same_value_in_sql_as_in_its_column(name: str, data: st.DataObject) -> None:
    cell = data.draw(st.from_regex(re.compile(plain_form(COLUMNS[name]).pattern, re.ASCII), fullmatch=True))
    assert COLUMNS[name].clean({name: cell}) == in_sql(name, cell)


@pytest.mark.parametrize("widget", [TextCell(9), FractionCell()])
def test_cells_of_other_kinds_have_no_plain_form(widget: Any) -> None:
    assert not plain_form(Column(_("contribution base"), widget)).pattern


def heading(*names: str | None, cells: str = "", units: str = "") -> Heading:
    return Heading(
        1, cells.split(",") if cells else [str(name) for name in names], names, [units, *[""] * (len(names) - 1)]
    )


@pytest.mark.parametrize(
    "header",
    [
        heading("amount", "code", units="万元"),
        heading("code", "amount", cells="G1,5000"),
    ],
)
def test_a_header_that_asks_for_reading_each_line_has_no_plain_lines(header: Heading) -> None:
    assert plain_lines(header, ",", COLUMNS) is None


@pytest.mark.parametrize(
    ("line", "known"),
    [
        ("张三,G1,2024-05-20 10:00:00,5000", "G1,5000"),
        (",G1,,5000.5", "G1,5000.5"),
        ("备注（一）、·,G1,x-1/2,5000", "G1,5000"),
        ("合计,G1,,5000", ""),
        ("Sub Total,G1,,5000", ""),
        ("制表:张三,G1,,5000", ""),
        ("'total,G1,,5000", ""),
        ('"x",G1,,5000', ""),
        ("\ufffd,G1,,5000", ""),
        ("x,G1,5000", ""),
        ("x,G1,,5000,", ""),
        (f"{'x' * 9000},G1,,5000", ""),
    ],
)
def test_columns_that_are_not_known_are_left_out_of_plain_lines(line: str, known: str) -> None:
    header = heading(None, "code", None, "amount")
    lines, left = plain_lines(header, ",", COLUMNS), known_cells(header, ",")
    assert lines is not None
    assert left is not None
    found = lines.match(f"{line}\n{line}\n")
    assert (left(found[0]) if found else "") == (f"{known}\n{known}\n" if known else "")


@pytest.mark.parametrize(
    ("line", "is_plain"),
    [
        ("G1,5000", True),
        ("G1,5000.5", True),
        ("G1,", False),
        ("G1,5000,", False),
        (" G1,5000", False),
        ("合计,5000", False),
    ],
)
def test_a_plain_line_has_a_plain_cell_for_each_column(line: str, is_plain: bool) -> None:
    lines = plain_lines(heading("code", "amount"), ",", COLUMNS)
    assert lines is not None
    assert bool(lines.match(f"{line}\n")) is is_plain
