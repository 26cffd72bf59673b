"""What of a file can be read: its encoding, its header, its shape, and the lines that errors name."""

import pytest
from django.conf import settings
from django.utils.translation import override

from agency.models import PoolingRegion
from files.importing import reading
from files.services.import_kinds import columns_of, import_kinds
from members.models import Member
from members.resources import MemberResource
from tests import builder
from tests.builder.sheets import MEMBER_HEADER, bring_in, member_row, places, sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def kaifeng() -> PoolingRegion:
    return builder.region("kaifeng")


def names(region: PoolingRegion) -> list[str]:
    return list(Member.objects.filter(region=region).order_by("member_number").values_list("name", flat=True))


# --- Encodings ------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encodings_of_chinese_offices_are_read(kaifeng: PoolingRegion, encoding: str) -> None:
    rows = [member_row(kaifeng, 1, name="李喆"), member_row(kaifeng, 2, name="阿依古丽·买买提")]
    report = bring_in("members", sheet(MEMBER_HEADER, *rows, encoding=encoding), kaifeng)
    assert report.errors == []
    assert names(kaifeng) == ["李喆", "阿依古丽·买买提"]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("big5", "開封市參保人員張偉"),
        ("shift_jis", "かいふうし山田"),
        ("cp1252", "Müller"),
    ],
)
def test_another_encoding_is_refused_with_one_sentence(kaifeng: PoolingRegion, encoding: str, name: str) -> None:
    report = bring_in("members", sheet(MEMBER_HEADER, member_row(kaifeng, 1, name=name), encoding=encoding), kaifeng)
    assert places(report) == [(1, "1")]
    assert names(kaifeng) == []


def test_a_file_that_stops_being_utf8_is_refused(kaifeng: PoolingRegion) -> None:
    content = sheet(MEMBER_HEADER, *(member_row(kaifeng, n, name="张建国") for n in range(1, 30)))
    report = bring_in("members", content + "张".encode()[:2] + b"\n", kaifeng)
    assert places(report) == [(1, "1")]
    assert names(kaifeng) == []


def test_control_characters_are_refused(kaifeng: PoolingRegion) -> None:
    content = sheet(MEMBER_HEADER, member_row(kaifeng, 1, name="张\0伟"))
    assert places(bring_in("members", content, kaifeng)) == [(1, "1")]


def test_a_file_above_the_limit_is_refused(kaifeng: PoolingRegion) -> None:
    report = bring_in("members", b"x" * (reading.MAX_BYTES + 1), kaifeng)
    assert places(report) == [(1, "1")]
    assert "20" in report.errors[0].reason


# --- Header and shape -----------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b",,,\n"])
def test_an_empty_file_is_refused(kaifeng: PoolingRegion, content: bytes) -> None:
    assert places(bring_in("members", content, kaifeng)) == [(1, "1")]


def test_a_header_without_rows_is_refused(kaifeng: PoolingRegion) -> None:
    assert places(bring_in("members", sheet(MEMBER_HEADER), kaifeng)) == [(1, "1")]


def test_missing_columns_are_named(kaifeng: PoolingRegion) -> None:
    report = bring_in("members", sheet("region,member_number,name,sex", "kaifeng,1,张伟,M"), kaifeng)
    assert places(report) == [(1, "identity_number"), (1, "birth_date")]


def test_an_unknown_column_is_placed_and_not_repeated(kaifeng: PoolingRegion) -> None:
    """A file without a header has a person where the header should be."""
    row = member_row(kaifeng, 1, name="张伟")
    report = bring_in("members", sheet(row, row), kaifeng)
    assert (1, "3") in places(report)
    assert not any("张伟" in str(error) for error in report.errors)


def test_a_column_that_is_there_twice_is_named(kaifeng: PoolingRegion) -> None:
    report = bring_in("members", sheet(f"{MEMBER_HEADER},name", member_row(kaifeng, 1) + ",x"), kaifeng)
    assert places(report) == [(1, "name")]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_a_header_may_have_the_labels_of_the_screens(kaifeng: PoolingRegion, language: str) -> None:
    with override(language):
        labels = [str(MemberResource.columns()[name].label) for name in MEMBER_HEADER.split(",")]
    report = bring_in("members", sheet(",".join(labels), member_row(kaifeng, 1, name="张伟")), kaifeng)
    assert report.errors == []
    assert names(kaifeng) == ["张伟"]


@pytest.mark.parametrize("kind", [kind.name for kind in import_kinds()])
@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_no_two_columns_of_a_kind_have_the_same_label(kind: str, language: str) -> None:
    columns = next(each.columns for each in import_kinds() if each.name == kind)
    with override(language):
        labels = [str(column.label).lower() for column in columns]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("kind", [kind.name for kind in import_kinds()])
def test_no_two_columns_of_a_kind_have_the_same_spelling(kind: str) -> None:
    columns = columns_of(kind)
    spellings = [spelling for column in columns.values() for spelling in column.spellings()]
    assert len(set(spellings)) == len(spellings)


def test_a_header_may_have_what_lists_call_the_numbers(kaifeng: PoolingRegion) -> None:
    header = "统筹区,医保编号,姓名,身份证号,性别,出生日期"
    assert bring_in("members", sheet(header, member_row(kaifeng, 1, name="张伟")), kaifeng).errors == []
    assert names(kaifeng) == ["张伟"]


def test_rows_with_too_many_or_too_few_cells_are_reported_beside_the_others(kaifeng: PoolingRegion) -> None:
    content = sheet(MEMBER_HEADER, "kaifeng,1,张伟", member_row(kaifeng, 2) + ",x", member_row(kaifeng, 3, sex="?"))
    report = bring_in("members", content, kaifeng)
    assert places(report) == [(2, "4"), (3, "7"), (4, "sex")]
    assert report.total == 3


def test_a_quotation_mark_that_is_never_closed_is_refused(kaifeng: PoolingRegion) -> None:
    content = sheet(MEMBER_HEADER, member_row(kaifeng, 1), member_row(kaifeng, 2, name='"张伟'))
    assert places(bring_in("members", content, kaifeng)) == [(3, "1")]


def test_lines_are_counted_as_an_editor_counts_them(kaifeng: PoolingRegion) -> None:
    """Blank lines count, empty rows are passed over, and a quoted cell may have several lines."""
    content = sheet(
        f"{MEMBER_HEADER},employer",
        "",
        member_row(kaifeng, 1) + ',"青禾\n农机厂"',
        ",,,,,,",
        member_row(kaifeng, 2, birth_date="2023-02-29") + ",",
    )
    assert places(bring_in("members", content, kaifeng)) == [(6, "birth_date")]
