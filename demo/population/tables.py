"""The population as the rows of files, by kind of import."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import NamedTuple

from demo.population.bills import ITEM_NAMES, Bill, bills, item_code
from demo.population.people import MONTHS, Person, people
from demo.population.places import PLACES, Place
from demo.population.providers import FIRST_DAY, Provider, providers

MONTH = MONTHS[-1]
ILLUSTRATIVE = "示例数据 illustrative, not from the regulation"


class Table(NamedTuple):
    """A file's header and rows, all as text."""

    header: tuple[str, ...]
    rows: list[tuple[str, ...]]


def generate(seed: int) -> dict[str, dict[str, Table]]:
    """The files of every region, by slug and kind; kinds are in the order in which they have to be imported."""
    return {place.slug: _region(place, seed) for place in PLACES}


def _region(place: Place, seed: int) -> dict[str, Table]:
    # One source of chance per region, so that a change in one leaves the others alone.
    rng = Random(f"{seed}:{place.slug}")  # noqa: S311 - nothing secret is made here.
    members = people(place, rng)
    institutions = providers(place, rng)
    claims = bills(place, members, institutions, rng)
    return {
        "average_pensions": _average_pensions(place),
        "providers": _providers(place, institutions),
        "catalog_items": _catalog_items(place),
        "members": _members(place, members),
        "enrollments": _enrollments(place, members),
        "contributions": _contributions(place, members),
        "claims": _claims(place, claims),
    }


def _yuan(fen: int | None) -> str:
    return "" if fen is None else f"{fen // 100}.{fen % 100:02d}"


def _flag(value: bool) -> str:
    return "1" if value else "0"


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _average_pensions(place: Place) -> Table:
    return Table(
        ("region", "year", "monthly", "is_final", "source"),
        [(place.slug, str(year), monthly, "1", ILLUSTRATIVE) for year, monthly in place.average_pensions.items()],
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
        )
