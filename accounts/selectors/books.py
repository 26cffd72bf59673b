"""Whether a region's accounts and runs agree with its entries."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.selectors import books_sql
from agency.models import PoolingRegion

# Rows named for each check; how many there are beyond these is counted.
NAMED = 20

# What is not known to agree differs. Sorting all that differ would cost more than it tells: any of them do as examples.
_COUNTED = """
SELECT count(*), count(*) FILTER (WHERE differs IS NOT FALSE),
    (array_agg(id) FILTER (WHERE differs IS NOT FALSE))[:%(named)s]
FROM (
"""


@dataclass(frozen=True, slots=True)
class BooksCheck:
    """One thing that has to hold in a region's books.

    `name` identifies it in results, `label` says what holds. `statement` selects the `id` of everything looked at, in
    the table `table`, and whether it `differs`; `%(region)s` is the region.
    """

    name: str
    label: Promise
    table: str
    statement: str


@dataclass(frozen=True, slots=True)
class LookedAt:
    """The same where no statement says it, as of files beside the database.

    `look` answers for a region how many rows it looked at, and with what differs, each with its `pk`; `sentence` says
    of one of these what is wrong, where the id alone does not.
    """

    name: str
    label: Promise
    table: str
    look: Callable[[PoolingRegion], tuple[int, Sequence[Any]]]
    sentence: Callable[[Any], str] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: how many rows it looked at, how many of them differ, and ids of at most NAMED of these."""

    check: BooksCheck | LookedAt
    looked_at: int
    differing: int
    examples: tuple[int, ...]
    told: tuple[str, ...] = ()


def find_differences(region: PoolingRegion, checks: Iterable[BooksCheck | LookedAt]) -> Iterator[Finding]:
    """What each check finds in a region, one statement each, in their order.

    A caller who wants all of them to see the same moment gives them one snapshot.
    """
    with connection.cursor() as cursor:
        for check in checks:
            if isinstance(check, LookedAt):
                looked_at, wrong = check.look(region)
                named = sorted(each.pk for each in wrong)[:NAMED]
                told = [check.sentence(each) for each in wrong[:NAMED]] if check.sentence else []
                yield Finding(check, looked_at, len(wrong), tuple(named), tuple(told))
                continue
            statement = f"{_COUNTED}{check.statement}) AS looked_at"
            cursor.execute(statement, {"region": region.pk, "named": NAMED})
            looked_at, differing, examples = cursor.fetchone()
            yield Finding(check, looked_at, differing, tuple(sorted(examples or ())))


ACCOUNT_CHECKS = (
    BooksCheck(
        "balances",
        _("every balance equals its entries"),
        "accounts_ledgeraccount",
        books_sql.BALANCES,
    ),
    BooksCheck(
        "zero_sum",
        _("all accounts sum to zero"),
        "agency_poolingregion",
        books_sql.ZERO_SUM,
    ),
    BooksCheck(
        "entries",
        _("every entry moves a positive amount between two accounts of its region"),
        "accounts_ledgerentry",
        books_sql.ENTRIES,
    ),
    BooksCheck(
        "below_zero",
        _("no account is below zero"),
        "accounts_ledgeraccount",
        books_sql.BELOW_ZERO,
    ),
    BooksCheck(
        "closed_accounts",
        _("a closed account holds nothing"),
        "accounts_ledgeraccount",
        books_sql.CLOSED_ACCOUNTS,
    ),
    BooksCheck(
        "counter_entries",
        _("every counter-entry takes back what it names, and was decided"),
        "accounts_ledgerentry",
        books_sql.COUNTER_ENTRIES,
    ),
    BooksCheck(
        "credit_runs",
        _("every posted credit run equals its chunks and its entries"),
        "accounts_creditrun",
        books_sql.CREDIT_RUNS,
    ),
    BooksCheck(
        "credit_entries",
        _("every credit belongs to an approved run, once per member, month and component"),
        "accounts_ledgerentry",
        books_sql.CREDIT_ENTRIES,
    ),
    BooksCheck(
        "interest",
        _("every year's interest equals its entries"),
        "accounts_yearlyinterest",
        books_sql.INTEREST,
    ),
    BooksCheck(
        "recoveries",
        _("every recovery equals its entry"),
        "accounts_creditdifference",
        books_sql.RECOVERIES,
    ),
    BooksCheck(
        "closings",
        _("every closing equals its entry"),
        "accounts_accountclosing",
        books_sql.CLOSINGS,
    ),
    BooksCheck(
        "credits_after_closings",
        _("what runs credited to closed accounts went to whoever got their balance"),
        "accounts_accountclosing",
        books_sql.AFTER_CLOSINGS,
    ),
    BooksCheck(
        "account_requests",
        _("every approved transfer in and refund equals its entry"),
        "accounts_accountrequest",
        books_sql.ACCOUNT_REQUESTS,
    ),
    BooksCheck(
        "decided_entries",
        _("every entry that needs a decision has one"),
        "accounts_ledgerentry",
        books_sql.DECIDED_ENTRIES,
    ),
)
