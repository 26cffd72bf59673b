"""`manage.py simulate_hospital`: a hospital whose visits arrive live, at a pace, with messages that get lost."""

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from demo.hospital import Hospital
from demo.hospital.counter import Counter
from demo.hospital.lines import here, over_http
from interface.services.credentials import issue_credential
from members.models import Member
from providers.models import Provider, ProviderKind

_PATIENTS = 500
_REASON = "模拟医院"


class Command(BaseCommand):
    """It settles in earnest, for members who are there: only with DEBUG on."""

    help = "Let a hospital's system register, settle, lose answers, repeat, take back and reconcile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """[--provider CODE] [--region SLUG] [--visits 20] [--pace 30] [--faults 0.1] [--url ADDRESS] [--seed 1]."""
        parser.add_argument("--region", default="", metavar="SLUG", help="of the hospital; any where none is named")
        parser.add_argument(
            "--provider", default="", metavar="CODE", help="the hospital; the first where none is named"
        )
        parser.add_argument("--visits", type=int, default=20, help="how many; 0 goes on until Ctrl-C")
        parser.add_argument("--pace", type=float, default=30.0, help="visits a minute; 0 is as fast as it goes")
        parser.add_argument("--faults", type=float, default=0.1, help="share of messages or answers that get lost")
        parser.add_argument("--url", default="", help="of the interface; without one this process answers")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("A simulated hospital settles for members who are there: it runs only with DEBUG on.")
        if not 0 <= options["faults"] < 1:
            raise CommandError("The share of faults is a fraction between 0 and 1.")
        provider = _provider(options["region"], options["provider"])
        counter = _counter(provider, options)
        wait = 60 / options["pace"] if options["pace"] > 0 else 0.0
        try:
            for _visit in _so_many(options["visits"]):
                self.stdout.write(counter.serve())
                time.sleep(wait)
        except KeyboardInterrupt:
            self.stdout.write("")
        agrees = counter.close(localdate())
        self.stdout.write(f"{provider}: {counter.books.count} settlements, {counter.books.total('medfee_sumamt')} yuan")
        self.stdout.write("Both books agree." if agrees else "The books do not agree: see Reconciliations.")


def _so_many(visits: int) -> Iterator[int]:
    return iter(range(visits)) if visits else count()


def _provider(slug: str, code: str) -> Provider:
    rows = Provider.objects.filter(kind=ProviderKind.MEDICAL_INSTITUTION, is_out_of_area=False).select_related("region")
    if slug:
        rows = rows.filter(region__slug=slug)
    if code:
        rows = rows.filter(code=code)
    provider = rows.order_by("region_id", "code").first()
    if provider is None:
        raise CommandError("There is no such hospital: name another, or load the demonstration first.")
    return provider


def _counter(provider: Provider, options: dict[str, Any]) -> Counter:
    patients = Member.objects.filter(region=provider.region, enrollments__isnull=False, died_on__isnull=True)
    numbers = list(patients.order_by("pk").values_list("member_number", flat=True)[:_PATIENTS])
    if not numbers:
        raise CommandError("The region has no members: load the demonstration first.")
    held = provider.credentials.filter(withdrawn_at__isnull=True).first()
    credential = held or issue_credential(provider, actor=None, reason=_REASON)
    transport = over_http(options["url"]) if options["url"] else here()
    hospital = Hospital(provider.code, credential.key_id, credential.secret, transport)
    return Counter(hospital, numbers, Random(options["seed"]), options["faults"])  # noqa: S311 - no secret.
