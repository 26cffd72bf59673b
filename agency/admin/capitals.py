"""Amounts in Chinese capitals (大写金额), as payment slips bear them beside the figures."""

from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_SECTIONS = ("", "万", "亿")
_LIMIT = Decimal(10) ** (len(_PLACES) * len(_SECTIONS))


def yuan_in_capitals(amount: Decimal) -> str:
    """An amount of yuan in capitals, after the central bank's rules for filling in vouchers.

    amount: 0 or more, below a trillion, at most two decimals; ValueError for anything else. Noughts between figures are
    written once; 整 closes an amount without fen, so that nothing can be added to it.
    """
    fen = amount * 100
    if not 0 <= amount < _LIMIT or fen != int(fen):
        raise ValueError(f"not an amount of yuan: {amount}")
    yuan, rest = divmod(int(fen), 100)
    jiao, single_fen = divmod(rest, 10)
    if not rest:
        return f"{_whole(yuan) or _DIGITS[0]}元整"
    words = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif yuan:
        words += _DIGITS[0]
    return words + (f"{_DIGITS[single_fen]}分" if single_fen else "整")


def _whole(yuan: int) -> str:
    """The whole yuan, read from the left in sections of four figures; nothing for none."""
    words, skipped = "", False
    figures = [int(figure) for figure in str(yuan)]
    for place, figure in zip(range(len(figures) - 1, -1, -1), figures, strict=True):
        section, position = divmod(place, len(_PLACES))
        if figure:
            words += (_DIGITS[0] if skipped else "") + _DIGITS[figure] + _PLACES[position]
            skipped = False
        else:
            skipped = bool(words)
        # The section's name stands behind it, where anything of the section was read.
        if position == 0 and yuan // 10**place % 10 ** len(_PLACES):
            words += _SECTIONS[section]
    return words
