"""Amounts in capitals: the central bank's own examples, noughts in every place, and what is no amount."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency.admin.capitals import yuan_in_capitals

FIGURES = {figure: value for value, figure in enumerate("零壹贰叁肆伍陆柒捌玖")}


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        # The examples of 正确填写票据和结算凭证的基本规定, each in one of the forms that it allows.
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万零柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
    ],
)
def test_the_examples_of_the_central_bank(amount: str, words: str) -> None:
    assert yuan_in_capitals(Decimal(amount)) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.00", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.55", "伍角伍分"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("20.10", "贰拾元壹角整"),
        ("1000", "壹仟元整"),
        ("10010", "壹万零壹拾元整"),
        ("100000.05", "壹拾万元零伍分"),
        ("1000100", "壹佰万零壹佰元整"),
        ("10050000", "壹仟零伍万元整"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("110010000", "壹亿壹仟零壹万元整"),
        ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_noughts_in_every_place(amount: str, words: str) -> None:
    assert yuan_in_capitals(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["-0.01", "0.001", "1.005", "1000000000000"])
def test_what_is_no_amount_is_not_written(amount: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        yuan_in_capitals(Decimal(amount))


def read(words: str) -> int:
    """The fen of an amount in capitals, read the way a person does."""
    whole, has_yuan, rest = words.partition("元")
    if not has_yuan:
        whole, rest = "", words
    total = section = figure = 0
    for sign in whole:
        if sign in FIGURES:
            figure = FIGURES[sign]
        elif sign in "拾佰仟":
            section, figure = section + figure * 10 ** ("拾佰仟".index(sign) + 1), 0
        else:
            total, section, figure = total + (section + figure) * {"万": 10**4, "亿": 10**8}[sign], 0, 0
    fen = (total + section + figure) * 100
    for sign, unit in (("角", 10), ("分", 1)):
        if sign in rest:
            fen += FIGURES[rest[rest.index(sign) - 1]] * unit
    return fen


@given(st.integers(min_value=0, max_value=10**14 - 1))
def test_whoever_reads_the_words_finds_the_amount(fen: int) -> None:
    words = yuan_in_capitals(Decimal(fen) / 100)
    assert read(words) == fen
    assert "零零" not in words
    assert words.endswith("分" if fen % 10 else "整")
