"""How a name is typed by whoever has only Latin letters at hand: in pinyin, or by its initials."""

import re
from functools import lru_cache

from pypinyin import lazy_pinyin

from members.names import HAN

# Characters that are read otherwise as a family name, at a name's beginning.
_AS_FAMILY_NAME = {
    "万俟": ("moqi", "mq"),
    "尉迟": ("yuchi", "yc"),
    "单": ("shan", "s"),
    "曾": ("zeng", "z"),
    "解": ("xie", "x"),
    "仇": ("qiu", "q"),
    "区": ("ou", "o"),
    "查": ("zha", "z"),
    "朴": ("piao", "p"),
    "盖": ("ge", "g"),
    "缪": ("miao", "m"),
    "员": ("yun", "y"),
    "乐": ("yue", "y"),
    "折": ("she", "s"),
    "种": ("chong", "c"),
    "覃": ("qin", "q"),
    "召": ("shao", "s"),
    "繁": ("po", "p"),
    "黑": ("he", "h"),
    "秘": ("bi", "b"),
    "重": ("chong", "c"),
}
_CHARACTER_OR_WORD = re.compile(f"[{HAN}]|[^\\W\\d_{HAN}]+")


def spelled(name: str) -> tuple[str, str]:
    """The name in pinyin and its initials, small letters without blanks and tones; Latin words stay as they are.

    `王伟` is `wangwei`, `ww`; `Maria del Mar` is `mariadelmar`, `mdm`. ü is v, as input methods have it.
    """
    whole, initials = "", ""
    for beginning in (name[:2], name[:1]):
        if beginning in _AS_FAMILY_NAME:
            whole, initials = _AS_FAMILY_NAME[beginning]
            name = name[len(beginning) :]
            break
    for part in _CHARACTER_OR_WORD.findall(name):
        reading = _reading(part)
        whole += reading
        initials += reading[:1]
    return whole, initials


# There are some 20,000 characters; words of foreign names have no end.
@lru_cache(30_000)
def _reading(part: str) -> str:
    """Of one character, or of a word; itself where nobody knows how it is read."""
    return "".join(lazy_pinyin(part)).lower()
