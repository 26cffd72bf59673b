"""From bytes to text: UTF-8 and UTF-16 with or without byte order mark, GB18030."""

import codecs
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import islice

from django.utils.translation import gettext as _

from files.importing.refusals import whole_file

_HEAD = 4096
_LINE_BREAKS_AND_TAB = frozenset("\t\r\n")
# Scripts that Chinese files have no use for; a file in another encoding, read as GB18030, is full of them.
_FOREIGN_SCRIPTS = ("HIRAGANA", "KATAKANA", "CYRILLIC", "BOPOMOFO", "HANGUL", "BOX DRAWINGS", "HALFWIDTH")
_IDEOGRAPH = "CJK UNIFIED IDEOGRAPH"


def decode(content: bytes) -> str:
    """The file's text. FileRefused where no encoding that Chinese offices use gives one, or it changes within."""
    wide = wide_encoding(content[:_HEAD])
    try:
        text = content.decode(wide or "utf-8-sig")
    except UnicodeDecodeError as error:
        if wide:
            raise whole_file(_wrong_encoding()) from error
        text = _decode_gb18030(content)
    text = text.removeprefix("\ufeff")
    if any(unicodedata.category(character) == "Cc" for character in set(text) - _LINE_BREAKS_AND_TAB):
        raise whole_file(_wrong_encoding())
    return text


def wide_encoding(head: bytes) -> str:
    """The UTF-16 that a file begins in, empty for none: by its mark, or by the zeros that are half of every digit."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    halves = head[0::2].count(0), head[1::2].count(0)
    if max(halves) * 10 < len(head) or min(halves) * 20 > max(halves):
        return ""
    return "utf-16-be" if halves[0] > halves[1] else "utf-16-le"


def voted_encoding(lines: Iterable[bytes]) -> str:
    """UTF-8, or GB18030 where more lines are not UTF-8 than are; lines of plain digits and letters say neither.

    One line that was damaged does not make the others unreadable.
    """
    votes = sum((1 if _is_utf8(line) else -1) for line in lines if not line.isascii())
    return "utf-8" if votes >= 0 else "gb18030"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decode_gb18030(content: bytes) -> str:
    """GB18030 accepts most bytes, so what comes out has to look like Chinese: no scripts or private characters that
    Chinese files do not have, and mostly ideographs of the common set, which misread text seldom hits.
    """
    changes_in = _line_in_utf8(content)
    if changes_in:
        said = _(
            "The file is written in two encodings: line %(line)s is in another one than the lines around it. Put it "
            "together anew and save it in one."
        )
        raise whole_file(said % {"line": changes_in})
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise whole_file(_wrong_encoding()) from error
    counted = Counter(text)
    ideographs = {sign: times for sign, times in counted.items() if _is_ideograph(sign)}
    common = sum(times for sign, times in ideographs.items() if _is_common(sign))
    if any(map(_is_foreign, counted)) or not ideographs or common * 2 < sum(ideographs.values()):
        raise whole_file(_wrong_encoding())
    return text


def _line_in_utf8(content: bytes) -> int:
    """The first line that is good Chinese in UTF-8, in a file that is not UTF-8 as a whole; 0 for none."""
    for number, line in enumerate(islice(content.split(b"\n"), 1_000_000), start=1):
        if line.isascii() or not _is_utf8(line):
            continue
        signs = [sign for sign in line.decode() if not sign.isascii()]
        ideographs = [sign for sign in signs if _is_ideograph(sign)]
        if len(ideographs) >= 2 and len(ideographs) * 2 > len(signs) and all(map(_is_common, ideographs)):
            return number
    return 0


def _is_ideograph(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith(_IDEOGRAPH)


def _is_foreign(sign: str) -> bool:
    is_unwritten = unicodedata.category(sign) in {"Co", "Cn"}
    return is_unwritten or unicodedata.name(sign, "").startswith(_FOREIGN_SCRIPTS)


def _is_common(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _wrong_encoding() -> str:
    return _("The file is neither UTF-8 nor GB18030. Save it as CSV in one of these, or as XLSX.")


# What other files begin with; a table begins with none of these.
_OTHERS = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "bitmap"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"RIFF", "picture"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
)


def refuse_no_table(head: bytes) -> None:
    """FileRefused for what is a picture, a document or an archive, whatever it is called."""
    kind = next((kind for start, kind in _OTHERS if head.startswith(start)), "")
    if kind == "bitmap" and b"\0" not in head[:32]:
        kind = ""
    if not kind and head.lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower().startswith(
        (b"<html", b"<!doctype", b"<?xml", b"<table")
    ):
        kind = "page"
    sentences = {
        "pdf": _("This is a PDF, not a table. Ask for the list as XLSX or CSV."),
        "picture": _("This is a picture, not a table. Ask for the list as XLSX or CSV."),
        "bitmap": _("This is a picture, not a table. Ask for the list as XLSX or CSV."),
        "archive": _("This is a packed file. Unpack it and choose the table in it."),
        "page": _("This is a web page under the name of a table. Open it in a spreadsheet and save it as XLSX or CSV."),
    }
    if kind:
        raise whole_file(sentences[kind])
