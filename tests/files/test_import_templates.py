"""The workbook that each kind of file begins with, and what the document says of it."""

import io
import zipfile
from datetime import date

import pytest
from django.conf import settings
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from agency.exceptions import DomainError
from agency.exporting.blank import Blank, write_blanks
from agency.exporting.sheet import Heading, Sheet
from files.importing.reading import read_sheet
from files.importing.template import template_bytes
from files.services.file_imports import guess_kind
from files.services.import_kinds import columns_of, import_kinds, resource_of
from tests import builder
from tests.builder.sheets import sheet
from tests.files.files_document import DOCUMENT, described

KINDS = [kind.name for kind in import_kinds()]
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def template(kind: str) -> bytes:
    resource = resource_of(kind)
    return template_bytes(str(resource.label), columns_of(kind), resource.examples)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_a_template_is_read_back(kind: str, language: str) -> None:
    columns = columns_of(kind)
    with override(language):
        sheet = read_sheet(template(kind), columns)
        assert (sheet.errors, sheet.notes, len(sheet)) == ([], [], 1)
        assert sheet.headers == [name for name in columns if name != "region"]
        cells = dict(zip(sheet.headers, sheet[0], strict=True))
        for name in sheet.headers:
            columns[name].clean(cells)


# Nothing but the person can tell these two apart.
ALIKE = {"hospital_stays", "special_nursing"}
# Rows like those of another kind, for which their header stands.
CHOSEN = {"claim_corrections": "claims"}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_the_header_of_a_template_says_its_kind(kind: str) -> None:
    region = builder.region("zaozhuang")
    if kind in ALIKE:
        with pytest.raises(DomainError):
            guess_kind(io.BytesIO(template(kind)), region, None)
    else:
        assert guess_kind(io.BytesIO(template(kind)), region, None) == CHOSEN.get(kind, kind)


@pytest.mark.django_db
def test_a_header_that_lacks_a_column_of_the_likeliest_kind_is_asked_about() -> None:
    with pytest.raises(DomainError):
        guess_kind(io.BytesIO(sheet("人员编号,姓名,身份证号,性别,手机号码")), builder.region("zaozhuang"), None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_template_explains_every_column(kind: str, language: str) -> None:
    with override(language):
        book = CalamineWorkbook.from_filelike(io.BytesIO(template(kind)))
        assert len(book.sheet_names) == 2
        rows = book.get_sheet_by_index(1).to_python()
        told = {row[1]: row for row in rows[1:-1]}
        assert [*told] == [name for name in columns_of(kind) if name != "region"]
        assert all(row[0] and row[2] and row[3] for row in told.values())


def test_codes_keep_their_zeros_and_days_and_numbers_are_real_ones() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(template("contributions")))
    number, month, base, received_on = book.get_sheet_by_index(0).to_python()[1]
    assert (number, month, base, received_on) == ("0000123456", "2024-03", 1234.5, date(2024, 3, 1))


def test_what_looks_like_a_formula_is_written_as_text() -> None:
    content = io.BytesIO()
    write_blanks(content, [Blank(Sheet("1/2: '", [Heading("=A1")], [["=1+1"], ["{=1}"], ["https://x.example"]]))])
    book = CalamineWorkbook.from_filelike(io.BytesIO(content.getvalue()))
    assert book.get_sheet_by_index(0).to_python() == [["=A1"], ["=1+1"], ["{=1}"], ["https://x.example"]]
    with zipfile.ZipFile(content) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_the_document_describes_the_kinds_as_they_are() -> None:
    """`make files-document` writes it anew."""
    assert DOCUMENT.read_text(encoding="utf-8") == described()


def test_every_kind_has_a_name_of_its_own() -> None:
    for language in LANGUAGES:
        with override(language):
            labels = [str(kind.label) for kind in import_kinds()]
            assert len(set(labels)) == len(labels)
