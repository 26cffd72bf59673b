"""What a paper has inside: pages and dots, and nothing that runs, tells where somebody was, or is a virus."""

import sys
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.conf import LazySettings
from PIL import Image, PngImagePlugin

from agency.exceptions import DomainError
from agency.services.file_checks import check_content
from tests.builder.papers import pdf, picture

pytestmark = pytest.mark.usefixtures("in_english")

# Names and values of actions; each file has an action of its own.
SCRIPT: dict[str, Any] = {"S": pikepdf.Name.JavaScript, "JS": "app.alert(1)"}
LAUNCH = {"S": pikepdf.Name.Launch, "F": "cmd.exe"}
SEND = {"S": pikepdf.Name.SubmitForm, "F": "https://elsewhere.example/"}
LINK = {"S": pikepdf.Name.URI, "URI": "https://www.nhsa.gov.cn/"}
Change = Callable[[pikepdf.Pdf], None]


def made(change: Change, **options: object) -> bytes:
    """A PDF with a page, changed and saved."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf())) as file:
        change(file)
        file.save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def opens_with(action: dict[str, Any]) -> Change:
    def add(file: pikepdf.Pdf) -> None:
        file.Root.OpenAction = pikepdf.Dictionary(**action)

    return add


def on_the_page(action: dict[str, Any]) -> Change:
    """Behind a click on the page."""

    def add(file: pikepdf.Pdf) -> None:
        pressed = pikepdf.Dictionary(**action)
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=pressed)
        file.pages[0].Annots = pikepdf.Array([link])

    return add


def with_a_file(file: pikepdf.Pdf) -> None:
    file.attachments["evil.exe"] = b"MZ"


def with_a_form(file: pikepdf.Pdf) -> None:
    file.Root.AcroForm = pikepdf.Dictionary(XFA=file.make_stream(b"<xdp/>"), Fields=[])


def on_every_key(file: pikepdf.Pdf) -> None:
    file.Root.AA = pikepdf.Dictionary(WC=pikepdf.Dictionary(**SCRIPT))


def by_name(file: pikepdf.Pdf) -> None:
    tree = pikepdf.Dictionary(Names=[pikepdf.String("x"), file.make_indirect(pikepdf.Dictionary(**SCRIPT))])
    file.Root.Names = pikepdf.Dictionary(JavaScript=file.make_indirect(tree))


def far_inside(file: pikepdf.Pdf) -> None:
    """In a dictionary of an array of a stream's dictionary."""
    stream = file.make_stream(b"")
    deep = pikepdf.Dictionary(Deep=pikepdf.Dictionary(A=pikepdf.Dictionary(**SCRIPT)))
    stream.Kept = pikepdf.Array([pikepdf.Array([deep])])
    file.Root.Kept = stream


def as_it_is(file: pikepdf.Pdf) -> None:
    pass


def at_the_first_page(file: pikepdf.Pdf) -> None:
    file.Root.OpenAction = pikepdf.Array([file.pages[0].obj, pikepdf.Name.Fit])


ACTIVE: dict[str, Change] = {
    "script when it opens": opens_with(SCRIPT),
    "program when it opens": opens_with(LAUNCH),
    "program behind a click": on_the_page(LAUNCH),
    "form that is sent": on_the_page(SEND),
    "script on every key": on_every_key,
    "script by name": by_name,
    "script far inside": far_inside,
    "file inside": with_a_file,
    "form of another kind": with_a_form,
}


@pytest.mark.parametrize("how", ["plain", "compressed"])
@pytest.mark.parametrize("what", ACTIVE)
def test_a_pdf_that_can_run_something_is_refused(what: str, how: str) -> None:
    modes = {"plain": pikepdf.ObjectStreamMode.disable, "compressed": pikepdf.ObjectStreamMode.generate}
    content = made(ACTIVE[what], object_stream_mode=modes[how])
    with pytest.raises(DomainError, match="can run something"):
        check_content(BytesIO(content))


def test_a_name_that_is_written_otherwise_is_the_same_name() -> None:
    content = made(opens_with(SCRIPT), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    written = content.replace(b"/JS ", b"/#4aS ").replace(b"/JavaScript", b"/J#61vaSc#72ipt")
    assert b"/JavaScript" not in written
    assert b"/JS" not in written
    with pytest.raises(DomainError, match="can run something"):
        check_content(BytesIO(written))


@pytest.mark.parametrize("change", [as_it_is, on_the_page(LINK), at_the_first_page], ids=["pages", "link", "opening"])
def test_a_pdf_with_pages_and_links_is_kept_as_it_came(change: Change) -> None:
    content = made(change)
    assert check_content(BytesIO(content)).content.read() == content


def test_a_pdf_with_a_password_is_refused() -> None:
    content = made(as_it_is, encryption=pikepdf.Encryption(owner="owner", user="user"))
    with pytest.raises(DomainError, match="password"):
        check_content(BytesIO(content))


# --- Pictures -------------------------------------------------------------------------------------

SECRET = b"taken at home"


def photograph(kind: str) -> bytes:
    """Twice as wide as high, to be turned upright, with what a camera writes beside the dots."""
    image = Image.new("RGB", (40, 20), (200, 30, 30))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = SECRET.decode()
    out = BytesIO()
    if kind == "JPEG":
        image.save(out, kind, exif=exif, comment=SECRET)
        return out.getvalue() + SECRET
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    image.save(out, kind, exif=exif, pnginfo=text)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_keeps_its_dots_and_nothing_else(kind: str) -> None:
    content = photograph(kind)
    assert SECRET in content
    kept = check_content(BytesIO(content)).content.read()
    assert SECRET not in kept
    with Image.open(BytesIO(kept)) as image:
        assert image.format == kind
        assert image.size == (20, 40)
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        dot = image.convert("RGB").getpixel((10, 20))
    assert isinstance(dot, tuple)
    assert all(abs(found - drawn) < 5 for found, drawn in zip(dot, (200, 30, 30), strict=True))


def test_the_same_picture_is_the_same_file_again() -> None:
    digests = {check_content(BytesIO(photograph("JPEG"))).digest for _each in range(2)}
    assert len(digests) == 1


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "I;16"])
def test_pictures_of_every_kind_stay_what_they_are(mode: str) -> None:
    out = BytesIO()
    Image.new(mode, (8, 8)).save(out, "PNG")
    with Image.open(check_content(BytesIO(out.getvalue())).content) as image:
        assert image.mode == mode


# --- The virus scanner ----------------------------------------------------------------------------

# Reads all of its input, as scanners do, and finds what has the mark.
_SCANNER = "import sys; sys.exit(1 if b'EICAR' in sys.stdin.buffer.read() else 0)"


def test_the_offices_scanner_is_asked(settings: LazySettings) -> None:
    settings.UPLOAD_SCAN_COMMAND = [sys.executable, "-c", _SCANNER]
    check_content(BytesIO(pdf("harmless")))
    with pytest.raises(DomainError, match="found something"):
        check_content(BytesIO(pdf("EICAR")))


def test_it_sees_a_picture_as_it_came(settings: LazySettings) -> None:
    settings.UPLOAD_SCAN_COMMAND = [sys.executable, "-c", _SCANNER]
    with pytest.raises(DomainError, match="found something"):
        check_content(BytesIO(picture("JPEG") + b"EICAR"))


@pytest.mark.parametrize("command", [["/no/such/scanner"], [sys.executable, "-c", "import sys; sys.exit(2)"]])
def test_without_an_answer_nothing_is_kept(settings: LazySettings, command: list[str]) -> None:
    settings.UPLOAD_SCAN_COMMAND = command
    with pytest.raises(DomainError, match="no answer"):
        check_content(BytesIO(pdf()))
