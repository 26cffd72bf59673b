"""How people and spreadsheets write days, months, years and times of day."""

import re
from calendar import monthrange
from datetime import date, time, timedelta
from functools import lru_cache

from django.utils.translation import gettext as _

from files.importing.spelling import CellRefused, plain

_FIRST_YEAR, _LAST_YEAR = 1900, 2199
# A file has few days and months, each in many rows.
_REMEMBERED = 4096
# A spreadsheet counts days from here on; serial numbers of other lengths are years or days written in one piece.
_DAY_ZERO = date(1899, 12, 30)
_SERIAL = re.compile(r"[1-9]\d{4}", re.ASCII)
_YEAR = re.compile(r"(\d{4})(?: ?年度?)?", re.ASCII)
_WHOLE = re.compile(r"(\d+)\.0+", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)
_ONE_PIECE = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_CHINESE_DAY = re.compile(r"(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]?", re.ASCII)
_MONTH_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        r"(\d{4})[-/](\d{1,2})",
        r"(\d{4})(\d{2})",
        r"(\d{4}) ?年 ?(\d{1,2}) ?月份?",
        r"(\d{4})\.(\d{2}|[2-9])",
    )
)
_MONTH_LAST = re.compile(r"(\d{1,2})[-/](\d{4})", re.ASCII)
_WEEKDAY = re.compile(" ?(?:星期|礼拜|周)[一二三四五六日天]")
_TIME_BEHIND = re.compile(r"(.+?)(?: |t|(?<=[日号]))((?:上午|下午)? ?\d{1,2}:\d.*|\d{6})", re.ASCII)
_CLOCK = re.compile(
    r"(?P<before>上午|下午)? ?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d{1,6})?)?"
    r" ?(?P<behind>am|pm)?",
    re.ASCII,
)
_TIMES = (
    _CLOCK,
    re.compile(r"(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})", re.ASCII),
    re.compile(r"(?P<hour>\d{1,2})[时点](?P<minute>\d{1,2})分(?:(?P<second>\d{1,2})秒)?", re.ASCII),
)
_HALVES = {"上午": 0, "am": 0, "下午": 12, "pm": 12}
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE_NUMBER = re.compile("[〇○零一二三四五六七八九十]+")


@lru_cache(maxsize=_REMEMBERED)
def read_day(text: str) -> date:
    """The day. CellRefused where the calendar has none such, or two days could be meant."""
    bare, behind = _apart(_spelled(text))
    if behind and _time(behind) is None:
        raise CellRefused(_("Write the day as 2023-03-01."))
    serial = _SERIAL.fullmatch(bare)
    if serial:
        return _of_serial(bare)
    parts = _day_parts(bare)
    if parts is None:
        last = _YEAR_LAST.fullmatch(bare)
        if last is None:
            raise CellRefused(_("Write the day as 2023-03-01."))
        parts = _year_last(int(last[1]), int(last[3]), int(last[4]))
    return _day(*parts)


@lru_cache(maxsize=_REMEMBERED)
def read_month(text: str) -> date:
    """The month's first day. A day is taken for its month where it is the first: so spreadsheets keep a month."""
    bare, behind = _apart(_spelled(text))
    for form in _MONTH_FORMS:
        match = form.fullmatch(bare)
        if match:
            return _day(int(match[1]), int(match[2]), 1)
    last = _MONTH_LAST.fullmatch(bare)
    if last:
        return _day(int(last[2]), int(last[1]), 1)
    if re.fullmatch(r"\d{4}\.1", bare, re.ASCII):
        raise CellRefused(_("This may be January or October. Write the month as 2023-03."))
    parts = _day_parts(bare) if not _SERIAL.fullmatch(bare) else None
    if not parts and not _SERIAL.fullmatch(bare):
        raise CellRefused(_("Write the month as 2023-03."))
    day = _day(*parts) if parts else _of_serial(bare)
    if day.day != 1 or (behind and _time(behind) != time.min):
        raise CellRefused(_("This is a day within a month. Write the month as 2023-03."))
    return day


def read_year(text: str) -> int:
    match = _YEAR.fullmatch(_spelled(text))
    if match is None or not _FIRST_YEAR <= int(match[1]) <= _LAST_YEAR:
        raise CellRefused(_("Write the year in four digits, such as 2023."))
    return int(match[1])


def read_time(text: str) -> time:
    bare = _time(plain(text).lower())
    if bare is None:
        raise CellRefused(_("Write the time as 14:30."))
    return bare


def read_moment(text: str) -> tuple[date, time | None]:
    """A day and the time behind it, None where there is no time."""
    bare, behind = _apart(_spelled(text))
    return read_day(bare), read_time(behind) if behind else None


def _spelled(text: str) -> str:
    """Half-width, lower case, Chinese numbers in digits, no weekday, no `.0` that a spreadsheet put behind."""
    bare = plain(text).lower()
    if "年" in bare:
        bare = _CHINESE_NUMBER.sub(lambda match: _in_digits(match[0]), _WEEKDAY.sub("", bare))
    whole = _WHOLE.fullmatch(bare)
    return whole[1] if whole else _WEEKDAY.sub("", bare)


def _in_digits(number: str) -> str:
    """二〇二四 is 2024, 二十 is 20."""
    if "十" not in number:
        return number.translate(_DIGITS)
    tens, _ten, ones = number.partition("十")
    written = (tens or "一").translate(_DIGITS) + (ones or "零").translate(_DIGITS)
    return written if len(tens) <= 1 and len(ones) <= 1 else number


def _apart(bare: str) -> tuple[str, str]:
    """What may be a day, and the time of day behind it."""
    match = _TIME_BEHIND.fullmatch(bare)
    return (match[1], match[2].strip()) if match else (bare, "")


def _day_parts(bare: str) -> tuple[int, int, int] | None:
    match = _YEAR_FIRST.fullmatch(bare)
    if match:
        return int(match[1]), int(match[3]), int(match[4])
    match = _ONE_PIECE.fullmatch(bare) or _CHINESE_DAY.fullmatch(bare)
    if match:
        return int(match[1]), int(match[2]), int(match[3])
    return None


def _year_last(one: int, other: int, year: int) -> tuple[int, int, int]:
    """Day and month, where only one order is possible."""
    if one <= 12 and other <= 12 and one != other:
        raise CellRefused(_("This may be two different days. Write the day as 2023-03-01, the year first."))
    return (year, other, one) if other <= 12 else (year, one, other)


def _of_serial(bare: str) -> date:
    return _DAY_ZERO + timedelta(days=int(bare))


def _day(year: int, month: int, day: int) -> date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        raise CellRefused(_("The calendar has no such day."))
    return date(year, month, day)


def _time(bare: str) -> time | None:
    match = next(filter(None, (form.fullmatch(bare) for form in _TIMES)), None)
    if match is None:
        return None
    parts = match.groupdict()
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    half = parts.get("behind") or parts.get("before")
    if half and hour <= 12:
        hour = hour % 12 + _HALVES[half]
    try:
        return time(hour, minute, second)
    except ValueError:
        return None
