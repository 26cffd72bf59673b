"""Whether a run is right: counted in the database, and compared with the engine for some members."""

from collections import Counter
from decimal import Decimal
from random import Random

from django.db import connection

from accounts.models import CreditRun, LedgerEntry
from accounts.selectors.credits import explain_credits
from members.models import Member

_SAMPLE = 200
_BALANCES = """
    SELECT count(*) FROM accounts_ledgeraccount AS account
    LEFT JOIN (SELECT credit_id, sum(amount) AS amount FROM accounts_ledgerentry GROUP BY credit_id) AS entries
        ON entries.credit_id = account.id
    WHERE account.kind = 'personal' AND account.balance <> coalesce(entries.amount, 0)
"""
_TWICE = """
    SELECT count(*) FROM (
        SELECT FROM accounts_ledgerentry WHERE month = %s GROUP BY credit_id, component HAVING count(*) > 1
    ) AS twice
"""


def faults(run: CreditRun) -> list[str]:
    """What is wrong after a posted run, in sentences; nothing where all is right."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES)
        if wrong := cursor.fetchone()[0]:
            found.append(f"{wrong} balances differ from their entries")
        cursor.execute(_TWICE, [run.month])
        if twice := cursor.fetchone()[0]:
            found.append(f"{twice} members were credited twice for {run.month:%Y-%m}")
    promised = sum(line["credits"] for line in run.summary["lines"])
    if promised != run.entry_count:
        found.append(f"the check promised {promised} entries, and {run.entry_count} were posted")
    return found + _differences_from_the_engine(run)


def _differences_from_the_engine(run: CreditRun) -> list[str]:
    members = Member.objects.filter(region=run.region).order_by("pk")
    first, last = members[0].pk, members.reverse()[0].pk
    chance = Random(run.pk)
    found: Counter[str] = Counter()
    for member in members.filter(pk__in=[chance.randint(first, last) for _ in range(_SAMPLE)]).select_related("region"):
        entries = LedgerEntry.objects.filter(credit__member=member, month=run.month)
        posted = {entry.component: entry.amount for entry in entries}
        due: dict[str, Decimal] = {
            credit.term.component: credit.amount
            for credit in explain_credits(member, run.month, run.as_of)
            if credit.amount
        }
        found["members credited otherwise than the engine explains"] += posted != due
        found["credits in the sample"] += len(due)
    wrong = found["members credited otherwise than the engine explains"]
    sentences = [f"{wrong} members credited otherwise than the engine explains"] if wrong else []
    return sentences if found["credits in the sample"] else [*sentences, "nobody in the sample is due anything"]
