"""What the numbers of documents say, and which a document cannot have."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override
from hypothesis import assume, given
from hypothesis import strategies as st

from agency.exceptions import DomainError
from agency.fields import search_hash
from members.documents import (
    NATIONAL_CODES,
    IdentityDocument,
    IdentityNumberRefused,
    Sex,
    check_identity_number,
    compact,
    identity_hash,
    kind_told_by,
    masked_number,
    possible_hashes,
)

BORN = date(1985, 4, 12)
# Of the file of a list, of published examples, and made up by the rules.
FOREIGNER = "931840198504121245"
FOREIGNER_BEFORE = "KAZ110090123105"
HONG_KONG, MACAU, TAIWAN = "810000199408230021", "820000198504120014", "830000199201300022"
PASSPORT, CHINESE = "X1234567", "E12345678"

BIRTHDAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
STARTS = {
    IdentityDocument.RESIDENT_CARD: ("110101", "530502", "659001", "710000"),
    IdentityDocument.FOREIGNER_CARD: ("911840", "953004", "931999"),
    IdentityDocument.RESIDENCE_PERMIT: ("810000", "820000", "830000"),
}


def check_character(body: str) -> str:
    """That of GB 11643, by its table of weights."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


def check_digit(body: str) -> str:
    """That of ICAO 9303, whose letters begin with 10."""
    values = [int(sign) if sign.isdigit() else ord(sign) - ord("A") + 10 for sign in body]
    return str(
        sum(value * (7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3)[place] for place, value in enumerate(values)) % 10
    )


@st.composite
def eighteen(draw: st.DrawFn) -> tuple[IdentityDocument, str, date, Sex]:
    """A number that tells its kind, with the date of birth and the sex that it says."""
    kind = draw(st.sampled_from(sorted(STARTS)))
    born, sequence = draw(BIRTHDAYS), draw(st.integers(1, 999))
    body = f"{draw(st.sampled_from(STARTS[kind]))}{born:%Y%m%d}{sequence:03}"
    return kind, body + check_character(body), born, Sex.MALE if sequence % 2 else Sex.FEMALE


@st.composite
def cards_before_2023(draw: st.DrawFn) -> tuple[str, date]:
    """A foreigner's card of three letters and twelve digits, and its holder's date of birth."""
    born = draw(BIRTHDAYS)
    country = draw(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3))
    body = f"{country}{draw(st.integers(0, 9999)):04}{born:%y%m%d}{draw(st.integers(0, 9))}"
    return body + check_digit(body), born


@given(eighteen(), st.booleans())
def test_a_number_tells_its_kind_its_date_of_birth_and_the_sex(
    holder: tuple[IdentityDocument, str, date, Sex], is_kind_given: bool
) -> None:
    kind, number, born, sex = holder
    assert check_identity_number(number, kind=kind if is_kind_given else None) == (kind, number, born, sex)
    assert check_identity_number(number, birth_date=born, sex=sex) == (kind, number, born, sex)
    for birth_date, other in ((born + timedelta(days=1), sex), (born, next(each for each in Sex if each != sex))):
        with pytest.raises(IdentityNumberRefused):
            check_identity_number(number, birth_date=birth_date, sex=other)


@given(eighteen(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_digit_is_noticed(holder: tuple[IdentityDocument, str, date, Sex], place: int, sign: str) -> None:
    _kind, number, born, sex = holder
    assume(number[place] != sign)
    mistyped = number[:place] + sign + number[place + 1 :]
    with pytest.raises(IdentityNumberRefused) as refusal:
        check_identity_number(mistyped, birth_date=born, sex=sex)
    assert refusal.value.details == {"field": "identity_number"}
    assert mistyped not in str(refusal.value)


@given(cards_before_2023(), st.sampled_from(Sex))
def test_a_card_of_before_2023_says_the_birthday_without_the_century_and_no_sex(
    card: tuple[str, date], sex: Sex
) -> None:
    number, born = card
    kind = IdentityDocument.FOREIGNER_CARD
    assert check_identity_number(number, birth_date=born, sex=sex) == (kind, number, born, sex)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    for typed, birth_date in ((wrong, born), (number, born + timedelta(days=1))):
        with pytest.raises(IdentityNumberRefused):
            check_identity_number(typed, kind=kind, birth_date=birth_date, sex=sex)


@pytest.mark.parametrize(
    ("number", "kind", "born", "sex"),
    [
        (FOREIGNER, IdentityDocument.FOREIGNER_CARD, BORN, Sex.FEMALE),
        (HONG_KONG, IdentityDocument.RESIDENCE_PERMIT, date(1994, 8, 23), Sex.FEMALE),
        (TAIWAN, IdentityDocument.RESIDENCE_PERMIT, date(1992, 1, 30), Sex.FEMALE),
    ],
)
def test_numbers_of_published_examples(number: str, kind: IdentityDocument, born: date, sex: Sex) -> None:
    assert check_identity_number(number) == (kind, number, born, sex)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (FOREIGNER_BEFORE, None),
        (FOREIGNER_BEFORE, IdentityDocument.FOREIGNER_CARD),
        ("12345", IdentityDocument.FOREIGN_PASSPORT),
        ("A1B2C3D4E5F6G7H8I9J0", IdentityDocument.FOREIGN_PASSPORT),
        (PASSPORT, IdentityDocument.FOREIGN_PASSPORT),
        (CHINESE, IdentityDocument.FOREIGN_PASSPORT),
        (CHINESE, IdentityDocument.CHINESE_PASSPORT),
        ("EA1234567", IdentityDocument.CHINESE_PASSPORT),
    ],
)
def test_what_a_number_does_not_say_somebody_has_to(number: str, kind: IdentityDocument | None) -> None:
    born = date(1990, 12, 31)
    found = check_identity_number(number, kind=kind, birth_date=born, sex=Sex.MALE)
    assert found == (kind or IdentityDocument.FOREIGNER_CARD, number, born, Sex.MALE)
    for birth_date, sex, field in ((None, Sex.MALE, "birth_date"), (born, None, "sex")):
        with pytest.raises(DomainError) as refusal:
            check_identity_number(number, kind=kind, birth_date=birth_date, sex=sex)
        assert refusal.value.details == {"field": field}


@pytest.mark.parametrize(
    ("number", "kind", "sentence"),
    [
        (FOREIGNER, IdentityDocument.RESIDENT_CARD, "another kind of document: foreigner's permanent residence card."),
        (HONG_KONG, IdentityDocument.RESIDENT_CARD, "another kind of document: residence permit of Hong Kong"),
        (HONG_KONG, IdentityDocument.FOREIGNER_CARD, "another kind of document: residence permit"),
        (FOREIGNER_BEFORE, IdentityDocument.FOREIGN_PASSPORT, "another kind of document: foreigner's"),
        ("530502199003072136", IdentityDocument.FOREIGN_PASSPORT, "another kind of document: resident identity card."),
        (PASSPORT, None, "Somebody with another document is entered with its kind."),
        (PASSPORT, IdentityDocument.FOREIGNER_CARD, "begins with 9, or it has three letters and twelve digits"),
        (PASSPORT, IdentityDocument.RESIDENCE_PERMIT, "begins with 81, 82 or 83"),
        (PASSPORT, IdentityDocument.CHINESE_PASSPORT, "a letter and eight digits, or two letters and seven"),
        ("1234", IdentityDocument.FOREIGN_PASSPORT, "5 to 20 letters and digits"),
        ("1" * 21, IdentityDocument.FOREIGN_PASSPORT, "5 to 20 letters and digits"),
        ("PASSPORT", IdentityDocument.FOREIGN_PASSPORT, "5 to 20 letters and digits"),
        ("X12-345", IdentityDocument.FOREIGN_PASSPORT, "5 to 20 letters and digits"),
    ],
)
def test_a_refusal_says_what_the_document_asks_for(number: str, kind: IdentityDocument | None, sentence: str) -> None:
    with override("en"):
        with pytest.raises(IdentityNumberRefused) as refusal:
            check_identity_number(number, kind=kind, birth_date=BORN, sex=Sex.FEMALE)
        said = str(refusal.value)
    assert sentence in said
    assert number not in said


@given(st.sampled_from([FOREIGNER, FOREIGNER_BEFORE, HONG_KONG, MACAU, PASSPORT, CHINESE]), st.randoms())
def test_a_number_has_one_form_however_it_is_typed(number: str, random: object) -> None:
    full = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
    typed = "".join(
        random.choice(["", "", " ", "\u3000"]) + random.choice([sign, sign.lower(), sign.translate(full)])  # type: ignore[attr-defined]
        for sign in number
    )
    assert compact(typed) == number
    assert possible_hashes(typed) == possible_hashes(number) != []


def test_hashes_of_before_stay_and_passports_are_told_apart() -> None:
    resident = "530502199003072136"
    assert identity_hash(IdentityDocument.RESIDENT_CARD, resident) == search_hash(resident)
    # Before there were kinds a foreigner was entered as if the card were a resident's: it is the same person.
    assert identity_hash(IdentityDocument.RESIDENT_CARD, FOREIGNER) == identity_hash(
        IdentityDocument.FOREIGNER_CARD, FOREIGNER
    )
    both = {
        identity_hash(kind, CHINESE) for kind in (IdentityDocument.FOREIGN_PASSPORT, IdentityDocument.CHINESE_PASSPORT)
    }
    assert len(both) == 2
    assert identity_hash("foreign_passport", CHINESE) in both
    assert set(possible_hashes(CHINESE)) == both
    assert possible_hashes(PASSPORT) == [identity_hash(IdentityDocument.FOREIGN_PASSPORT, PASSPORT)]
    assert possible_hashes("张伟") == possible_hashes("") == possible_hashes("SMITH") == []


@pytest.mark.parametrize(
    ("kind", "number", "shown"),
    [
        (IdentityDocument.RESIDENT_CARD, "530502199003072136", "530502**********36"),
        (IdentityDocument.FOREIGNER_CARD, FOREIGNER, "931840**********45"),
        (IdentityDocument.FOREIGNER_CARD, FOREIGNER_BEFORE, "KAZ1100******05"),
        (IdentityDocument.RESIDENCE_PERMIT, MACAU, "820000**********14"),
        (IdentityDocument.FOREIGN_PASSPORT, PASSPORT, "X******7"),
        (IdentityDocument.CHINESE_PASSPORT, CHINESE, "E*******8"),
    ],
)
def test_a_masked_number_hides_what_tells_the_person(kind: IdentityDocument, number: str, shown: str) -> None:
    assert masked_number(kind, number) == shown


def test_every_kind_has_its_national_code() -> None:
    assert {kind: code for code, kind in NATIONAL_CODES.items()} == {
        IdentityDocument.RESIDENT_CARD: "01",
        IdentityDocument.FOREIGNER_CARD: "07",
        IdentityDocument.FOREIGN_PASSPORT: "08",
        IdentityDocument.CHINESE_PASSPORT: "16",
        IdentityDocument.RESIDENCE_PERMIT: "17",
    }


def test_a_number_that_is_none_tells_no_kind() -> None:
    assert [kind_told_by(text) for text in ("", PASSPORT, CHINESE, "张伟", FOREIGNER[:17])] == [None] * 5
