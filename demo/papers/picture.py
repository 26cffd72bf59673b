"""A sheet as a photograph, where this machine has letters to draw Chinese with."""

import io
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from demo.papers.sheet import HEIGHT, WIDTH, Sheet

_SCALE = 1.5
_PAPER, _INK, _RED = (250, 248, 240), (30, 30, 40), (200, 40, 40)
# Where systems keep a font with Chinese letters.
_FONTS = (
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/STHeiti Medium.ttc",
    "C:/Windows/Fonts/simsun.ttc",
)


@cache
def _font_file() -> str | None:
    return next((path for path in _FONTS if Path(path).exists()), None)


@cache
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def png_of(sheet: Sheet) -> bytes | None:
    """The file's content; None on a machine without Chinese letters."""
    letters = _font_file()
    if letters is None:
        return None
    image = Image.new("RGB", (_dots(WIDTH), _dots(HEIGHT)), _PAPER)
    draw = ImageDraw.Draw(image)
    for rule in sheet.rules:
        draw.line([_dots(each) for each in (rule.x, rule.y, rule.to_x, rule.to_y)], fill=_INK)
    for stamp in sheet.stamps:
        x, y, radius = _dots(stamp.x), _dots(stamp.y), _dots(stamp.radius)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=_RED, width=3)
        size = 2 * radius // (len(stamp.text) + 1)
        draw.text((x, y), stamp.text, font=_font(letters, size), fill=_RED, anchor="mm")
    for words in sheet.words:
        place = (_dots(words.x), _dots(words.y))
        draw.text(
            place, words.text, font=_font(letters, _dots(words.size)), fill=_RED if words.is_red else _INK, anchor="ls"
        )
    content = io.BytesIO()
    # A photograph needs no more colours than ink, stamp and paper have.
    image.quantize(16).save(content, "PNG")
    return content.getvalue()


def _dots(points: float) -> int:
    return round(points * _SCALE)
