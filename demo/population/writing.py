"""Writing invented people, also by the million, into a region's tables, by COPY and with flat memory.

The rows are those that registering, enrolling, recording contributions, bases and deaths write one by one: numbers
encrypted and hashed, and every change noted for the credit runs. Only the history stays empty: nobody decided anything
about invented people, and it would double the tables.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import count, pairwise
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max, Min
from django.db.models.functions import Substr

from agency.fields import EncryptedTextField
from agency.models import PoolingRegion
from agency.ownership import as_owner
from demo.population.mass import Resident, Town, end_of, number_prefix, person
from demo.population.places import PLACES
from members.documents import IdentityDocument, identity_hash
from members.models import ChangeCause, Member
from members.pinyin import spelled
from policies.engine.vocabulary import ALL, CreditMethod
from policies.models import CreditRule, PolicyVersion, VersionState
from policies.selectors.pensions import pensions_of

BLOCK = 10_000
COLUMNS = {
    "members_member": (
        "id, region_id, member_number, name, pinyin, initials, document_kind, identity_number, identity_hash, sex, "
        "birth_date, died_on, phone, employer, old_retiree_credit"
    ),
    "members_enrollment": "member_id, period, scheme, employment, status, had_account_before",
    "members_contribution": "member_id, month, base, received_on",
    "members_civilservantbasis": "member_id, since, kind, amount",
    "members_entitlementchange": "member_id, first_month, last_month, cause, known_on",
}
_NULL = "\\N"
_ENCRYPTED = EncryptedTextField()
# Everybody here has a resident's card.
_KIND = IdentityDocument.RESIDENT_CARD
_GENERATED = r"^G\d{6}-\d{8}$"
Lines = dict[str, list[str]]


class PopulationRefused(Exception):
    """These people cannot be added; the text says why and what can be done."""


def town_of(region: PoolingRegion, months: tuple[date, ...]) -> Town:
    """What the region's published rules ask of its people. PopulationRefused where it has none."""
    rules = CreditRule.objects.filter(version__region=region, version__state=VersionState.PUBLISHED)
    since = PolicyVersion.objects.filter(region=region, state=VersionState.PUBLISHED).aggregate(
        first=Min("period__startswith")
    )["first"]
    if since is None:
        raise PopulationRefused(f"{region} has no published rules: run load_packs first.")
    return Town(
        counties=next((tuple(place.counties) for place in PLACES if place.slug == region.slug), (region.admdvs,)),
        months=months,
        rules_since=since,
        has_pooled_only=rules.exclude(scheme=ALL).exists(),
        has_old_standard=rules.filter(method=CreditMethod.OLD_STANDARD).exists(),
        has_civil_servants=rules.filter(method=CreditMethod.SHARE_OF_CIVIL_SERVANT_BASIS).exists(),
    )


def missing_pension_years(region: PoolingRegion, months: tuple[date, ...]) -> list[int]:
    """Years whose average pension the months' credits rest on, where neither it nor its stand-in is recorded."""
    known = pensions_of(region)
    rules = CreditRule.objects.filter(
        version__region=region,
        version__state=VersionState.PUBLISHED,
        version__period__overlap=DateRange(months[0], end_of(months[-1]), "[]"),
        method=CreditMethod.SHARE_OF_AVERAGE_PENSION,
    )
    years = set(rules.values_list("pension_year", "stand_in_year"))
    return sorted({year for year, stand_in in years if year and year not in known and stand_in not in known})


def add_people(
    region: PoolingRegion, town: Town, *, seed: int, members: int, told: Callable[[int], None] = lambda done: None
) -> None:
    """Add so many invented members to a region, all or none; told hears after each block how many there are.

    PopulationRefused where the seed's people are there already, the region has no identity numbers left, or somebody
    else has one of them.
    """
    try:
        _add_people(region, town, seed, members, told)
    except IntegrityError as error:
        raise PopulationRefused(
            f"Nothing was added: somebody in {region} has an identity number that would have been invented."
        ) from error
    transaction.on_commit(_remember_sizes)


def _remember_sizes() -> None:
    """Let the database know how many rows there are by now, so that it plans well: only their owner may."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(COLUMNS))


def _add_people(region: PoolingRegion, town: Town, seed: int, members: int, told: Callable[[int], None]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        _lock_members(cursor)
        first_number = _first_number(region, town, seed, members)

        def lines(start: int, ids: list[int]) -> Lines:
            return block_lines(region.pk, town, seed, zip(ids, count(first_number + start), strict=False))

        # The next block is made while the database takes this one in.
        with ThreadPoolExecutor(max_workers=1) as ahead:
            upcoming = ahead.submit(lines, 0, _new_ids(cursor, min(BLOCK, members)))
            for start in range(0, members, BLOCK):
                block = upcoming.result()
                following = start + BLOCK
                upcoming = ahead.submit(lines, following, _new_ids(cursor, min(BLOCK, members - following)))
                _copy(cursor, block)
                told(min(start + BLOCK, members))


def add_residents(region: PoolingRegion, residents: Sequence[Resident]) -> None:
    """Add these invented people to a region, all or none."""
    with transaction.atomic(), connection.cursor() as cursor:
        _lock_members(cursor)
        _copy(cursor, _lines(region.pk, zip(_new_ids(cursor, len(residents)), residents, strict=True)))


def _lock_members(cursor: Any) -> None:
    """Against another generator, which would invent the same numbers."""
    cursor.execute("LOCK TABLE members_member IN SHARE ROW EXCLUSIVE MODE")
    # Otherwise every row's references are remembered until the end.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _new_ids(cursor: Any, members: int) -> list[int]:
    """As many ids of members as are asked for, which nobody else gets; none for fewer than one."""
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence('members_member', 'id')) FROM generate_series(1, %s)", [members]
    )
    return [member_id for (member_id,) in cursor.fetchall()]


def _copy(cursor: Any, lines: Lines) -> None:
    for table, columns in COLUMNS.items():
        with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            copy.write("".join(lines[table]))


def _first_number(region: PoolingRegion, town: Town, seed: int, members: int) -> int:
    """The running number after those of all seeds so far, since identity numbers hang on it."""
    generated = Member.objects.filter(region=region, member_number__regex=_GENERATED)
    if generated.filter(member_number__startswith=number_prefix(seed)).exists():
        raise PopulationRefused(f"{region} has the people of seed {seed} already: choose another --seed.")
    last = generated.aggregate(last=Max(Substr("member_number", len(number_prefix(seed)) + 1)))["last"]
    first = 0 if last is None else int(last) + 1
    if first + members > town.capacity:
        raise PopulationRefused(f"{region} has identity numbers for {town.capacity - first} more invented people.")
    return first


def block_lines(region_id: int, town: Town, seed: int, people: Iterator[tuple[int, int]]) -> Lines:
    """The lines of COPY by table, for people given by their row's id and their running number."""
    return _lines(region_id, ((member_id, person(town, seed, number)) for member_id, number in people))


def _lines(region_id: int, people: Iterable[tuple[int, Resident]]) -> Lines:
    lines: Lines = {table: [] for table in COLUMNS}
    for member_id, resident in people:
        _add_member(lines, region_id, member_id, resident)
        _add_insurance(lines, member_id, resident)
        _add_payments(lines, member_id, resident)
    return lines


def _line(*values: object) -> str:
    # Nothing that is written here holds a tab, a backslash or the end of a line.
    return "\t".join([_NULL if value is None else str(value) for value in values]) + "\n"


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else f"{fen // 100}.{fen % 100:02d}"


def _note(lines: Lines, member_id: int, cause: ChangeCause, first: date, known_on: date, last: date | None) -> None:
    lines["members_entitlementchange"].append(_line(member_id, first.replace(day=1), last, cause.value, known_on))


def _add_member(lines: Lines, region_id: int, member_id: int, resident: Resident) -> None:
    lines["members_member"].append(
        _line(
            member_id,
            region_id,
            resident.member_number,
            resident.name,
            *spelled(resident.name),
            _KIND.value,
            _ENCRYPTED.get_prep_value(resident.identity_number),
            identity_hash(_KIND, resident.identity_number),
            resident.sex,
            resident.birth_date,
            resident.died_on,
            _ENCRYPTED.get_prep_value(resident.phone),
            resident.employer,
            _yuan(resident.old_retiree_credit_fen),
        )
    )
    if resident.died_on is not None:
        _note(lines, member_id, ChangeCause.DEATH, resident.died_on, resident.died_on, None)


def _add_insurance(lines: Lines, member_id: int, resident: Resident) -> None:
    end = "" if resident.died_on is None else resident.died_on + timedelta(days=1)
    ends = [following.since for _one, following in pairwise(resident.enrollments)]
    for each, upper in zip(resident.enrollments, [*ends, end], strict=True):
        period = f"[{each.since},{upper})"
        account = "t" if each.had_account_before else "f"
        lines["members_enrollment"].append(_line(member_id, period, each.scheme, each.employment, each.status, account))
        _note(lines, member_id, ChangeCause.ENROLLMENT, each.since, each.since, None)


def _add_payments(lines: Lines, member_id: int, resident: Resident) -> None:
    for each in resident.contributions:
        received = each.received_on or end_of(each.month)
        lines["members_contribution"].append(_line(member_id, each.month, _yuan(each.base_fen), received))
        _note(lines, member_id, ChangeCause.CONTRIBUTION, each.month, received, each.month)
    if resident.basis is not None:
        since, kind, amount = resident.basis
        lines["members_civilservantbasis"].append(_line(member_id, since, kind, _yuan(amount)))
        _note(lines, member_id, ChangeCause.CIVIL_SERVANT_BASIS, since, since, None)
