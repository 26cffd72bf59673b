"""A value in whatever spelling is read back as the value; what is doubtful is refused, with the spelling to use."""

import contextlib
from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from files.importing.cells import AmountCell, CodeCell, DayCell, FlagCell, FractionCell, MonthCell, TimeCell, YearCell
from files.importing.days import read_moment
from files.importing.spelling import CellRefused, header_parts, is_sum, key, read_code

DAYS = st.dates(date(1928, 1, 1), date(2150, 12, 31))
_FULL = str.maketrans("0123456789.,-/:+()%ABCXx", "０１２３４５６７８９．，－／：＋（）％ＡＢＣＸｘ")
_CHINESE = str.maketrans("0123456789", "〇一二三四五六七八九")


def _in_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (
        ("" if tens < 2 else str(tens)).translate(_CHINESE)
        + "十" * (tens > 0)
        + (str(ones).translate(_CHINESE) if ones else "")
    )


DAY_SPELLINGS: list[Callable[[date], str]] = [
    date.isoformat,
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day.year} 年 {day.month:02} 月 {day.day:02} 日",
    lambda day: f"{day.year}年{day.month}月{day.day}号 星期{'一二三四五六日'[day.weekday()]}",
    lambda day: f"{str(day.year).translate(_CHINESE)}年{_in_words(day.month)}月{_in_words(day.day)}日",
    lambda day: f"{day} 00:00:00",
    lambda day: f"{day}T00:00:00",
    lambda day: f"{day.year}/{day.month}/{day.day} 0:00",
    lambda day: f"{day.year}/{day.month}/{day.day} 上午 12:00:00",
    lambda day: str((day - date(1899, 12, 30)).days),
    lambda day: f"{(day - date(1899, 12, 30)).days}.0",
]
MONTH_SPELLINGS: list[Callable[[date], str]] = [
    lambda day: f"{day:%Y-%m}",
    lambda day: f"{day:%Y%m}",
    lambda day: f"{day:%Y%m}.0",
    lambda day: f"{day:%Y.%m}",
    lambda day: f"{day.year}-{day.month}",
    lambda day: f"{day.year}/{day.month}",
    lambda day: f"{day.month}/{day.year}",
    lambda day: f"{day.year}年{day.month}月",
    lambda day: f"{day.year}年{day.month:02}月份",
    lambda day: f"{str(day.year).translate(_CHINESE)}年{_in_words(day.month)}月",
    *(lambda day, spell=spell: spell(day.replace(day=1)) for spell in DAY_SPELLINGS),
]
AMOUNT_SPELLINGS: list[Callable[[Decimal], str]] = [
    str,
    lambda amount: f"{amount:,}",
    lambda amount: f"{amount:,}".replace(",", " "),
    lambda amount: f"￥{amount}",
    lambda amount: f"¥ {amount:,}",
    lambda amount: f"RMB{amount}",
    lambda amount: f"人民币{amount}元",
    lambda amount: f"{amount}元",
    lambda amount: f"{amount:,} 元整",
    lambda amount: f"{amount}00",
    lambda amount: f"+{amount}",
    lambda amount: f"{amount / 10_000}万元",
]
CODE_SPELLINGS: list[Callable[[str], str]] = [
    str,
    lambda code: f"{code}.0",
    lambda code: f"'{code}",
    lambda code: f'="{code}"',
    lambda code: f"{code[:6]} {code[6:]}",
    lambda code: f"\u200e{code}\ufeff",
]


def _around(text: str) -> st.SearchStrategy[str]:
    """The text as it is, in full-width signs, or among blanks that no one sees."""
    return st.sampled_from([text, text.translate(_FULL), f" {text}\u3000", f"\u00a0{text}\t", f"'{text}"])


@given(st.data(), DAYS, st.sampled_from(DAY_SPELLINGS))
def test_a_day_is_read_back(data: st.DataObject, day: date, spell: Callable[[date], str]) -> None:
    assert DayCell().clean(data.draw(_around(spell(day)))) == day


@given(st.data(), DAYS, st.sampled_from(MONTH_SPELLINGS))
def test_a_month_is_read_back(data: st.DataObject, day: date, spell: Callable[[date], str]) -> None:
    assert MonthCell().clean(data.draw(_around(spell(day)))) == day.replace(day=1)


@given(st.data(), st.decimals(0, 9_999_999_999, places=2), st.sampled_from(AMOUNT_SPELLINGS))
def test_an_amount_is_read_back(data: st.DataObject, amount: Decimal, spell: Callable[[Decimal], str]) -> None:
    assert AmountCell().clean(data.draw(_around(spell(amount)))) == amount


@given(st.data(), st.decimals(0, 1, places=4))
def test_a_share_is_read_back(data: st.DataObject, share: Decimal) -> None:
    spelled = data.draw(st.sampled_from([str(share), f"{share * 100}%", f"{share * 100} ％"]))
    assert FractionCell().clean(data.draw(_around(spelled))) == share


@given(st.data(), st.from_regex(r"[1-9][0-9]{7,17}", fullmatch=True), st.sampled_from(CODE_SPELLINGS))
def test_a_code_is_read_back(data: st.DataObject, code: str, spell: Callable[[str], str]) -> None:
    assert CodeCell(32).clean(data.draw(_around(spell(code)))) == code


@given(st.times().map(lambda moment: moment.replace(microsecond=0)), st.data())
def test_a_time_is_read_back(moment: time, data: st.DataObject) -> None:
    half = f"{'上午' if moment.hour < 12 else '下午'}{moment.hour % 12 or 12}:{moment:%M:%S}"
    spelled = [f"{moment:%H:%M:%S}", f"{moment:%H%M%S}", half, f"{moment:%I:%M:%S %p}", f"{moment:%H时%M分%S秒}"]
    assert TimeCell().clean(data.draw(_around(data.draw(st.sampled_from(spelled))))) == moment


@given(DAYS, st.text(max_size=12), st.sampled_from([DayCell(), MonthCell(), AmountCell(), YearCell(), FractionCell()]))
def test_no_text_is_anything_but_a_value_or_a_refusal(day: date, text: str, cell: Any) -> None:
    for each in (text, f"{day}{text}", f"{day.year}{text}"):
        with contextlib.suppress(CellRefused):
            cell.clean(each)


@pytest.mark.parametrize(
    ("cell", "text", "said"),
    [
        (DayCell(), "01/02/2024", "two different days"),
        (DayCell(), "1.2.2024", "two different days"),
        (DayCell(), "24-05-20", "Write the day as 2023-03-01."),
        (DayCell(), "5月20日", "Write the day as 2023-03-01."),
        (DayCell(), "2024-05", "Write the day as 2023-03-01."),
        (DayCell(), "2024", "Write the day as 2023-03-01."),
        (DayCell(), "2024-05-19T16:00:00Z", "Write the day as 2023-03-01."),
        (DayCell(), "2023-02-29", "no such day"),
        (MonthCell(), "2024.1", "January or October"),
        (MonthCell(), "2024-05-20", "a day within a month"),
        (MonthCell(), "45432", "a day within a month"),
        (MonthCell(), "24-05", "Write the month as 2023-03."),
        (YearCell(), "23", "four digits"),
        (AmountCell(), "5.3E+5", "scientific notation"),
        (AmountCell(), "1e3", "scientific notation"),
        (AmountCell(), "5,00", "in digits"),
        (AmountCell(), "1,0000", "in digits"),
        (AmountCell(), "5.000,00", "in digits"),
        (AmountCell(), "10%", "in digits"),
        (AmountCell(), "#N/A", "in digits"),
        (AmountCell(), "−5", "negative"),
        (AmountCell(), "0.001", "2 decimals"),
        (AmountCell(), "0.0000001万元", "2 decimals"),
        (AmountCell(), "9" * 40, "in digits"),
        (FractionCell(), "10", "too large"),
        (FractionCell(), "5元", "in digits"),
        (CodeCell(32), "5.30502E+17", "scientific notation"),
        (FlagCell(), "有时", "Write 1 for yes or 0 for no."),
    ],
)
def test_what_is_doubtful_is_refused_with_the_spelling_to_use(cell: Any, text: str, said: str) -> None:
    with override("en"), pytest.raises(CellRefused, match=said):
        cell.clean(text)


@pytest.mark.parametrize("day", ["20/05/2024", "05/20/2024", "20.5.2024", "20-05-2024"])
def test_a_day_with_the_year_last_is_read_where_only_one_order_is_possible(day: str) -> None:
    assert DayCell().clean(day) == date(2024, 5, 20)


def test_a_code_that_only_looks_like_a_number_stays() -> None:
    for code in ("A-1.10", "1E5", "1.10", "C0001", "HI 01"):
        assert read_code(code) == code


def test_a_time_of_day_stands_behind_a_day() -> None:
    assert read_moment("2024/5/20 下午 2:30") == (date(2024, 5, 20), time(14, 30))
    assert read_moment("45432") == (date(1899, 12, 30) + timedelta(days=45432), None)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("缴费基数（元）", ("缴费基数", "")),
        ("缴费基数\n(元/月)", ("缴费基数", "")),
        ("*缴费基数：", ("缴费基数", "")),
        ("缴费基数【必填】", ("缴费基数", "")),
        ("缴费基数(万元)", ("缴费基数", "万元")),
        ("先行自付比例（％）", ("先行自付比例", "%")),
        ("个人编号（新）", ("个人编号(新)", "")),
    ],
)
def test_a_unit_is_taken_from_a_header_and_nothing_else(header: str, found: tuple[str, str]) -> None:
    assert header_parts(header) == found


def test_sums_are_known_by_their_word() -> None:
    assert all(map(is_sum, ("合计", "合 计：", "总计", "Total", "小计")))
    assert not any(map(is_sum, ("合计划", "总", "", key("计"))))
