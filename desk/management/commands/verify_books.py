"""`manage.py verify_books [--region SLUG …]`: whether balances, entries, runs and settlements agree."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from agency.models import Job, JobState, PoolingRegion
from desk.services.books import checks, verify_books

# Ids to look at first; the job's page and its log have more.
_SHOWN = 5


class Command(BaseCommand):
    """Reads only; exit status 0 only if everything agrees."""

    help = "Recompute balances, runs and usage from their rows and say what differs. Nothing is corrected."

    def add_arguments(self, parser: CommandParser) -> None:
        """Regions, all of them where none is named."""
        parser.add_argument("--region", nargs="+", action="extend", default=[], metavar="SLUG", dest="slugs")

    def handle(self, *args: Any, **options: Any) -> None:
        """A block per region: what was checked, how many rows were looked at, how many differ."""
        regions = _regions(options["slugs"])
        with override("en"):
            jobs = [self._verified(region) for region in regions]
        if any(job.state != JobState.DONE for job in jobs):
            raise SystemExit(1)

    def _verified(self, region: PoolingRegion) -> Job:
        job = verify_books(region)
        count = job.result["differences"]
        verdict = f"{count:,} differences" if count else "agrees"
        self.stdout.write(f"{region.name} {region.name_en}: {verdict} (job {job.pk})")
        labels = {check.name: str(check.label) for check in checks()}
        for found in job.result["checks"]:
            self.stdout.write(f"{found['looked_at']:>14,} {found['differing']:>9,}  {labels[found['name']]}")
            if found["told"]:
                self.stdout.write("".join(f"{'':>26}{sentence}\n" for sentence in found["told"]), ending="")
            elif found["examples"]:
                self.stdout.write(f"{'':>26}ids {_some(found['examples'])}")
        self.stdout.flush()
        return job


def _some(ids: list[int]) -> str:
    return ", ".join(map(str, ids[:_SHOWN])) + (", …" if len(ids) > _SHOWN else "")


def _regions(slugs: list[str]) -> list[PoolingRegion]:
    regions = PoolingRegion.objects.filter(slug__in=slugs) if slugs else PoolingRegion.objects.all()
    chosen = list(regions)
    unknown = sorted(set(slugs) - {region.slug for region in chosen})
    if unknown:
        known = ", ".join(PoolingRegion.objects.order_by("slug").values_list("slug", flat=True))
        raise CommandError(
            f"There is no region {', '.join(unknown)}. Known are: {known or 'none, run load_packs first'}."
        )
    return chosen
