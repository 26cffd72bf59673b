"""What stands in providers' statements: entries and their sums, and what a second person decides on."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Case, Count, F, Max, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import ExtractYear, TruncMonth

from accounts.models import AccountKind, EntryKind, LedgerAccount, LedgerEntry
from agency.fields import search_hash
from agency.models import PoolingRegion
from claims.models import Settlement
from clearing.models import AuditDeduction, ProviderStatement, StatementEntry, YearClearing
from providers.models import Provider

# What the agency itself takes off or pays is accounted for by the statement that it belongs to, and enters none.
NOT_ENTERED = (EntryKind.DEDUCTION, EntryKind.PROVIDER_PAYMENT, EntryKind.PROVIDER_REPAYMENT)
SUMMED = ("claims", "total", "pooled", "account", "spent")
# The figures of a year's statements that its clearing adds up.
YEARLY = ("pooled", "account", "spent", "deducted", "retained")
# Lines that are read at once.
PIECE = 2_000

# A row per statement; `{chosen}` chooses them. What is taken back counts against what it was, and a claim that was
# settled and taken back in one statement is one claim with a bill of nothing.
STATEMENT_SUMS = """
WITH moved AS MATERIALIZED (
    SELECT part.statement_id, coalesce(taken_back.kind, entry.kind) AS kind,
        CASE payee.kind WHEN 'provider_payable' THEN entry.amount ELSE -entry.amount END AS amount,
        CASE WHEN entry.cause LIKE 'settlement:%%' THEN split_part(entry.cause, ':', 2)::bigint END AS settlement_id
    FROM clearing_statemententry AS part
    JOIN clearing_providerstatement AS statement ON statement.id = part.statement_id
    JOIN accounts_ledgerentry AS entry ON entry.id = part.entry_id
    JOIN accounts_ledgeraccount AS payee ON payee.id = entry.credit_id
    LEFT JOIN accounts_ledgerentry AS taken_back ON taken_back.id = entry.reverses_id
    WHERE {chosen}
),
sums AS (
    SELECT statement_id,
        coalesce(sum(amount) FILTER (WHERE kind IN ('pooled_payment', 'inpatient_payment')), 0.00) AS pooled,
        coalesce(sum(amount) FILTER (WHERE kind = 'account_payment'), 0.00) AS account,
        coalesce(sum(amount) FILTER (
            WHERE kind NOT IN ('pooled_payment', 'inpatient_payment', 'account_payment')
        ), 0.00) AS spent
    FROM moved GROUP BY statement_id
),
bills AS (
    SELECT named.statement_id, count(DISTINCT settlement.claim_id) AS claims,
        sum(CASE WHEN settlement.reverses_id IS NULL THEN settlement.total ELSE -settlement.total END) AS total
    FROM (SELECT DISTINCT statement_id, settlement_id FROM moved) AS named
    JOIN claims_settlement AS settlement ON settlement.id = named.settlement_id
    GROUP BY named.statement_id
)
SELECT sums.statement_id, coalesce(bills.claims, 0) AS claims, coalesce(bills.total, 0.00) AS total,
    sums.pooled, sums.account, sums.spent
FROM sums LEFT JOIN bills ON bills.statement_id = sums.statement_id
"""


def unsettled_entries(region: PoolingRegion, until: date) -> QuerySet[LedgerEntry]:
    """What was posted to or from the payable of the region's providers by a day and stands in no statement."""
    payable = LedgerAccount.objects.filter(region=region, kind=AccountKind.PROVIDER_PAYABLE).values("pk")[:1]
    return LedgerEntry.objects.filter(
        Q(credit=Subquery(payable)) | Q(debit=Subquery(payable)),
        region=region,
        provider__isnull=False,
        posted_on__lte=until,
        statement_entry__isnull=True,
    ).exclude(kind__in=NOT_ENTERED)


def open_deductions(until: date) -> QuerySet[AuditDeduction]:
    """What audits found by a day and no statement has taken, unless it was withdrawn."""
    return AuditDeduction.objects.filter(statement__isnull=True, withdrawn_reason="", found_on__lte=until)


def deducted_of(claims: Collection[int]) -> dict[int, Decimal]:
    """What audits take off for claims, by the claims' ids, yuan; what was withdrawn or is given back does not count."""
    given_back = When(gives_back__isnull=False, then=-F("amount"))
    noted = AuditDeduction.objects.filter(claim__in=claims, withdrawn_reason="").order_by()
    sums = noted.values_list("claim").annotate(sum=Sum(Case(given_back, default=F("amount"))))
    return {claim: amount for claim, amount in sums if amount}


def providers_to_settle(region: PoolingRegion, until: date) -> QuerySet[Provider]:
    """The region's providers for which something was posted or noted by a day that stands in no statement."""
    posted = unsettled_entries(region, until).order_by().values("provider")
    noted = open_deductions(until).order_by().values("provider")
    return Provider.objects.filter(region=region, pk__in=posted.union(noted)).order_by("code")


def open_months(provider: Provider, *, before: date) -> list[date]:
    """The last month of each year before a day in which something was posted or noted for a provider that stands in no
    statement, by its first day; the oldest year first.
    """
    until = before - timedelta(days=1)
    posted = unsettled_entries(provider.region, until).filter(provider=provider).order_by()
    noted = open_deductions(until).filter(provider=provider).order_by()
    months = [
        *posted.annotate(year=ExtractYear("posted_on")).values("year").annotate(last=TruncMonth(Max("posted_on"))),
        *noted.annotate(year=ExtractYear("found_on")).values("year").annotate(last=TruncMonth(Max("found_on"))),
    ]
    last_days: dict[int, date] = {}
    for row in months:
        last_days[row["year"]] = max(last_days.get(row["year"], date.min), row["last"])
    return [last_days[year] for year in sorted(last_days)]


def summed(statement: ProviderStatement) -> dict[str, Any]:
    """The figures of SUMMED from the statement's entries, yuan; none of a statement without entries."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT_SUMS.format(chosen="statement.id = %(statement)s"), {"statement": statement.pk})
        row = cursor.fetchone()
    if row is None:
        return {name: 0 if name == "claims" else Decimal("0.00") for name in SUMMED}
    return dict(zip(SUMMED, row[1:], strict=True))


def statement_payload(statement: ProviderStatement) -> dict[str, Any]:
    """What the second person decides on: the figures, which entries and which deductions they rest on."""
    entries = statement.entries.aggregate(count=Count("pk"), last=Max("entry_id"), numbers=Sum("entry_id"))
    return {
        "provider": statement.provider_id,
        "month": statement.month,
        **{name: getattr(statement, name) for name in (*SUMMED, "deducted", "retained", "carried", "payable")},
        "entries": entries,
        "deductions": [(each.pk, each.taken_off) for each in statement.deductions.order_by("pk")],
        **_payee(statement.provider),
    }


def clearing_payload(clearing: YearClearing) -> dict[str, Any]:
    """What the second person decides on: the year's figures, and what becomes of the retention."""
    figures = (*YEARLY, "paid", "carried", "released", "kept", "set_off", "against_id", "assessment")
    return {
        "provider": clearing.provider_id,
        "year": clearing.year,
        **{name: getattr(clearing, name) for name in figures},
        **_payee(clearing.provider),
    }


def _payee(provider: Provider) -> dict[str, str]:
    """Where the money goes; of the account number only a digest leaves."""
    return {"bank": provider.payee_bank, "account": search_hash(provider.payee_account)}


def lines_of(statement: ProviderStatement) -> QuerySet[StatementEntry]:
    """The statement's lines in the order of posting, with their entries."""
    related = ("entry__debit", "entry__credit", "entry__reverses")
    return statement.entries.select_related(*related).order_by("entry_id")


def settlements_of(entries: Sequence[LedgerEntry]) -> dict[str, Settlement]:
    """The settlements that posted these entries, with their claims, by the entries' cause."""
    numbers = {entry.cause: entry.cause.split(":")[1] for entry in entries if entry.cause.startswith("settlement:")}
    settlements = Settlement.objects.select_related("claim__member").in_bulk(list(numbers.values()))
    return {cause: settlements[int(number)] for cause, number in numbers.items() if int(number) in settlements}


def signed(entry: LedgerEntry) -> Decimal:
    """What the entry adds to the provider's payable, yuan; negative where it takes something back."""
    return entry.amount if entry.credit.kind == AccountKind.PROVIDER_PAYABLE else -entry.amount


def written_lines(statement: ProviderStatement) -> Iterator[tuple[LedgerEntry, Settlement | None]]:
    """Every line with its settlement, where a claim brought it about; read in pieces, however many there are."""
    lines = lines_of(statement).iterator(chunk_size=PIECE)
    while piece := [line.entry for line in islice(lines, PIECE)]:
        settlements = settlements_of(piece)
        for entry in piece:
            yield entry, settlements.get(entry.cause)
