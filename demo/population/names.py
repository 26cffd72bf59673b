"""Names put together from common surnames and given names; numbers in the form of real ones that nobody has."""

from datetime import date
from random import Random

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁沈任"
_GIVEN = {
    "M": "伟强磊军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林阳建国志成文博海峰晓东",
    "F": "芳娜敏静丽艳娟霞秀英玲桂兰红梅燕萍洁琳雪倩颖慧婷玉珍淑华春香月娥晓梦佳怡雅文思雨",
}
# Weights and modulus of the check character (GB 11643).
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
# Numbers within a county and birthday are given out from 001; those of the nine hundreds hardly ever.
_FIRST_SEQUENCE, _LAST_SEQUENCE = 900, 995


def invented_name(rng: Random, sex: str) -> str:
    """A surname and one or two characters."""
    given = "".join(rng.sample(_GIVEN[sex], rng.choice((1, 2, 2))))
    return rng.choice(_SURNAMES) + given


def invented_identity_number(rng: Random, county: str, born: date, sex: str, taken: set[str]) -> str:
    """An identity number with the right check character, that is not yet among `taken`; it is added there."""
    while True:
        sequence = rng.randint(_FIRST_SEQUENCE, _LAST_SEQUENCE)
        if sequence % 2 != (sex == "M"):
            continue
        body = f"{county}{born:%Y%m%d}{sequence:03d}"
        number = body + check_character(body)
        if number not in taken:
            taken.add(number)
            return number


def check_character(body: str) -> str:
    """The eighteenth character to the seventeen digits of an identity number."""
    return _CHECK[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def invented_phone(rng: Random) -> str:
    """Eleven digits that begin as no mobile number does."""
    return f"100{rng.randrange(10**8):08d}"
