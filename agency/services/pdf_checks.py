"""What a PDF may have inside: pages. Not what runs, sends or hides another file."""

from collections.abc import Iterator
from typing import IO, BinaryIO, cast

import pikepdf
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError

# Actions of a PDF by their names: they run scripts or programs, send forms, or open a file inside. Links stay.
_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/RichMediaExecute"}
)
# Where scripts, other files and forms of another kind hang.
_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"})


def check_pdf_inside(content: IO[bytes]) -> None:
    """Read every object, also the compressed ones and those whose names are written otherwise.

    DomainError for a PDF that cannot be read, that asks for a password, or that holds more than pages.
    """
    content.seek(0)
    try:
        with pikepdf.open(cast(BinaryIO, content), suppress_warnings=True) as pdf:
            holds_more = any(_is_active(each) for each in _dictionaries(pdf))
    except pikepdf.PasswordError as error:
        raise DomainError(
            _("The PDF asks for a password. Save it without one and try again."), field="content"
        ) from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise DomainError(
            _("The file is damaged or was not sent to its end. Open it yourself, save it anew and try again."),
            field="content",
        ) from error
    if holds_more:
        raise DomainError(
            _("The PDF can run something, or has other files inside. Print it into a new PDF, or scan the paper."),
            field="content",
        )


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary of the file, those of streams among them."""
    waiting: list[pikepdf.Object] = [*pdf.objects, pdf.trailer]
    while waiting:
        found = waiting.pop()
        if isinstance(found, pikepdf.Array):
            waiting += [each for each in found if _is_within(each)]
        elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            kept = found.stream_dict if isinstance(found, pikepdf.Stream) else found
            yield kept
            waiting += [each for _key, each in kept.items() if _is_within(each)]


def _is_within(each: object) -> bool:
    """What is referred to comes by itself."""
    return isinstance(each, pikepdf.Object) and not each.is_indirect


def _is_active(found: pikepdf.Object) -> bool:
    return not _KEYS.isdisjoint(found.keys()) or str(found.get("/S", "")) in _ACTIONS
