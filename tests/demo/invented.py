"""A day for the demonstration, and one region's people of a seed, for its tests."""

from datetime import date
from pathlib import Path

from agency.models import PoolingRegion
from demo.files import write_files
from demo.office import Office
from demo.population import Calendar, Invented, invent
from demo.staff import prepare_staff

# After a year's end, so that the last month is the one that closes it.
CALENDAR = Calendar.on(date(2026, 1, 14))


def office(*slugs: str) -> Office:
    """The office of some regions."""
    found = {region.slug: region for region in PoolingRegion.objects.filter(slug__in=slugs)}
    return Office(prepare_staff(), CALENDAR, found)


def kaifeng(folder: Path, seed: int = 3) -> tuple[Invented, dict[str, Path]]:
    """What is invented of Kaifeng, and its files."""
    found = invent(seed, CALENDAR)["kaifeng"]
    return found, write_files(folder, {"kaifeng": found}, CALENDAR)["kaifeng"]
