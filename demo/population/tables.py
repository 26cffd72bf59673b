"""The population as the rows of files, by kind of import."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import NamedTuple

from demo.population.bills import CLAIMS_BEFORE, ITEM_NAMES, Bill, Month, item_code
from demo.population.calendar import Calendar
from demo.population.patterns import suspicious
from demo.population.people import Person, people
from demo.population.places import FIRST_PENSION_YEAR, PLACES, Place
from demo.population.providers import FIRST_DAY, Provider, providers

ILLUSTRATIVE = "示例数据 illustrative, not from the regulation"


class Table(NamedTuple):
    """A file's header and rows, all as text."""

    header: tuple[str, ...]
    rows: list[tuple[str, ...]]


class Invented(NamedTuple):
    """All that is made up of a region."""

    place: Place
    people: list[Person]
    providers: list[Provider]
    bills: list[Bill]


def generate(seed: int, calendar: Calendar) -> dict[str, dict[str, Table]]:
    """The files of every region, by slug and kind; kinds are in the order in which they have to be imported."""
    return {slug: tables(invention, calendar) for slug, invention in invent(seed, calendar).items()}


def invent(seed: int, calendar: Calendar) -> dict[str, Invented]:
    """The people, providers and bills of every region, by slug."""
    return {place.slug: _invented(place, seed, calendar) for place in PLACES}


def _invented(place: Place, seed: int, calendar: Calendar) -> Invented:
    # One source of chance per region, so that a change in one leaves the others alone.
    rng = Random(f"{seed}:{place.slug}")  # noqa: S311 - nothing secret is made here.
    members = people(place, rng, calendar)
    institutions = providers(place, rng)
    months = [Month(place, members, institutions, rng, month) for month in calendar.served]
    bills = [bill for month in months[:-1] for bill in month.ordinary(CLAIMS_BEFORE)]
    return Invented(place, members, institutions, bills + months[-1].fill(suspicious(months[-1])))


def tables(invention: Invented, calendar: Calendar) -> dict[str, Table]:
    """What was invented of a region as rows, by kind of import."""
    place = invention.place
    return {
        "average_pensions": _average_pensions(place, calendar),
        "providers": _providers(place, invention.providers),
        "catalog_items": _catalog_items(place),
        "members": _members(place, invention.people),
        "enrollments": _enrollments(place, invention.people),
        "contributions": _contributions(place, invention.people),
        "claims": _claims(place, invention.bills),
    }


def _yuan(fen: int | None) -> str:
    return "" if fen is None else f"{fen // 100}.{fen % 100:02d}"


def _flag(value: bool) -> str:
    return "1" if value else "0"


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _average_pensions(place: Place, calendar: Calendar) -> Table:
    """Of every year that a credit may rest on."""
    years = range(FIRST_PENSION_YEAR, calendar.today.year)
    return Table(
        ("region", "year", "monthly", "is_final", "source"),
        [(place.slug, str(year), place.average_pension(year), "1", ILLUSTRATIVE) for year in years],
    )


def _providers(place: Place, institutions: list[Provider]) -> Table:
    header = ("region", "provider_code", "name", "kind", "tier", "first_day", "is_designated", "is_out_of_area")
    return Table(
        header,
        [
            (
                place.slug,
                each.code,
                each.name,
                each.kind,
                each.tier,
                _day(each.first_day),
                _flag(each.is_designated),
                _flag(each.is_out_of_area),
            )
            for each in institutions
        ],
    )


def _catalog_items(place: Place) -> Table:
    """Category A throughout, so that the bills themselves say what they are."""
    return Table(
        ("region", "code", "name", "kind", "category", "upfront_rate", "price_limit", "is_negotiated", "first_day"),
        [
            (place.slug, item_code(kind, number), name, kind, "A", "", "", "0", _day(FIRST_DAY))
            for kind, names in ITEM_NAMES.items()
            for number, name in enumerate(names)
        ],
    )


def _members(place: Place, members: list[Person]) -> Table:
    header = (
        "region",
        "member_number",
        "name",
        "identity_number",
        "sex",
        "birth_date",
        "phone",
        "employer",
        "old_retiree_credit",
    )
    return Table(
        header,
        [
            (
                place.slug,
                each.member_number,
                each.name,
                each.identity_number,
                each.sex,
                _day(each.birth_date),
                each.phone,
                each.employer,
                _yuan(each.old_retiree_credit_fen),
            )
            for each in members
        ],
    )


def _enrollments(place: Place, members: list[Person]) -> Table:
    header = ("region", "member_number", "since", "scheme", "employment", "status", "had_account_before")
    return Table(
        header,
        [
            (
                place.slug,
                member.member_number,
                _day(each.since),
                each.scheme,
                each.employment,
                each.status,
                _flag(each.had_account_before),
            )
            for member in members
            for each in member.enrollments
        ],
    )


def _contributions(place: Place, members: list[Person]) -> Table:
    return Table(
        ("region", "member_number", "month", "base", "received_on"),
        [
            (place.slug, member.member_number, f"{each.month:%Y-%m}", _yuan(each.base_fen), _day(each.received_on))
            for member in members
            for each in member.contributions
        ],
    )


_CLAIM_COLUMNS = (
    "region",
    "claim_number",
    "member_number",
    "provider_code",
    "served_on",
    "served_at",
    "filed_on",
    "benefit",
    "prescribing_tier",
    "out_of_area",
    "invoice_number",
    "pay_from_account",
)
_LINE_COLUMNS = (
    "kind",
    "category",
    "code",
    "name",
    "amount",
    "over_limit",
    "upfront_rate",
    "is_negotiated",
    "is_prenatal",
    "is_examination",
)


def _claims(place: Place, claims: list[Bill]) -> Table:
    return Table(_CLAIM_COLUMNS + _LINE_COLUMNS, [row for bill in claims for row in _bill_rows(place, bill)])


def _bill_rows(place: Place, bill: Bill) -> Iterator[tuple[str, ...]]:
    claim = (
        place.slug,
        bill.claim_number,
        bill.person.member_number,
        bill.provider.code,
        _day(bill.served_on),
        f"{bill.served_at:%H:%M}" if bill.served_at else "",
        _day(bill.filed_on),
        "general_outpatient",
        bill.prescribing_tier,
        bill.out_of_area,
        bill.invoice_number,
        _flag(bill.pay_from_account),
    )
    for line in bill.lines:
        yield (
            *claim,
            line.kind,
            line.category,
            line.code,
            line.name,
            _yuan(line.amount_fen),
            _yuan(line.over_limit_fen),
            line.upfront_rate,
            _flag(line.is_negotiated),
            _flag(line.is_prenatal),
            _flag(line.is_examination),
        )
