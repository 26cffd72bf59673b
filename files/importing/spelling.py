"""How people and spreadsheets write numbers, codes and headers, and what is meant.

What a person reads at once is read; where two readings are possible, or digits are lost, CellRefused says how to write
it. The patterns in capitals are of the kind that a browser understands as well: what is pasted into a bill is read by
them, too.
"""

import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext as _

# Signs that no one sees: marks of a writing direction, joiners, a byte order mark inside a text.
UNSEEN = "[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
# What makes a spreadsheet's cell text, and how some programs do the same.
APOSTROPHES = "^['\u2018\u2019\uff07`]+"
WRAPPED = '^="([^"]*)"$'
MINUS = "[\u2212\u2010-\u2014]"
CURRENCY_BEFORE = "^(?:人民币|rmb|cny|[¥￥])+:?"
CURRENCY_BEHIND = "(?:元整|元正|元|圆整|圆|rmb|cny|yuan)$"
# Digits in one piece, or in groups of three apart by commas or by blanks.
PLAIN_NUMBER = r"^[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?$"
SPACED_NUMBER = r"^[+-]?[0-9]{1,3}(?: [0-9]{3})+(?:\.[0-9]+)?$"
# As spreadsheets shorten long numbers; a code that was shortened always has a sign, 1E5 could be one itself.
SCIENTIFIC = r"^[+-]?[0-9](?:\.[0-9]+)?[eE][+-]?[0-9]{1,3}$"
SHORTENED_CODE = r"^[0-9](?:\.[0-9]+)?[eE]\+[0-9]{2,3}$"
WHOLE_NUMBER = r"^([0-9]+)\.0+$"
SPACED_CODE = "^[0-9Xx ]+$"
HEADER_MARKS = "^[*:#]+|[*:#]+$"
# What stands at the end of a header in brackets and says how to read the column, or nothing at all.
UNIT = r"^(.+?)(?:\(([^()]*)\)|\[([^\[\]]*)\]|【([^】]*)】|/(元))$"
UNIT_NAMES = ("元", "人民币", "人民币元", "人民币:元", "单位:元", "元/月", "元/年", "元/人", "¥", "rmb", "cny", "yuan")
REMARKS = ("必填", "选填", "必填项", "选填项", "必录", "可空", "文本", "文本格式", "required", "optional")
# A unit that is part of every number below, because it would be another number without it.
SCALING_UNITS = {"%": "%", "单位:%": "%", "万元": "万元", "单位:万元": "万元", "人民币万元": "万元"}
SUM_WORDS = ("合计", "总计", "小计", "共计", "累计", "本页合计", "本页小计", "总合计", "合计数", "total", "subtotal")

# More digits than these a decimal number would round.
_LONGEST_NUMBER = 28
# What most cells are; the rest is for the others.
_USUAL = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,4})?")
_BLANKS = re.compile(r"\s+")
_UNSEEN, _APOSTROPHES, _WRAPPED, _MINUS = map(re.compile, (UNSEEN, APOSTROPHES, WRAPPED, MINUS))
_BEFORE, _BEHIND, _UNIT, _MARKS = map(re.compile, (CURRENCY_BEFORE, CURRENCY_BEHIND, UNIT, HEADER_MARKS))
_NUMBER, _SPACED, _SCIENTIFIC = map(re.compile, (PLAIN_NUMBER, SPACED_NUMBER, SCIENTIFIC))
_SHORTENED, _MADE_A_NUMBER, _SPACED_CODE = map(re.compile, (SHORTENED_CODE, WHOLE_NUMBER, SPACED_CODE))


class CellRefused(ValueError):
    """A cell is not what its column holds; the text is a sentence for the clerk."""


def trimmed(text: str) -> str:
    """The text without blanks and unseen signs around it."""
    return (text if text.isascii() else _UNSEEN.sub("", text)).strip()


def plain(text: str) -> str:
    """The text in half-width signs, with single blanks, without the apostrophe that makes a spreadsheet's cell text."""
    if text.isascii() and text.isalnum():
        return text
    cleaned = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).strip()
    cleaned = _APOSTROPHES.sub("", cleaned)
    wrapped = _WRAPPED.fullmatch(cleaned)
    return _BLANKS.sub(" ", wrapped[1] if wrapped else cleaned).strip()


def key(text: str) -> str:
    """The text as it is looked up among others: half-width, lower case, without any blank."""
    return plain(text).replace(" ", "").lower()


def scientific_refused() -> CellRefused:
    """The refusal of a number whose last digits are lost."""
    return CellRefused(
        _(
            "This number stands in scientific notation, and its last digits are lost. Set the column to text in the "
            "spreadsheet, write the numbers anew and export again."
        )
    )


def read_code(text: str) -> str:
    """A code or number of a person, a provider, a claim, as it was before a spreadsheet took it for a number."""
    if text.isascii() and text.isalnum():
        return text
    code = plain(text)
    if _SHORTENED.fullmatch(code):
        raise scientific_refused()
    whole = _MADE_A_NUMBER.fullmatch(code)
    if whole:
        return whole[1]
    return code.replace(" ", "") if _SPACED_CODE.fullmatch(code) else code


def read_number(text: str, *, is_money: bool = False) -> Decimal:
    """The number, never rounded, with all the decimals that are written; a share with % behind is a fraction.

    is_money: a currency may stand before or behind. CellRefused for anything else, with its own sentence for scientific
    notation.
    """
    if _USUAL.fullmatch(text):
        return Decimal(text)
    digits = plain(text).lower()
    digits = _MINUS.sub("-", digits)
    digits = digits.replace(" ", "") if _SPACED.fullmatch(digits) else digits
    if _SCIENTIFIC.fullmatch(digits.replace(" ", "")):
        raise scientific_refused()
    factor = Decimal(1)
    if is_money:
        digits = _BEFORE.sub("", digits).strip()
        if digits.endswith(("万元", "万")):
            digits, factor = digits.removesuffix("元").removesuffix("万").strip(), Decimal(10_000)
        digits = _BEHIND.sub("", digits).strip()
    elif digits.endswith("%"):
        digits, factor = digits.removesuffix("%").strip(), Decimal("0.01")
    if len(digits) > _LONGEST_NUMBER or not _NUMBER.fullmatch(digits):
        raise CellRefused(_("Write the number in digits, such as 1234.50."))
    number = Decimal(digits.replace(",", ""))
    return number if factor == 1 else _without_zeros(number * factor)


def _without_zeros(number: Decimal) -> Decimal:
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def header_key(text: str) -> str:
    """A header as it is looked up: without blanks, line breaks, marks for what must be filled in."""
    return _MARKS.sub("", key(text))


def header_parts(text: str) -> tuple[str, str]:
    """A header's key without the unit in brackets behind, and the unit that each cell below has to carry (often none).

    What stands in brackets and is no unit stays: two columns may differ in nothing else.
    """
    name = header_key(text)
    match = _UNIT.fullmatch(name)
    if match is None:
        return name, ""
    unit = next(part for part in match.groups()[1:] if part is not None)
    if unit in SCALING_UNITS:
        return match[1], SCALING_UNITS[unit]
    return (match[1], "") if unit in (*UNIT_NAMES, *REMARKS) else (name, "")


def is_sum(text: str) -> bool:
    """Whether a row that begins with this only adds up the others."""
    return key(text).rstrip(":") in SUM_WORDS
