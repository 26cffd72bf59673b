"""The documents that people prove who they are with, and what their numbers say.

Pure: a number's form, check digit, date of birth and sex are read from the number alone.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric

from agency.exceptions import DomainError
from agency.fields import masked, search_hash
from members.names import HALF_WIDTH


class Sex(models.TextChoices):
    """As on the identity card."""

    MALE = "M", _("male")
    FEMALE = "F", _("female")


class IdentityDocument(models.TextChoices):
    """The kinds of document (证件类型).

    The foreigner's card is one kind in two forms: 18 digits since 2023, three letters and twelve digits before.
    """

    RESIDENT_CARD = "resident_card", _("resident identity card")
    FOREIGNER_CARD = "foreigner_card", _("foreigner's permanent residence card")
    RESIDENCE_PERMIT = "residence_permit", _("residence permit of Hong Kong, Macau and Taiwan residents")
    FOREIGN_PASSPORT = "foreign_passport", _("foreign passport")
    CHINESE_PASSPORT = "chinese_passport", _("Chinese passport")


# Codes of the national platform (psn_cert_type 人员证件类型).
NATIONAL_CODES: Mapping[str, IdentityDocument] = {
    "01": IdentityDocument.RESIDENT_CARD,
    "07": IdentityDocument.FOREIGNER_CARD,
    "08": IdentityDocument.FOREIGN_PASSPORT,
    "16": IdentityDocument.CHINESE_PASSPORT,
    "17": IdentityDocument.RESIDENCE_PERMIT,
}

# The scheme of GB 11643: six digits for a place or a country, the date of birth, a sequence, a check character.
_EIGHTEEN = re.compile("[0-9]{17}[0-9X]")
# Country, place of the first application, the date of birth with two digits for the year, a sequence, a check digit.
_FOREIGNER_CARD_BEFORE_2023 = re.compile("[A-Z]{3}[0-9]{12}")
_PERMIT_STARTS = ("81", "82", "83")
PASSPORTS = {
    IdentityDocument.FOREIGN_PASSPORT: re.compile("(?=.*[0-9])[A-Z0-9]{5,20}"),
    IdentityDocument.CHINESE_PASSPORT: re.compile("[A-Z][0-9]{8}|[A-Z]{2}[0-9]{7}"),
}
_FORMS: Mapping[str, Promise] = {
    IdentityDocument.RESIDENT_CARD: _(
        "The number of a resident identity card has 18 digits, the last of which may be X. Somebody with another "
        "document is entered with its kind."
    ),
    IdentityDocument.FOREIGNER_CARD: _(
        "The number of a foreigner's permanent residence card has 18 digits and begins with 9, or it has three letters "
        "and twelve digits."
    ),
    IdentityDocument.RESIDENCE_PERMIT: _(
        "The number of a residence permit has 18 digits and begins with 81, 82 or 83."
    ),
    IdentityDocument.FOREIGN_PASSPORT: _("The number of a passport has 5 to 20 letters and digits."),
    IdentityDocument.CHINESE_PASSPORT: _(
        "The number of a Chinese passport has a letter and eight digits, or two letters and seven digits."
    ),
}


class IdentityNumberRefused(DomainError):
    """A number that its kind of document cannot have, or one that contradicts the date of birth or the sex."""


class Identity(NamedTuple):
    """A document as it is recorded, its number in canonical form, and its holder's date of birth and sex."""

    kind: IdentityDocument
    number: str
    birth_date: date
    sex: str


def compact(number: str) -> str:
    """A number in canonical form: half-width capitals and digits without blanks."""
    return "".join(str(ric.compact(number)).translate(HALF_WIDTH).split())


def kind_told_by(number: str) -> IdentityDocument | None:
    """The kind that a number in canonical form tells by itself; None for a passport, and for what is no number."""
    if _EIGHTEEN.fullmatch(number):
        if number.startswith("9"):
            return IdentityDocument.FOREIGNER_CARD
        is_permit = number.startswith(_PERMIT_STARTS)
        return IdentityDocument.RESIDENCE_PERMIT if is_permit else IdentityDocument.RESIDENT_CARD
    return IdentityDocument.FOREIGNER_CARD if _FOREIGNER_CARD_BEFORE_2023.fullmatch(number) else None


def check_identity_number(
    number: str, *, kind: str | None = None, birth_date: date | None = None, sex: str | None = None
) -> Identity:
    """The document with what is known of its holder.

    kind: None for the one that the number tells, otherwise a resident card. birth_date, sex: as somebody gave them,
    None where the number alone has to say them. IdentityNumberRefused for a number that is not of the kind's form, has
    a wrong check digit, or says another date of birth or sex; DomainError where nothing says them.
    """
    canonical = compact(number)
    told = kind_told_by(canonical)
    document = IdentityDocument(kind or told or IdentityDocument.RESIDENT_CARD)
    _check_form(document, canonical, told)
    if told is not None and len(canonical) == 18:
        born = _born(canonical)
        if birth_date not in (None, born):
            raise _refused(_("The identity number gives another date of birth."))
        said = Sex.MALE if int(canonical[16]) % 2 else Sex.FEMALE
        if sex not in (None, said):
            raise _refused(_("The identity number gives another sex."))
        return Identity(document, canonical, born, said)
    if birth_date is None:
        raise DomainError(_("This document's number does not say the date of birth. Enter it."), field="birth_date")
    if not sex:
        raise DomainError(_("This document's number does not say the sex. Enter it."), field="sex")
    if told is not None and f"{birth_date:%y%m%d}" != canonical[7:13]:
        raise _refused(_("The identity number gives another date of birth."))
    return Identity(document, canonical, birth_date, sex)


def identity_hash(kind: str, number: str) -> str:
    """The keyed hash that finds a document again by its kind and number in canonical form."""
    # Numbers of cards and permits tell their kind, so the number alone is hashed, as it was when all members had
    # resident cards: those hashes stay right, and a card that was then entered as a resident's is not entered a second
    # time. The two kinds of passport share their forms, and their kind goes before the number.
    return search_hash(f"{kind}:{number}" if kind in PASSPORTS else number)


def possible_hashes(text: str) -> list[str]:
    """The hashes under which a document may be found by what was typed as its number; none if it can be no number."""
    number = compact(text)
    told = kind_told_by(number)
    if told is not None:
        return [identity_hash(told, number)]
    return [identity_hash(kind, number) for kind, form in PASSPORTS.items() if form.fullmatch(number)]


def masked_number(kind: str, number: str) -> str:
    """A number as screens show it: without what tells the person, its date of birth and its sequence."""
    if kind in PASSPORTS:
        return masked(number, head=1, tail=1)
    return masked(number, head=7 if _FOREIGNER_CARD_BEFORE_2023.fullmatch(number) else 6, tail=2)


def _check_form(kind: IdentityDocument, number: str, told: IdentityDocument | None) -> None:
    """IdentityNumberRefused where the number is another kind's or no one's, or has another check digit."""
    if told is None and not (kind in PASSPORTS and PASSPORTS[kind].fullmatch(number)):
        raise _refused(_FORMS[kind])
    if told not in (None, kind):
        said = _("This is the number of another kind of document: %(kind)s.")
        raise IdentityNumberRefused(said % {"kind": IdentityDocument(told).label}, field="identity_number")
    if told is not None and _check_digit(number) != number[-1]:
        raise _refused(_("The identity number is not valid (its check digit does not fit)."))


def _check_digit(number: str) -> str:
    """The last sign that the others ask for."""
    if len(number) == 18:
        # python-stdnum also knows today's counties; a number issued in one that has since been renamed is as good.
        return str(ric.calc_check_digit(number))
    # As in the machine-readable lines of passports (ICAO 9303).
    return str(sum(int(sign, 36) * (7, 3, 1)[place % 3] for place, sign in enumerate(number[:-1])) % 10)


def _born(number: str) -> date:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise _refused(_("The identity number holds no possible date of birth.")) from error


def _refused(sentence: Promise) -> IdentityNumberRefused:
    return IdentityNumberRefused(sentence, field="identity_number")
