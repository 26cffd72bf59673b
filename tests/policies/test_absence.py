"""Which registration for care elsewhere serves which visit: kinds, places, and how far a place reaches."""

from dataclasses import replace
from pathlib import Path

import pytest

from policies.engine.absence import Registered, is_registered
from policies.engine.adjudication import adjudicate
from policies.engine.errors import MissingFact, MissingLaw
from policies.engine.facts import Circumstances, Usage
from policies.engine.outcome import Outcome, Refusal
from policies.engine.vocabulary import LONG_TERM, OutOfAreaKind, RefusalReason, RegistrationPlace
from policies.pack import PackError, read_pack
from policies.services.packs import PACK_DIRECTORY
from tests.policies.visits import GENERAL, law, person, visit

pytestmark = pytest.mark.django_db

RESIDENT, REFERRAL, TEMPORARY = OutOfAreaKind.LONG_TERM_RESIDENT, OutOfAreaKind.REFERRAL, OutOfAreaKind.TEMPORARY
CITY, PROVINCE, COUNTY = RegistrationPlace.CITY, RegistrationPlace.PROVINCE, RegistrationPlace.COUNTY


@pytest.mark.parametrize("held", OutOfAreaKind)
@pytest.mark.parametrize("asked", OutOfAreaKind)
def test_long_term_kinds_serve_each_other_and_the_others_themselves_alone(
    held: OutOfAreaKind, asked: OutOfAreaKind
) -> None:
    serves = is_registered(law("kaifeng"), asked, "110105", [Registered(held, "110000")])
    assert serves == (held == asked or {held, asked} <= LONG_TERM)


@pytest.mark.parametrize(
    ("reach", "registered", "visited", "serves"),
    [
        (CITY, "370100", "370102", True),
        (CITY, "370102", "370181", True),
        (CITY, "370100", "370200", False),
        (CITY, "370000", "370200", True),
        (CITY, "370100", "370000", False),
        (CITY, "310000", "310115", True),
        (CITY, "310115", "310000", True),
        (CITY, "500101", "500229", True),
        (CITY, "310000", "320500", False),
        (CITY, "429004", "429004", True),
        (CITY, "429004", "429005", False),
        (PROVINCE, "370100", "370200", True),
        (PROVINCE, "370100", "410100", False),
        (COUNTY, "370102", "370181", False),
        (COUNTY, "370102", "370102", True),
        (COUNTY, "370100", "370102", True),
    ],
    ids=str,
)
def test_a_registration_reaches_as_far_as_the_region_says(
    reach: RegistrationPlace, registered: str, visited: str, serves: bool
) -> None:
    policy = replace(law("zaozhuang"), registration_place=reach)
    assert is_registered(policy, RESIDENT, visited, [Registered(RESIDENT, registered)]) == serves


def test_one_registration_of_several_is_enough_and_one_without_a_place_serves_everywhere() -> None:
    policy = law("zaozhuang")
    there, elsewhere, anywhere = (Registered(RESIDENT, place) for place in ("370100", "110000", ""))
    assert is_registered(policy, RESIDENT, "370102", [elsewhere, there])
    assert not is_registered(policy, RESIDENT, "370102", [elsewhere])
    assert is_registered(policy, RESIDENT, "370102", [elsewhere, anywhere])
    assert is_registered(policy, RESIDENT, "", [anywhere])
    assert not is_registered(policy, RESIDENT, "370102", [])


@pytest.mark.parametrize(
    ("slug", "kind", "asks"),
    [
        ("zaozhuang", RESIDENT, True),
        ("zaozhuang", REFERRAL, False),
        ("kaifeng", RESIDENT, True),
        ("baoshan", REFERRAL, True),
        ("dazhou", RESIDENT, False),
        ("pingliang", TEMPORARY, False),
    ],
)
def test_the_place_of_the_visit_is_asked_for_where_it_decides(slug: str, kind: OutOfAreaKind, asks: bool) -> None:
    """In Zaozhuang a referral bears the 10 % wherever it goes, so that its place decides nothing."""
    held = [Registered(kind, "310000")]
    if not asks:
        assert is_registered(law(slug), kind, "", held)
        return
    with pytest.raises(MissingFact, match="place"):
        is_registered(law(slug), kind, "", held)


def test_a_version_that_does_not_say_how_far_a_registration_reaches_decides_no_place() -> None:
    policy = replace(law("kaifeng"), registration_place=None)
    with pytest.raises(MissingLaw, match="registration_place"):
        is_registered(policy, RESIDENT, "310000", [Registered(RESIDENT, "310000")])


NAMED = {"kaifeng": LONG_TERM, "baoshan": LONG_TERM | {REFERRAL}}


@pytest.mark.parametrize("kind", OutOfAreaKind)
@pytest.mark.parametrize("slug", NAMED)
def test_whom_the_article_does_not_name_has_nothing_elsewhere_whatever_is_registered(
    slug: str, kind: OutOfAreaKind
) -> None:
    """Kaifeng 22 and Baoshan 25; the refusal cites the words that leave the kind out."""
    registered = Circumstances(out_of_area_registered=True)
    found = adjudicate(law(slug), person(), visit(GENERAL, "500.00", out_of_area=kind), registered, Usage())
    if kind in NAMED[slug]:
        assert isinstance(found, Outcome)
        return
    assert isinstance(found, Refusal)
    assert found.citation is not None
    assert (found.reason, found.citation.reading) == (RefusalReason.OUT_OF_AREA_UNREGISTERED, "0064")


@pytest.mark.parametrize(
    ("slug", "old", "new", "named"),
    [
        ("kaifeng", 'kinds = ["referral", "temporary"], opens', 'kinds = ["referral"], opens', "temporary: no row"),
        ("baoshan", 'kinds = ["long_term_resident"], opens', 'kinds = ["referral"], opens', "referral: 2 rows"),
        ("dazhou", 'key = "registration_place"', 'key = "senior_from"', "conduct.registration_place: no row"),
    ],
)
def test_a_pack_decides_every_kind_and_how_far_a_registration_reaches(
    slug: str, old: str, new: str, named: str, tmp_path: Path
) -> None:
    text = (PACK_DIRECTORY / f"{slug}.toml").read_text("utf-8")
    assert old in text
    wrong = tmp_path / f"{slug}.toml"
    wrong.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(PackError, match=named):
        read_pack(wrong)
