"""How long the pages of a full office take: `make bench-pages`.

On the kept database of an office with a million members, twelve entries and two visits for each (`tests.bench.office`):
the home page, every page of the navigation, every list with each choice of each filter, each order, its second and its
last page and a search by name, a row's page with its panels and its history, the member's page with its time line, the
trial calculation and every kind of search, asked for by a clerk of the region and by a supervisor of all regions in one
process. Printed are the 95th of a hundred times and the queries, and the processor time of process and database for
one page, which a busy machine does not lengthen. `python -m tests.bench.pages [MEMBERS] [NAME]`, or BENCH_MEMBERS; a
million if not said. NAME: only pages whose name has it.
"""

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

import psutil

from tests.bench.credits import say
from tests.bench.office import REGION, full_office
from tests.bench.office_rows import BASE

if TYPE_CHECKING:
    from django.test import Client

# Milliseconds that nobody waits beyond; queries of a page; bytes of a page without its pictures.
PATIENCE_MS, QUERIES, WEIGHT = 300, 30, 300_000
# A page that is far from the bound is not asked for again and again.
_FEW, _TIMES, _SHARE, _FAR = 3, 20, 95, 2
_ROLES = ("clerk", "supervisor")


@dataclass(frozen=True)
class Taken:
    """Milliseconds that 95 of 100 askings stay below; processor time of one; the most queries; bytes."""

    milliseconds: float
    busy: float
    queries: int
    size: int

    @property
    def is_too_much(self) -> bool:
        return self.milliseconds > PATIENCE_MS or self.queries > QUERIES or self.size > WEIGHT


def main() -> int:
    """Measure and print; 1 where a page takes longer than anybody waits, asks too often or weighs too much."""
    members = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("BENCH_MEMBERS", "1000000"))
    with full_office(members):
        return measure(sys.argv[2] if len(sys.argv) > 2 else "")


def measure(wanted: str) -> int:
    """The same on the database that Django works on."""
    from django.conf import settings
    from django.db import transaction
    from django.test import Client
    from django.test.utils import setup_test_environment

    # Only then does a response say what its page was written from.
    setup_test_environment(debug=False)
    # What a role may not open is refused, and need not be told.
    logging.disable(logging.ERROR)
    settings.ALLOWED_HOSTS = ["testserver"]
    found: list[tuple[str, Taken]] = []
    for role in _ROLES:
        client = Client()
        client.force_login(_reader(role))
        say(f"{role}: the floor is {taken(partial(client.get, '/admin/pages/')).milliseconds:.0f} ms")
        for name, ask in _asked(client):
            if wanted not in name:
                continue
            with transaction.atomic():
                each = taken(ask)
            found.append((f"{role} {name}", each))
            _tell(f"{role} {name}", each)
    broken = [(name, each) for name, each in found if each.is_too_much]
    say(f"{len(found)} pages, {len(broken)} beyond {PATIENCE_MS} ms, {QUERIES} queries or {WEIGHT:,} bytes")
    for name, each in sorted(broken, key=lambda pair: -pair[1].milliseconds):
        _tell(name, each)
    return int(bool(broken))


def _tell(name: str, each: Taken) -> None:
    mark = "  TOO MUCH" if each.is_too_much else ""
    figures = f"{each.milliseconds:.0f} ms ({each.busy:.0f} busy), {each.queries} queries, {each.size:,} bytes"
    say(f"{name}: {figures}{mark}")


def _reader(role: str) -> Any:
    """The clerk has a role in the region alone, the supervisor in all of them."""
    from agency.models import PoolingRegion, Role, User
    from agency.services.staff import assign_role

    user, is_new = User.objects.get_or_create(username=f"bench_{role}", defaults={"is_staff": True})
    if is_new:
        region = PoolingRegion.objects.get(slug=REGION) if role == "clerk" else None
        assign_role(user, Role(role), region, reason="bench")
    return user


def taken(ask: Callable[[], Any]) -> Taken:
    """Ask a few times, and many times if that was slow; the first time, which loads templates, does not count."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = psutil.Process(cursor.fetchone()[0])
    times: list[float] = []
    queries = size = 0
    begun = _busy(server)
    while len(times) < (_TIMES if len(times) >= _FEW and max(times) * _FAR > PATIENCE_MS else _FEW):
        at = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            response = ask()
        times.append((time.perf_counter() - at) * 1_000)
        assert response.status_code in (200, 403), response.status_code
        queries = max(queries, len(captured))
        size = 0 if response.streaming else max(size, len(response.content))
    busy = (_busy(server) - begun) * 1_000 / len(times)
    return Taken(sorted(times)[-(-len(times) * _SHARE // 100) - 1], busy, queries, size)


def _busy(server: psutil.Process) -> float:
    used = server.cpu_times()
    return time.process_time() + used.user + used.system


def _asked(client: "Client") -> Iterator[tuple[str, Callable[[], Any]]]:
    """Each page by its name, with other rows each time."""
    from django.db.models import Max

    from members.models import Member

    rng = Random(1)
    last: int = Member.objects.aggregate(last=Max("pk"))["last"]
    first = last - (Member.objects.filter(region__slug=REGION).count() // 10_000 * 10_000) + 1

    def somebody() -> Member:
        return Member.objects.get(pk=rng.randint(first, last))

    yield "home", partial(client.get, "/admin/")
    yield "member", lambda: client.get(f"/admin/members/member/{rng.randint(first, last)}/change/")
    yield (
        "member on a day",
        lambda: client.get(f"/admin/members/member/{rng.randint(first, last)}/change/", {"on": "2026-06-15"}),
    )
    yield "time line", lambda: client.get(f"/admin/members/member/{rng.randint(first, last)}/panel/timeline/")
    yield "claim", lambda: client.get(f"/admin/claims/claim/{BASE + rng.randint(1, last - first)}/change/")
    yield "trial of a member", lambda: client.post("/admin/claims/claim/trial/answer/", _visit(somebody().pk))
    yield "trial of somebody", lambda: client.post("/admin/claims/claim/trial/answer/", _visit(None))
    yield from _searches(client, somebody, lambda: f"B{rng.randint(1, last - first)}")
    yield from _navigation(client)
    yield from _lists(client, somebody)


def _visit(member: int | None) -> dict[str, str]:
    from agency.models import PoolingRegion

    described = {"age": "45", "status": "active", "scheme": "combined", "employment": "employee"}
    return {
        "region": str(PoolingRegion.objects.get(slug=REGION).pk),
        **({"member": str(member)} if member else described | {"contribution": "on_time"}),
        "served_on": "2026-10-21",
        "benefit": "general_outpatient",
        "tier": "primary",
        "is_designated": "on",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-kind": "drug",
        "lines-0-category": "A",
        "lines-0-amount": "400.00",
    }


def _searches(
    client: "Client", somebody: Callable[[], Any], claim: Callable[[], str]
) -> Iterator[tuple[str, Callable[[], Any]]]:
    def search(words: Callable[[], str]) -> Callable[[], Any]:
        return lambda: client.post("/admin/search/", {"words": words()})

    for name, words in {
        "search by name": lambda: somebody().name,
        "search by one character": lambda: somebody().name[0],
        "search by pinyin": lambda: somebody().pinyin,
        "search by initials": lambda: somebody().initials,
        "search by member number": lambda: somebody().member_number,
        "search by identity number": lambda: somebody().identity_number,
        "search by claim number": claim,
        "search by a number's beginning": lambda: claim()[:4],
        "search for an institution": lambda: "医院",
        "search for a page": lambda: "参保",
        "search for nothing": lambda: "nobody at all",
    }.items():
        yield name, search(words)


def _navigation(client: "Client") -> Iterator[tuple[str, Callable[[], Any]]]:
    """What the page of all pages leads to, beside lists."""
    lists = {address for _model, _page, address in _listed()}
    for _subject, pages in client.get("/admin/pages/").context["subjects"]:
        for _page, address in pages:
            if address not in lists:
                yield address, partial(client.get, address)


def _listed() -> list[tuple[Any, Any, str]]:
    from django.contrib import admin
    from django.urls import reverse

    return [
        (model, page, reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        for model, page in admin.site._registry.items()
    ]


def _lists(client: "Client", somebody: Callable[[], Any]) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Every list that the reader may open, and a row of it."""
    for model, page, address in _listed():
        response = client.get(address)
        if response.status_code != 200:
            continue
        name, listed = str(model._meta.label), response.context["cl"]
        yield name, partial(client.get, address)
        for asked, query in _queries(page, listed):
            yield f"{name} {asked}", partial(client.get, address + query)
        yield f"{name} by name", partial(_searched, client, address, somebody)
        if listed.result_list:
            yield from _rows(client, name, address, list(listed.result_list)[len(listed.result_list) // 2])


def _searched(client: "Client", address: str, somebody: Callable[[], Any]) -> Any:
    return client.get(address, {"q": somebody().name})


def _queries(page: Any, listed: Any) -> Iterator[tuple[str, str]]:
    """Each choice of each filter, each order, other pages, and words that nothing has."""
    for spec in listed.filter_specs:
        for place, choice in enumerate(list(spec.choices(listed))[1:], start=1):
            if query := choice.get("query_string"):
                yield f"by {spec.title} {place}", query
    for place, column in enumerate(listed.list_display, start=1):
        if column in (page.sortable_by or ()):
            yield f"in order {place}", f"?o={place}"
            yield f"in order -{place}", f"?o=-{place}"
    if (last := listed.paginator.num_pages) > 1:
        yield "page 2", "?p=2"
        yield "last page", f"?p={last}"
    yield "by nothing", "?q=B999999999"


def _rows(client: "Client", name: str, address: str, row: Any) -> Iterator[tuple[str, Callable[[], Any]]]:
    """A row's page, its history, and its panels that are read once it is open."""
    here = f"{address}{row.pk}/change/"
    response = client.get(here)
    if response.status_code != 200:
        return
    yield f"{name} a row", partial(client.get, here)
    if response.context.get("show_history"):
        yield f"{name} history", partial(client.get, f"{address}{row.pk}/history/")
    for panel in response.context.get("datasets", ()):
        yield f"{name} panel {panel.name}", partial(client.get, f"{address}{row.pk}/panel/{panel.name}/")


if __name__ == "__main__":
    sys.exit(main())
