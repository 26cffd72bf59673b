"""A file is what its content says: a PDF, a JPEG or a PNG of at most 20 MB, whole, and nothing else besides."""

import hashlib
import struct
import zlib
from io import BytesIO

import pytest

from agency.content import ContentType
from agency.exceptions import DomainError
from agency.services.file_checks import check_content
from tests.builder.papers import Zeros, archive, pdf, picture

pytestmark = pytest.mark.usefixtures("in_english")

MEGABYTE = 1024 * 1024
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def chunk(name: bytes, body: bytes) -> bytes:
    """A part of a PNG file."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def huge_png() -> bytes:
    """A few bytes that claim to be 20,000 by 20,000 dots."""
    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    image = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + image


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (pdf(), ContentType.PDF),
        (pdf() + b"\r\n\x00\x00", ContentType.PDF),
        (picture("JPEG"), ContentType.JPEG),
        # What a telephone writes behind its photograph.
        (picture("JPEG") + b"SEFHe\x00\x00\x00SEFT", ContentType.JPEG),
        (picture("PNG"), ContentType.PNG),
    ],
)
def test_what_is_accepted_has_its_type_size_and_digest(content: bytes, expected: ContentType) -> None:
    checked = check_content(BytesIO(content))
    kept = checked.content.read()
    assert (checked.content_type, checked.size) == (expected, len(kept))
    assert checked.digest == hashlib.sha256(kept).hexdigest()
    if expected is ContentType.PDF:
        assert kept == content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (archive(), "no PDF, JPEG or PNG"),
        (HTML, "no PDF, JPEG or PNG"),
        (picture("GIF"), "no PDF, JPEG or PNG"),
        (b"MZ\x90\x00" + bytes(100), "no PDF, JPEG or PNG"),
        # A page that a PDF reader would read too.
        (HTML + pdf(), "no PDF, JPEG or PNG"),
        (b"\n" + pdf(), "no PDF, JPEG or PNG"),
        (pdf() + archive(), "two files in one"),
        (picture("JPEG") + archive(), "two files in one"),
        (picture("PNG") + archive(), "two files in one"),
        (picture("JPEG")[:20] + pdf() + picture("JPEG")[20:], "two files in one"),
        (picture("PNG") + HTML, "damaged"),
        (pdf()[:-20], "damaged"),
        (pdf() + HTML, "damaged"),
        (b"%PDF-1.4\n" + HTML, "damaged"),
        (b"\xff\xd8\xff\xe0" + HTML, "damaged"),
        (picture("JPEG", size=(400, 300))[:-200], "damaged"),
        (picture("PNG", size=(400, 300))[:60] + picture("PNG")[-12:], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + HTML + picture("PNG")[-12:], "damaged"),
        (huge_png(), "more than 64 million dots"),
    ],
)
def test_what_is_refused_says_why(content: bytes, sentence: str) -> None:
    with pytest.raises(DomainError, match=sentence):
        check_content(BytesIO(content))


def test_a_file_above_the_limit_is_refused_unread() -> None:
    large = Zeros(200 * MEGABYTE, head=b"%PDF-1.4\n")
    with pytest.raises(DomainError, match="larger than 20 MB"):
        check_content(large)  # type: ignore[arg-type]
    assert large.bytes_read == 0


def test_the_limit_is_the_last_byte_that_is_accepted() -> None:
    filled = pdf().replace(b"paper", b"x" * (20 * MEGABYTE - len(pdf()) + len("paper")))
    assert len(filled) == 20 * MEGABYTE
    assert check_content(BytesIO(filled)).size == 20_971_520
    with pytest.raises(DomainError, match="larger than 20 MB"):
        check_content(BytesIO(filled + b"\n"))
