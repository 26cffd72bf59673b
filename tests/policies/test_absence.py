"""Which registration for care elsewhere serves which visit: kinds, places, and how far a place reaches."""

from dataclasses import replace

import pytest

from policies.engine.absence import Registered, is_registered
from policies.engine.errors import MissingFact, MissingLaw
from policies.engine.vocabulary import LONG_TERM, OutOfAreaKind, RegistrationPlace
from tests.policies.visits import law

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
