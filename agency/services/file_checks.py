"""What an uploaded file really is: judged by its content, never by its name or by the type that a browser declares."""

import hashlib
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from io import SEEK_END, BytesIO
from typing import IO

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from agency.content import ContentType
from agency.exceptions import DomainError
from agency.services.pdf_checks import check_pdf_inside
from agency.services.virus_scans import scan_for_viruses

LARGEST_MB: int = settings.UPLOAD_MEGABYTES["document"]
# A photograph of 64 million pixels takes about 200 MB while it is decoded.
MOST_PIXELS = 64_000_000

_MAGIC = {b"%PDF-": ContentType.PDF, b"\xff\xd8\xff": ContentType.JPEG, b"\x89PNG\r\n\x1a\n": ContentType.PNG}
_FORMATS = {ContentType.JPEG: "JPEG", ContentType.PNG: "PNG"}
# Readers look for the two marks of a PDF file near its ends, so that is where nothing else may carry them.
_NEAR_THE_END = 1024
_PDF_TRAILER = re.compile(rb"startxref\s+\d+\s+%%EOF\s*\Z")
_PNG_TRAILER = b"\x00\x00\x00\x00IEND\xaeB`\x82"
_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error)
_TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)


# Of a photograph nobody sees a difference, and prints of it stay legible.
_JPEG_QUALITY = 92


@dataclass(frozen=True, slots=True)
class CheckedContent:
    """A file that may be kept: its type, its size in bytes, the SHA-256 of its content in hexadecimal, and itself."""

    content_type: ContentType
    size: int
    digest: str
    content: IO[bytes]


def check_content(content: IO[bytes]) -> CheckedContent:
    """Look at a file that can be read from any position, and have what may be kept of it.

    A PDF is kept as it came. A picture is written anew from its dots: what cameras wrote beside them, such as where
    it was taken, is gone, and with it whatever else hid there.

    DomainError for an empty file, one above 20 MB, one that is no PDF, JPEG or PNG, one that is damaged, one that
    other programs would read as something else, a PDF that can run something, and what the virus scanner refuses.
    """
    size = content.seek(0, SEEK_END)
    if size == 0:
        raise DomainError(_("The file is empty. Choose another one."), field="content")
    if size > LARGEST_MB * 1024 * 1024:
        raise DomainError(
            _("The file is larger than %(megabytes)s MB. Scan it with fewer dots, or in parts.")
            % {"megabytes": LARGEST_MB},
            field="content",
        )
    content.seek(0)
    head = content.read(_NEAR_THE_END)
    content_type = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), None)
    if content_type is None:
        raise DomainError(
            _("The file is no PDF, JPEG or PNG, whatever its name says. Scan or photograph the paper again."),
            field="content",
        )
    content.seek(max(size - _NEAR_THE_END, 0))
    tail = content.read(_NEAR_THE_END)
    _check_that_it_is_nothing_else(content, content_type, head)
    kept = content
    if content_type is ContentType.PDF:
        _check_pdf(tail)
        check_pdf_inside(content)
    else:
        kept = _redrawn(content, content_type, tail)
    scan_for_viruses(content)
    size = kept.seek(0, SEEK_END)
    kept.seek(0)
    digest = hashlib.file_digest(kept, "sha256").hexdigest()  # type: ignore[arg-type]
    kept.seek(0)
    return CheckedContent(content_type, size, digest, kept)


def _check_that_it_is_nothing_else(content: IO[bytes], content_type: ContentType, head: bytes) -> None:
    """An archive is read from its end and a PDF from anywhere near its beginning, so either can hide in an image."""
    if zipfile.is_zipfile(content) or (content_type is not ContentType.PDF and b"%PDF-" in head):
        raise DomainError(
            _("The file is two files in one. Scan or photograph the paper again."),
            field="content",
        )


def _damaged() -> DomainError:
    return DomainError(
        _("The file is damaged or was not sent to its end. Open it yourself, save it anew and try again."),
        field="content",
    )


def _check_pdf(tail: bytes) -> None:
    if not _PDF_TRAILER.search(tail.rstrip(b"\x00")):
        raise _damaged()


def _redrawn(content: IO[bytes], content_type: ContentType, tail: bytes) -> IO[bytes]:
    """Decode it, which is the only proof, and write its dots anew, turned as the camera meant.

    Cameras write notes of their own behind a JPEG, but nothing behind a PNG.
    """
    if content_type is ContentType.PNG and not tail.endswith(_PNG_TRAILER):
        raise _damaged()
    content.seek(0)
    drawn = BytesIO()
    try:
        with Image.open(content, formats=(_FORMATS[content_type],)) as image:
            pixels = image.width * image.height
            if pixels <= MOST_PIXELS:
                image.load()
                _draw(image, content_type, drawn)
    except _TOO_LARGE:
        pixels = MOST_PIXELS + 1
    except _UNREADABLE as error:
        raise _damaged() from error
    if pixels > MOST_PIXELS:
        raise DomainError(
            _("The picture has more than %(millions)s million dots. Scan or photograph the paper with fewer.")
            % {"millions": MOST_PIXELS // 1_000_000},
            field="content",
        )
    return drawn


def _draw(image: Image.Image, content_type: ContentType, out: IO[bytes]) -> None:
    turned = ImageOps.exif_transpose(image)
    # A colour that stands for none is part of the picture; everything else there is said about it.
    turned.info = {name: value for name, value in turned.info.items() if name == "transparency"}
    options = {"quality": _JPEG_QUALITY} if content_type is ContentType.JPEG else {}
    turned.save(out, _FORMATS[content_type], **options)
