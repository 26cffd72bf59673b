"""A sheet as a PDF of one page. The Chinese letters are those of whoever reads it: every reader brings STSong-Light."""

from demo.papers.sheet import HEIGHT, WIDTH, Sheet, Stamp, Words

_RED, _BLACK = "0.8 0.1 0.1", "0 0 0"
# How far the handles of a curve stand from the ends of a quarter of a circle, by the radius.
_HANDLE = 0.5523
_FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/W[1 95 500 814 939 500]/FontDescriptor 7 0 R>>",
    b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
    b"/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
)


def pdf_of(sheet: Sheet) -> bytes:
    page = "\n".join([*_rules(sheet), *map(_stamp, sheet.stamps), *map(_words, sheet.words)]).encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
        % (WIDTH, HEIGHT),
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(page), page),
        *_FONT,
    ]
    return _file(objects)


def _file(objects: list[bytes]) -> bytes:
    content, places = bytearray(b"%PDF-1.4\n"), []
    for number, each in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    begins = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, begins)
    return bytes(content)


def _words(words: Words) -> str:
    color = _RED if words.is_red else _BLACK
    code = words.text.encode("utf-16-be").hex()
    return f"BT {color} rg /F {words.size} Tf {words.x:.1f} {HEIGHT - words.y:.1f} Td <{code}> Tj ET"


def _rules(sheet: Sheet) -> list[str]:
    lines = [
        f"{each.x:.1f} {HEIGHT - each.y:.1f} m {each.to_x:.1f} {HEIGHT - each.to_y:.1f} l S" for each in sheet.rules
    ]
    return ["0.6 w 0 0 0 RG", *lines]


def _stamp(stamp: Stamp) -> str:
    x, y, r, h = stamp.x, HEIGHT - stamp.y, stamp.radius, stamp.radius * _HANDLE
    curves = (
        (x + r, y + h, x + h, y + r, x, y + r),
        (x - h, y + r, x - r, y + h, x - r, y),
        (x - r, y - h, x - h, y - r, x, y - r),
        (x + h, y - r, x + r, y - h, x + r, y),
    )
    drawn = " ".join(" ".join(f"{number:.1f}" for number in curve) + " c" for curve in curves)
    size = 2 * r / (len(stamp.text) + 1)
    inside = Words(x - size * len(stamp.text) / 2, stamp.y + size / 3, size, stamp.text, is_red=True)
    return f"{_RED} RG 1.5 w {x + r:.1f} {y:.1f} m {drawn} S\n{_words(inside)}"
