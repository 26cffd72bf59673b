"""Passwords that are guessed first: what everybody chooses, and what somebody had before."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

_PIECES = Path(__file__).with_name("common_pieces.txt")
# So much of a password has to be its own. Twelve characters with a word and a year leave less.
_OWN_CHARACTERS = 5
# Years, days and runs of one character.
_PATTERNS = re.compile(r"(?:19|20)\d{2}(?:[01]\d(?:[0-3]\d)?)?|(.)\1{2,}")


class CommonPiecesValidator:
    """Refuses what is put together from pieces that everybody uses, such as "woaini1314" and "5201314".

    Pieces, years, runs and the person's own name and login are taken out; what is left has to have five characters.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """ValidationError for a password that is common."""
        left = unicodedata.normalize("NFKC", password).casefold()
        for piece in (*_names_of(user), *_pieces()):
            left = left.replace(piece, " ")
        left = _PATTERNS.sub(" ", left)
        if len(set(re.sub(r"[\W_]", "", left))) < _OWN_CHARACTERS:
            raise ValidationError(
                _("This password is made of words, names or numbers that are tried first. Choose one of your own."),
                code="password_is_common",
            )

    def get_help_text(self) -> str:
        """For the form."""
        return _("It is not put together from common words, your name, years or rows of keys.")


class UsedPasswordValidator:
    """Refuses the passwords that somebody had last. The present one is what `choose_password` refuses."""

    def validate(self, password: str, user: Any = None) -> None:
        """ValidationError for one of the last PASSWORDS_REMEMBERED."""
        if user is None or user.pk is None:
            return
        used = user.used_passwords.exclude(password=user.password).order_by("-pk")[: settings.PASSWORDS_REMEMBERED]
        if any(check_password(password, kept.password) for kept in used):
            raise ValidationError(_("You had this password before. Choose another."), code="password_was_used")

    def password_changed(self, password: str, user: Any = None) -> None:
        """Remember its hash; Django calls this once it is saved."""
        user.used_passwords.create(password=user.password)
        kept = user.used_passwords.order_by("-pk").values_list("pk", flat=True)
        user.used_passwords.filter(pk__in=list(kept[settings.PASSWORDS_REMEMBERED :])).delete()

    def get_help_text(self) -> str:
        """For the form."""
        return _("It is none of your last %(count)s passwords.") % {"count": settings.PASSWORDS_REMEMBERED}


@cache
def _pieces() -> tuple[str, ...]:
    """The longest first: "password" is no "pass" with a word behind it."""
    lines = (line.strip() for line in _PIECES.read_text().splitlines())
    return tuple(sorted({line for line in lines if line and not line.startswith("#")}, key=len, reverse=True))


def _names_of(user: Any) -> list[str]:
    """The person's login and name, the name as it is read as well, longest first."""
    if user is None:
        return []
    syllables = lazy_pinyin(user.display_name)
    names = {user.username, user.display_name, "".join(syllables), *syllables}
    return sorted({name.casefold() for name in names if len(name) > 2}, key=len, reverse=True)
