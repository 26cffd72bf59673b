"""`manage.py run_credits`: draft and check a month's credit run, as the clock does, at the console."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import CreditRun
from accounts.services.credit_checks import check_run
from accounts.services.credit_runs import draft_run, next_month_due
from agency.exceptions import DomainError
from agency.models import PoolingRegion
from policies.engine.errors import MissingLaw


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no month; write it as 2023-04") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day; write it as 2023-04-30") from None


class Command(BaseCommand):
    """Nothing is posted: a person submits the run in the admin, and another one approves it."""

    help = "Draft and check the credit run of a month for one region or several."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """[--region SLUG ...] [--month YYYY-MM] [--as-of YYYY-MM-DD]."""
        parser.add_argument("--region", action="append", metavar="SLUG", help="again for another one; none: all")
        parser.add_argument("--month", type=_month, metavar="YYYY-MM", help="none: the month after the last posted")
        parser.add_argument("--as-of", type=_day, metavar="YYYY-MM-DD", help="facts known on this day; none: today")

    def handle(self, *args: Any, **options: Any) -> None:
        """One region after another; what is refused in one leaves the others alone."""
        refused = 0
        for region in _regions(options["region"]):
            try:
                self.run_region(region, options["month"], options["as_of"] or timezone.localdate())
            except (DomainError, MissingLaw) as error:
                refused += 1
                self.stderr.write(f"{region}: {error}")
        if refused:
            raise CommandError(f"{refused} regions were refused.", returncode=1)

    def run_region(self, region: PoolingRegion, month: date | None, as_of: date) -> None:
        """Draft and check, or say that nothing is due."""
        due = month or next_month_due(region, as_of)
        if due is None:
            self.stdout.write(f"{region}: no month is due. Name one with --month.")
            return
        with transaction.atomic():
            run = check_run(draft_run(region, month=due, as_of=as_of, actor=None), actor=None)
        self.report(run)

    def report(self, run: CreditRun) -> None:
        self.stdout.write(f"{run}: checked")
        for line in run.summary["lines"]:
            kind = " ".join(line[part] for part in ("employment", "status", "component"))
            months = "earlier months" if line["earlier_months"] else f"{run.month:%Y-%m}"
            if line["in_advance"]:
                months = "later months, in advance"
            self.stdout.write(f"  {kind}, {months}: {line['credits']:,} credits, {line['amount']} yuan")
        for reason, count in run.summary["exceptions"].items():
            self.stdout.write(f"  {reason}: {count:,} members cannot be credited")
        above = run.summary["above_entitlement"]
        if above["credits"]:
            self.stdout.write(f"  above entitlement: {above['credits']:,} credits, {above['amount']} yuan")


def _regions(slugs: list[str] | None) -> list[PoolingRegion]:
    regions = list(PoolingRegion.objects.all())
    known = {region.slug: region for region in regions}
    unknown = [slug for slug in slugs or [] if slug not in known]
    if unknown:
        raise CommandError(f"There is no region {unknown[0]}. Regions: {', '.join(known) or 'none; run load_packs'}.")
    return [known[slug] for slug in slugs] if slugs else regions
