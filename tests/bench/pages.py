"""How long the pages of a full office take: `make bench-pages`.

On a database of its own, filled with invented members, twelve entries and two settled visits for each: every list,
plain and with each of its filters, the member's page with its time line, the home page and every kind of search, asked
for by a clerk and by a supervisor in one process, again and again with other rows. The floor is the page of all pages,
which asks the database for no more than who is reading. Printed are the 95th of a hundred times, that time as a
multiple of the floor's, and the queries. `python -m tests.bench.pages [MEMBERS]`, or BENCH_MEMBERS; a million if not
said.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from tests.bench.credits import own_database, say
from tests.bench.exports import ACCOUNTS, BOOK, ENTRIES
from tests.bench.simulated_claims import write_claims

if TYPE_CHECKING:
    from django.test import Client

# Milliseconds that nobody waits beyond; queries of a page.
PATIENCE_MS, QUERIES = 300, 30
_REGION, _UNTIL, _PENSION, _YEAR = "zaozhuang", "2024-12", "3305.00", 2024
_ENTRIES_EACH, _CLAIMS_EACH, _TIMES, _SHARE = 12, 2, 20, 95
_ROLES = ("clerk", "supervisor")


def main() -> int:
    """Measure and print; 1 where a page takes longer than anybody waits, or asks too often."""
    members = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("BENCH_MEMBERS", "1000000"))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ["PRIVATE_MEDIA_ROOT"] = folder
        with own_database():
            _furnish(members)
            return _measure()


def _furnish(members: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("load_packs", verbosity=0)
    call_command("sync_roles", verbosity=0)
    words = ["--region", _REGION, "--members", str(members), "--months", "3", "--until", _UNTIL]
    call_command("generate_population", *words, "--illustrative-pension", _PENSION)
    say(f"{members:,} members")
    values: dict[str, int | str | date] = {"region": _REGION, "each": _ENTRIES_EACH, "day": date(_YEAR, 12, 1)}
    with connection.cursor() as cursor:
        for statement in (ACCOUNTS, BOOK, ENTRIES):
            cursor.execute(statement, values if "%(" in statement else None)
    say(f"{members * _ENTRIES_EACH:,} entries")
    say(f"{write_claims(_REGION, members * _CLAIMS_EACH, _YEAR):,} settled visits")


def _measure() -> int:
    from django.conf import settings
    from django.test import Client
    from django.test.utils import setup_test_environment

    from agency.models import PoolingRegion, Role, User
    from agency.services.staff import assign_role

    # Only then does a response say what its page was written from.
    setup_test_environment(debug=False)
    settings.ALLOWED_HOSTS = ["testserver"]
    region = PoolingRegion.objects.get(slug=_REGION)
    broken = 0
    for role in _ROLES:
        user = User.objects.create_user(role, is_staff=True)
        assign_role(user, Role(role), region, reason="bench")
        client = Client()
        client.force_login(user)
        floor, _queries = _taken(partial(client.get, "/admin/pages/"))
        say(f"{role}: the floor is {floor:.0f} ms")
        for name, ask in _asked(client):
            taken, queries = _taken(ask)
            is_broken = taken > PATIENCE_MS or queries > QUERIES
            broken += is_broken
            mark = "  TOO LONG" if is_broken else ""
            say(f"{role} {name}: {taken:.0f} ms, {taken / floor:.1f} times the floor, {queries} queries{mark}")
    say(f"{broken} pages take longer than {PATIENCE_MS} ms or ask more than {QUERIES} times" if broken else "all hold")
    return int(broken > 0)


def _taken(ask: Callable[[], Any]) -> tuple[float, int]:
    """Milliseconds that 95 of 100 askings stay below, and the most queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times, queries = [], 0
    for _each in range(_TIMES + 1):
        begun = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            response = ask()
        times.append((time.perf_counter() - begun) * 1_000)
        assert response.status_code in (200, 403), response.status_code
        queries = max(queries, len(captured))
    # The first time loads templates.
    return sorted(times[1:])[_TIMES * _SHARE // 100 - 1], queries


def _asked(client: "Client") -> Iterator[tuple[str, Callable[[], Any]]]:
    from claims.models import Claim
    from members.models import Member

    rng = Random(1)
    first, last = Member.objects.earliest("pk").pk, Member.objects.latest("pk").pk

    def somebody() -> Member:
        return Member.objects.get(pk=rng.randint(first, last))

    def search(words: Callable[[], str]) -> Callable[[], Any]:
        return lambda: client.post("/admin/search/", {"words": words()})

    yield "home", lambda: client.get("/admin/")
    yield "member", lambda: client.get(f"/admin/members/member/{rng.randint(first, last)}/change/")
    yield "time line", lambda: client.get(f"/admin/members/member/{rng.randint(first, last)}/panel/timeline/")
    number = Claim.objects.values_list("claim_number", flat=True)
    for name, words in {
        "search by name": lambda: somebody().name,
        "search by one character": lambda: somebody().name[0],
        "search by pinyin": lambda: somebody().pinyin,
        "search by initials": lambda: somebody().initials,
        "search by member number": lambda: somebody().member_number,
        "search by identity number": lambda: somebody().identity_number,
        "search by claim number": lambda: number.get(pk=rng.randint(1, 1_000)),
        "search for nothing": lambda: "nobody at all",
    }.items():
        yield name, search(words)
    yield from _lists(client, somebody)


def _lists(client: "Client", somebody: Callable[[], Any]) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Every list that the reader may open, plain and with the second choice of each filter, and by a member's name."""
    from django.contrib import admin
    from django.urls import reverse

    def opened(address: str) -> Callable[[], Any]:
        return lambda: client.get(address)

    def found(address: str) -> Callable[[], Any]:
        return lambda: client.get(address, {"q": somebody().name})

    for model, page in admin.site._registry.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        response = client.get(address)
        if response.status_code != 200:
            continue
        name = str(model._meta.label)
        yield name, opened(address)
        for spec in response.context["cl"].filter_specs:
            choices = list(spec.choices(response.context["cl"]))
            if len(choices) > 1:
                yield f"{name} by {spec.title}", opened(address + choices[1]["query_string"])
        if page.search_fields:
            yield f"{name} by name", found(address)


if __name__ == "__main__":
    sys.exit(main())
