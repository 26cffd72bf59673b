"""`manage.py generate_population --region SLUG --members N --months N --seed N`: a region full of invented members."""

import re
import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agency.models import PoolingRegion, User
from demo.population.tables import ILLUSTRATIVE
from demo.population.writing import PopulationRefused, add_people, missing_pension_years, town_of
from policies.services.pensions import approve_average_pension, submit_average_pension

_TELL_EVERY_SECONDS = 2
_LAST_SEED = 999_999
_GENERATED = "generated population"


class Command(BaseCommand):
    """Everything is added or nothing; another seed adds more people."""

    help = "Fill a region with invented members and their contributions, to see how the office works with a million."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--region SLUG [--members N] [--months N] [--until YYYY-MM] [--seed N] [--illustrative-pension YUAN]."""
        parser.add_argument("--region", required=True, metavar="SLUG", help="as in the packs: zaozhuang")
        parser.add_argument("--members", type=_at_least_one, default=1_000_000, metavar="N")
        parser.add_argument("--months", type=_at_least_one, default=3, metavar="N", help="months of contributions")
        parser.add_argument(
            "--until", type=_month, metavar="YYYY-MM", help="the last of them; if not given, the last that is over"
        )
        parser.add_argument("--seed", type=_seed, default=1, metavar="N", help="another seed adds other people")
        parser.add_argument(
            "--illustrative-pension",
            type=_yuan,
            metavar="YUAN",
            help="the average pension to record where the region lacks one that the months' credits rest on",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Generate, telling how far it is."""
        if not settings.DEBUG:
            raise CommandError("This invents people: it runs only with DEBUG on.")
        began = time.monotonic()
        region = _region(options["region"])
        months = _months(options["until"] or _last_full_month(timezone.localdate()), options["months"])
        pension: Decimal | None = options["illustrative_pension"]
        missing = missing_pension_years(region, months)
        if missing and pension is None:
            self.stdout.write(_hint(region, missing))
        progress = _Progress(self, options["members"])
        try:
            town = town_of(region, months)
            add_people(region, town, seed=options["seed"], members=options["members"], told=progress.tell)
        except PopulationRefused as error:
            raise CommandError(str(error)) from error
        if pension is not None:
            _record_pensions(region, missing, pension)
        self.stdout.write(
            f"{options['members']:,} members of {region.name} {region.name_en}, contributions for "
            f"{months[0]:%Y-%m} to {months[-1]:%Y-%m}, in {time.monotonic() - began:.0f} seconds."
        )


class _Progress:
    """Says every few seconds how far it is, and how much longer it takes."""

    def __init__(self, command: BaseCommand, members: int) -> None:
        self.command, self.members = command, members
        self.began = self.told_at = time.monotonic()

    def tell(self, done: int) -> None:
        now = time.monotonic()
        if now - self.told_at < _TELL_EVERY_SECONDS:
            return
        self.told_at = now
        rate = done / (now - self.began)
        left = (self.members - done) / rate
        self.command.stdout.write(f"  {done:,} of {self.members:,}, {rate:,.0f} a second, {left:.0f} seconds left")
        self.command.stdout.flush()


def _region(slug: str) -> PoolingRegion:
    region = PoolingRegion.objects.filter(slug=slug).first()
    if region is None:
        known = ", ".join(PoolingRegion.objects.order_by("slug").values_list("slug", flat=True))
        raise CommandError(f"There is no region {slug}. Known are: {known or 'none, run load_packs first'}.")
    return region


def _hint(region: PoolingRegion, missing: list[int]) -> str:
    years = ", ".join(map(str, missing))
    return (
        f"{region.name} {region.name_en} has no average pension of {years}, so some retirees cannot be credited. "
        "Record one on the screens, or give --illustrative-pension YUAN."
    )


def _record_pensions(region: PoolingRegion, years: list[int], monthly: Decimal) -> None:
    """Submitted and approved by two people who are invented as well, and cannot sign in."""
    maker, checker = (
        User.objects.get_or_create(username=f"invented_{name}", defaults={"is_active": False})[0]
        for name in ("maker", "checker")
    )
    for year in years:
        pension = submit_average_pension(
            region,
            year=year,
            monthly=monthly,
            is_final=True,
            source=ILLUSTRATIVE,
            today=timezone.localdate(),
            actor=maker,
            reason=_GENERATED,
            confirmed_reason=_GENERATED,
        )
        approve_average_pension(pension, actor=checker, reason=_GENERATED)


def _last_full_month(today: date) -> date:
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def _months(last: date, count: int) -> tuple[date, ...]:
    months = [last]
    while len(months) < count:
        months.append(_last_full_month(months[-1]))
    return tuple(reversed(months))


def _at_least_one(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text} is no whole number from 1 on.")
    return int(text)


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > _LAST_SEED:
        raise ArgumentTypeError(f"{text} is no whole number from 0 to {_LAST_SEED}.")
    return int(text)


def _month(text: str) -> date:
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no month: give YYYY-MM.") from error
    if month > _last_full_month(timezone.localdate()):
        raise ArgumentTypeError(f"{text} is not over yet.")
    return month


def _yuan(text: str) -> Decimal:
    if not re.fullmatch(r"\d{1,6}(\.\d{1,2})?", text, re.ASCII) or not Decimal(text):
        raise ArgumentTypeError(f"{text} is no amount of yuan.")
    return Decimal(text)
