"""The one form in which names are stored, compared and searched."""

import re
import unicodedata

from files.importing.spelling import UNSEEN

HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
MIDDLE_DOT = "\u00b7"
# Signs that people and input methods take for the middle dot.
_DOTS = "\u00b7\u0387\u02d9\u16eb\u2022\u2027\u2219\u22c5\u2e31\u2e33\u30fb\ua78f\uff65"
_UNSEEN = re.compile(UNSEEN)
_BLANKS = re.compile(r"\s+")
# Chinese characters with their extensions, 〇 and 々, and the private ones that old systems keep rare characters as.
HAN = "\u2e80-\u2fd5\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff"
_ANY_DOT = re.compile(f" ?[{_DOTS}](?: ?[{_DOTS}])* ?")
# A full stop stands for the dot between two Chinese parts; between Latin letters it is one.
_STOP = re.compile(f"(?<=[{HAN}]) ?[.\u3002\ufe52\uff61] ?(?=[{HAN}])")
# Names of two characters are set apart to be as wide as those of three.
_SET_APART = re.compile(f"([{HAN}]) ([{HAN}])")


def normal_name(text: str) -> str:
    """A name with single blanks, half-width letters and one middle dot (·) for its look-alikes; its characters stay."""
    # Not NFKC: that would change characters that are a person's own.
    name = unicodedata.normalize("NFC", _UNSEEN.sub("", text.translate(HALF_WIDTH)))
    name = _BLANKS.sub(" ", name).strip()
    name = _STOP.sub(MIDDLE_DOT, _ANY_DOT.sub(MIDDLE_DOT, name))
    pair = _SET_APART.fullmatch(name)
    return f"{pair[1]}{pair[2]}" if pair else name
