"""Whether a registration for care elsewhere serves a visit: by its kind, and by the place it names (备案地)."""

from collections.abc import Iterable
from typing import NamedTuple

from policies.engine import vocabulary as v
from policies.engine.errors import MissingFact, MissingLaw
from policies.engine.policy import Policy

# A municipality (直辖市) is one city, whatever its districts; the counties under "90" answer to their province and are
# cities of their own (GB/T 2260).
_MUNICIPALITIES = ("11", "12", "31", "50")
_DIGITS = {v.RegistrationPlace.PROVINCE: 2, v.RegistrationPlace.CITY: 4, v.RegistrationPlace.COUNTY: 6}


class Registered(NamedTuple):
    """A registration in force on the day: its kind, and the place's division code (admdvs), "" where it names none."""

    kind: v.OutOfAreaKind
    place: str


def is_registered(policy: Policy, kind: v.OutOfAreaKind, place: str, held: Iterable[Registered]) -> bool:
    """Whether one of the registrations held serves care of this kind at this place.

    place: the division code of where the visit was, "" where nobody said. A registration of one long-term kind serves
    every long-term kind (docs/interpretations/0063). One without a place serves any; one with a place serves visits
    there (docs/interpretations/0065).

    MissingFact where the place decides and nobody said it; MissingLaw where the version does not say how far a
    registration reaches.
    """
    fitting = [each for each in held if each.kind == kind or {each.kind, kind} <= v.LONG_TERM]
    if any(not each.place for each in fitting):
        return True
    if not fitting or not _matters(policy, kind):
        return bool(fitting)
    if not place:
        raise MissingFact("place")
    if policy.registration_place is None:
        raise MissingLaw(f"{policy.region}: conduct.registration_place")
    reach = policy.registration_place
    return any(_area(place, reach).startswith(_area(each.place, reach)) for each in fitting)


def _matters(policy: Policy, kind: v.OutOfAreaKind) -> bool:
    """Whether the region treats whoever is not registered otherwise than those who are."""
    if policy.effects[v.RefusalReason.OUT_OF_AREA_UNREGISTERED].effect == v.Effect.REFUSE:
        return True
    return policy.out_of_area[kind].value != policy.out_of_area[v.OutOfAreaKind.TEMPORARY].value


def _area(place: str, reach: v.RegistrationPlace) -> str:
    """The digits that the codes of all places in the same area begin with."""
    digits = _DIGITS[reach]
    if reach == v.RegistrationPlace.CITY:
        if place.startswith(_MUNICIPALITIES):
            digits = 2
        elif place[2:4] == "90":
            digits = 6
    area = place[:digits]
    while area.endswith("00"):
        area = area[:-2]
    return area
