"""Files that are no tables, or worse: a clear refusal with a way out, in seconds and within bounded memory."""

import io
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from time import monotonic

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from clearing.services.file_text import HeaderRefused, opened_rows
from files.importing import workbook_child
from files.importing.reading import MAX_BYTES, Sheet, read_sheet
from files.importing.refusals import FileRefused
from files.importing.table import MOST_COLUMNS
from members.resources import ContributionResource
from tests.builder.workbooks import number_cell, rows_of, text_cell, workbook

SHEET = "xl/worksheets/sheet1.xml"
INPUTS = Path(__file__).with_name("inputs")
HEADER = ["统筹区", "个人编号", "月份", "缴费基数", "到账日期"]
ROW = ["保山市", "530500000001", "2024-05", "5000.00", "2024-05-20"]
TEXT = f"{','.join(HEADER)}\n{','.join(ROW)}\n"
# Seconds that a clerk waits for a refusal, on a machine that does something else as well; a child's memory, MB.
PATIENCE, MEMORY_BOUND = 30, 400


def read(content: bytes) -> Sheet:
    return read_sheet(content, ContributionResource.columns())


def refusal(content: bytes) -> str:
    """The sentences of the refusal, in English."""
    with override("en"), pytest.raises(FileRefused) as refused:
        read(content)
    return " ".join(error.reason for error in refused.value.errors)


def a_picture() -> bytes:
    """A PNG of one dot."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 4)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (a_picture(), "This is a picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "This is a picture"),
        (b"%PDF-1.7\n%\xe2\xe3", "This is a PDF"),
        (b"Rar!\x1a\x07\x00", "This is a packed file"),
        (b"<html><body><table><tr><td>1", "This is a web page"),
        ("\ufeff<!DOCTYPE html>".encode(), "This is a web page"),
        (b"PK\x03\x04\x00\x00", "The workbook is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "The workbook is damaged"),
        ((INPUTS / "x01-contributions.xlsx").read_bytes()[:3000], "The workbook is damaged"),
        ((INPUTS / "x03-password.xlsx").read_bytes(), "protected by a password"),
        (TEXT.encode() + "保山市,张伟\n".encode("gb18030"), "two encodings: line 1 "),
        (
            "统筹区,个人编号,月份,缴费基数,说明\n".encode("gb18030") + "保山市,1,2024-05,5000,补缴\n".encode(),
            "two encodings: line 2 ",
        ),
        (b"\0" * 100, "neither UTF-8 nor GB18030"),
        (b"", "The file is empty."),
        (b"," * 100, "The file is empty."),
        (b"x" * (MAX_BYTES + 1), "The file is larger than 20 MB."),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(content: bytes, said: str) -> None:
    assert said in refusal(content)


def test_a_workbook_of_another_kind_or_with_macros_is_refused() -> None:
    sheets = {"缴费": rows_of(HEADER, ROW)}
    assert "contains macros" in refusal(workbook(sheets, parts={"xl/vbaProject.bin": b"\xd0\xcf"}))
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w") as package:
        package.writestr("word/document.xml", "<document/>")
    assert "a packed file or a document" in refusal(document.getvalue())
    assert "no sheet with anything in it" in refusal(workbook(sheets, hidden=["缴费"]))
    assert "The file is empty." in refusal(workbook({"缴费": ""}))


@cache
def bomb() -> bytes:
    """Some 3 MB that unpack to a sheet of 700 MB."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook({"缴费": ""}))) as right,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
    ):
        for name in right.namelist():
            if name != SHEET:
                package.writestr(name, right.read(name))
        with package.open(SHEET, "w") as part:
            for _piece in range(700):
                part.write(b" " * 1024**2)
    return content.getvalue()


def lying_bomb() -> bytes:
    """The same, with a directory that says the sheet is small."""
    content = bomb()
    at = content.rindex(SHEET.encode()) - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    return content[: at + 24] + struct.pack("<I", 1000) + content[at + 28 :]


def far_apart() -> bytes:
    """Two cells in the corners of the largest sheet: a rectangle of 17 thousand million cells."""
    far = number_cell("XFD1048576", 1)
    return workbook({"缴费": f'<row r="1">{text_cell("A1", "统筹区")}</row><row r="1048576">{far}</row>'})


def far_apart_in_other_words() -> bytes:
    """The same, in a spelling that a look at the cells does not recognise: the bound of memory ends it."""
    cell = "<c s='0' r='{}'><v>1</v></c>"
    return workbook({"缴费": f'<row r="1">{cell.format("A1")}</row><row r="1048576">{cell.format("XFD1048576")}</row>'})


def entities() -> bytes:
    """A text that refers to itself a thousand million times."""
    declared = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{declared}]><workbook>&e9;</workbook>'
    return workbook({"缴费": rows_of(HEADER, ROW)}, parts={"xl/workbook.xml": body.encode()})


@pytest.mark.parametrize("made", [bomb, lying_bomb, far_apart, far_apart_in_other_words, entities])
def test_a_workbook_that_unpacks_to_more_than_fits_is_refused_in_bounded_memory(made: Callable[[], bytes]) -> None:
    content = made()
    assert len(content) < MAX_BYTES
    before = monotonic()
    said = refusal(content)
    assert "unpacks to more than can be read" in said or "damaged" in said
    assert monotonic() - before < PATIENCE
    assert megabytes_of_child(content) < MEMORY_BOUND


# The kernel counts for a process what its parent held when it began, and the tests hold much: a small one starts it.
_MEASURE = """
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-I", sys.argv[1]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(os.wait4(child.pid, 0)[2].ru_maxrss)
"""


def megabytes_of_child(content: bytes) -> float:
    """The most memory that the reading process has while it reads."""
    with tempfile.TemporaryFile() as book:
        book.write(content)
        book.seek(0)
        command = [sys.executable, "-c", _MEASURE, workbook_child.__file__]
        measured = subprocess.run(command, stdin=book, capture_output=True, text=True, check=True)
    return int(measured.stdout) / 1024


def test_a_header_of_many_columns_is_refused() -> None:
    many = TEXT.replace("到账日期", "到账日期," + ",".join(f"列{number}" for number in range(500)))
    assert f"more than {MOST_COLUMNS} columns" in refusal(many.encode())


def test_a_column_twice_is_refused() -> None:
    assert "there twice" in refusal(f"{','.join(HEADER)},月份\n{','.join(ROW)},2024-05\n".encode())


def test_a_header_that_comes_again_below_is_a_wrong_row() -> None:
    sheet = read(TEXT.encode() * 2)
    assert [(error.line, error.column) for error in sheet.errors] == [(3, "1")]
    assert sheet.lines == [2, 4]


# --- What a workbook has besides ------------------------------------------------------------------


def test_the_first_visible_sheet_with_a_known_header_is_read_and_another_one_named() -> None:
    sheets = {
        "说明": rows_of(["请勿修改表头"]),
        "藏": rows_of(HEADER, ["藏", *ROW[1:]]),
        "五月": rows_of(HEADER, ROW, first=4),
        "六月": rows_of(HEADER, ROW),
    }
    with override("en"):
        sheet = read(workbook(sheets, hidden=["藏"]))
    assert (sheet.dict[0]["region"], sheet.lines) == ("保山市", [5])
    assert [note for note in sheet.notes if "六月" in note]


def test_numbers_of_a_workbook_are_what_a_spreadsheet_shows() -> None:
    cells = [
        text_cell("A2", "保山市"),
        number_cell("B2", "530502199003072000"),
        number_cell("C2", 202405),
        number_cell("D2", "0.30000000000000004"),
        '<c r="E2" t="e"><v>#N/A</v></c>',
    ]
    sheet = read(workbook({"缴费": rows_of(HEADER) + f'<row r="2">{"".join(cells)}</row>'}))
    assert list(sheet.dict[0].values()) == ["保山市", "5.30502199003072E+17", "202405", "0.3", "#N/A"]


# --- Fuzzing --------------------------------------------------------------------------------------


def rows_or_refusal(content: bytes) -> None:
    """Through both doors: the whole file, and line by line."""
    try:
        sheet = read(content)
        assert sheet.total
    except FileRefused as refused:
        assert refused.errors  # noqa: PT017 - both ways out are right
    try:
        with opened_rows(io.BytesIO(content), {}) as found:
            list(found.rows)
    except HeaderRefused as refused_header:
        assert str(refused_header)  # noqa: PT017


# A workbook is opened by a process of its own.
@settings(deadline=None)
@given(st.binary(max_size=300))
def test_bytes_are_rows_or_a_refusal(content: bytes) -> None:
    rows_or_refusal(content)


@given(st.binary(max_size=60), st.sampled_from(["utf-8", "gb18030", "utf-16"]), st.integers(0, 120))
def test_bytes_within_a_file_are_rows_or_a_refusal(noise: bytes, encoding: str, place: int) -> None:
    content = TEXT.encode(encoding)
    rows_or_refusal(content[:place] + noise + content[place:])


@given(st.text(st.sampled_from(",;\t\"\n\r'=统筹区个人编号月份缴费基数元（）5.-合计 "), max_size=200), st.booleans())
def test_texts_are_rows_or_a_refusal(text: str, with_header: bool) -> None:
    rows_or_refusal(((TEXT if with_header else "") + text).encode())


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["x01-contributions.xlsx", "x02-contributions.xls"]), st.data())
def test_a_workbook_with_changed_bytes_is_rows_or_a_refusal(name: str, data: st.DataObject) -> None:
    content = bytearray((INPUTS / name).read_bytes())
    for _change in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    rows_or_refusal(bytes(content))
